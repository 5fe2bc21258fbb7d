"""Reads of screens, and of what they may show."""

import uuid
from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from competition.arena.queries import decoded
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.contests.queries import rounds_of
from competition.core import approvals
from competition.core.database import db, find
from competition.core.errors import NotFound
from competition.displays.models import Display, DisplayCall, DisplayCode
from competition.judging.models import RoundState
from competition.results.models import Publication
from competition.results.queries import current_with_rows
from competition.results.service_publish import CORRECT


def displays_of(contest_id: uuid.UUID) -> list[Display]:
    """The screens of a contest, those that are withdrawn last."""
    query = select(Display).where(Display.contest_id == contest_id).order_by(Display.withdrawn_at.is_not(None), Display.name)
    return list(db.session.scalars(query))


def has_displays(contest_id: uuid.UUID) -> bool:
    """Is any screen of the contest in use?"""
    query = select(Display.id).where(Display.contest_id == contest_id, Display.withdrawn_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def contests_with_displays() -> list[uuid.UUID]:
    """The contests that have or had screens."""
    return list(db.session.scalars(select(Display.contest_id).distinct()))


def get_display(contest_id: uuid.UUID, display_id: uuid.UUID) -> Display:
    """A screen of this contest; raises NotFound."""
    found = find(Display, id=display_id, contest_id=contest_id)
    if found is None:
        raise NotFound(_("没有找到这块大屏，它可能不属于本赛事。"))
    return found


def find_code(code: str, at: datetime) -> DisplayCode | None:
    """The screen that shows this number now."""
    return db.session.scalars(select(DisplayCode).where(DisplayCode.code == code, DisplayCode.expires_at > at)).one_or_none()


def waiting_code(hashed: str, at: datetime) -> str | None:
    """The number of a screen that nobody has registered yet, by the hash of its secret; None once it is used or too old."""
    return db.session.scalar(select(DisplayCode.code).where(DisplayCode.token_hash == hashed, DisplayCode.expires_at > at))


def call_of(contest_id: uuid.UUID) -> DisplayCall:
    """What is called; nothing yet where nobody has called."""
    return db.session.get(DisplayCall, contest_id) or DisplayCall(contest_id=contest_id, batch=0, with_numbers=False)


def drawn_rounds(contest_id: uuid.UUID) -> list[Round]:
    """The rounds whose stations are drawn, in order."""
    drawn = set(db.session.scalars(select(Work.round_id).where(Work.contest_id == contest_id).distinct()))
    return [round_ for round_ in rounds_of(contest_id) if round_.id in drawn]


def works_by_batch(round_id: uuid.UUID) -> dict[int, list[Work]]:
    """The stations of a round, batch by batch."""
    found: dict[int, list[Work]] = {}
    for work in list_works(round_id):
        found.setdefault(work.batch, []).append(work)
    return found


def batches_of(round_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[int]]:
    """The batches that were drawn, by round."""
    query = select(Work.round_id, Work.batch).where(Work.round_id.in_(list(round_ids))).distinct().order_by(Work.round_id, Work.batch)
    found: dict[uuid.UUID, list[int]] = {}
    for round_id, batch in db.session.execute(query):
        found.setdefault(round_id, []).append(batch)
    return found


def numbers_of(event_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The public number of whoever works at a station: of persons only, a team has none."""
    return {work_id: entrant.entry.number or "" for work_id, entrant in decoded(event_id).items() if entrant.entry is not None}


def published(contest_id: uuid.UUID) -> list[Publication]:
    """The rankings in force with their lines, as readers find them."""
    return sorted(current_with_rows(contest_id), key=lambda publication: publication.place)


def is_under_review(contest: Contest, publications: Collection[Publication]) -> bool:
    """Is a published result being corrected? Somebody has asked for it, or a round that was judged before is open again."""
    if not publications:
        return False
    if approvals.open_request(CORRECT, contest.id):
        return True
    first = min(publication.published_at for publication in publications)
    query = select(func.count()).select_from(RoundState).join(Round, Round.id == RoundState.round_id).where(
        Round.contest_id == contest.id, RoundState.state == "open", RoundState.opened_at <= first)
    return bool(db.session.scalar(query))
