"""What the views of this room share: the blueprint, guards, how figures look."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.naming import READER
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import Scope, check, current_actor, may, may_open
from competition.core.errors import NotFound
from competition.results.for_pages import compute_for_page
from competition.results.progress import Item
from competition.results.rules_figures import figure
from competition.results.standing import Computed, scope_of_decision
from competition.scoring.wording import Wording

blueprint = Blueprint("results", __name__)
Answer = Response | str | tuple[str, int]
BASE = "/manage/contests/<uuid:contest_id>/results"


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may look at its results or at those of one of its events (else 404), and do ``act``
    there (else 403). What such a page shows comes from :func:`shown_figures`."""
    contest = get_contest(contest_id)
    inside = frozenset(("event", event.id) for event in contest.events)
    _guard(contest_scope(contest) | inside, act)
    return contest


def load_whole(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may do ``act`` on all of it; who has one event alone finds nothing here."""
    contest = get_contest(contest_id)
    _guard(contest_scope(contest), act)
    return contest


def load_event(contest_id: uuid.UUID, event_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may do ``act`` on this event of it."""
    contest = get_contest(contest_id)
    _guard(event_scope(contest, event_id), act)
    return contest


def load_ranking(contest_id: uuid.UUID, scope: str, act: str) -> Contest:
    """The contest, for who may do ``act`` on this ranking of it."""
    contest = get_contest(contest_id)
    _guard(ranking_scope(contest, scope), act)
    return contest


def _guard(scope: Scope, act: str) -> None:
    actor = current_actor()
    if not may(actor, "results.look", scope):
        raise NotFound(_("没有找到这项内容，它可能已被移走，或您无权查看。"))
    check(actor, act, scope)


def event_scope(contest: Contest, event_id: uuid.UUID) -> Scope:
    """What an event belongs to; one of another contest adds nothing."""
    return contest_scope(contest) | {("event", event.id) for event in contest.events if event.id == event_id}


def ranking_scope(contest: Contest, scope: str) -> Scope:
    """What a ranking belongs to: that of an event to the event, all others to the contest alone."""
    kind, _colon, key = scope_of_decision(scope).partition(":")
    return contest_scope(contest) | {("event", event.id) for event in contest.events if kind == "event" and event.key == key}


def shown_figures(contest: Contest, *, explained: bool = False) -> Computed:
    """The contest's figures, as far as the reader may look at them: all, or the own events without any total."""
    computed = compute_for_page(contest.id, explained=explained)
    if is_whole(contest):
        return computed
    mine = {event.key for event in contest.events if may(current_actor(), "results.look", event_scope(contest, event.id))}
    return computed.narrowed(mine)


def is_whole(contest: Contest) -> bool:
    """May the reader look at all results of the contest?"""
    return may(current_actor(), "results.look", contest_scope(contest))


def load_public(contest_id: uuid.UUID) -> Contest:
    """A contest that the public knows."""
    contest = get_contest(contest_id)
    if contest.phase == "draft":
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    return contest


def may_on(contest: Contest, *acts: str, event_id: uuid.UUID | None = None) -> dict[str, bool]:
    """Which acts the reader may do on the contest, or on one event of it: for the buttons of a page."""
    scope = contest_scope(contest) if event_id is None else event_scope(contest, event_id)
    return {act.partition(".")[2]: may(current_actor(), act, scope) for act in acts}


def address_of(item: Item, contest: Contest) -> str | None:
    """Where a missing thing is put right, if the reader may open that page."""
    scope = contest_scope(contest) | {("event", event.id) for event in contest.events}
    known = [name for name in item.endpoints if may_open(name, scope)]
    return url_for(known[0], **item.values) if known else None


def common(contest: Contest, to: Wording | None = None) -> Mapping[str, Any]:
    """What every page of this room gets. ``to``: how its reader is told, by the rulebook that its figures stand on."""
    return {"contest": contest, "figure": figure, "to": to or READER, "address_of": partial(address_of, contest=contest)}
