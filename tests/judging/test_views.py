"""The staff's pages: each does its act, and refuses everybody else."""

import io
import re
import uuid

import pytest
from flask.testing import FlaskClient

from competition.arena.work_queries import list_works
from competition.contests.models import Contest, Round
from competition.core import approvals
from competition.core.clock import now
from competition.core.sheets import write_table
from competition.judging import queries
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import fill_figures, judge_round, make_panel, round_of, sit_down, works
from tests.judging.pages import REASON, base, open_it, page, post, signed_in
from tests.queries import statements_of


@pytest.fixture
def contest(cast: Cast) -> Contest:
    return make_contest(cast, phase="running", events=("theory", "broth"))


@pytest.fixture
def broth(contest: Contest, cast: Cast) -> Round:
    found = round_of(contest, "broth")
    works(found, 2, at=cast.at)
    make_panel(found, 3, at=cast.at)
    return found


@pytest.fixture
def theory(contest: Contest, cast: Cast) -> Round:
    found = round_of(contest, "theory")
    works(found, 2, at=cast.at)
    return found


def test_the_chief_opens_reads_the_board_sends_back_and_locks(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}"
    assert "○ 未评分" in page(client, address)
    post(client, f"{address}/open")
    judges = judge_round(broth, at=now())
    shown = page(client, address)
    assert "● 74" in shown
    assert "未录入用时" in shown
    work = list_works(broth.id)[0]
    sheet = queries.find_sheet(judges[0].seat.id, work.id)
    assert sheet is not None
    assert "核对码" in page(client, f"{address}/works/{work.id}")
    post(client, f"{address}/works/{work.id}", 422, sheet=str(sheet.id), reason="")
    post(client, f"{address}/works/{work.id}", 422, sheet=str(uuid.uuid4()), reason=REASON)
    post(client, f"{address}/works/{work.id}", sheet=str(sheet.id), reason=REASON)
    assert "↩ 已退回" in page(client, address)
    assert REASON in page(client, f"{address}/works/{work.id}")
    assert "不能锁定" in page(client, f"{address}/lock")
    post(client, f"{address}/lock", 409, confirm_name=broth.name)
    text = judges[0].event(work, "hand_in", value=";".join(f"{k}={m['value']}" for k, m in sorted(sheet.marks.items())))
    assert judges[0].send(text).answers[0].result == "accepted"
    fill_figures(broth, at=cast.at)
    assert "名称不一致" in post(client, f"{address}/lock", 422, confirm_name="别的")
    post(client, f"{address}/lock", confirm_name=broth.name)
    assert "已锁定" in page(client, address)
    post(client, f"{address}/unlock", 422, reason="")
    post(client, f"{address}/unlock", reason=REASON)
    assert REASON in page(client, address)
    assert approvals.open_request("judging.unlock", broth.id) is not None


def test_what_came_late_is_decided_by_two(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    judges = judge_round(broth, at=cast.at)
    seat = judges[0].seat
    sit_down(seat, at=cast.at)
    work = list_works(broth.id)[0]
    assert judges[0].send(judges[0].event(work, criterion="taste", value="1")).answers[0].result == "quarantined"
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}"
    assert "有 1 项另存待处理" in page(client, address)
    late = queries.quarantined(broth.id)[0]
    assert "平板已被接管" in page(client, f"{address}/late")
    post(client, f"{address}/late", 422, reason=REASON, decision="drop")
    post(client, f"{address}/late", 422, ids=str(late.id), reason="", decision="drop")
    post(client, f"{address}/late", ids=str(late.id), reason=REASON, decision="drop")
    assert "等待另一人批准" in page(client, f"{address}/late")
    request = approvals.open_request("judging.late_marks", broth.id)
    assert request is not None
    approvals.decide(request.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    assert "没有另存的评分" in page(client, f"{address}/late")


def test_what_cannot_be_opened_says_why(client: FlaskClient, cast: Cast, theory: Round, contest: Contest) -> None:
    signed_in(client, cast, "chief_judge")
    bare = round_of(contest, "broth")
    post(client, f"{base(bare)}/rounds/{bare.id}/open")
    assert "请先抽签" in page(client, f"{base(bare)}/rounds/{bare.id}")


def test_an_excusal_is_recorded_and_taken_back(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}"
    post(client, f"{address}/excusals", 422, seat="", work="", reason=REASON)
    post(client, f"{address}/excusals", seat="", work=str(list_works(broth.id)[0].id), reason=REASON)
    assert "— 免评" in page(client, address)
    post(client, f"{address}/excusals/{queries.excusals_of_round(broth.id)[0].id}/end")
    assert "— 免评" not in page(client, address)


def test_the_board_is_asked_again_and_again_for_little(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    signed_in(client, cast, "chief_judge")
    address = f"{base(broth)}/rounds/{broth.id}/board.json"
    first = client.get(address)
    assert first.get_json()["works"][0][1][0] == ["none", "○ 未评分", False]
    assert first.headers["Cache-Control"] == "no-store", "the page keeps the tag itself; nothing of it stays on a shared computer"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    judge_round(broth, at=cast.at)
    second = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert second.get_json()["works"][0][1][0] == ["handed_in", "● 74", False]


def test_an_organizer_sees_the_board_without_sums(client: FlaskClient, cast: Cast, broth: Round) -> None:
    open_it(broth, cast)
    judge_round(broth, at=cast.at)
    signed_in(client, cast, "organizer")
    address = f"{base(broth)}/rounds/{broth.id}"
    shown = page(client, address)
    assert "● 已提交评分" in shown
    assert "74" not in re.sub(r"<[^>]+>|[0-9a-f-]{36}", "", shown.split("<tbody>")[1].split("</tbody>")[0])
    assert client.get(f"{address}/board.json").get_json()["works"][0][1][0][:2] == ["handed_in", "● 已提交评分"]
    page(client, f"{address}/works/{list_works(broth.id)[0].id}", 403)


def test_a_timekeeper_enters_times_only(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "timekeeper")
    work = list_works(broth.id)[0]
    address = f"{base(broth)}/rounds/{broth.id}/figures"
    assert work.code in page(client, address)
    form = page(client, f"{address}/{work.id}")
    assert "用时" in form
    assert "违反赛场纪律" not in form
    post(client, f"{address}/{work.id}", 422, time_s="25", time_back_s="", reason="")
    post(client, f"{address}/{work.id}", time_s="25:30", time_back_s="", reason="", conduct="5")
    assert queries.figures_of_event(broth.event_id) == [(work.id, "time_s", "1530")]
    refused = post(client, f"{address}/{work.id}", 422, time_s="26:30", time_back_s="", reason="")
    assert "更正请写明理由" in refused
    assert "26:30" in refused
    post(client, f"{address}/{work.id}", time_s="26：30", time_back_s="", reason=REASON)
    assert "26:30" in page(client, address)
    page(client, f"{base(broth)}/rounds/{broth.id}/figures.xlsx", 403)


def test_a_scorekeeper_brings_theory_marks_from_a_workbook(client: FlaskClient, cast: Cast, theory: Round) -> None:
    signed_in(client, cast, "scorekeeper")
    address = f"{base(theory)}/rounds/{theory.id}"
    assert client.get(f"{address}/figures.xlsx").data[:2] == b"PK"
    codes = [work.code for work in list_works(theory.id)]
    data = write_table("x", ["作品号", "理论成绩"], [[codes[0], "88.5"], [codes[1], "90"]], taken=None)
    post(client, f"{address}/figures", 422)
    post(client, f"{address}/figures", 422, file=(io.BytesIO(b"nothing"), "a.xlsx"))
    answer = client.post(f"{address}/figures", data={"file": (io.BytesIO(data), "a.xlsx")})
    assert answer.status_code == 303
    shown = page(client, answer.headers["Location"])
    assert "88.5" in shown
    post(client, answer.headers["Location"], reason="")
    assert sorted(value for *_, value in queries.figures_of_event(theory.event_id)) == ["88.5", "90"]
    assert "已经导入" in page(client, answer.headers["Location"])


def test_a_faulty_workbook_shows_its_faults(client: FlaskClient, cast: Cast, theory: Round) -> None:
    signed_in(client, cast, "scorekeeper")
    address = f"{base(theory)}/rounds/{theory.id}"
    data = write_table("x", ["作品号", "理论成绩"], [[list_works(theory.id)[0].code, "888"], ["ZZ", "1"]], taken=None)
    answer = client.post(f"{address}/figures", data={"file": (io.BytesIO(data), "a.xlsx")})
    shown = page(client, answer.headers["Location"])
    assert "不能超过 100" in shown
    assert "作品号有误" in shown
    post(client, answer.headers["Location"], 422, reason="")


ADDRESSES = ("/", "/panels", "/rounds/{round}", "/rounds/{round}/board.json", "/rounds/{round}/lock", "/rounds/{round}/unlock",
             "/rounds/{round}/figures", "/rounds/{round}/figures.xlsx", "/rounds/{round}/works/{work}", "/seats/{seat}")
ALLOWED = {
    "organizer": {"/", "/panels", "/rounds/{round}", "/rounds/{round}/board.json", "/rounds/{round}/unlock", "/seats/{seat}"},
    "chief_judge": set(ADDRESSES),
    "supervisor": {"/", "/rounds/{round}", "/rounds/{round}/board.json", "/rounds/{round}/works/{work}"},
    "scorekeeper": {"/", "/rounds/{round}/figures", "/rounds/{round}/figures.xlsx"},
    "timekeeper": {"/", "/rounds/{round}/figures"},
    "judge": set(), "coding_judge": set(), "contestant": set(), "clerk": set(), "leader": set(), "administrator": set(),
}


@pytest.mark.parametrize("role", ALLOWED)
def test_who_may_see_what(client: FlaskClient, cast: Cast, broth: Round, role: str) -> None:
    signed_in(client, cast, role)
    names = {"round": broth.id, "work": list_works(broth.id)[0].id, "seat": queries.seats_of_round(broth.id)[0].id}
    seen = {address for address in ADDRESSES if client.get(base(broth) + address.format(**names)).status_code == 200}
    assert seen == ALLOWED[role]


def test_roles_of_another_contest_see_nothing(client: FlaskClient, cast: Cast, broth: Round) -> None:
    other = make_contest(cast, phase="running", events=("broth",))
    signed_in(client, cast, "chief_judge", "contest", other.id)
    for address in ("/", "/panels", f"/rounds/{broth.id}", f"/rounds/{broth.id}/figures"):
        page(client, base(broth) + address, 404)
    assert client.post(f"{base(broth)}/rounds/{broth.id}/open").status_code == 404


def test_a_chief_judge_of_one_event_acts_on_that_event_alone(client: FlaskClient, cast: Cast, broth: Round, theory: Round) -> None:
    signed_in(client, cast, "chief_judge", "event", broth.event_id)
    assert [client.get(f"{base(broth)}/rounds/{one.id}").status_code for one in (broth, theory)] == [200, 404]


def test_a_round_of_another_contest_is_not_found_under_this_one(client: FlaskClient, cast: Cast, broth: Round) -> None:
    other = make_contest(cast, phase="running", events=("broth",))
    signed_in(client, cast, "chief_judge")
    answers = [client.get(f"/manage/contests/{contest_id}/judging/rounds/{broth.id}") for contest_id in (broth.contest_id, other.id)]
    assert [answer.status_code for answer in answers] == [200, 404]


def test_pages_cost_the_same_with_3_and_30_works(client: FlaskClient, cast: Cast) -> None:
    signed_in(client, cast, "chief_judge")
    costs = []
    for count, seats in ((3, 3), (30, 5)):
        round_ = round_of(make_contest(cast, phase="running", events=("broth",)), "broth")
        works(round_, count, at=cast.at)
        make_panel(round_, seats, at=cast.at)
        open_it(round_, cast)
        judge_round(round_, at=cast.at)
        costs.append({kind: len(statements_of(client, f"{base(round_)}/rounds/{round_.id}{kind}"))
                      for kind in ("", "/figures", "/board.json")})
    assert costs[0] == costs[1]


def test_the_list_of_rounds_costs_the_same_for_one_and_for_four(client: FlaskClient, cast: Cast) -> None:
    signed_in(client, cast, "chief_judge")
    costs = []
    for events in (("broth",), ("theory", "broth", "bowl", "creative")):
        contest = make_contest(cast, phase="running", events=events)
        costs.append([len(statements_of(client, f"/manage/contests/{contest.id}/judging{rest}")) for rest in ("/", "/panels")])
    assert costs[0] == costs[1]


def test_nobody_without_a_sign_in(client: FlaskClient, broth: Round) -> None:
    assert client.get(base(broth) + "/").status_code == 303
    assert client.get("/judge/").status_code == 200
    assert "测试" not in client.get("/judge/").get_data(as_text=True)
