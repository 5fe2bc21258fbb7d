"""By which rulebook each round is marked, known by its digest: cheap enough to be asked every few seconds."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from competition.contests.models import RulebookVersion
from competition.core.database import db
from competition.judging.models import RoundState


def rulebook_digests(rounds: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, str]:
    """For rounds with their contests: the rulebook that the first mark has fixed, else the contest's in force, "" when there is none."""
    fixed = (
        select(RoundState.round_id, RulebookVersion.digest).join(RulebookVersion, RulebookVersion.id == RoundState.rulebook_id)
        .where(RoundState.round_id.in_(rounds), RoundState.first_mark_at.is_not(None))
    )
    newest = select(RulebookVersion.contest_id, RulebookVersion.digest).where(RulebookVersion.contest_id.in_(set(rounds.values())))
    held = {row[0]: row[1] for row in db.session.execute(fixed)}
    current = {row[0]: row[1] for row in db.session.execute(newest.order_by(RulebookVersion.number))}
    return {round_id: held.get(round_id, current.get(contest_id, "")) for round_id, contest_id in rounds.items()}
