"""Rosters are staged in slices and taken in one step; what is left of one goes in the night."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.counting.models import Fact
from competition.counting.service_facts import Standings, Told
from competition.returns import service as returns
from competition.returns import service_staging as staging
from competition.returns.models import Return
from competition.returns.models_import import Origin, RosterPerson
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.returns.test_returns import MONTH, approve, people, persons, roster

LATER = AT + 2 * staging.FORGOTTEN


def draft(cast: Cast) -> Return:
    return returns.begin_return(cast.county.id, make_contest(cast, phase="finished").id, MONTH, "roster", actor=SYSTEM, at=AT)


def facts_of(number: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Fact).where(Fact.origin == number)) or 0


def cleared(at: object = LATER) -> int:
    total = 0
    while count := staging.clear_left(LATER):
        total += count
    return total


def test_a_roster_is_written_slice_by_slice(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returns, "SLICE", 3)
    found = draft(any_cast)
    first = found.number
    returns.put_roster(found.id, people(*range(8)), actor=SYSTEM, at=AT)
    assert (found.number != first, facts_of(found.number)) == (True, 8)
    slices = audit.history("roster", found.number)
    assert sorted(row.details["people"] for row in slices) == [2, 3, 3]
    assert [row.details["people"] for row in audit.history("return", found.id) if row.act == "participation.return_roster"] == [8]


def test_what_nobody_goes_by_goes_in_the_night(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 2)
    found = draft(any_cast)
    returns.put_roster(found.id, people(1, 2, 3, 4, 5), actor=SYSTEM, at=AT)
    old = found.number
    returns.put_roster(found.id, people(4, 5, 6), actor=SYSTEM, at=AT)
    now = found.number
    assert (staging.clear_left(AT + timedelta(hours=1)), facts_of(old)) == (0, 5)
    assert cleared() > 0
    assert (facts_of(old), facts_of(now), cleared()) == (0, 3, 0)
    assert list(db.session.scalars(select(Origin.id))) == [now]
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    approve(any_cast, found)
    assert persons() == 3


def test_a_roster_that_comes_too_late_changes_nothing(any_cast: Cast) -> None:
    found = draft(any_cast)
    returns.put_roster(found.id, people(1, 2), actor=SYSTEM, at=AT)
    kept = found.number
    origin = Origin(activity_id=found.activity_id, created_at=AT)
    with returns.atomic() as session:
        session.add(origin)
    staging.stage(found.activity_id, origin.id, people(3), [staging.Shown("试*", "6***1", "某店")], Standings(), actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不能修改"):
        returns.take_roster(found.id, origin.id, 1, actor=SYSTEM, at=AT)
    assert get(Return, found.id).number == kept
    assert cleared() > 0
    assert (facts_of(kept), db.session.scalars(select(RosterPerson)).all()) == (2, [])


def test_people_of_the_former_roster_stay_where_that_is_wanted(any_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "SLICE", 2)
    found = roster(any_cast, make_contest(any_cast, phase="finished").id, 1, 2, 3, 4)
    number = staging_number(found)
    told = [Told("key-4", AT.date(), region_code="630200"), Told("key-9", AT.date())]
    staging.stage(found.activity_id, number, told, (), Standings(), actor=SYSTEM, at=AT)
    counts = []
    while count := staging.carry_over(found.activity_id, found.number, number, actor=SYSTEM, at=AT):
        counts.append(count)
    assert (counts, facts_of(number), facts_of(found.number)) == ([2, 1], 5, 4)


def staging_number(found: Return) -> int:
    with returns.atomic():
        return staging.new_origin(found.activity_id, AT)
