"""What the views of this room share: the blueprint, the guards, the address of a page."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from competition.contests import queries as contests
from competition.contests.models import Contest
from competition.core.access import check, current_actor
from competition.core.actors import Actor
from competition.core.errors import Forbidden, NotFound
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration import queries, queries_lists, queries_teams, rules
from competition.registration.models import Entry, Team

blueprint = Blueprint("registration", __name__)
Answer = Response | str | tuple[str, int]
WORDS = {"rules": rules, "ownership": OWNERSHIP, "skill_levels": SKILL_LEVELS, "worker_groups": WORKER_GROUPS}


def load_contest(contest_id: uuid.UUID) -> Contest:
    """A contest for its staff pages: for its office, for clerks (who find the people of their own unions in it) and
    for team leaders of it. An unannounced one only for who sees all of it."""
    contest, actor = contests.get_contest(contest_id), current_actor()
    is_known = contest.phase != "draft" and queries_lists.works_on(contest, actor)
    if not is_known and not queries_lists.sees_all(contest, actor):
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或您无权查看。"))
    return contest


def load_office(contest_id: uuid.UUID, act: str) -> Contest:
    """A contest whose registration the reader manages; 403 for other staff."""
    contest = load_contest(contest_id)
    check(current_actor(), act, contests.contest_scope(contest))
    return contest


def load_public(contest_id: uuid.UUID) -> Contest:
    """A contest that contestants may see."""
    contest = contests.get_contest(contest_id)
    if contest.phase == "draft":
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    return contest


def load_own(entry_id: uuid.UUID) -> Entry:
    """The reader's own entry; anybody else's does not exist."""
    entry = queries.get_entry(entry_id)
    if not queries.is_own(current_actor(), entry):
        raise NotFound(queries.NOT_FOUND)
    return entry


def load_entry(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Entry:
    """An entry that the reader sees as staff: office, clerk above it, leader of its team; else 404."""
    entry = queries.get_entry(entry_id)
    if entry.contest_id != contest_id or entry.state == "draft" or not queries.may_see(current_actor(), entry):
        raise NotFound(queries.NOT_FOUND)
    return entry


def load_handled(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Entry:
    """The same for office and clerks alone: a leader reads, but neither reviews nor unmasks."""
    entry = load_entry(contest_id, entry_id)
    actor = current_actor()
    if not queries.handles(actor, entry):
        raise Forbidden(_("您可以查看这份报名，但不能办理。请联系审核的工会或组委会办公室。"))
    return entry


def load_team(contest_id: uuid.UUID, team_id: uuid.UUID) -> tuple[Contest, Team]:
    """A contest and one of its teams that the reader sees."""
    contest = load_contest(contest_id)
    return contest, queries_teams.get_team(contest, team_id, current_actor())


def load_reach(contest: Contest, actor: Actor) -> queries_lists.Reach:
    """Whom the reader may enter; 403 for who may enter nobody here."""
    reach = queries_lists.reach(contest, actor)
    if reach.is_empty:
        raise Forbidden(_("您在这项赛事中没有可以代为报名的工会或代表队。"))
    return reach


def upload(field: FileStorage | None) -> tuple[bytes, str] | None:
    """What was sent in a file field and its name; None when nothing was."""
    if field is None or not field.filename:
        return None
    return field.read(), field.filename


def uuid_arg(name: str) -> uuid.UUID | None:
    """An id from the query; None when it is none."""
    try:
        return uuid.UUID(request.args[name])
    except (KeyError, ValueError):
        return None



def page(name: str, **values: Any) -> str:
    """A template of this room with the words of its codes."""
    return render_template(f"registration/{name}.html", **WORDS, **values)


def list_href(contest: Contest, **more: Any) -> str:
    """The list of a contest's entries."""
    return url_for("registration.review_list", contest_id=contest.id, **more)
