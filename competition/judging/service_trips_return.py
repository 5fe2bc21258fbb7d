"""On the arena machine: rounds are packed for the way home and judged here no more, unless the file was lost."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import Contest, Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.judging import queries_trips as trips
from competition.judging import rules_trips as rules
from competition.judging.models import Panel, RoundState
from competition.judging.models_trips import ArenaTrip, ArenaTripRound
from competition.judging.queries_trips import Load
from competition.judging.service_rounds import hold_anywhere
from competition.judging.service_trip_rows import file_content


def open_trip(rounds: Collection[Round]) -> ArenaTrip | None:
    """The trip for which this machine judges these rounds; None at home. Raises RuleBroken when they came on several."""
    of_rounds = select(ArenaTripRound.trip_id).where(ArenaTripRound.round_id.in_([r.id for r in rounds]), ArenaTripRound.side == "arena")
    found = list(db.session.scalars(select(ArenaTrip).where(ArenaTrip.id.in_(of_rounds))))
    if len(found) > 1:
        raise RuleBroken(_("这项赛事分几次交到本机，请写明项目，分别装好。"), code="trips_many", status=422)
    return found[0] if found else None


def return_rounds(trip: ArenaTrip, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything that was judged here, with the audit chain of it; from now on this machine takes nothing more for these rounds.

    Asked again, it is the same packing, read anew.
    """
    with atomic() as session:
        load, states = _held(trip)
        packed_at = next((state.away_at for state in states if state.away_at is not None), None)
        if packed_at is None:
            packed_at = at
            for state in states:
                state.away_at = at
                state.reshape()
            audit.record("judging.pack_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                         details={"trip": str(trip.id), "machine": trip.machine, "versions": {str(s.round_id): s.version for s in states}})
        session.flush()
        return file_content(
            rules.BACK, trip, load, trips.returned_rows(load), here=rules.sums(trips.base_of(load)), packed_at=rules.plain(packed_at),
            versions={str(state.round_id): state.version for state in states})


def resume_rounds(trip: ArenaTrip, *, reason: str, actor: Actor, at: datetime) -> int:
    """Judge here again: the file was lost or will not be brought home. How many rounds. The file that was made is void only once
    another one has come home: which of them comes first is the one that counts."""
    if not reason.strip():
        raise RuleBroken(_("请写明恢复评分的理由。"), code="reason_required", status=422)
    with atomic():
        load, states = _held(trip)
        packed = [state for state in states if state.away_at is not None]
        if not packed:
            raise RuleBroken(_("这些轮次没有装好带回，正在本机评分，不用恢复。"), code="round_here")
        details = {"trip": str(trip.id), "machine": trip.machine, "packed_at": rules.plain(packed[0].away_at)}
        for state in packed:
            state.away_at = None
            state.reshape()
        audit.record("judging.resume_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                     reason=reason.strip(), details=details)
    return len(packed)


def _held(trip: ArenaTrip) -> tuple[Load, list[RoundState]]:
    """The rounds of a trip, held, and the panels before them: nobody sits down meanwhile. Inside an act."""
    query = select(Round).join(ArenaTripRound, ArenaTripRound.round_id == Round.id).where(ArenaTripRound.trip_id == trip.id)
    load = Load.of(get(Contest, trip.contest_id), list(db.session.scalars(query)))
    for panel_id in sorted(load.panels):
        get(Panel, panel_id, lock=True)
    return load, [hold_anywhere(round_id) for round_id in load.rounds]
