"""What the views of this room share: the blueprint, and guards that load what may be seen."""

import uuid

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from competition.contests.models import Contest, Event, Round
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import Scope, check, current_actor, may
from competition.core.database import db
from competition.core.errors import NotFound
from competition.registration.models import Entrant

blueprint = Blueprint("arena", __name__)
Answer = Response | str | tuple[str, int]


def _scope_with_events(contest: Contest) -> Scope:
    return contest_scope(contest) | {("event", event.id) for event in contest.events}


def round_scope(contest: Contest, event_id: uuid.UUID) -> Scope:
    """What a round belongs to: the contest, the unions above it, its own event."""
    return contest_scope(contest) | {("event", event_id)}


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may do ``act`` on it or on one of its events; else 403, or 404 for strangers."""
    contest = get_contest(contest_id)
    scope, actor = _scope_with_events(contest), current_actor()
    if not may(actor, "contests.look", scope):
        raise NotFound(_("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    check(actor, act, scope)
    return contest


def load_whole(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may do ``act`` on all of it: an event's own judge may not."""
    contest = load_contest(contest_id, act)
    check(current_actor(), act, contest_scope(contest))
    return contest


def load_round(contest_id: uuid.UUID, round_id: uuid.UUID, act: str) -> tuple[Contest, Round]:
    """A round of the contest, for who may do ``act`` on its event."""
    contest = load_contest(contest_id, act)
    query = select(Round).where(Round.id == round_id, Round.contest_id == contest.id).options(joinedload(Round.event))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这一轮比赛，它可能已被移走。"))
    _check_event(contest, found.event_id, act, _("没有找到这一轮比赛，它可能已被移走，或您无权查看。"))
    return contest, found


def load_entrant(contest_id: uuid.UUID, entrant_id: uuid.UUID, act: str) -> tuple[Contest, Entrant]:
    """An entrant of the contest, for who may do ``act`` on its event."""
    contest = load_contest(contest_id, act)
    found = db.session.get(Entrant, entrant_id)
    if found is None or found.contest_id != contest.id:
        raise NotFound(_("没有找到这名参赛者，可能已退出本项目。"))
    _check_event(contest, found.event_id, act, _("没有找到这名参赛者，可能已退出本项目，或您无权查看。"))
    return contest, found


def load_event(contest_id: uuid.UUID, event_id: uuid.UUID, act: str) -> tuple[Contest, Event]:
    """An event of the contest, for who may do ``act`` on it."""
    contest = load_contest(contest_id, act)
    found = next((event for event in contest.events if event.id == event_id), None)
    if found is None:
        raise NotFound(_("没有找到这个项目，它可能已被移走。"))
    _check_event(contest, found.id, act, _("没有找到这个项目，它可能已被移走，或您无权查看。"))
    return contest, found


def _check_event(contest: Contest, event_id: uuid.UUID, act: str, sentence: str) -> None:
    """Who works on other events of the contest finds nothing of this one."""
    if not may(current_actor(), act, round_scope(contest, event_id)):
        raise NotFound(sentence)


def load_public(contest_id: uuid.UUID) -> Contest:
    """A contest that everybody may see."""
    contest = get_contest(contest_id)
    if contest.phase == "draft":
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    return contest


def may_on(contest: Contest, event_id: uuid.UUID, *acts: str) -> dict[str, bool]:
    """Which acts the reader may do on an event: for the buttons of a page."""
    scope = round_scope(contest, event_id)
    return {act.partition(".")[2]: may(current_actor(), act, scope) for act in acts}
