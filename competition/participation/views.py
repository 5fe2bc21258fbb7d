"""The dashboard, the places behind it, the list behind a figure."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, may, scopes_of, table
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.exports import hand_out
from competition.core.forms import tried
from competition.core.taken import take
from competition.organisations.queries import home_scope, regions_below, union_of_region, union_scope
from competition.participation import queries, queries_targets, service
from competition.participation.export import FIGURES, workbook
from competition.participation.forms import TargetForm
from competition.participation.models import Target
from competition.participation.rules import growth, progress

blueprint = Blueprint("participation", __name__, url_prefix="/participation")


def today() -> date:
    """The day in the application's zone."""
    return now().astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()


def chosen_year() -> int:
    """``?year=``, else this year."""
    year = request.args.get("year", type=int) or today().year
    return min(max(year, 2000), 2100)


def rights() -> dict[str, bool]:
    """Which acts the reader may do: for the buttons of a page."""
    scope = home_scope()
    return {name: may(current_actor(), f"participation.{name}", scope) for name in ("roll_up", "set_target")}


def load_place(code: str) -> tuple[str, str]:
    """A place of the dashboard: its code and name; 404 when there is none."""
    if code == queries.WHOLE:
        return code, _("全部")
    region = queries.region(code)
    if region is None:
        raise NotFound(_("没有这个地区。"))
    return region.code, region.name


def check_place(name: str, code: str) -> None:
    """People are shown to the unions of their place and those above it."""
    union = union_of_region(code) if code != queries.WHOLE else None
    check(current_actor(), name, home_scope() | union_scope(union.id if union else None))


def listable(codes: Iterable[str]) -> set[str]:
    """Those of these places whose people the reader may see; one statement whatever their number."""
    wanted = table(current_app)["participation.list"]
    if may(current_actor(), wanted.name, home_scope()):
        return set(codes)
    own = regions_below(scopes_of(current_actor(), "union", *wanted.roles))
    return {code for code in codes if own & {code, code[:4] + "00", code[:2] + "0000"}}


def so_far(months: list[Any]) -> list[int]:
    """Persons so far at the end of each month: first presences add up, persons do not."""
    return list(accumulate(cell.new_persons if cell else 0 for cell in months))


def pace(target: int | None) -> list[int] | None:
    """The linear share of a target at the end of each month."""
    return [round(Fraction(target * month, 12)) for month in range(1, 13)] if target else None


@blueprint.get("/")
@act("participation.view")
def dashboard() -> str:
    """The one number first, then where and when."""
    return render_place(queries.WHOLE, "participation/dashboard.html")


@blueprint.get("/places/<code>")
@act("participation.view")
def place(code: str) -> str:
    """The same for a prefecture."""
    return render_place(code, "participation/place.html")


def render_place(code: str, template: str) -> str:
    """Figures, months and parts of one place."""
    year, (scope, name) = chosen_year(), load_place(code)
    cell, target = queries.cell(scope, str(year)), queries.target(year, scope)
    persons = cell.persons if cell else 0
    months, lines = queries.months(scope, year), queries.lines(year, scope)
    reached = service.as_of(today(), year)
    shown = months if reached.year != today().year else months[:reached.month]
    return render_template(
        template, year=year, code=scope, name=name, cell=cell, target=target, months=months,
        so_far=so_far(shown) + [None] * (12 - len(shown)), pace=pace(target.persons if target else None),
        progress=progress(persons, target.persons, reached) if target else None,
        growth=growth(target.persons, target.previous_persons) if target else None,
        outlook=queries_targets.outlook(scope, year, today()),
        lines=lines, run=queries.last_finished(), runs=queries.runs(5), years=queries.years_with_facts(),
        allowed=rights(), listable=listable(line.code for line in lines),
    )


@blueprint.get("/places/<code>/people")
@act("participation.list")
def people(code: str) -> str:
    """The facts behind a figure, names masked."""
    year, (scope, name) = chosen_year(), load_place(code)
    check_place("participation.list", scope)
    page, persons = queries.facts(year, scope, request.args.get("page", 1, type=int))
    return render_template("participation/people.html", year=year, code=scope, name=name, page=page, persons=persons,
                           cell=queries.cell(scope, str(year)))


@blueprint.route("/export", methods=["GET", "POST"])
@act("participation.view")
def export() -> BaseResponse | tuple[str, int]:
    """The whole table as a workbook, with who made it and when."""
    year, actor, at = chosen_year(), current_actor(), now()
    rows = len(queries.table(year))

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(FIGURES, purpose=purpose, rows=rows, subject=("year", year), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone)
        return workbook(year, taken), _("参赛人数-%(year)s.xlsx", year=year)

    return hand_out(FIGURES, rows=rows, back=url_for("participation.dashboard", year=year), make=make)


@blueprint.post("/roll-up")
@act("participation.roll_up")
def roll_up() -> BaseResponse:
    """Count now."""
    check(current_actor(), "participation.roll_up", home_scope())
    job = service.ask_roll_up(actor=current_actor(), at=now())
    flash(_("汇总已开始，完成后本页数字自动更新。"), "success")
    return redirect(url_for("participation.runs", job=job.id), 303)


@blueprint.route("/target", methods=["GET", "POST"])
@act("participation.set_target")
def target() -> str | BaseResponse | tuple[str, int]:
    """Set the year's target."""
    check(current_actor(), "participation.set_target", home_scope())
    year = chosen_year()
    found = queries.target(year)
    form = TargetForm(**_shown(found), year=year)
    if form.validate_on_submit() and tried(form, lambda: service.set_target(
            form.year.data or 0, form.persons.data or 0, form.previous.data, lights=(form.green.data or 0, form.amber.data or 0),
            reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("年度目标已保存。"), "success")
        return redirect(url_for("participation.dashboard", year=form.year.data), 303)
    return render_template("participation/target.html", form=form, year=year), 422 if form.is_submitted() else 200


def _shown(found: Target | None) -> dict[str, int | None]:
    """What the form begins with."""
    if found is None:
        return {}
    return {"persons": found.persons, "previous": found.previous_persons, "green": found.green_percent, "amber": found.amber_percent}
