"""The big screen: a year's figures for a hall, nothing but sums and counts; it fetches itself anew."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from competition.core.access import act
from competition.core.clock import now
from competition.core.formats import show_month
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import WHOLE
from competition.participation import queries_around as around
from competition.participation import queries_asked as answers
from competition.participation import queries_targets, rules
from competition.participation.queries_targets import headline, outlook
from competition.participation.rules import progress
from competition.participation.rules_drawing import Drawing, line_chart
from competition.participation.rules_questions import Question
from competition.participation.rules_targets import WITH_REPORTED
from competition.participation.views import blueprint, chosen_year, today


@blueprint.get("/screen")
@act("participation.view")
def screen() -> str:
    """One page without a menu; the script asks for it again every minute and puts in what has changed."""
    question = Question(WHOLE, str(chosen_year()))
    figures = answers.figures(question)
    target = queries_targets.target(question.number)
    reached = rules.as_of(today(), question.number)
    with_more = headline(question.number) == WITH_REPORTED
    view, months = outlook(WHOLE, question.number, today()), answers.months(question) or []
    return render_template(
        "participation/screen.html", question=question, now=figures, target=target, at=now(), fresh=around.freshness(),
        progress=view.progress if view else progress(figures.persons, target.persons, reached) if target else None, outlook=view,
        lines=[line for line in around.lines(question, figures, with_more=with_more) or () if line.is_home],
        drawing=_course(question, months, target.persons if target else None))


def _course(question: Question, months: list[Any], target: int | None) -> Drawing:
    here = month_number(today())
    so_far = [month.so_far if month.month <= here else None for month in months]
    before = answers.months(question.year_before()) or []
    lines = [(_("今年累计"), so_far, False)]
    if before and before[-1].so_far:
        lines.append((_("上年累计"), [month.so_far for month in before], True))
    return line_chart([show_month(month) for month in question.calendar], lines, target)
