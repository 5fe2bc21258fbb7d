"""Who of a team goes in, until the team is checked in."""

import uuid
from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.arena import rules
from competition.arena.models import Code
from competition.arena.queries import facts_by_entrant
from competition.arena.service_draw import check_contest
from competition.contests.models import Contest
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry
from competition.registration.service_lineup import Exchange


def change_lineup(
    entrant_id: uuid.UUID, entry_ids: Collection[uuid.UUID], reason: str, *, actor: Actor, at: datetime
) -> Exchange:
    """Exactly these people of a team go in; refused once the team has been checked in or anything else is recorded."""
    with atomic():
        contest = get(Contest, get(Entrant, entrant_id).contest_id, lock=True)
        check_contest(contest)
        refusal = lineup_refusal(get(Entrant, entrant_id, lock=True), hold=True)
        if refusal is not None:
            raise refusal
        team_id = get(Entrant, entrant_id).team_id
        if team_id is None:
            raise LookupError(entrant_id)
        return registration.set_lineup(team_id, entry_ids, reason, lotless=_lotless(team_id), actor=actor, at=at)


def _lotless(team_id: uuid.UUID) -> set[uuid.UUID]:
    """The places of a team's people in events of persons for which lots were drawn without them."""
    own = select(Entrant.id).join(Entrant.entry).where(Entry.team_id == team_id)
    drawn = own.where(Entrant.event_id.in_(select(Code.event_id)), Entrant.id.not_in(select(Code.entrant_id)))
    return set(db.session.scalars(drawn))


def lineup_refusal(entrant: Entrant, *, hold: bool = False) -> RuleBroken | None:
    """Why the line-up cannot be changed, None when it can; ``hold`` keeps the team's doors shut until the commit."""
    if entrant.team_id is None:
        return RuleBroken(_("个人项目没有上场名单。"), code="no_team")
    query = select(Entrant.id).where(Entrant.team_id == entrant.team_id).order_by(Entrant.id)
    ids = list(db.session.scalars(query.with_for_update() if hold else query))
    facts = facts_by_entrant(entrant.contest_id)
    if any(rules.current_outcome(facts.get(each, [])) for each in ids):
        return RuleBroken(_("这支代表队已经检录（或已记缺考、已有裁定），上场名单不能再改。如系误记，请先在检录页撤销。"),
                          code="lineup_closed")
    return None
