"""The figures of a period as plain data: what a snapshot freezes and a bulletin is made from."""

import uuid
from typing import Any

from sqlalchemy import select

from competition.core.database import db
from competition.core.paging import Page, paginate
from competition.counting.models import Cell
from competition.counting.queries import last_finished
from competition.counting.rules import HOME_PROVINCE
from competition.counting.rules_periods import month_code
from competition.counting.rules_scopes import WHOLE
from competition.organisations.models import Region
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.models_targets import Target
from competition.participation.queries_around import by_dimension
from competition.participation.queries_behind import held_counts
from competition.participation.queries_targets import headline
from competition.participation.rules_questions import Question
from competition.returns.queries import more_of, reported

HOME = HOME_PROVINCE[:2]
Months = dict[tuple[str, str], tuple[int, int, int]]  # place and period: persons, person-times, new


def payload(question: Question) -> dict[str, Any]:
    """Everything that is said of a period: whole numbers, codes and names, nothing that needs the program to be read.

    ``question``: of the whole, a month of a calendar year or a year. A fixed number of statements.
    """
    months = [month for month in question.months if question.month is None or month <= question.month]
    names: dict[str, str] = {WHOLE: "全省", **{region.code: region.name for region in db.session.scalars(_places())}}
    now, before = _months(question, list(names), months), _months(question.year_before(), list(names), [month - 12 for month in months])
    reached = _reached(question, months, now)
    span = Question(WHOLE, question.year)
    more = more_of(list(names), months[0], months[-1])
    targets = _targets(question, list(names))
    said = reported(WHOLE, months[0], months[-1])
    run = last_finished()
    contests, hosts = held_counts(question)
    return {
        "period": question.period, "year": question.year, "month": question.month, "headline": headline(question.number),
        "counted_at": run.finished_at.isoformat() if run and run.finished_at else None,
        "places": [_place(code, name, question, months, now, before, reached, targets, more) for code, name in names.items()
                   if code.startswith(HOME) or code == WHOLE or any((code, month_code(month)) in now for month in months)],
        "months": [[month, *now.get((WHOLE, month_code(month)), (0, 0, 0))[:2]] for month in months if month <= reached],
        "dimensions": {} if _goes_on(question) else {
            name: [[one.value, one.persons, one.person_times] for one in values] for name, values in by_dimension(span).items()},
        "reported": {"heads": said.heads, "overlap": said.overlap, "measures": dict(sorted(said.measures.items()))},
        "held": {"contests": contests, "hosts": hosts},
    }


def _places() -> Any:
    wanted = (Region.parent_code == HOME_PROVINCE) | ((Region.level == "province") & (Region.code != HOME_PROVINCE))
    return select(Region).where(wanted).order_by(~Region.code.startswith(HOME), Region.code)


def _months(question: Question, codes: list[str], months: list[int]) -> Months:
    query = select(Cell).where(Cell.scope_code.in_(codes), Cell.period.in_(map(month_code, months)), Cell.dimension == "")
    return {(c.scope_code, c.period): (c.persons, c.person_times, c.new_in_stat_year if question.is_statistical else c.new_persons)
            for c in db.session.scalars(query)}


def _place(
    code: str, name: str, question: Question, months: list[int], now: Months, before: Months, reached: int, targets: dict[str, int],
    more: dict[str, int],
) -> dict[str, Any]:
    """One place up to the end of the period; ``before``: persons up to the same month of the year before, None where it has none."""
    here = [now.get((code, month_code(month)), (0, 0, 0)) for month in months]
    then = sum(before.get((code, month_code(month - 12)), (0, 0, 0))[2] for month in months if month <= reached)
    return {
        "code": code, "name": name, "month_persons": here[-1][0] if question.month is not None else 0,
        "persons": sum(month[2] for month in here), "person_times": sum(month[1] for month in here), "before": then or None,
        "target": targets.get(code), "more": more.get(code, 0),
    }


def _reached(question: Question, months: list[int], now: Months) -> int:
    """The month asked about; of a year the last one with figures: one that is not over is held against the same months of the year
    before."""
    if question.month is not None:
        return question.month
    return max((month for month in months if (WHOLE, month_code(month)) in now), default=months[-1])


def _targets(question: Question, codes: list[str]) -> dict[str, int]:
    if question.is_statistical:
        return {}
    query = select(Target.scope_code, Target.persons).where(Target.year == question.number, Target.scope_code.in_(codes))
    return dict(db.session.execute(query).all())


def _goes_on(question: Question) -> bool:
    """Has anything happened in the year after the period? Then its groups are not known: cells keep them by year."""
    if question.month is None:
        return False
    later = [month_code(month) for month in question.months if month > question.month]
    return db.session.scalars(select(Cell.period).where(Cell.scope_code == WHOLE, Cell.period.in_(later)).limit(1)).first() is not None


def snapshots() -> list[FigureSnapshot]:
    """All of them, newest first, without their figures."""
    return list(db.session.scalars(select(FigureSnapshot).order_by(FigureSnapshot.made_at.desc(), FigureSnapshot.version.desc())))


def page_of_snapshots(period: str | None, page: int) -> Page[FigureSnapshot]:
    """Those of a period (None: of all), newest first, without their figures."""
    query = select(FigureSnapshot) if period is None else select(FigureSnapshot).where(FigureSnapshot.period == period)
    return paginate(query.order_by(FigureSnapshot.made_at.desc(), FigureSnapshot.version.desc()), page)


def find_snapshot(snapshot_id: uuid.UUID) -> FigureSnapshot | None:
    """One of them, None when there is none."""
    return db.session.get(FigureSnapshot, snapshot_id)


def snapshots_of(period: str) -> list[FigureSnapshot]:
    """Those of a period, the latest version first."""
    query = select(FigureSnapshot).where(FigureSnapshot.period == period)
    return list(db.session.scalars(query.order_by(FigureSnapshot.version.desc())))
