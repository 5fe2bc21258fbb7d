"""What the views of this room share: the blueprint, guards, how figures look."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import Scope, check, current_actor, may
from competition.core.errors import NotFound
from competition.results.progress import Item
from competition.results.rules_figures import STATUS_WORDS, figure

blueprint = Blueprint("results", __name__)
Answer = Response | str | tuple[str, int]
BASE = "/manage/contests/<uuid:contest_id>/results"


def whole_scope(contest: Contest) -> Scope:
    """The contest, the unions above it, and its events."""
    return contest_scope(contest) | {("event", event.id) for event in contest.events}


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may look at its results (else 404) and do ``act`` (else 403)."""
    contest = get_contest(contest_id)
    actor, scope = current_actor(), whole_scope(contest)
    if not may(actor, "results.look", scope):
        raise NotFound(_("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    check(actor, act, scope)
    return contest


def load_public(contest_id: uuid.UUID) -> Contest:
    """A contest that the public knows."""
    contest = get_contest(contest_id)
    if contest.phase == "draft":
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    return contest


def may_on(contest: Contest, *acts: str) -> dict[str, bool]:
    """Which acts the reader may do here: for the buttons of a page."""
    scope = whole_scope(contest)
    return {act.partition(".")[2]: may(current_actor(), act, scope) for act in acts}


def address_of(item: Item) -> str | None:
    """Where a missing thing is put right, if that page exists."""
    known = [name for name in item.endpoints if name in current_app.view_functions]
    return url_for(known[0], **item.values) if known else None


def common(contest: Contest) -> Mapping[str, Any]:
    """What every page of this room gets."""
    return {"contest": contest, "figure": figure, "status_words": STATUS_WORDS, "address_of": address_of}
