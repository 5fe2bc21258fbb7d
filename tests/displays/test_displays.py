"""Screens: paired by a number, switched from the desk; their files follow what becomes public and say nothing else."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.arena.work_queries import list_works
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.crypto import token_hash
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.displays import queries, rules, service, service_files
from competition.displays.models import Display
from competition.results.queries import current_with_rows
from tests.builders import judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import round_of
from tests.queries import count_statements
from tests.results.test_service import unlock

SMALL: dict[str, Any] = {"events": ("theory", "basic"), "seats": 3}


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return judged_contest(any_cast, 3, **SMALL)


def paired(contest: Contest, cast: Cast, name: str = "测试大屏", language: str = "zh_Hans_CN") -> tuple[Display, str]:
    code, token = service.ask_code(at=cast.at)
    return service.pair(contest.id, code=code, name=name, language=language, actor=SYSTEM, at=cast.at), token


def show(display: Display, page: str, cast: Cast, sentence: str = "") -> dict[str, Any]:
    """What the screen's file says after it was switched."""
    service.assign(display.id, page=page, sentence=sentence, actor=SYSTEM, at=cast.at)
    return service_files.read(display.token_hash)


def words(picture: dict[str, Any]) -> str:
    return json.dumps(picture["slides"], ensure_ascii=False)


def test_a_screen_is_paired_by_its_number_once(contest: Contest, any_cast: Cast) -> None:
    display, token = paired(contest, any_cast)
    assert display.token_hash == token_hash(token)
    picture = service_files.read(display.token_hash)
    assert (picture["page"], picture["slides"], picture["seq"]) == ("black", [], 1)
    code, _token = service.ask_code(at=any_cast.at)
    for wrong, at in (("000000" if code != "000000" else "111111", any_cast.at), (code, any_cast.at + timedelta(minutes=16))):
        with pytest.raises(RuleBroken) as refused:
            service.pair(contest.id, code=wrong, name="甲", language="en", actor=SYSTEM, at=at)
        assert refused.value.code == "code_unknown"
    assert not list(audit.verify())


def test_order_and_now_say_stations_and_no_code(contest: Contest, any_cast: Cast) -> None:
    display, _token = paired(contest, any_cast)
    round_ = round_of(contest, "basic")
    drawn = list_works(round_.id)
    assert show(display, rules.NOW, any_cast)["slides"] == [{"kind": "sentence", "title": "还没有叫到的批次"}]
    service.call_batch(contest.id, round_id=round_.id, batch=1, with_numbers=False, actor=SYSTEM, at=any_cast.at)
    now_ = service_files.read(display.token_hash)
    assert (now_["seq"], now_["slides"][0]["tiles"]) == (3, [[str(work.station), ""] for work in drawn])
    order = show(display, rules.ORDER, any_cast)
    assert ["▶", "第 1 批", "1–3 号工位"] in [row for slide in order["slides"] for row in slide["rows"]]
    assert not any(work.code in words(now_) + words(order) for work in drawn)
    service.call_batch(contest.id, round_id=round_.id, batch=1, with_numbers=True, actor=SYSTEM, at=any_cast.at)
    numbers = words(show(display, rules.NOW, any_cast))
    assert not any(work.code in numbers for work in drawn)
    order = {slide["title"]: slide for slide in show(display, rules.ORDER, any_cast)["slides"]}
    assert (order[round_.title]["head"][2], {slide["head"][2] for title, slide in order.items() if title != round_.title}) == (
        "参赛编号", {"工位"}), "the numbers of later rounds would tell their judges whose work it is"
    other = round_of(contest, "theory")
    batch = min(queries.batches_of([other.id])[other.id])
    for shown in (False, True):
        call = service.call_batch(contest.id, round_id=other.id, batch=batch, with_numbers=True, actor=SYSTEM, at=any_cast.at)
        assert call.with_numbers is shown, "with another round they go off, and are chosen anew"
    with pytest.raises(RuleBroken) as refused:
        service.call_batch(contest.id, round_id=round_.id, batch=9, with_numbers=False, actor=SYSTEM, at=any_cast.at)
    assert refused.value.code == "batch_unknown"


def test_results_are_the_published_ones_and_follow_every_publication(contest: Contest, any_cast: Cast) -> None:
    display, _token = paired(contest, any_cast)
    assert "还没有发布的成绩" in words(show(display, rules.RESULTS, any_cast))
    open_codes(any_cast, contest)
    before = service_files.read(display.token_hash)["seq"]
    publish_all(any_cast, contest)
    picture = service_files.read(display.token_hash)
    assert (picture["seq"] > before, picture["banner"]) == (True, "")
    assert {slide["kind"] for slide in picture["slides"]} == {"table"}
    rows = [row for publication in current_with_rows(contest.id) for row in publication.rows]
    assert all(row.public_name in words(picture) for row in rows)
    assert not any(f'"{row.value}"' in words(picture) for row in rows if row.value and "." in row.value)
    unlock(contest, "basic")
    assert service_files.read(display.token_hash)["banner"] == "成绩正在复核，以更正后公布的为准。"
    assert service_files.read(display.token_hash)["slides"] == picture["slides"]


def test_nothing_is_written_when_nothing_public_changed(contest: Contest, any_cast: Cast) -> None:
    display, _token = paired(contest, any_cast)
    show(display, rules.ORDER, any_cast)
    before = service_files.read(display.token_hash)["seq"]
    assert service.write_screens(contest.id, at=any_cast.at + timedelta(hours=1)) == 0
    assert service_files.read(display.token_hash)["seq"] == before
    assert not service_files.write(display.token_hash, {"seq": before - 1})


def test_a_withdrawn_screen_says_so_and_takes_nothing_more(contest: Contest, any_cast: Cast) -> None:
    display, _token = paired(contest, any_cast)
    show(display, rules.SENTENCE, any_cast, "请观众就座")
    service.withdraw(display.id, actor=SYSTEM, at=any_cast.at)
    picture = service_files.read(display.token_hash)
    assert (picture["is_withdrawn"], picture["contest"], words(picture)) == (True, "", '[{"kind": "sentence", "title": "本屏已停用"}]')
    for verb in (lambda: show(display, rules.NOW, any_cast), lambda: service.withdraw(display.id, actor=SYSTEM, at=any_cast.at)):
        with pytest.raises(RuleBroken) as refused:
            verb()
        assert refused.value.code == "display_withdrawn"


def test_a_screen_speaks_its_own_language(contest: Contest, any_cast: Cast) -> None:
    display, _token = paired(contest, any_cast, language="en")
    picture = show(display, rules.RESULTS, any_cast)
    assert (picture["lang"], words(picture)) == ("en", '[{"kind": "sentence", "title": "No results published yet"}]')


def test_a_picture_is_a_file_and_no_table_is_read(any_app: Flask, contest: Contest, any_cast: Cast) -> None:
    display, token = paired(contest, any_cast)
    show(display, rules.SENTENCE, any_cast, "请观众就座")
    client = any_app.test_client()
    address = f"/display/{token}/picture.json"
    with count_statements() as sent:
        answer = client.get(address)
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        unknown = client.get("/display/nothing/picture.json")
    assert sent == []
    assert (answer.status_code, again.status_code, unknown.status_code) == (200, 304, 404)
    assert "请观众就座" not in client.get(f"/display/{token}").get_data(as_text=True)
    assert answer.get_json()["slides"][0]["title"] == "请观众就座"
    assert "Set-Cookie" not in answer.headers


def test_the_desk_pairs_switches_and_withdraws(any_app: Flask, contest: Contest, any_cast: Cast) -> None:
    client: FlaskClient = any_app.test_client()
    base = f"/manage/contests/{contest.id}/displays"
    any_cast.sign_in(client, any_cast.account("organizer", "contest", contest.id))
    told = client.post("/display/code").get_json()
    assert set(told) == {"token"}
    where = f"/display/{told['token']}/code.json"
    code = client.get(where).get_json()["code"]
    assert client.get("/display/nothing/code.json").get_json() == {"code": None}
    assert client.post(base, data={"code": "", "name": "东门", "language": "en"}).status_code == 422
    assert client.post(base, data={"code": code, "name": "东门大屏", "language": "zh_Hans_CN"}).status_code == 303
    assert client.get(where).get_json() == {"code": None}, "the number is used up"
    display = db.session.query(Display).filter_by(name="东门大屏").one()
    prefix = f"{display.id}-"
    empty = client.post(f"{base}/{display.id}", data={f"{prefix}page": "sentence", f"{prefix}sentence": ""})
    assert (empty.status_code, "请填写要显示的一句话" in empty.get_data(as_text=True)) == (422, True)
    assert client.post(f"{base}/{display.id}", data={f"{prefix}page": "now"}).status_code == 303
    round_ = round_of(contest, "basic")
    assert client.post(f"{base}/call", data={"batch": f"{round_.id}:9"}).status_code == 422
    assert client.post(f"{base}/call", data={"batch": f"{round_.id}:1"}).status_code == 303
    assert service_files.read(display.token_hash)["slides"][0]["kind"] == "tiles"
    assert "东门大屏" in client.get(base).get_data(as_text=True)
    assert client.post(f"{base}/{uuid.uuid4()}", data={}).status_code == 404
    assert client.post(f"{base}/{display.id}/withdraw").status_code == 303
    assert "已停用" in client.get(base).get_data(as_text=True)
    judge = any_cast.account("chief_judge", "contest", contest.id)
    any_cast.sign_in(client, judge)
    assert client.get(base).status_code in (403, 404)


def test_the_desk_costs_the_same_with_many_screens(any_app: Flask, contest: Contest, any_cast: Cast) -> None:
    client = any_app.test_client()
    any_cast.sign_in(client, any_cast.account("organizer", "contest", contest.id))
    base = f"/manage/contests/{contest.id}/displays"
    paired(contest, any_cast)
    client.get(base)
    with count_statements() as one:
        client.get(base)
    for n in range(3):
        paired(contest, any_cast, f"第 {n} 块")
    with count_statements() as many:
        client.get(base)
    assert len(many) == len(one)
