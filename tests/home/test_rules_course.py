"""The course of a contest as tables: what is done, due, late since when, who waits for whom, what comes later, what is closed."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from competition.contests.rules import Lack
from competition.home import rules_course
from competition.home.rules_dates import add_working_days, deadlines, public_notice_ends
from competition.home.rules_facts import (
    CONTEST,
    EVENT,
    UNION,
    CourseFacts,
    EventFacts,
    Holder,
    Queue,
    Request,
    ScopeFacts,
    Staff,
    Step,
    SumFacts,
    WinnersFacts,
)

# A contest from Friday 12 to Sunday 14 June 2026; registration from 1 to 5 June, 18:00 in Beijing.
OPENS, CLOSES = datetime(2026, 6, 1, 1, tzinfo=UTC), datetime(2026, 6, 5, 10, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 12), date(2026, 6, 14)
EVENT_ID, OTHER_ID, ROUND_ID = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
TITLES = {
    "organizer": "组委会办公室", "chief_judge": "裁判长", "scorekeeper": "记分员", "timekeeper": "计时员", "coding_judge": "加密裁判",
    "check_in_judge": "检录裁判", "supervisor": "监督仲裁", "administrator": "系统管理员",
}
PEOPLE = {role: Holder(uuid.uuid4(), f"测试{role}", role) for role in TITLES}


def day(number: int, hour: int = 12) -> datetime:
    """An hour of June 2026 in Beijing."""
    return datetime(2026, 6, number, hour, tzinfo=UTC) - timedelta(hours=8)


def event(**more: Any) -> EventFacts:
    return EventFacts(**({"id": EVENT_ID, "round": ROUND_ID, "name": "基本功", "day": FIRST, "is_judged": True, "entered": 10} | more))


def facts(at: datetime, **more: Any) -> CourseFacts:
    values: dict[str, Any] = {
        "id": uuid.uuid4(), "at": at, "zone": "Asia/Shanghai", "phase": "announced", "condition": "normal", "starts_on": FIRST,
        "ends_on": LAST, "registration_opens_at": OPENS, "registration_closes_at": CLOSES, "public_notice_days": 5,
        "staff": Staff(tuple(PEOPLE.values()), TITLES), "events": (event(),),
        "scopes": (ScopeFacts("基本功", frozenset({EVENT_ID})),),
    }
    return CourseFacts(**(values | more))


def step(key: str, at: datetime, **more: Any) -> Step:
    return next(found for found in rules_course.course(facts(at, **more)) if found.key == key)


def told(found: Step) -> list[tuple[str, str]]:
    return [(todo.who.words, todo.words) for todo in found.todos]


HELD = {"is_drawn": True, "seats": 3, "state": "locked", "handed_in": 30, "needed": 30}
PUBLISHED = (ScopeFacts("基本功", frozenset({EVENT_ID}), day(15)),)
ISSUED: dict[str, Any] = {"scopes": PUBLISHED, "batches": {"issued": 1}}

# (step, instant, facts, state, late since)
TABLE: list[tuple[str, datetime, dict[str, Any], str, date | None]] = [
    ("notice", day(1, 8), {"phase": "draft"}, "now", None),
    ("notice", day(1, 9), {"phase": "draft"}, "late", date(2026, 6, 1)),
    ("notice", day(3), {"phase": "draft"}, "late", date(2026, 6, 1)),
    ("notice", day(11), {"phase": "draft", "registration_opens_at": None}, "now", None),
    ("notice", day(12), {"phase": "draft", "registration_opens_at": None}, "late", FIRST),
    ("notice", day(3), {}, "done", None),
    ("notice", day(3), {"missing": (Lack("contests.notices", "还没有发布竞赛通知。"),)}, "late", date(2026, 6, 1)),
    ("notice", day(20), {"phase": "finished", "missing": (Lack("contests.notices", "还没有发布竞赛通知。"),)}, "done", None),
    ("register", day(1, 8), {"phase": "draft"}, "later", None),
    ("register", day(1, 8), {}, "later", None),
    ("register", day(1, 9), {}, "going", None),
    ("register", day(3), {"leaderless": 2}, "now", None),
    ("register", day(6), {"leaderless": 2}, "late", date(2026, 6, 6)),
    ("register", day(5, 18), {}, "done", None),
    ("register", day(12), {"phase": "running", "leaderless": 2}, "done", None),
    ("register", day(3), {"registration_opens_at": None, "registration_closes_at": None}, "later", None),
    ("review", day(1, 8), {}, "later", None),
    ("review", day(3), {}, "going", None),
    ("review", day(3), {"queues": (Queue(None, "测试县总工会", 2, day(1)),)}, "now", None),
    ("review", day(8), {"queues": (Queue(None, "测试县总工会", 2, day(1)),)}, "now", None),
    ("review", day(9), {"queues": (Queue(None, "测试县总工会", 2, day(1)),)}, "late", date(2026, 6, 9)),
    ("review", day(9), {"entries": {"returned": 1}}, "late", date(2026, 6, 9)),
    ("review", day(13), {"entries": {"returned": 1}, "phase": "running"}, "done", None),
    ("review", day(9), {"entries": {"approved": 9}}, "done", None),
    ("draw", day(3), {}, "later", None),
    ("draw", day(6), {}, "now", None),
    ("draw", day(6), {"queues": (Queue(None, "测试县总工会", 2, day(1)),)}, "later", None),
    ("draw", day(12), {"queues": (Queue(None, "测试县总工会", 2, day(1)),)}, "late", FIRST),
    ("draw", day(13), {"events": (event(day=LAST),)}, "now", None),
    ("draw", day(6), {"events": (event(is_drawn=True),)}, "done", None),
    ("draw", day(6), {"events": (event(is_drawn=True, left_out=1),)}, "now", None),
    ("draw", day(20), {"events": (event(is_drawn=True, left_out=1),), "phase": "finished"}, "done", None),
    ("draw", day(6), {"events": (event(entered=0),)}, "later", None),
    ("draw", day(6), {"events": ()}, "closed", None),
    ("draw", day(6), {"events": (), "missing": (Lack("contests.events", "还没有项目。"),)}, "later", None),
    ("check_in", day(11), {"events": (event(not_checked_in=10),)}, "later", None),
    ("check_in", day(12), {"events": (event(not_checked_in=10),)}, "now", None),
    ("check_in", day(13), {"events": (event(not_checked_in=1),), "phase": "running"}, "late", date(2026, 6, 13)),
    ("check_in", day(13), {"events": (event(not_checked_in=1, state="locked"),), "phase": "running"}, "done", None),
    ("check_in", day(13), {"events": (event(),), "phase": "running"}, "done", None),
    ("check_in", day(13), {"events": (event(),)}, "late", date(2026, 6, 13)),  # nobody has started the contest
    ("check_in", day(20), {"events": (event(not_checked_in=1),), "phase": "finished"}, "done", None),
    ("judge", day(4), {}, "later", None),
    ("judge", day(5), {}, "now", None),  # a week before: panels
    ("judge", day(12), {}, "late", FIRST),
    ("judge", day(6), {"events": (event(seats=3),)}, "later", None),
    ("judge", day(12), {"events": (event(seats=3, is_drawn=True),), "phase": "running"}, "now", None),
    ("judge", day(13), {"events": (event(seats=3, is_drawn=True),), "phase": "running"}, "late", date(2026, 6, 13)),
    ("judge", day(12), {"events": (event(seats=3, is_drawn=True),)}, "later", None),  # the contest has not been started
    ("judge", day(14), {"events": (event(seats=3, is_drawn=True, state="open"),), "phase": "running"}, "now", None),
    ("judge", day(15), {"events": (event(seats=3, is_drawn=True, state="open"),), "phase": "running"}, "late", date(2026, 6, 15)),
    ("judge", day(15), {"events": (event(**HELD),), "phase": "running"}, "done", None),
    ("judge", day(15), {"events": (event(**HELD, set_aside=2),), "phase": "running"}, "now", None),
    ("sums", day(13), {}, "later", None),
    ("sums", day(17), {"events": (event(**HELD),), "phase": "running"}, "now", None),
    ("sums", day(18), {"events": (event(**HELD),), "phase": "running"}, "late", date(2026, 6, 18)),
    ("sums", day(15), {"events": (event(**HELD, sums=SumFacts(5, 5, is_signed=True)),), "phase": "running"}, "done", None),
    ("sums", day(15), {"events": (event(**HELD),), "phase": "running", "scopes": PUBLISHED}, "closed", None),
    ("sums", day(15), {"events": (event(is_judged=False),)}, "closed", None),
    ("sums", day(2), {"events": (event(entered=0),)}, "later", None),  # judged, and nobody is entered yet
    ("sums", day(20), {"events": (event(entered=0),), "phase": "finished"}, "closed", None),
    ("open", day(13), {}, "later", None),
    ("open", day(17), {"events": (event(**HELD),), "phase": "running"}, "now", None),
    ("open", day(18), {"events": (event(**HELD),), "phase": "running"}, "late", date(2026, 6, 18)),
    ("open", day(18), {"events": (event(**HELD, is_opened=True),), "phase": "running"}, "done", None),
    ("publish", day(13), {}, "later", None),
    ("publish", day(17), {"events": (event(**HELD, is_opened=True),), "phase": "running"}, "now", None),
    ("publish", day(18), {"events": (event(**HELD, is_opened=True),), "phase": "running"}, "late", date(2026, 6, 18)),
    ("publish", day(18), {"scopes": PUBLISHED}, "done", None),
    ("publish", day(18), {"scopes": ()}, "closed", None),
    ("publish", day(3), {"scopes": (), "missing": (Lack("contests.rulebook", "还没有评分规则。"),)}, "later", None),
    ("certificates", day(13), {}, "later", None),
    ("certificates", day(22), {"scopes": PUBLISHED}, "later", None),  # public notice ends on Monday 22
    ("certificates", day(23), {"scopes": PUBLISHED}, "now", None),
    ("certificates", day(15), {"scopes": PUBLISHED, "public_notice_days": 0}, "now", None),  # no public notice to wait for
    ("certificates", day(16), {"scopes": PUBLISHED, "public_notice_days": 0}, "now", None),
    ("certificates", day(23), {"scopes": PUBLISHED, "batches": {"prepared": 1}}, "now", None),
    ("certificates", day(23), {"scopes": PUBLISHED, "batches": {"issued": 1, "failed": 1}}, "now", None),
    ("certificates", day(23), {"scopes": PUBLISHED, "batches": {"approved": 1}}, "going", None),
    ("certificates", day(23), {"scopes": PUBLISHED, "batches": {"issued": 2}}, "done", None),
    ("certificates", day(23), {**ISSUED, "winners": (WinnersFacts("基本功", 6, 6, 0),)}, "done", None),
    ("certificates", day(23), {**ISSUED, "winners": (WinnersFacts("基本功", 6, 4, 2),)}, "now", None),
    ("certificates", day(23), {**ISSUED, "winners": (WinnersFacts("基本功", 6, 0, 6),)}, "going", None),
    ("certificates", day(23), {"scopes": (), "phase": "finished"}, "closed", None),
    ("count", day(13), {}, "later", None),
    ("count", day(15), {"phase": "running", "scopes": PUBLISHED, "counted": 9}, "now", None),
    ("count", day(18), {"phase": "running", "scopes": PUBLISHED, "counted": 9}, "late", date(2026, 6, 18)),
    ("count", day(15), {"phase": "running", "counted": 9}, "later", None),  # the results come first
    ("count", day(16), {"phase": "finished", "scopes": PUBLISHED}, "now", None),
    ("count", day(17), {"phase": "finished", "scopes": PUBLISHED}, "late", date(2026, 6, 17)),
    ("count", day(20), {"phase": "finished", "scopes": PUBLISHED, "counted": 9}, "done", None),
    ("count", day(20), {"phase": "finished", "scopes": (), "events": ()}, "closed", None),
]


@pytest.mark.parametrize(("key", "at", "more", "state", "late"), TABLE)
def test_where_a_step_stands(key: str, at: datetime, more: dict[str, Any], state: str, late: date | None) -> None:
    found = step(key, at, **more)
    assert (found.state, found.late_since) == (state, late)
    assert found.words
    assert found.rule
    assert all(todo.link is not None for todo in found.todos)


def test_the_course_has_eleven_steps_in_their_order() -> None:
    found = rules_course.course(facts(day(3)))
    assert [one.label for one in found] == ["通知", "报名", "审核", "抽签", "检录", "评分", "统分抽查", "解密", "发布成绩", "证书", "统计"]


def test_what_comes_later_has_its_date() -> None:
    before = facts(day(1, 8), events=(event(starts_at=day(12, 9), seats=3, not_checked_in=10),))
    early = {one.key: one.at for one in rules_course.course(before)}
    assert early["register"] == OPENS
    assert early["draw"] == CLOSES
    assert early["check_in"] == early["judge"] == day(12, 9)
    assert early["count"] == date(2026, 6, 15)
    assert step("certificates", day(16), scopes=PUBLISHED).at == date(2026, 6, 23)


def test_certificates_are_done_only_when_every_winner_has_one() -> None:
    winners = (WinnersFacts("基本功", 6, 4, 2), WinnersFacts("调汤", 3, 0, 3))
    found = step("certificates", day(23), scopes=PUBLISHED, batches={"issued": 2}, winners=winners)
    assert found.words == "已签发 2 批。获奖证书应发 9 份，已签发 4 份。还没有签发过获奖证书的成绩：调汤。"
    assert [todo.words for todo in found.todos] == ["还有 2 份获奖证书没有签发：基本功"]
    # Another batch is on its way already.
    waits = step("certificates", day(23), scopes=PUBLISHED, batches={"issued": 2, "prepared": 1}, winners=winners)
    assert [todo.words for todo in waits.todos] == ["1 批已准备好，还没有申请签发"]


# ---- who waits for whom --------------------------------------------------------------------------


def test_unions_are_named_with_how_long_they_have_let_wait() -> None:
    found = step("review", day(4), queues=(Queue(None, "城东区总工会", 12, day(1)), Queue(None, "测试市总工会", 1, day(4), is_last=True)))
    assert told(found) == [("城东区总工会", "12 份待审核，最早的已等 3 天"), ("测试市总工会", "1 份待审核，最早的今天刚提出")]
    # The last step may be taken by the contest's office.
    assert [todo.who.accounts for todo in found.todos] == [frozenset(), {PEOPLE["organizer"].account}]


def test_rounds_of_the_same_people_are_told_together() -> None:
    own = Holder(uuid.uuid4(), "张三", "chief_judge", EVENT, OTHER_ID)
    staff = Staff((own, Holder(uuid.uuid4(), "李四", "chief_judge", UNION)), TITLES)
    open_ = [event(seats=3, state="open", handed_in=6, needed=10), event(id=OTHER_ID, name="调汤", seats=3, state="open"),
             event(id=uuid.uuid4(), name="成品", seats=3, state="open", handed_in=1, needed=10)]
    found = step("judge", day(13), phase="running", staff=staff, events=tuple(open_))
    assert told(found) == [
        ("裁判长 李四", "2 轮未锁定：基本功、成品（已提交评分 7 份，共 20 份）"), ("裁判长 张三", "1 轮未锁定：调汤")]
    # Whoever is responsible for more may do it too; the nearest are named.
    assert len(found.todos[1].who.accounts) == 2


def test_figures_wait_for_those_who_enter_them() -> None:
    open_ = event(state="open", seats=3, missing={"marks": 3, "time": 2})
    found = step("judge", day(13), phase="running", events=(open_,))
    assert ("记分员 测试scorekeeper", "3 份理论成绩未录入：基本功") in told(found)
    assert ("计时员 测试timekeeper", "2 份用时未录入：基本功") in told(found)


def test_nobody_with_the_role_is_said_and_the_office_steps_in() -> None:
    without = Staff((PEOPLE["organizer"],), TITLES)
    assert told(step("draw", day(6), staff=without)) == [("组委会办公室 测试organizer", "1 个项目未抽签：基本功")]
    assert step("draw", day(6), staff=Staff((), TITLES)).todos[0].who.words == "加密裁判（还没有人担任）"


def test_many_with_a_role_are_counted() -> None:
    many = Staff(tuple(Holder(uuid.uuid4(), f"甲{n}", "organizer", CONTEST) for n in range(4)), TITLES)
    assert many.who(["organizer"]).words == "组委会办公室 甲0、甲1等 4 人"


def request(kind: str, roles: set[str], event_id: uuid.UUID | None = None) -> Request:
    return Request(uuid.uuid4(), kind, "发布成绩", frozenset(roles), PEOPLE["organizer"].account, day(16), event_id)


def test_a_second_person_is_waited_for_by_name() -> None:
    asked = request("results.publish", {"organizer", "supervisor"})
    found = step("publish", day(17), events=(event(**HELD, is_opened=True),), requests=(asked,))
    # Who asked is not named: he cannot approve it himself. Asking again is not offered.
    assert told(found) == [("监督仲裁 测试supervisor", "批准“发布成绩”的申请，已等 1 天")]
    assert found.todos[0].link is not None
    assert found.todos[0].link.values == {"approval_id": asked.id}
    alone = replace(asked, roles=frozenset({"organizer"}))
    assert "还没有第二人" in step("publish", day(17), requests=(alone,)).todos[0].who.words


@pytest.mark.parametrize(("kind", "key"), [
    ("contests.change_rulebook", "notice"), ("judging.unlock", "judge"), ("judging.unlock_opened", "judge"), ("results.sign_sums", "sums"),
    ("arena.open_codes", "open"), ("results.correct", "publish"), ("certificates.issue", "certificates"),
])
def test_requests_stand_at_their_step(kind: str, key: str) -> None:
    found = rules_course.course(facts(day(17), requests=(request(kind, {"supervisor"}),)))
    assert [one.key for one in found for todo in one.todos if todo.is_request] == [key]


def test_what_was_asked_for_is_not_asked_for_again() -> None:
    locked = event(**HELD, sums=SumFacts(5, 5))
    assert "还没有请监督签认" in step("sums", day(16), events=(locked,)).todos[0].words
    asked = (request("results.sign_sums", {"supervisor"}, EVENT_ID), request("arena.open_codes", {"supervisor"}, EVENT_ID))
    for key in ("sums", "open"):
        assert [todo.is_request for todo in step(key, day(16), events=(locked,), requests=asked).todos] == [True]


@pytest.mark.parametrize(("sums", "words"), [
    (SumFacts(), "还没有抽取"), (SumFacts(5, 2), "已核对 2 份，共 5 份"), (SumFacts(5, 2, 1, must_check_all=True), "必须全部复核"),
])
def test_sums_say_what_comes_next(sums: SumFacts, words: str) -> None:
    assert words in step("sums", day(16), events=(event(**HELD, sums=sums),)).todos[0].words


# ---- a part, a rest, the figures -----------------------------------------------------------------


def test_who_has_one_event_sees_its_part_alone() -> None:
    other = event(id=OTHER_ID, name="调汤")
    whole = facts(day(6), events=(event(), other), queues=(Queue(None, "测试县总工会", 2, day(1)),), leaderless=1,
                  missing=(Lack("x", "y"),),
                  requests=(request("results.publish", {"supervisor"}), request("arena.open_codes", {"supervisor"}, EVENT_ID)),
                  scopes=(ScopeFacts("基本功", frozenset({EVENT_ID})), ScopeFacts("总成绩", frozenset({EVENT_ID, OTHER_ID}))))
    part = rules_course.part_of(whole, False, [EVENT_ID])
    found = rules_course.course(part)
    assert [one.key for one in found] == ["draw", "check_in", "judge", "sums", "open", "publish"]
    said = " ".join(todo.words for one in found for todo in one.todos)
    assert "基本功" in said
    for hidden in ("调汤", "待审核", "总成绩", "领队"):
        assert hidden not in said
    assert [todo.is_request for one in found for todo in one.todos].count(True) == 1
    assert rules_course.part_of(whole, True, []) is whole


@pytest.mark.parametrize(("condition", "words"), [("postponed", "已延期"), ("stopped", "已中止"), ("cancelled", "已取消")])
def test_a_contest_that_rests_says_why(condition: str, words: str) -> None:
    found = rules_course.course(facts(day(6), condition=condition, queues=(Queue(None, "测试县总工会", 2, day(1)),)))
    assert found[0].state == "done"
    resting = [one for one in found if one.state != "done"]
    assert all(words in one.words for one in resting)
    assert {one.state for one in resting} <= ({"closed"} if condition == "cancelled" else {"resting", "now"})
    todos = [todo for one in resting for todo in one.todos]
    assert len(todos) == (0 if condition == "cancelled" else 1)
    assert all(todo.link is not None and todo.link.values["change"] == "resume" for todo in todos)


def test_a_postponed_contest_is_late_once_its_day_has_come() -> None:
    late = rules_course.course(facts(day(12), condition="postponed"))
    assert [one.late_since for one in late if one.todos] == [FIRST]


def test_the_figures_on_top() -> None:
    found = rules_course.course(facts(day(13), phase="running", events=(event(not_checked_in=1, seats=3, is_drawn=True),)))
    tally = rules_course.tally(found)
    assert (tally.done, tally.steps, tally.todos, tally.late) == (4, 11, 2, 2)


def test_what_is_mine_comes_late_ones_first() -> None:
    chief = PEOPLE["chief_judge"].account
    found = rules_course.course(facts(day(13), phase="running", events=(
        event(seats=3, state="open"), event(id=OTHER_ID, name="调汤", seats=3, is_drawn=True))))
    mine = rules_course.todos_of(found, chief)
    assert [todo.words[:5] for _step, todo in mine] == ["1 轮还没", "1 轮未锁"]
    judging = next(one for one in found if one.key == "judge")
    assert rules_course.stands(judging, chief) == "late"
    draw = step("draw", day(6))
    assert rules_course.stands(draw, PEOPLE["coding_judge"].account) == "now"
    assert rules_course.stands(draw, chief) == "waits"
    assert rules_course.todos_of(found, None) == []


# ---- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "count", "end"), [
    (date(2026, 6, 15), 5, date(2026, 6, 22)), (date(2026, 6, 12), 1, date(2026, 6, 15)), (date(2026, 6, 13), 1, date(2026, 6, 15)),
    (date(2026, 6, 15), 0, date(2026, 6, 15)),
])
def test_working_days_leave_weekends_out(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end


def test_public_notice_runs_from_the_last_ranking() -> None:
    two = (ScopeFacts("甲", frozenset({EVENT_ID}), day(15)), ScopeFacts("乙", frozenset({EVENT_ID}), day(16)))
    assert public_notice_ends(facts(day(17), scopes=two)) == date(2026, 6, 23)
    assert public_notice_ends(facts(day(17))) is None


def test_every_rule_is_said_with_its_date() -> None:
    found = deadlines(facts(day(3)))
    assert "2026年6月1日 09:00" in found["notice"].rule
    assert "2026年6月8日" in found["review"].rule
    assert "2026年6月17日" in found["publish"].rule
    close = replace(facts(day(3)), registration_closes_at=day(11))
    assert deadlines(close)["review"].last == date(2026, 6, 11)


def test_a_missing_address_is_said_from_the_first_day_and_waits_for_the_administrator() -> None:
    early = rules_course.course(facts(day(3), has_address=False))
    words = next(step for step in early if step.key == "certificates")
    assert "还没有设置公开网址" in words.words
    assert words.todos == ()
