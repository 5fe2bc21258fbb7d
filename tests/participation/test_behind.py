"""Unions behind their targets: what they have to do, and when they are told."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.notices.models import Message
from competition.participation import queries_lagging, rules_behind, service_behind, service_targets
from competition.participation.models_behind import Reminder
from competition.returns import service as returns
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.returns.test_returns import people

ZONE = ZoneInfo("Asia/Shanghai")
ON = date(2026, 6, 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZONE)


# 1 June 2026 is a Monday.
@pytest.mark.parametrize(("wanted", "quiet", "weekends", "found"), [
    (at(1, 9), (20, 8), True, at(1, 9)), (at(1, 20), (20, 8), True, at(2, 8)), (at(2, 7, 59), (20, 8), True, at(2, 8)),
    (at(5, 21), (20, 8), True, at(8, 8)), (at(6, 12), (20, 8), False, at(6, 12)), (at(7, 23), (20, 8), True, at(8, 8)),
    (at(1, 13), (12, 14), True, at(1, 14)),
])
def test_the_first_moment_that_is_not_quiet(wanted: datetime, quiet: tuple[int, int], weekends: bool, found: datetime) -> None:
    assert rules_behind.next_allowed(wanted, time(quiet[0]), time(quiet[1]), weekends=weekends) == found


def test_who_reported_before_is_missed() -> None:
    reported: dict[int, set[object]] = {4: {"a", "b"}, 5: {"b"}, -7: {"c"}}
    assert rules_behind.missing(reported, 5) == {"a", "c"}


def lag(cast: Cast) -> None:
    """The county has a target and nobody yet, a contest not begun, and reported about April but not about May."""
    service_targets.set_target(2026, 100, None, scope="630224", actor=SYSTEM, at=AT)
    make_contest(cast, host=cast.county, phase="announced", open=False, name="本县未开始竞赛")
    made = returns.begin_return(cast.county.id, make_contest(cast, phase="finished").id, 2026 * 12 + 3, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(made.id, people(1), actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)


def test_a_union_behind_is_named_with_what_it_has_to_do(any_cast: Cast) -> None:
    lag(any_cast)
    (found,) = queries_lagging.behind(2026, ON)
    assert (found.union.id, found.outlook.light) == (any_cast.county.id, "red")
    assert ([contest.name_zh for contest in found.contests], [one.id for one in found.silent]) == (["本县未开始竞赛"], [any_cast.county.id])
    assert queries_lagging.behind(2026, ON, [any_cast.other_county.id]) == []


def test_a_reminder_waits_for_the_morning_goes_out_once_and_once_a_week(any_cast: Cast) -> None:
    lag(any_cast)
    clerk = any_cast.account("clerk", "union", any_cast.county.id)
    night = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    assert service_behind.remind(2026, ON, ZONE, actor=SYSTEM, at=night) == 1
    assert service_behind.remind(2026, ON, ZONE, actor=SYSTEM, at=night) == 0
    reminder = db.session.scalars(select(Reminder)).one()
    assert reminder.due_at == at(2, 8)
    assert queries_lagging.due(night) == []
    assert queries_lagging.due(at(2, 8)) == [reminder.id]
    # Nothing ran in the morning: what is due by then waits for the next one.
    assert [service_behind.may_send(moment, ZONE) for moment in (at(2, 8), at(2, 21), at(3, 3), at(6, 12))] == [True, False, False, False]
    assert service_behind.send(reminder.id, actor=SYSTEM, at=at(2, 8)) == 1
    assert service_behind.send(reminder.id, actor=SYSTEM, at=at(2, 9)) == 0
    (message,) = db.session.scalars(select(Message).where(Message.kind == "participation.remind"))
    assert (message.account_id, "已登记未开始的赛事 1 项" in message.body) == (clerk.id, True)
    assert service_behind.remind(2026, ON, ZONE, actor=SYSTEM, at=at(8, 20, 59)) == 0
    assert service_behind.remind(2026, ON, ZONE, actor=SYSTEM, at=at(8, 21)) == 1


def test_hours_that_are_none_are_refused(any_cast: Cast) -> None:
    for hours, words in ((("25:00", "8:00"), "时刻"), (("8点", "9:00"), "时刻"), (("08:00", "8:00"), "同一时刻")):
        with pytest.raises(RuleBroken, match=words):
            service_behind.set_rule(True, *hours, weekends=True, actor=SYSTEM, at=AT)


def test_the_province_sees_all_and_the_clerk_the_own_list(client: FlaskClient, cast: Cast) -> None:
    year = now().year
    service_targets.set_target(year, 1_000_000, None, scope="630224", actor=SYSTEM, at=AT)
    make_contest(cast, host=cast.county, phase="announced", open=False, name="本县未开始竞赛")
    cast.sign_in(client, cast.account("organizer"))
    assert cast.county.name_zh in client.get("/participation/reminders").text
    assert client.post("/participation/remind").status_code == 303
    assert "写过的提醒" in client.get("/participation/reminders").text
    wrong = client.post("/participation/reminders", data={"quiet_from": "八点", "quiet_to": "08:00"})
    assert (wrong.status_code, "八点" in wrong.text, 'id="quiet_from-error"' in wrong.text) == (422, True, True)
    later = client.post("/participation/reminders", data={"quiet_from": "20:00", "quiet_to": "八点"}).text
    assert ('id="quiet_from-error"' in later, 'id="quiet_to-error"' in later) == (False, True)
    assert client.post("/participation/reminders", data={"is_on": "y", "quiet_from": "21:00", "quiet_to": "07:30"}).status_code == 303
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert "上月还没有上报的工会" in client.get(f"/participation/targets/630224/behind?year={year}").text
    assert client.get("/participation/targets/630225/behind").status_code == 403
    assert client.get("/participation/reminders").status_code == 403
    assert "没有落后的目标" in client.get("/participation/targets/630224/behind?year=2031").text
