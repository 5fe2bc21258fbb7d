"""Public pages: the list of contests and one contest."""

import uuid

from flask import render_template, request
from flask_babel import gettext as _

from competition.contests import hooks, queries, rules, rules_words
from competition.contests.pages import blueprint
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.paging import paginate
from competition.notices.queries import public_notices
from competition.organisations.queries import list_regions


@blueprint.get("/contests")
@act("contests.browse")
def index() -> str:
    """The contests that are announced, each with whether it takes registrations."""
    args, at = request.args, now()
    query = queries.list_public(at, region=args.get("region"), kind=args.get("kind"), state=args.get("state"), text=args.get("q"))
    page = paginate(query, args.get("page", 1, type=int), per_page=20)
    return render_template(
        "contests/index.html", page=page, rules=rules, states_of={c.id: rules.registration_state(c, at) for c in page},
        places=hooks.places_of([c.id for c in page]),
        regions=[(r.code, r.name) for level in ("province", "prefecture") for r in list_regions(level=level)],
    )


@blueprint.get("/contests/<uuid:contest_id>")
@act("contests.browse")
def show(contest_id: uuid.UUID) -> str:
    """One contest for everybody; a draft only for those who work on it."""
    contest = queries.get_contest(contest_id)
    events = {("event", event.id) for event in contest.events}
    scope = queries.contest_scope(contest) | events if current_actor().held else frozenset()
    works_here = may(current_actor(), "contests.look", scope)
    if contest.phase == "draft" and not works_here:
        raise NotFound(_("没有找到这项赛事，它可能尚未公布，或网址有误。"))
    version = queries.find_rulebook(contest.id)
    return render_template(
        "contests/show.html", contest=contest, rules=rules, words=rules_words, state=rules.registration_state(contest, now()),
        notices=public_notices("contest", contest.id), changes=queries.changes_of(contest.id), version=version,
        book=queries.load_rules(version) if version else None, places=hooks.places_of([contest.id]).get(contest.id),
        works_here=works_here, enter_href=hooks.address_of_entry(contest.id), pages=hooks.pages_of(contest.id),
    )
