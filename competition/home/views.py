"""The start page, the reader's own entries, results and certificates, the desk of staff."""


from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from competition.certificates.queries import certificates_of
from competition.contests import rules as contest_rules
from competition.contests.access import LOOKING
from competition.contests.models import Contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.formats import in_zone
from competition.core.jobs import Job
from competition.counting.queries import WHOLE, cell, last_finished
from competition.home import queries
from competition.home.access import STAFF
from competition.home.figures import places_of
from competition.home.first_steps import first_steps
from competition.home.own import standings
from competition.home.work import desk_of
from competition.notices.queries import public_notices
from competition.participation.queries_targets import target
from competition.results.models import PublishedRow
from competition.results.queries import rows_of

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@act("home.start")
def start() -> str:
    """What is on, for everybody."""
    at = now()
    query = select(Contest).where(Contest.phase.in_(("announced", "running"))).options(joinedload(Contest.region))
    found = list(db.session.scalars(query.order_by(Contest.starts_on, Contest.id).limit(30)))
    states = {contest.id: contest_rules.registration_state(contest, at) for contest in found}
    found.sort(key=lambda contest: not states[contest.id].is_open)
    return render_template("home/start.html", contests=found[:6], registration=states, notices=public_notices(limit=5),
                           **participation(in_zone(at).year))


def participation(year: int) -> dict[str, object]:
    """The year's one number, when it has been counted."""
    return {"year": year, "figure": cell(WHOLE, str(year)), "target": target(year), "counted": last_finished()}


@blueprint.get("/begin")
@act("home.own")
def begin() -> Response:
    """Where one starts after signing in."""
    return redirect(url_for("home.desk" if current_actor().holds(*STAFF) else "home.my_entries"), 303)


@blueprint.get("/my/entries")
@act("home.own")
def my_entries() -> str:
    """The own entries, each with where it stands, what comes next and when, and the one thing to do; the teams that are led."""
    actor = current_actor()
    entries, teams = queries.entries_of(actor), queries.teams_led(actor) if actor.holds("team_leader") else []
    return render_template("home/my_entries.html", entries=entries, standings=standings(entries, now()), teams=teams)


@blueprint.get("/my/results")
@act("home.own")
def my_results() -> str:
    """The own lines of published rankings, by contest."""
    groups: dict[Contest, list[PublishedRow]] = {}
    for row in rows_of(current_actor()):
        groups.setdefault(row.publication.contest, []).append(row)
    return render_template("home/my_results.html", groups=groups)


@blueprint.get("/my/certificates")
@act("home.own")
def my_certificates() -> str:
    """The own certificates."""
    return render_template("home/my_certificates.html", certificates=certificates_of(current_actor()))


@blueprint.get("/desk")
@act("home.desk")
def desk() -> str:
    """What waits for the reader, the most urgent first; figures for who only looks."""
    actor, at = current_actor(), now()
    jobs = db.session.scalars(queries.jobs_visible(actor).where(Job.state.in_(("queued", "running", "failed"))).limit(5))
    found = desk_of(actor, at)
    entering = [line for line in found.lines if contest_rules.registration_state(line.contest, at).is_open] if actor.holds("clerk") else []
    return render_template("home/desk.html", desk=found, steps=first_steps(actor), at=at, today=in_zone(at).date(), jobs=list(jobs),
                           entering=entering, reviews=actor.holds("clerk"), more=actor.holds(*LOOKING),
                           places=places_of(actor, in_zone(at).year) if actor.holds("leader") else [])
