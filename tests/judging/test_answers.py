"""The key of a theory paper and the answers to it: entered, brought in, changed by two people, marked and explained."""

import io
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.contests import service as contests
from competition.contests.models import Contest, Round
from competition.contests.queries import current_rulebook
from competition.core import approvals
from competition.core.access import may
from competition.core.actors import SYSTEM
from competition.core.approvals import KINDS
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.sheets import read_table, write_table
from competition.judging import queries, queries_answers, queries_lacking, service
from competition.judging.models_answers import AnswerKey
from competition.judging.rules_answers import lines_of, typed
from competition.results.gathering import compute
from competition.scoring.paper import Section
from competition.scoring.texts import Words
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import round_of, works
from tests.judging.pages import base, page, post, signed_in

SECTIONS: list[dict[str, Any]] = [
    {"key": "one", "name": "单选题", "kind": "single", "count": 4, "points": "10"},
    {"key": "more", "name": "多选题", "kind": "multiple", "count": 2, "points": "15", "per_right": "5"},
    {"key": "right", "name": "判断题", "kind": "true_false", "count": 2, "points": "5", "wrong": "-5"},
    {"key": "fill", "name": "填空题", "kind": "fill", "count": 2, "points": "10"},
]
KEY = {"one": "ABCD", "more": "AB,ACD", "right": "对错", "fill": "220\n铜|Cu"}
HEAD = ["作品号", "单选题1", "单选题2", "单选题3", "单选题4", "多选题1", "多选题2", "判断题1", "判断题2", "填空题1", "填空题2"]
RIGHT = ["A", "b", "Ｃ", "D", "BA", "CDA", "√", "×", "220.0", "Cu"]
REASON = "测试：题目有误"


def written(contest: Contest) -> dict[str, Any]:
    """The contest's rulebook with a paper in it."""
    document = deepcopy(current_rulebook(contest.id).document)
    for event in document["events"]:
        if event["key"] == "theory":
            event["paper"] = {"sections": SECTIONS}
    return document


def with_paper(cast: Cast) -> Round:
    contest = make_contest(cast, phase="running", events=("theory", "broth"))
    contests.set_rulebook(contest.id, written(contest), reason="测试需要", actor=SYSTEM, at=cast.at)
    found = round_of(contest, "theory")
    works(found, 3, at=cast.at)
    service.open_round(found.id, actor=SYSTEM, at=cast.at)
    return found


@pytest.fixture
def theory(any_cast: Cast) -> Round:
    return with_paper(any_cast)


@pytest.fixture
def written_test(cast: Cast) -> Round:
    return with_paper(cast)


def put_key(round_: Round, cast: Cast, reason: str = "", **other: str) -> bool:
    return service.set_key(round_.id, {**KEY, **other}, reason=reason, actor=cast.actor("chief_judge"), at=cast.at)


def bring(round_: Round, cast: Cast, *rows: list[str], head: list[str] = HEAD, reason: str = "") -> int:
    data = write_table("x", head, rows, taken=None)
    found = service.preview_figures(round_.id, data, file_name="a.xlsx", actor=SYSTEM, at=cast.at)
    return service.take_figures(found.id, reason=reason, actor=SYSTEM, at=cast.at)


def codes(round_: Round) -> list[str]:
    return [work.code for work in list_works(round_.id)]


def values(round_: Round) -> dict[str, str]:
    computed = compute(round_.contest_id, explained=True, counted_twice=True)
    return {row.entry: str(row.value) for row in computed.scores.events["theory"]}


def code_of(call: Any) -> str:
    with pytest.raises(RuleBroken) as error:
        call()
    return error.value.code


def test_answers_become_marks_by_the_key(theory: Round, any_cast: Cast) -> None:
    first, second, third = codes(theory)
    assert put_key(theory, any_cast)
    assert not put_key(theory, any_cast, one="a,b,c,d")
    wrong = ["A", "B", "", "", "A", "D", "F", "F", "380", "未答"]
    assert bring(theory, any_cast, [first, *RIGHT], [second, *wrong], ["标准答案", *RIGHT]) == 8
    service.record_figures(list_works(theory.id)[2].id, {"theory": "66"}, source="keyed", actor=SYSTEM, at=any_cast.at)
    # 20 + (5 + 5) + (−5 + 5) + 0
    assert values(theory) == {first: "100.00", second: "30.00", third: "66.00"}
    row = next(row for row in compute(theory.contest_id, explained=True).scores.events["theory"] if row.entry == second)
    assert "多选题" in str(row.derivation)
    held = queries.current_figures(theory.id)
    stored = held[list_works(theory.id)[0].id, "answers.one"]
    assert (stored.value, stored.given) == ("A,B,C,D", "A,b,Ｃ,D")
    assert queries_lacking.works_without("theory", [theory.id]) == {}


def test_the_same_file_again_changes_nothing_and_another_answer_needs_a_reason(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    first = codes(theory)[0]
    assert bring(theory, any_cast, [first, *RIGHT]) == 4
    assert bring(theory, any_cast, [first, *RIGHT]) == 0
    assert code_of(lambda: bring(theory, any_cast, [first, "B", *RIGHT[1:]])) == "reason_required"
    assert bring(theory, any_cast, [first, "B", *RIGHT[1:]], reason=REASON) == 1
    assert service.template_of(theory.id)[:2] == b"PK"
    table = read_table(service.template_of(theory.id))
    assert ["作品号", "理论成绩", *HEAD[1:]] in table
    assert next(row for row in table if row[0] == first)[2:6] == ["B", "B", "C", "D"]


def test_an_empty_section_is_left_alone_and_blocks(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    first = codes(theory)[0]
    assert bring(theory, any_cast, [first, *RIGHT[:4]], head=HEAD[:5]) == 1
    computed = compute(theory.contest_id, events={"theory"})
    assert {"answers.missing", "theory.missing"} == {
        problem.code for problem in computed.scores.problems if problem.scope == "event:theory"
    }


def test_a_mark_and_answers_are_never_held_both(theory: Round, any_cast: Cast) -> None:
    first, work = codes(theory)[0], list_works(theory.id)[0]
    bring(theory, any_cast, [first, *RIGHT])
    assert code_of(lambda: service.record_figures(work.id, {"theory": "5"}, source="keyed", actor=SYSTEM, at=any_cast.at)) == "theory_twice"
    assert code_of(lambda: bring(theory, any_cast, [first, "77"], head=["作品号", "理论成绩"])) == "theory_twice"


def test_before_answers_one_person_puts_the_key_in(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    assert code_of(lambda: put_key(theory, any_cast, one="ABCC")) == "reason_required"
    assert put_key(theory, any_cast, REASON, one="ABCC")
    assert [(row.number, row.taken_at is not None) for row in queries_answers.versions_of(theory.event_id)] == [(2, True), (1, True)]
    assert queries_answers.key_of(theory.event_id)["one"] == "A,B,C,C"
    assert code_of(lambda: put_key(theory, any_cast, one="ABC")) == "answers.count"
    assert code_of(lambda: put_key(theory, any_cast, fill="220\n")) == "key.empty"


def test_no_key_stands_in_the_clear(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast, fill="秘密甲\n秘密乙")
    bring(theory, any_cast, [codes(theory)[0], *RIGHT])
    request = ask(theory, any_cast, fill="秘密丙\n秘密乙")
    rows = db.session.scalars(select(AuditRow).where(AuditRow.chain == str(theory.contest_id)))
    kept = "".join(str({**row.__dict__}) for row in rows) + str(request.payload) + request.summary
    kept += "".join(row.answers_sealed for row in db.session.scalars(select(AnswerKey)))
    assert "秘密" not in kept


def ask(round_: Round, cast: Cast, **other: str) -> approvals.Approval:
    return service.ask_key(round_.id, {**KEY, **other}, reason=REASON, actor=cast.actor("chief_judge"), at=cast.at)


def decide(request: approvals.Approval, cast: Cast, *, approve: bool = True, role: str = "supervisor") -> approvals.Approval:
    return approvals.decide(request.id, approve=approve, actor=cast.actor(role), at=cast.at)


def test_a_key_by_which_answers_are_marked_is_changed_by_two_people(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    first, second, _third = codes(theory)
    bring(theory, any_cast, [first, *RIGHT], [second, "B", *RIGHT[1:]])
    assert code_of(lambda: put_key(theory, any_cast, REASON, one="BBCD")) == "key_in_use"
    request = ask(theory, any_cast, one="BBCD")
    assert values(theory)[first] == "100.00"
    assert "2 件作品的得分随之改变" in request.summary
    assert KINDS[request.kind].lines(request.payload) == ["单选题第 1 题：A → B", f"作品 {first}：100 → 90", f"作品 {second}：90 → 100"]
    roles = ("chief_judge", "organizer", "scorekeeper", "supervisor", "administrator")
    assert [role for role in roles if may(any_cast.actor(role), KINDS[request.kind].act)] == ["chief_judge", "supervisor"]
    decide(request, any_cast)
    assert (values(theory)[first], values(theory)[second]) == ("90.00", "100.00")
    newest = queries_answers.versions_of(theory.event_id)[0]
    assert (newest.number, newest.second_id is not None, newest.reason) == (2, True, REASON)
    assert KINDS[request.kind].lines(request.payload) == []


def test_a_refused_change_leaves_the_key(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    bring(theory, any_cast, [codes(theory)[0], *RIGHT])
    request = ask(theory, any_cast, one="*BCD")
    assert service.open_change(theory.id, any_cast.at) is request
    decide(request, any_cast, approve=False)
    assert queries_answers.key_of(theory.event_id)["one"] == "A,B,C,D"
    assert service.open_change(theory.id, any_cast.at) is None
    assert code_of(lambda: ask(theory, any_cast)) == "key_same"


def test_a_request_from_before_other_answers_is_refused(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    first, second, _third = codes(theory)
    bring(theory, any_cast, [first, *RIGHT])
    request = ask(theory, any_cast, one="BBCD")
    bring(theory, any_cast, [second, *RIGHT])
    assert code_of(lambda: decide(request, any_cast)) == "key_moved"
    assert queries_answers.key_of(theory.event_id)["one"] == "A,B,C,D"


def test_a_locked_round_keeps_its_key(theory: Round, any_cast: Cast) -> None:
    put_key(theory, any_cast)
    for code in codes(theory):
        bring(theory, any_cast, [code, *RIGHT])
    request = ask(theory, any_cast, one="BBCD")
    service.lock_round(theory.id, confirm_name=theory.name, actor=SYSTEM, at=any_cast.at)
    assert code_of(lambda: ask(theory, any_cast, one="CBCD")) == "round_locked"
    assert code_of(lambda: decide(request, any_cast)) == "round_locked"


def test_an_event_without_a_paper_has_no_key(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="running", events=("theory", "broth"))
    assert code_of(lambda: put_key(round_of(contest, "theory"), any_cast)) == "no_paper"


@pytest.mark.parametrize(
    ("kind", "count", "text", "found"),
    [
        ("single", 4, "abcd", "A,B,C,D"),
        ("single", 4, " A B  C D ", "A,B,C,D"),
        ("single", 3, "A，，-", "A,,"),
        ("single", 3, "ABC,B,C", "ABC,B,C"),
        ("single", 1, "AB", "AB"),
        ("single", 12, "ABCDABCDAB\r\nCD", "A,B,C,D,A,B,C,D,A,B,C,D"),
        ("single", 12, "A,B,C,D,A,B,-,D,A,-\r\n-,-", "A,B,C,D,A,B,,D,A,,,"),
        ("single", 3, "AB C", "AB,C"),
        ("multiple", 3, "AB, AC,\nBD", "AB,AC,BD"),
        ("true_false", 7, "对错对错对\n错对", "T,F,T,F,T,F,T"),
        ("multiple", 2, "abd ac", "ABD,AC"),
        ("multiple", 2, "AB", "AB"),
        ("true_false", 3, "对×T", "T,F,T"),
        ("true_false", 2, "正确、错误", "T,F"),
        ("true_false", 2, "对|错,*", "T|F,*"),
        ("fill", 2, "a, b\r\n未答\r\n", "a， b,"),
        ("fill", 2, "a\n", "a,"),
    ],
)
def test_how_answers_are_typed(kind: str, count: int, text: str, found: str) -> None:
    section = Section("s", Words("部分"), kind, count, 1)  # type: ignore[arg-type]
    assert typed(section, text) == found
    assert typed(section, lines_of(section, found)) == found
    assert typed(section, lines_of(section, found).replace("\n", "\r\n")) == found


def test_answers_are_shown_in_rows_of_ten() -> None:
    section = Section("s", Words("部分"), "multiple", 12, 1)  # type: ignore[arg-type]
    assert lines_of(section, "AB,C,,D,E,A,B,C,D,E,,AB") == "AB,C,-,D,E,A,B,C,D,E\n-,AB"


# ---- pages ---------------------------------------------------------------------------------------


def address(round_: Round) -> str:
    return f"{base(round_)}/rounds/{round_.id}"


def form(**other: str) -> dict[str, str]:
    return {f"answers.{key}": text for key, text in {**KEY, **other}.items()}


def test_the_chief_judge_types_the_key(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    signed_in(client, cast, "chief_judge")
    key = f"{address(written_test)}/answer-key"
    assert "标准答案" in page(client, f"{address(written_test)}/figures")
    assert "还没有录入标准答案" in page(client, key)
    assert "第 1 题只能写 TF 中的字母" in post(client, key, 422, **form(right="AB"))
    post(client, key, **form())
    shown = page(client, key)
    assert "A,B,C,D" in shown
    assert "第 1 版" in shown


def test_a_key_comes_from_the_first_row_of_a_workbook(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    signed_in(client, cast, "chief_judge")
    key = f"{address(written_test)}/answer-key"
    assert read_table(client.get(f"{key}.xlsx").data)[2][:1] == ["标准答案"]
    data = write_table("x", HEAD, [["标准答案", *RIGHT], [codes(written_test)[0], *RIGHT]], taken=None)
    answer = client.post(f"{key}/file", data={"file": (io.BytesIO(data), "a.xlsx")})
    assert (answer.status_code, "A,B,C,D" in answer.get_data(as_text=True)) == (200, True)
    assert queries_answers.key_of(written_test.event_id) == {}
    for faulty, sentence in (
        (write_table("x", HEAD, [], taken=None), "标准答案”这一行"),
        (write_table("x", HEAD[:5], [["标准答案", "A"]], taken=None), "没有“多选题1”这一列"),
    ):
        answer = client.post(f"{key}/file", data={"file": (io.BytesIO(faulty), "a.xlsx")})
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)


def test_what_a_change_does_is_shown_before_it_is_asked_for(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    put_key(written_test, cast)
    bring(written_test, cast, [codes(written_test)[0], *RIGHT])
    signed_in(client, cast, "chief_judge")
    key = f"{address(written_test)}/answer-key"
    shown = post(client, key, 200, reason=REASON, **form(one="BBCD"))
    assert "单选题第 1 题：A → B" in shown
    assert "100 → 90" in shown
    assert service.open_change(written_test.id, cast.at) is None
    seen = shown.split('name="seen"')[1].split('value="')[1].split('"')[0]
    post(client, key, 422, seen=seen, reason="", **form(one="BBCD"))
    post(client, key, seen=seen, reason=REASON, **form(one="BBCD"))
    assert "正在等待另一人批准更改" in page(client, key)


def test_nobody_else_sees_the_key(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    put_key(written_test, cast, fill="秘密甲\n秘密乙")
    key = f"{address(written_test)}/answer-key"
    for role in ("scorekeeper", "organizer", "timekeeper", "supervisor", "administrator", "contestant"):
        signed_in(client, cast, role)
        for place in (key, f"{key}.xlsx"):
            assert client.get(place).status_code in {403, 404}, role
        assert client.post(key, data=form()).status_code in {403, 404}
    signed_in(client, cast, "scorekeeper")
    assert "秘密" not in page(client, f"{address(written_test)}/figures")
    assert "秘密" not in str(read_table(client.get(f"{address(written_test)}/figures.xlsx").data))


def test_faulty_cells_come_back_red(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    signed_in(client, cast, "scorekeeper")
    first, second, _third = codes(written_test)
    rows = [[first, "A", "X", *RIGHT[2:]], [second, *RIGHT], ["ZZ", *RIGHT]]
    answer = client.post(
        f"{address(written_test)}/figures", data={"file": (io.BytesIO(write_table("x", HEAD, rows, taken=None)), "a.xlsx")}
    )
    shown = page(client, answer.headers["Location"])
    assert "第 2 题只能写 ABCDEFGH 中的字母" in shown
    sheet = load_workbook(io.BytesIO(client.get(f"{answer.headers['Location']}/faulty.xlsx").data)).active
    red = {cell.coordinate: cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == "00FFC7CE"}
    assert red == {"D2": "X", "A3": "22"}
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [first, "22"]


def test_answers_are_typed_for_one_work(client: FlaskClient, cast: Cast, written_test: Round) -> None:
    signed_in(client, cast, "scorekeeper")
    work = list_works(written_test.id)[0]
    place = f"{address(written_test)}/figures/{work.id}"
    assert "应当是 4 题，写了 3 题" in post(client, place, 422, **form(one="ABC"))
    post(client, place, **form(fill="220\n"))
    assert "已答 1 / 2 题" in page(client, f"{address(written_test)}/figures")
    assert "A,B,C,D" in page(client, place)
    post(client, place, reason="", **form(fill="220\n"))


def test_an_event_without_a_paper_says_so(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="running", events=("theory", "broth"))
    found = round_of(contest, "theory")
    works(found, 1, at=cast.at)
    signed_in(client, cast, "chief_judge")
    assert "没有这个项目的试卷结构" in page(client, f"{address(found)}/answer-key")
    post(client, f"{address(found)}/answer-key", 422)
