"""The pages of what is handed over without a network: read, looked at, taken; hostile files are told in words."""

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import handover_file, queries, service
from competition.judging.models_handover import Handover
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, opened, round_of, sit_down
from tests.judging.handing import MARKS, Key, body, cover, handed, register
from tests.queries import statements_of


@pytest.fixture
def broth(cast: Cast) -> Round:
    return opened(round_of(make_contest(cast, phase="running", events=("theory", "broth")), "broth"), at=cast.at)


@pytest.fixture
def judge(broth: Round) -> Judge:
    return sit_down(queries.seats_of_round(broth.id)[0], at=now())


@pytest.fixture
def chief(client: FlaskClient, cast: Cast, broth: Round) -> FlaskClient:
    return cast.sign_in(client, cast.account("chief_judge", "contest", broth.contest_id))


def base(broth: Round) -> str:
    return f"/manage/contests/{broth.contest_id}/judging/handovers"


def bring(client: FlaskClient, broth: Round, *files: bytes, way: str = "file") -> Any:
    data = {"files": [(io.BytesIO(one), f"{n}.json") for n, one in enumerate(files)], "way": way}
    return client.post(base(broth), data=data, content_type="multipart/form-data")


def whole(judge: Judge, broth: Round, key: Key | None, at: int = 0) -> bytes:
    return handed(judge, key, judge.sheet(list_works(broth.id)[at], MARKS))


def test_a_file_is_looked_at_and_then_taken(chief: FlaskClient, broth: Round, judge: Judge) -> None:
    answer = bring(chief, broth, whole(judge, broth, register(judge)), way="camera")
    assert answer.status_code == 303
    page = chief.get(answer.location).get_data(as_text=True)
    for words in ("签名有效", "扫码", "测试裁判1", list_works(broth.id)[0].code, "接收这份评分"):
        assert words in page
    assert "香气 19.5" in page
    answer = chief.post(answer.location)
    page = chief.get(answer.location).get_data(as_text=True)
    assert "已接收 6 项" in page
    assert html.fromstring(page).xpath("//div[@class='handover-receipt']/*[local-name()='svg']")
    assert re.search("已接收，交接码 ([2-9A-Y]{4}-){3}[2-9A-Y]{4}", page)
    assert "交接码" in chief.get(base(broth)).get_data(as_text=True)


def test_a_changed_key_is_told_on_the_page(chief: FlaskClient, broth: Round) -> None:
    """Signed before the change, or after it: the page says which, and when."""
    card = service.make_cards([queries.seats_of_round(broth.id)[0].id], actor=SYSTEM, at=now())[0]
    keys, token, pages = [Key(), Key()], None, list[str]()
    for n, key in enumerate(keys):
        device, token = service.open_seat(card.token, card.pin, label="", at=now(), previous=token, key=json.dumps(key.jwk))
        judge = Judge(device, queries.seats_of_round(broth.id)[0], token, now())
        pages.append(bring(chief, broth, whole(judge, broth, key, n)).location)
    before, after = (chief.get(where).get_data(as_text=True) for where in pages)
    assert "这份文件是用以前的密钥签的" in before
    assert "重新打开座位时换过签名密钥" not in before
    assert "重新打开座位时换过签名密钥（" in after
    assert "用以前的密钥签的" not in after
    chief.post(pages[1])
    assert "换过签名密钥" not in chief.get(pages[1]).get_data(as_text=True), "taken: nothing to find out any more"


def test_several_files_have_a_line_each(chief: FlaskClient, broth: Round, judge: Judge) -> None:
    other = sit_down(queries.seats_of_round(broth.id)[1], at=now())
    good, second = whole(judge, broth, register(judge)), whole(other, broth, register(other))
    answer = bring(chief, broth, good, second, b"{}", good)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("待接收") >= 3
    assert "没有读取" in page
    page = chief.post(f"{base(broth)}/all").get_data(as_text=True)
    assert page.count("已接收 6 项") == 4  # a line of the result and a row of the list for each of the two
    assert "这次的结果（2 份）" in page


def test_a_file_without_a_signature_asks_for_a_second_person(chief: FlaskClient, broth: Round, judge: Judge, cast: Cast) -> None:
    where = bring(chief, broth, whole(judge, broth, None)).location
    assert "要两人办理" in chief.get(where).get_data(as_text=True)
    refused = chief.post(where)
    assert refused.status_code == 409
    assert "这份文件没有签名，要第二人批准后才能接收。" in refused.get_data(as_text=True)
    assert chief.post(f"{where}/approval", data={"reason": ""}).status_code == 422
    assert chief.post(f"{where}/approval", data={"reason": "测试：没有 https"}).status_code == 303
    assert "等待另一人批准" in chief.get(where).get_data(as_text=True)
    found = db.session.query(Handover).one()
    asked = service.open_handover_request(found.id, now())
    assert asked is not None
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor", "contest", broth.contest_id), at=now())
    assert chief.post(where).status_code == 303
    assert "已接收 6 项" in chief.get(where).get_data(as_text=True)


BOMB = b"[" * 100_000


SPOILT = [
    (b"", "已损坏"), (b"\xff\xfe", "已损坏"), (BOMB, "已损坏"), (b'{"a": NaN}', "已损坏"), (b'{"a": 1, "a": 1}', "已损坏"),
    (b"9" * 5000, "已损坏"), (b"[]", "不符合"), (b"null", "不符合"), (b'{"format": "judging-handover", "version": 2}', "更新的平板页面"),
    (cover("{}", None), "不符合"), (cover("[" * 50_000, None), "已损坏"),
    (cover("{}", "x"), "不符合"), (cover("{}", None, more=1), "不符合"),
]


def test_a_file_that_is_too_long_is_not_looked_into(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(RuleBroken, match="超过 8 MB"):
        handover_file.read(b" " * (handover_file.MOST_BYTES + 1))


def test_what_is_no_file_of_a_tablet_is_told_in_words(chief: FlaskClient, broth: Round) -> None:
    for data, said in SPOILT:
        answer = bring(chief, broth, data)
        assert answer.status_code == 422, data[:40]
        assert said in answer.get_data(as_text=True), data[:40]


STRANGE = [
    {"value": "\u0000"}, {"value": 20}, {"value": "x" * 4001}, {"value": ["20"]}, {"device_seq": 0}, {"device_seq": 10**12},
    {"device_seq": "one"}, {"kind": "lock"}, {"at": "2026-01-01T00:00:00"}, {"at": "0001-01-01T00:00:00+14:00"}, {"uuid": "x"}, {"more": 1},
]


def test_an_event_that_is_none_spoils_the_file(chief: FlaskClient, broth: Round, judge: Judge) -> None:
    plain = body(judge, [judge.event(list_works(broth.id)[0], criterion="taste", value="30")])
    for change in STRANGE:
        said = {**plain, "events": [{**plain["events"][0], **change}]}
        answer = bring(chief, broth, cover(json.dumps(said), None))
        assert answer.status_code == 422, change
        assert "不符合" in answer.get_data(as_text=True), change


def test_numbers_that_come_twice_or_backwards_spoil_the_file(chief: FlaskClient, broth: Round, judge: Judge) -> None:
    events = judge.sheet(list_works(broth.id)[0], MARKS)
    for wrong in (list(reversed(events)), [events[0], events[0]]):
        answer = bring(chief, broth, handed(judge, None, wrong))
        assert answer.status_code == 422
        assert "序号重复或顺序不对" in answer.get_data(as_text=True)


def test_the_list_costs_the_same_with_many_files(chief: FlaskClient, broth: Round, judge: Judge) -> None:
    key = register(judge)
    bring(chief, broth, whole(judge, broth, key))
    chief.get(base(broth))
    first = statements_of(chief, base(broth))
    bring(chief, broth, *(handed(judge, key, [judge.event(list_works(broth.id)[0], criterion="taste", value=str(n))]) for n in range(12)))
    assert statements_of(chief, base(broth)) == first


def test_a_chief_judge_of_another_event_reads_none_of_it(client: FlaskClient, broth: Round, judge: Judge, cast: Cast) -> None:
    theory = next(event for event in broth.contest.events if event.key == "theory")
    other = cast.sign_in(client, cast.account("chief_judge", "event", theory.id))
    answer = bring(other, broth, whole(judge, broth, None))
    assert answer.status_code == 422
    assert "不在您负责的项目" in answer.get_data(as_text=True)
    made = service.read_handover(broth.contest_id, whole(judge, broth, None, 1), way="file", file_name="", events={broth.event_id},
                                 actor=SYSTEM, at=now())
    assert other.get(f"{base(broth)}/{made.id}").status_code == 404
    assert other.post(f"{base(broth)}/{made.id}").status_code == 404
    assert made.code not in other.get(base(broth)).get_data(as_text=True)


def test_the_second_person_reads_the_marks_and_an_organizer_does_not(chief: FlaskClient, broth: Round, judge: Judge, cast: Cast) -> None:
    work = list_works(broth.id)[0]
    events = [*judge.sheet(work, MARKS), judge.event(work, kind="withdraw", criterion="taste"),
              judge.event(work, criterion="invented", value="99")]
    where = bring(chief, broth, handed(judge, None, events)).location
    asker = cast.actor("organizer", "contest", broth.contest_id)
    asked = service.ask_handover(db.session.query(Handover).one().id, reason="测试", actor=asker, at=now())
    supervisor = cast.sign_in(chief.application.test_client(), cast.account("supervisor", "contest", broth.contest_id))
    page = supervisor.get(where).get_data(as_text=True)
    for words in ("香气 19.5", "清空", "不属于评分规则的 1 项", "批准的人请先在平板前核对"):
        assert words in page, words
    assert "逐项核对评分" in supervisor.get(f"/approvals/{asked.id}").get_data(as_text=True)
    organizer = cast.sign_in(chief.application.test_client(), cast.account("organizer", "contest", broth.contest_id))
    page = organizer.get(where).get_data(as_text=True)
    assert list_works(broth.id)[0].code in page
    assert "19.5" not in page
    another = cast.sign_in(chief.application.test_client(), cast.account("organizer", "contest", broth.contest_id, "另一位组委"))
    assert another.post(f"/approvals/{asked.id}/decide", data={"decision": "approve"}).status_code == 404
