"""A contest's home: the course from the notice to the count, what to do next, what is late, who waits for whom."""

import uuid
from functools import partial

from flask import render_template, url_for

from competition.contests.models import Contest
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import Scope, act, current_actor, may, may_open
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.words import say as _
from competition.home import rules_course
from competition.home.queries_course import course_facts
from competition.home.rules_dates import public_notice_ends
from competition.home.rules_facts import CourseFacts, Link, Todo
from competition.home.views import blueprint

# Who of a contest's staff is named beside the course, in the order in which they are needed.
NAMED = ("organizer", "coding_judge", "check_in_judge", "chief_judge", "timekeeper", "scorekeeper", "supervisor")


@blueprint.get("/manage/contests/<uuid:contest_id>/home")
@act("contests.look")
def contest(contest_id: uuid.UUID) -> str:
    """The course, whole or for the events of the reader."""
    found = get_contest(contest_id)
    scope = own_scope(found)
    facts = own_facts(found, course_facts([found], now())[found.id])
    steps = rules_course.course(facts)
    mine = rules_course.todos_of(steps, current_actor().id)
    return render_template(
        "home/contest.html", contest=found, facts=facts, steps=steps, tally=rules_course.tally(steps), mine=mine,
        address=partial(address, scope=scope), may_follow=may_follow, stands=rules_course.stands, notice_ends=public_notice_ends(facts),
        staff=[(facts.staff.titles[role], facts.staff.who([role]).words) for role in NAMED] if facts.is_whole else [])


def own_scope(found: Contest) -> Scope:
    """What of the contest the reader works on: all of it, else the own events; NotFound for all others."""
    actor, whole = current_actor(), contest_scope(found)
    events = frozenset(("event", event.id) for event in found.events if may(actor, "contests.look", whole | {("event", event.id)}))
    if not events and not may(actor, "contests.look", whole):
        raise NotFound(_("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    return whole | events


def own_facts(found: Contest, facts: CourseFacts) -> CourseFacts:
    """The facts, as far as they are the reader's business."""
    actor = current_actor()
    own = [event.id for event in found.events if may(actor, "contests.look", frozenset({("event", event.id)}))]
    return rules_course.part_of(facts, may(actor, "contests.look", contest_scope(found)), own)


def address(link: Link | None, scope: Scope) -> str | None:
    """The page behind a button, if the reader may open it."""
    if link is None or not may_open(link.endpoint, scope):
        return None
    return url_for(link.endpoint, **link.values)


def may_follow(todo: Todo) -> bool:
    """A request for a second person is opened by those who may decide it."""
    return not todo.is_request or current_actor().id in todo.who.accounts
