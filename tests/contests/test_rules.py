"""Phase, condition and dates: what follows from them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from competition.contests import rules

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Course:
    """A contest as the rules see it."""

    phase: str = "announced"
    condition: str = "normal"
    zone: str = "Asia/Shanghai"
    registration_opens_at: datetime | None = AT - DAY
    registration_closes_at: datetime | None = AT + DAY


STATES = [
    (Course(), True, "open", "正在报名，2026年6月2日 10:00 截止。"),
    (Course(registration_closes_at=None), True, "open", "正在报名，截止时间另行通知。"),
    (Course(registration_opens_at=AT), True, "open", "正在报名，2026年6月2日 10:00 截止。"),
    (Course(registration_closes_at=AT), False, "closed", "报名已于 2026年6月1日 10:00 截止。"),
    (Course(registration_opens_at=AT + DAY, registration_closes_at=AT + 2 * DAY), False, "upcoming",
     "报名尚未开始，2026年6月2日 10:00 开始。"),
    (Course(registration_opens_at=None, registration_closes_at=None), False, "no_dates", "报名时间尚未公布，请留意通知。"),
    (Course(phase="draft"), False, "not_announced", "赛事尚未公布，还不能报名。"),
    (Course(phase="running"), False, "running", "比赛已经开始，不再接受报名。"),
    (Course(phase="finished"), False, "finished", "赛事已结束，不再接受报名。"),
    (Course(condition="postponed"), False, "postponed", "赛事已延期，报名暂停，恢复后另行通知。"),
    (Course(condition="stopped"), False, "stopped", "赛事已中止，暂不接受报名。"),
    (Course(condition="cancelled"), False, "cancelled", "赛事已取消，不再接受报名。"),
    (Course(phase="draft", condition="cancelled"), False, "cancelled", "赛事已取消，不再接受报名。"),
    (Course(phase="running", condition="stopped"), False, "stopped", "赛事已中止，暂不接受报名。"),
]


@pytest.mark.parametrize(("contest", "is_open", "code", "sentence"), STATES, ids=lambda v: v if isinstance(v, str) else None)
def test_registration_is_open_or_says_why_not(contest: Course, is_open: bool, code: str, sentence: str) -> None:
    state = rules.registration_state(contest, AT)
    assert (state.is_open, state.code, state.sentence) == (is_open, code, sentence)


def test_times_are_said_on_the_clock_of_the_contest() -> None:
    state = rules.registration_state(Course(zone="Asia/Urumqi"), AT)
    assert "2026年6月2日 08:00" in state.sentence


def test_every_state_has_a_badge_that_the_page_knows() -> None:
    known = {"open", "upcoming", "closed", "paused", "none"}
    assert {rules.registration_state(contest, AT).badge for contest, *_rest in STATES} <= known


MOVES = [
    ("draft", "normal", ["announce", "cancel"]),
    ("announced", "normal", ["start", "postpone", "stop", "cancel"]),
    ("running", "normal", ["finish", "postpone", "stop", "cancel"]),
    ("finished", "normal", []),
    ("announced", "postponed", ["stop", "cancel", "resume"]),
    ("running", "stopped", ["cancel", "resume"]),
    ("announced", "cancelled", []),
    ("draft", "cancelled", []),
]


@pytest.mark.parametrize(("phase", "condition", "moves"), MOVES)
def test_what_can_be_done_from_each_state(phase: str, condition: str, moves: list[str]) -> None:
    assert rules.possible_moves(Course(phase=phase, condition=condition)) == moves


DATES = [
    (date(2026, 6, 3), date(2026, 6, 1), None, None, "ends_on"),
    (date(2026, 6, 3), date(2026, 6, 5), AT, AT, "registration_closes_at"),
    (date(2026, 6, 3), date(2026, 6, 5), None, AT, "registration_opens_at"),
    (date(2026, 5, 3), date(2026, 5, 5), AT, AT + DAY, "registration_opens_at"),
    (date(2026, 6, 3), date(2026, 6, 3), AT, AT + DAY, None),
    (date(2026, 6, 3), date(2026, 6, 3), None, None, None),
]


@pytest.mark.parametrize(("first", "last", "opens", "closes", "field"), DATES)
def test_dates_that_contradict_each_other(
    first: date, last: date, opens: datetime | None, closes: datetime | None, field: str | None
) -> None:
    assert [name for name, _sentence in rules.date_faults(first, last, opens, closes)] == ([field] if field else [])


@pytest.mark.parametrize(("change", "endpoints"), [
    ({}, []),
    ({"has_organiser": False}, ["contests.bodies"]),
    ({"has_events": False}, ["contests.events"]),
    ({"has_events": False, "kind": "labour"}, []),
    ({"has_rulebook": False}, ["contests.rulebook"]),
    ({"has_events": False, "kind": "labour", "has_rulebook": False}, []),
    ({"has_notice": False, "has_organiser": False}, ["contests.bodies", "contests.notices"]),
    ({"unfit": ["本赛事没有的项目：创新拉面。"]}, ["contests.rulebook"]),
])
def test_what_a_contest_lacks(change: dict[str, Any], endpoints: list[str]) -> None:
    whole = {"kind": "skills", "has_organiser": True, "has_events": True, "has_rulebook": True, "has_notice": True}
    found = rules.lacking(Course(), **(whole | change))
    assert [lack.endpoint for lack in found] == endpoints
    assert all(lack.sentence.endswith("。") for lack in found)


def test_times_of_registration_are_missed() -> None:
    found = rules.lacking(Course(registration_opens_at=None), kind="skills", has_organiser=True, has_events=True, has_rulebook=True,
                          has_notice=True)
    assert [lack.endpoint for lack in found] == ["contests.edit"]
