"""What the staff's views of this room share: the blueprint and the guards."""

import uuid
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest, Round
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import Scope, check, current_actor, may
from competition.core.errors import NotFound
from competition.judging import queries, queries_seats
from competition.judging.models import Panel, Seat

blueprint = Blueprint("judging", __name__, url_prefix="/manage/contests/<uuid:contest_id>/judging")
Answer = Response | str | tuple[str, int]


def round_scope(contest: Contest, event_ids: Any) -> Scope:
    """The contest, the unions above it, and the events a chief judge may hold alone."""
    return contest_scope(contest) | {("event", event_id) for event_id in event_ids}


def guard(scope: Scope, act: str, sentence: str) -> None:
    """404 for who may not look at all, 403 for who may look and not do ``act``."""
    if not may(current_actor(), "judging.look", scope):
        raise NotFound(sentence)
    check(current_actor(), act, scope)


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest with its events, for who may do ``act`` on it or on one of its events."""
    contest = get_contest(contest_id)
    guard(round_scope(contest, [event.id for event in contest.events]), act, _("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    return contest


def load_round(contest_id: uuid.UUID, round_id: uuid.UUID, act: str) -> Round:
    """A round of the contest with its event, for who may do ``act`` on it."""
    round_ = queries.get_round(contest_id, round_id)
    guard(round_scope(round_.contest, [round_.event_id]), act, _("没有找到这一轮比赛，它可能已被移走，或您无权查看。"))
    return round_


def load_panel(contest_id: uuid.UUID, panel_id: uuid.UUID, act: str) -> Panel:
    """A panel of the contest, for who may do ``act`` on its event."""
    panel = queries_seats.get_panel(contest_id, panel_id)
    guard(round_scope(get_contest(contest_id), [panel.event_id]), act, _("没有找到这个裁判组，它可能已被移走，或您无权查看。"))
    return panel


def load_seat(contest_id: uuid.UUID, seat_id: uuid.UUID, act: str) -> Seat:
    """A seat of the contest, for who may do ``act`` on its event."""
    seat = queries_seats.get_seat(contest_id, seat_id)
    guard(round_scope(get_contest(contest_id), [seat.panel.event_id]), act, _("没有找到这个座位，它可能已被移走，或您无权查看。"))
    return seat


def rights(round_: Round, *acts: str, within: Scope | None = None) -> dict[str, bool]:
    """Which acts the reader may do on a round: for the buttons of a page. ``within``: the contest's scope, if read."""
    scope = (contest_scope(round_.contest) if within is None else within) | {("event", round_.event_id)}
    return {act: may(current_actor(), f"judging.{act}", scope) for act in acts}
