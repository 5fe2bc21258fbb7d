"""Public pages: the list of contests and one contest."""

from flask import Blueprint, render_template, request

from competition.contests import queries, rules
from competition.core.access import act
from competition.core.clock import now
from competition.core.paging import paginate
from competition.organisations.queries import list_regions

blueprint = Blueprint("contests", __name__)


@blueprint.get("/contests")
@act("contests.browse")
def index() -> str:
    """The contests that are announced, each with whether it takes registrations."""
    args = request.args
    query = queries.list_public(region=args.get("region"), kind=args.get("kind"), phase=args.get("state"), text=args.get("q"))
    page = paginate(query, args.get("page", 1, type=int), per_page=20)
    at = now()
    states = {contest.id: rules.registration_state(contest, at) for contest in page}
    return render_template("contests/index.html", page=page, states=states, rules=rules,
                           regions=list_regions(level="prefecture"))
