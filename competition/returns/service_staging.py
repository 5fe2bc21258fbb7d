"""Rosters of any size come into a return: staged in slices under a number that nobody goes by, then taken in one short step.

A slice holds the lock for the moment that its rows take, so whoever judges at this time never waits for a roster. Until the step
nobody sees what is staged, and what is left of a roster that broke off goes in the night.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Select, Table, delete, exists, select
from sqlalchemy.orm import aliased

from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db
from competition.core.statements import Statement
from competition.counting.models import Fact
from competition.counting.service_facts import FACT, Standings, Told, participants
from competition.returns.models import Return
from competition.returns.models_import import Origin, ReturnImport, RosterPerson
from competition.returns.rules import EDITABLE, SUBMITTED

# Rows of one transaction.
SLICE = 1_000
FORGOTTEN = timedelta(days=1)
_old = aliased(Fact)
_SHOWN = Statement(cast(Table, RosterPerson.__table__).insert())


class Shown(NamedTuple):
    """What a list shows of somebody: name and number masked, the unit as it was written."""

    name: str
    number: str
    unit: str


def new_origin(activity_id: int, at: datetime) -> int:
    """Within an act: a number that was never given before."""
    made = Origin(activity_id=activity_id, created_at=at)
    db.session.add(made)
    db.session.flush()
    return made.id


def stage(
    activity_id: int, origin: int, told: Sequence[Told], shown: Sequence[Shown], standings: Standings, *, actor: Actor, at: datetime,
) -> None:
    """A slice of a roster: facts that do not count, and what lists show of the people. ``shown``: of each in turn, or nothing."""
    with atomic() as session:
        numbers, connection = participants([one.key for one in told]), session.connection()
        who = [numbers[one.key] for one in told]
        FACT.write_lists(connection, {"activity_id": activity_id, "origin": origin, "created_at": at}, {
            "participant_id": who, "standing_id": [standings.of(one) for one in told], "present_on": [one.present_on for one in told]})
        if shown:
            names, figures, units = zip(*shown, strict=True)
            _SHOWN.write_lists(connection, {"origin": origin}, {"participant_id": who, "name": names, "number": figures, "unit": units})
        audit.record("participation.stage_roster", actor=actor, subject=("roster", origin), at=at, details={"people": len(told)})


def carry_over(activity_id: int, former: int, origin: int, *, actor: Actor, at: datetime) -> int:
    """A slice of those whom the former roster names and this one does not yet: they stay. Returns how many; none: all are there."""
    with atomic() as session:
        here = exists().where(Fact.activity_id == activity_id, Fact.origin == origin, Fact.participant_id == _old.participant_id)
        wanted = select(_old.participant_id, _old.standing_id, _old.present_on).where(
            _old.activity_id == activity_id, _old.origin == former, _old.withdrawn_at.is_(None), ~here).order_by(
            _old.participant_id).limit(SLICE)
        rows = session.execute(wanted).all()
        if not rows:
            return 0
        who, how, days = zip(*rows, strict=True)
        FACT.write_lists(session.connection(), {"activity_id": activity_id, "origin": origin, "created_at": at},
                         {"participant_id": who, "standing_id": how, "present_on": days})
        seen = session.execute(select(RosterPerson.participant_id, RosterPerson.name, RosterPerson.number, RosterPerson.unit).where(
            RosterPerson.origin == former, RosterPerson.participant_id.in_(who))).all()
        if seen:
            columns = zip(("participant_id", "name", "number", "unit"), zip(*seen, strict=True), strict=True)
            _SHOWN.write_lists(session.connection(), {"origin": origin}, dict(columns))
        audit.record("participation.stage_roster", actor=actor, subject=("roster", origin), at=at, details={"people": len(rows)})
        return len(rows)


def clear_left(at: datetime) -> int:
    """A slice of the facts of numbers that nobody goes by any more; returns how many rows went, 0 when there are none left."""
    with atomic() as session:
        session.execute(ReturnImport.__table__.update().where(  # type: ignore[attr-defined]
            ReturnImport.former.is_not(None), ReturnImport.return_id.in_(_settled())).values(former=None))
        origin = session.scalars(_left(at).limit(1)).first()
        if origin is None:
            return 0
        this = Fact.activity_id == origin.activity_id, Fact.origin == origin.id
        people = list(session.scalars(select(Fact.participant_id).where(*this).order_by(Fact.participant_id).limit(SLICE)))
        session.execute(delete(RosterPerson).where(RosterPerson.origin == origin.id, RosterPerson.participant_id.in_(people)))
        session.execute(delete(Fact).where(*this, Fact.participant_id.in_(people)))
        if len(people) < SLICE:
            session.execute(delete(Origin).where(Origin.id == origin.id))
        audit.record("participation.clear_roster", actor=SYSTEM, subject=("roster", origin.id), at=at, details={"people": len(people)})
        return max(len(people), 1)


def _settled() -> Select[uuid.UUID]:
    """Returns that are the union's own no longer and will not be again: nothing of them is taken back."""
    return select(Return.id).where(Return.state.not_in((*EDITABLE, SUBMITTED)))


def _left(at: datetime) -> Select[Origin]:
    named = [exists().where(column == Origin.id) for column in (Return.number, ReturnImport.number, ReturnImport.former)]
    return select(Origin).where(Origin.created_at < at - FORGOTTEN, *(~name for name in named)).order_by(Origin.id)
