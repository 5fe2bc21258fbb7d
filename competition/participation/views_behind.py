"""What is behind the figures: people (masked, for those who may), returns, contests, the units that held them."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from competition.activities.rules import MEASURES, in_units
from competition.core.access import act, current_actor
from competition.core.errors import NotFound
from competition.counting.queries import last_finished
from competition.organisations.queries import region_names
from competition.participation import queries_around as around
from competition.participation import queries_asked as answers
from competition.participation import queries_behind as behind
from competition.participation.rules_words import VALUES
from competition.participation.views import blueprint
from competition.participation.views_figures import Place, check_place, chips, load_place, question_of
from competition.returns import queries as queries_returns
from competition.returns.queries_reporting import visible_among


def _page() -> int:
    return request.args.get("page", 1, type=int)


def _asked(code: str) -> tuple[Place, dict[str, Any]]:
    place, names = load_place(code), region_names()
    question, ignored = question_of(place, names)
    return place, {"place": place, "question": question, "ignored": ignored, "chips": chips(question, names), "names": names}


@blueprint.get("/places/<code>/people")
@act("participation.list")
def people(code: str) -> str:
    """The people that a figure counts, names masked, one line for each contest that somebody was in."""
    place = load_place(code)
    check_place("participation.list", place)
    _place, shown = _asked(code)
    now = answers.figures(shown["question"])
    found = behind.people(shown["question"], now, request.args.get("after")) if now.is_known else None
    return render_template("participation/people.html", now=now, found=found, run=around.freshness().run, limit=answers.LIMIT, **shown)


@blueprint.get("/places/<code>/reported")
@act("participation.view")
def reported(code: str) -> str:
    """The returns behind a bulk figure, or behind a measure (``?measure=``)."""
    _place, shown = _asked(code)
    measure = request.args.get("measure") or None
    if measure is not None and measure not in MEASURES:
        raise NotFound(_("没有这个成效指标。"))
    question = shown["question"]
    page = behind.returns(question, measure, _page())
    return render_template(
        "participation/behind_returns.html", measure=measure, measures=MEASURES, in_units=in_units, page=page, run=last_finished(),
        open_to=visible_among(current_actor(), page.items), months={one.id: one.month for one in page},
        sums=queries_returns.reported(question.scope, *question.span), **shown)


@blueprint.get("/places/<code>/contests")
@act("participation.view")
def contests(code: str) -> str:
    """The contests that were held there, each with its persons and person-times."""
    _place, shown = _asked(code)
    return render_template("participation/behind_contests.html", page=behind.contests(shown["question"], _page()), words=VALUES,
                           **shown)


@blueprint.get("/places/<code>/hosts")
@act("participation.view")
def hosts(code: str) -> str:
    """The units that held them."""
    _place, shown = _asked(code)
    return render_template("participation/behind_hosts.html", page=behind.hosts(shown["question"], _page()), **shown)
