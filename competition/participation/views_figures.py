"""The dashboard, and the same page for a place of the tree: the one number first, then where and when, and the way behind each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.activities.rules import MEASURES, in_units
from competition.core.access import act, check, current_actor, may, scopes_of, table
from competition.core.database import db
from competition.core.errors import NotFound
from competition.counting import queries
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import WHOLE
from competition.organisations.models import Union
from competition.organisations.queries import home_scope, region_names, regions_below, union_of_region, union_scope
from competition.participation import queries_around as around
from competition.participation import queries_asked as answers
from competition.participation import queries_behind as behind
from competition.participation import queries_targets, rules
from competition.participation.queries_targets import headline
from competition.participation.queries_targets import outlook as outlook_of
from competition.participation.rules import growth, progress
from competition.participation.rules_questions import Question, asked
from competition.participation.rules_targets import WITH_REPORTED
from competition.participation.rules_words import DIMENSIONS, VALUES, value_word
from competition.participation.views import blueprint, rights, today
from competition.returns.queries import reported
from competition.returns.queries_reporting import own_scopes


@dataclass(frozen=True)
class Place:
    """Where a page of figures is about. ``union``: for the unions of the tree, and of the division whose unions are listed."""

    scope: str
    name: str
    level: str
    union: Union | None

    @property
    def is_union(self) -> bool:
        return self.scope.startswith("u:")


def load_place(code: str) -> Place:
    """A place of the dashboard by its code: everything, a division, a union (``u:``); 404 when there is none."""
    if code == WHOLE:
        return Place(code, _("全部"), "all", None)
    if code.startswith("u:"):
        union = db.session.get(Union, _uuid(code))
        if union is None:
            raise NotFound(_("没有这个工会。"))
        return Place(f"u:{union.id.hex}", union.name, union.level, union)
    region = queries.region(code)
    if region is None:
        raise NotFound(_("没有这个地区。"))
    return Place(region.code, region.name, region.level, None)


def _uuid(code: str) -> UUID:
    try:
        return UUID(hex=code.removeprefix("u:"))
    except ValueError as error:
        raise NotFound(_("没有这个工会。")) from error


def scope_of(place: Place) -> Any:
    """To whom the people of a place belong: its union and the unions above it, and the office of the whole."""
    union_id = place.union.id if place.union else None
    if place.scope != WHOLE and not place.is_union:
        regional = union_of_region(place.scope)
        union_id = regional.id if regional else None
    return home_scope() | union_scope(union_id)


def check_place(name: str, place: Place) -> None:
    """People are shown to the unions of their place and those above it."""
    check(current_actor(), name, scope_of(place))


def listable(codes: Collection[str]) -> set[str]:
    """Those of these divisions whose people the reader may see; a few statements whatever their number."""
    wanted = table(current_app)["participation.list"]
    if may(current_actor(), wanted.name, home_scope()):
        return set(codes)
    own = regions_below(scopes_of(current_actor(), "union", *wanted.roles))
    return {code for code in codes if own & {code, code[:4] + "00", code[:2] + "0000"}}


def question_of(place: Place, names: dict[str, str]) -> tuple[Question, list[str]]:
    """What the address asks about a place, and what of it says nothing; 404 for a contest that nobody took part in."""
    found = asked(request.args.to_dict(), place.scope, today().year, names, VALUES)
    if found.question.activity is not None and behind.activity(found.question.activity) is None:
        raise NotFound(_("没有这项竞赛。"))
    words = {"year": _("年度"), "month": _("月份"), "contest": _("竞赛"), **DIMENSIONS}
    return found.question, [str(words[name]) for name in found.ignored]


def chips(question: Question, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """What narrows the question: the name of the argument, what it is, its value."""
    made = [(name, str(DIMENSIONS[name]), str(value_word(name, value, names))) for name, value in question.values]
    if question.activity is not None and (contest := behind.activity(question.activity)):
        made.append(("contest", _("竞赛"), contest.name))
    return made


@dataclass(frozen=True)
class Comparison:
    """Persons so far at the end of the same month of both years; ``until``: that month, 1 to 12."""

    until: int
    persons: int
    before: int

    @property
    def growth(self) -> Fraction | None:
        return growth(self.persons, self.before)


def compared(question: Question, months: Sequence[answers.Month], before: Sequence[answers.Month]) -> Comparison | None:
    """Up to the last month that is over; None before the first is, and where the year before has nothing."""
    over = [index for index, month in enumerate(months) if month.month < month_number(today())]
    if not over or not before or not before[over[-1]].so_far:
        return None
    return Comparison(months[over[-1]].month % 12 + 1, months[over[-1]].so_far, before[over[-1]].so_far)


def pace(target: int | None) -> list[int] | None:
    """The linear share of a target at the end of each month."""
    return [round(Fraction(target * month, 12)) for month in range(1, 13)] if target else None


@blueprint.get("/")
@act("participation.view")
def dashboard() -> str | BaseResponse:
    """The whole."""
    return _elsewhere(WHOLE) or show(load_place(WHOLE))


@blueprint.get("/places/<code>")
@act("participation.view")
def place(code: str) -> str | BaseResponse:
    """The same for a division or a union."""
    return _elsewhere(code) or show(load_place(code))


def _elsewhere(code: str) -> BaseResponse | None:
    """``?place=`` of the form leads to the page of that place."""
    wanted = request.args.get("place", "")
    if not wanted or wanted == code:
        return None
    rest = {name: value for name, value in request.args.items() if name != "place" and value}
    return redirect(place_href(load_place(wanted).scope, rest), 302)


def show(place: Place) -> str:
    """Everything about one question on one page."""
    names = region_names()
    question, ignored = question_of(place, names)
    now = answers.figures(question)
    with_more = headline(question.number) == WITH_REPORTED
    lines = around.lines(question, now, with_more=with_more)
    return render_template(
        "participation/dashboard.html", place=place, question=question, now=now, ignored=ignored, lines=lines, with_more=with_more,
        **_course(question, now), **_around(question), **_filters(question, names), may_list=_may_list(place),
        own=[one for one in own_scopes(current_actor()) if one[0] != place.scope],
        listable=listable([line.code for line in lines or ()]), units=_units(place, question), fresh=around.freshness(), allowed=rights(),
        limit=answers.LIMIT, clear_href=place_href(place.scope, {"year": question.year}))


def _course(question: Question, now: answers.Figures) -> dict[str, Any]:
    """Months, target, pace, the year before."""
    months = answers.months(question)
    before = answers.months(question.year_before()) if question.cell is not None and not question.values else None
    target = queries_targets.target(question.number, question.scope) if _has_target(question) else None
    outlook = outlook_of(question.scope, question.number, today()) if target else None
    reached = rules.as_of(today(), question.number)
    shown = sum(month.month <= month_number(today()) for month in months) if months else 0
    return {
        "months": months, "before": before if before and before[-1].so_far else None, "target": target, "shown_months": shown,
        "pace": outlook.pace if outlook else pace(target.persons if target else None), "outlook": outlook,
        "compared": compared(question, months, before) if months and before and not outlook else None,
        "month_hrefs": [_month_href(question, month) for month in question.calendar],
        "progress": outlook.progress if outlook else progress(now.persons, target.persons, reached) if target else None,
        "growth": growth(target.persons, target.previous_persons) if target else None,
    }


def place_href(scope: str, arguments: Mapping[str, str]) -> str:
    """The page of figures of a place."""
    address = url_for("participation.dashboard") if scope == WHOLE else url_for("participation.place", code=scope)
    return f"{address}?{urlencode(arguments)}"


def _month_href(question: Question, month: int) -> str:
    return place_href(question.scope, question.arguments() | {"month": str(month)})


def _has_target(question: Question) -> bool:
    return question.is_plain and not question.is_statistical and question.month is None


def _around(question: Question) -> dict[str, Any]:
    """What was reported besides, who held contests, the values of dimensions."""
    plain = question.is_plain
    contests, hosts = behind.held_counts(question) if plain else (0, 0)
    return {
        "reported": reported(question.scope, *question.span) if plain else None, "contests": contests, "hosts": hosts,
        "units_in": around.units_with_people(question) if plain else 0, "dimensions": around.by_dimension(question),
        "measures": MEASURES, "in_units": in_units,
    }


def _filters(question: Question, names: dict[str, str]) -> dict[str, Any]:
    known = [(name, title, _choices(name, names)) for name, title in DIMENSIONS.items()]
    return {"years": around.years(), "places": behind.places_to_choose(), "dimension_choices": known, "chips": chips(question, names),
            "titles": DIMENSIONS, "word": lambda name, value: value_word(name, value, names)}


def _choices(name: str, names: dict[str, str]) -> list[tuple[str, Any]]:
    if name == "held_in":
        return [(code, word) for code, word in names.items() if code.startswith("63") and code.endswith("00")]
    return list(VALUES[name].items())


def _may_list(place: Place) -> bool:
    return may(current_actor(), "participation.list", scope_of(place))


def _units(place: Place, question: Question) -> Any:
    """The unions directly under a county or a union, where cells hold the answer."""
    if question.cell is None or question.activity is not None or place.level in ("all", "province", "prefecture", "national"):
        return None
    union = place.union or union_of_region(place.scope)
    return behind.units(union.id, question, request.args.get("page", 1, type=int)) if union else None
