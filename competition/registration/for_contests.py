"""What contests ask about entries: whom a change concerns, what an event holds, how many places are taken."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from competition.contests import hooks
from competition.core.access import current_actor, scopes_of
from competition.core.database import db
from competition.registration import rules
from competition.registration.models import Entrant, Entry, Team


def fill() -> None:
    """Answer the contests' questions."""
    hooks.add(hooks.concerned, concerned)
    hooks.add(hooks.heard_by, heard)
    hooks.add(hooks.event_uses, event_use)
    hooks.add(hooks.places_taken, places_taken)
    hooks.add(hooks.entry_address, address)
    hooks.add(hooks.public_pages, page_of_leader)


def concerned(contest_id: uuid.UUID) -> Iterable[uuid.UUID]:
    """The accounts of living entries, of those who registered others, and of team leaders."""
    living = select(Entry.account_id, Entry.registered_by).where(Entry.contest_id == contest_id, Entry.state.in_(rules.ALIVE))
    leaders = select(Team.leader_id).where(Team.contest_id == contest_id, Team.state != "withdrawn")
    accounts = [own or by for own, by in db.session.execute(living)] + list(db.session.scalars(leaders))
    return [account for account in accounts if account is not None]


def heard(contest_id: uuid.UUID) -> hooks.Heard:
    """Living entries by who is told: the owner's account, else whoever registered them, else nobody."""
    living = (Entry.contest_id == contest_id, Entry.state.in_(rules.ALIVE))
    own, through = Entry.account_id.is_not(None), Entry.account_id.is_(None) & Entry.registered_by.is_not(None)
    counts = select(func.count().filter(own), func.count().filter(through), func.count()).select_from(Entry).where(*living)
    themselves, others, every = db.session.execute(counts).one()
    return hooks.Heard(themselves, others, every - themselves - others)


def event_use(event_id: uuid.UUID) -> str | None:
    """Why an event cannot go: somebody is entered for it, in whatever state."""
    count = db.session.scalar(select(func.count()).select_from(Entrant).where(Entrant.event_id == event_id)) or 0
    return str(_("这个项目已有 %(n)s 份报名，不能移除。请先让选手改报或撤回。", n=count)) if count else None


def places_taken(contest_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Entries that hold a place, by contest, in one statement."""
    query = (
        select(Entry.contest_id, func.count().label("taken")).where(Entry.contest_id.in_(contest_ids), Entry.state.in_(rules.HOLDING))
        .group_by(Entry.contest_id)
    )
    counted = {row.contest_id: row.taken for row in db.session.execute(query)} if contest_ids else {}
    return {contest_id: counted.get(contest_id, 0) for contest_id in contest_ids}


def address(contest_id: uuid.UUID) -> str:
    """Where a contestant enters."""
    return url_for("registration.begin", contest_id=contest_id)


def page_of_leader(contest_id: uuid.UUID) -> tuple[str, str] | None:
    """The teams' page, for who leads a team of this contest: nothing else leads there who is neither clerk nor office."""
    leads = contest_id in scopes_of(current_actor(), "contest", "team_leader")
    return (_("办理代表队"), url_for("registration.teams", contest_id=contest_id)) if leads else None
