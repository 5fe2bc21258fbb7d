"""The page on which a rulebook is edited: happy ways, refusals, two people at once, a frozen rulebook."""

import html
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from competition.contests import queries
from competition.contests.editing import Desk
from competition.contests.models import Contest
from competition.contests.rules_case import case_document
from competition.contests.service_rulebooks import freeze_rulebook
from competition.contests.trying import try_case
from competition.core.approvals import open_request
from competition.scoring.case import read
from tests.builders import preview_of
from tests.cast import Cast
from tests.contests.test_views_ready_rulebooks import NEW, take
from tests.contests.test_views_staff import fields

AT = "events/basic/criteria/technique"


@pytest.fixture
def page(organizer: FlaskClient, contest: Contest) -> str:
    """The address of the editor of a contest with the lamian rulebook."""
    return f"{take(organizer, contest, 'lamian')[0]}/edit"


def text(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True))


def form(organizer: FlaskClient, page: str, at: str) -> dict[str, str]:
    """The form of a thing, as it would be sent untouched."""
    found = text(organizer.get(page, query_string={"at": at}))
    return fields(found[found.index('id="thing"'):].split("</form>")[0])


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_thing_has_a_page_and_saving_it_untouched_changes_nothing(
    organizer: FlaskClient, page: str, contest: Contest, locale: str,
) -> None:
    organizer.post("/language", data={"locale": locale})
    for one in Desk.of(contest).elements:
        answer = organizer.post(page, query_string={"at": one.address}, data=form(organizer, page, one.address))
        assert answer.status_code == 303, one.address
    assert Desk.of(contest).draft is None


@pytest.mark.parametrize("key", NEW)
def test_figures_of_every_ready_rulebook_are_changed(organizer: FlaskClient, contest: Contest, key: str) -> None:
    address, document = take(organizer, contest, key)
    page = f"{address}/edit"
    at = next(n for n, event in enumerate(document["events"]) if "time" in event)
    one = next(one for one in Desk.of(contest).elements if one.steps == ("events", at) and any(spec.key == "time" for spec in one.fields))
    sent = form(organizer, page, one.address)
    assert "没有改动" in text(organizer.post(page, query_string={"at": one.address}, data=sent, follow_redirects=True))
    assert organizer.post(page, query_string={"at": one.address}, data=sent | {"time-limit_s": "77"}).status_code == 303
    saving = fields(text(organizer.get(f"{page}/save"))) | {"reason": "测试修改"}
    assert organizer.post(f"{page}/save", data=saving).status_code == 303
    changed = queries.current_rulebook(contest.id)
    assert changed.document["events"][at]["time"]["limit_s"] == 77 * 60
    assert changed.document["events"][at]["time"]["source"] == "default"


def test_a_change_goes_to_the_draft_and_the_draft_becomes_a_version(organizer: FlaskClient, page: str, contest: Contest) -> None:
    sent = form(organizer, page, AT)
    assert organizer.post(page, query_string={"at": AT}, data={**sent, "max": "99"}).status_code == 303
    assert queries.current_rulebook(contest.id).number == 1
    shown = text(organizer.get(page, query_string={"at": AT}))
    assert "处需要修改" in shown
    assert "各评分项满分合计却是" in shown
    assert "改好以后才能保存" in text(organizer.get(f"{page}/save"))
    assert organizer.post(f"{page}/act?at={AT}", data={"do": "undo", "seen": Desk.of(contest).seen}).status_code == 303
    sent = form(organizer, page, AT)
    organizer.post(page, query_string={"at": AT}, data={**sent, "name-zh": "手法"})
    saving = text(organizer.get(f"{page}/save"))
    assert "→ 手法" in saving
    refused = organizer.post(f"{page}/save", data=fields(saving))
    assert (refused.status_code, "请写明这次修改规则的理由" in text(refused)) == (422, True)
    assert organizer.post(f"{page}/save", data=fields(saving) | {"reason": "测试"}).status_code == 303
    assert queries.current_rulebook(contest.id).number == 2
    assert Desk.of(contest).draft is None


def test_bad_numbers_are_answered_at_their_field_and_kept(organizer: FlaskClient, page: str) -> None:
    answer = organizer.post(page, query_string={"at": AT}, data={**form(organizer, page, AT), "max": "四十"})
    assert answer.status_code == 422
    assert "请填数字" in text(answer)
    assert 'value="四十"' in text(answer)


def test_rows_are_arranged_without_saving(organizer: FlaskClient, page: str, contest: Contest) -> None:
    at = "events/basic/@ranking"
    answer = organizer.post(page, query_string={"at": at}, data={**form(organizer, page, at), "arrange": "add:ranking-ties"})
    assert answer.status_code == 200
    assert "还没有保存" in text(answer)
    assert 'name="ranking-ties-2-figure"' in text(answer)
    assert Desk.of(contest).draft is None


def test_two_people_at_once_lose_nothing(organizer: FlaskClient, page: str, contest: Contest) -> None:
    first, second, other = form(organizer, page, AT), form(organizer, page, AT), form(organizer, page, "events/basic")
    assert organizer.post(page, query_string={"at": AT}, data={**first, "name-zh": "甲改的"}).status_code == 303
    answer = organizer.post(page, query_string={"at": AT}, data={**second, "name-zh": "乙改的"})
    assert answer.status_code == 409
    assert "→ 甲改的" in text(answer)
    assert 'value="乙改的"' in text(answer)
    again = text(answer)
    again = again[again.index('id="thing"'):].split("</form>")[0]
    assert organizer.post(page, query_string={"at": AT}, data=fields(again)).status_code == 303
    # Another thing that nobody touched is saved, and what others did is told.
    answer = organizer.post(page, query_string={"at": "events/basic"}, data={**other, "name-zh": "基本功"}, follow_redirects=True)
    assert "别人同时改了" in text(answer)
    document = Desk.of(contest).document
    assert document is not None
    assert document["events"][1]["name"]["zh"] == "基本功"
    assert "乙改的" in str(document)


def test_own_changes_are_not_told_as_those_of_others(organizer: FlaskClient, page: str) -> None:
    for name in ("一", "二"):
        typed = {**form(organizer, page, AT), "name-zh": name}
        answer = organizer.post(page, query_string={"at": AT}, data=typed, follow_redirects=True)
        assert "已存入草稿。" in text(answer)
        assert "别人同时改了" not in text(answer)
    answer = organizer.post(page, query_string={"at": AT}, data={**form(organizer, page, AT), "name-zh": ""}, follow_redirects=True)
    assert "请填写“名称”。" in text(answer)


def test_a_thing_that_was_taken_out_meanwhile(organizer: FlaskClient, page: str, contest: Contest) -> None:
    sent = form(organizer, page, AT)
    asked = fields(text(organizer.get(f"{page}/remove", query_string={"at": AT})))
    assert organizer.post(f"{page}/remove?at={AT}", data=asked).status_code == 303
    answer = organizer.post(page, query_string={"at": AT}, data={**sent, "name-zh": "没有丢"})
    assert answer.status_code == 409
    assert "没有丢" in text(answer)


def test_things_are_added_copied_moved_and_taken_out(organizer: FlaskClient, page: str, contest: Contest) -> None:
    kinds = organizer.get(f"{page}/add", query_string={"at": "events/basic", "list": "criteria"})
    assert "裁判直接打分" in text(kinds)
    there = organizer.post(f"{page}/add?at=events/basic&list=criteria", data={"kind": "grades", "seen": Desk.of(contest).seen}).location
    assert "新评分项" in text(organizer.get(there))
    stale = organizer.post(f"{page}/act?at={AT}", data={"do": "copy", "seen": "v1"}, follow_redirects=True)
    assert "别人改过这份草稿" in text(stale)
    for do in ("copy", "up", "down"):
        assert organizer.post(f"{page}/act?at={AT}", data={"do": do, "seen": Desk.of(contest).seen}).status_code == 303
    assert "副本" in str(Desk.of(contest).document)
    turned = organizer.post(f"{page}/kind?at={AT}", data={"kind": "deduct", "seen": Desk.of(contest).seen})
    assert "每处错误扣" in text(organizer.get(turned.location))
    assert organizer.post(f"{page}/discard", data={"seen": Desk.of(contest).seen}).status_code == 303
    assert Desk.of(contest).draft is None


def test_numbers_are_tried_and_explained(organizer: FlaskClient, page: str, contest: Contest) -> None:
    there = organizer.post(f"{page}/try?tried=basic&at=events/basic", data={"seats": "5", "fill": "1"}).location
    shown = text(organizer.get(there))
    assert "怎样算的" in shown
    assert "去掉" in shown
    organizer.post(f"{page}/try?tried=basic&at=events/basic", data={"seats": "5", "A.technique.1.1": "很好"})
    shown = text(organizer.get(there))
    assert re.search(r'value="很好"[^>]*aria-invalid', shown)
    assert "个数不合要求" in shown
    assert Desk.of(contest).draft is None


def test_a_judge_is_excused_and_the_trial_is_kept_as_a_case(organizer: FlaskClient, page: str, contest: Contest) -> None:
    address = f"{page}/try?tried=basic&at=events/basic"
    sent = {"seats": "5", "fill": "1", "A.excused": "２,2", "case": "1"}
    answer = organizer.post(address, data=sent)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="case-{contest.code}.json"'
    document = answer.get_json()
    assert document["excusals"] == [{"event": "basic", "entry": "A", "seat": "2", "reason": "回避"}]
    assert not [one for one in document["marks"] if (one["entry"], one["seat"]) == ("A", "2")]
    case = read(document, lambda _name: None)
    assert case_document(case) == document
    assert try_case(case).differences == ()
    assert len(document["marks"]) == 11 * 14
    shown = text(organizer.get(page, query_string={"at": "events/basic", "tried": "basic"}))
    assert 'name="A.excused" value="２,2"' in shown
    assert "4 份有效评分" in shown


def test_a_frozen_rulebook_is_drafted_and_asked_for(organizer: FlaskClient, page: str, contest: Contest, cast: Cast) -> None:
    freeze_rulebook(contest.id, at=cast.at)
    organizer.post(page, query_string={"at": AT}, data={**form(organizer, page, AT), "name-zh": "手法"})
    saving = text(organizer.get(f"{page}/save"))
    assert "由另一位有权限的人批准" in saving
    answer = organizer.post(f"{page}/save", data=fields(saving) | {"reason": "测试"})
    assert answer.status_code == 303
    assert queries.current_rulebook(contest.id).number == 1
    seen = f"/manage/contests/{contest.id}/results/rulebook-changes/{preview_of(uuid.UUID(answer.location.rpartition('/')[2])).id}"
    assert organizer.post(f"{seen}/ask", data=fields(text(organizer.get(seen)))).status_code == 303
    assert open_request("contests.change_rulebook", contest.id) is not None
    assert Desk.of(contest).draft is not None


def test_a_contest_without_a_rulebook_begins_with_an_empty_one(organizer: FlaskClient, contest: Contest) -> None:
    address = f"/manage/contests/{contest.id}/rulebook"
    assert organizer.get(f"{address}/edit").location == address
    assert "从空白开始" in text(organizer.get(address))
    assert organizer.post(f"{address}/edit/empty").status_code == 303
    assert organizer.get(f"{address}/edit").status_code == 200
    assert "继续编辑草稿" in text(organizer.get(address))


def test_somebody_elses_contest_is_not_there(client: FlaskClient, page: str, cast: Cast, contest: Contest) -> None:
    cast.sign_in(client, cast.account("organizer", "union", cast.county.id, "别的组委会"))
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/try?tried=basic").status_code == 404
    assert client.post(f"{page}/act", data={"do": "undo"}).status_code == 404


def test_a_key_is_changed_where_it_is_named_and_stays_once_marks_name_it(
    organizer: FlaskClient, page: str, contest: Contest, cast: Cast,
) -> None:
    asked = text(organizer.get(f"{page}/key", query_string={"at": "totals/practical"}))
    assert "会一起改" in asked
    sent = fields(asked[asked.index("<main"):])
    refused = organizer.post(f"{page}/key?at=totals/practical", data={**sent, "key": "theory"})
    assert (refused.status_code, "已经用在别处" in text(refused)) == (422, True)
    there = organizer.post(f"{page}/key?at=totals/practical", data={**sent, "key": "craft"}).location
    assert "at=totals/craft" in there.replace("%2F", "/")
    assert Desk.of(contest).flaws == []
    freeze_rulebook(contest.id, at=cast.at)
    refused = organizer.post(f"{page}/key?at={AT}", data={"seen": Desk.of(contest).seen, "key": "other"})
    assert "不能更改" in text(refused)
    # What is new in the draft has no marks.
    assert organizer.post(f"{page}/key?at=totals/craft", data={"seen": Desk.of(contest).seen, "key": "craft2"}).status_code == 303
