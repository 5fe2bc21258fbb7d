"""The figures that formulas take, of many subjects at once: a fixed number of statements, whatever their number.

A figure that nobody reported or set is None: not known. What is counted (persons, contests) is known also when it is 0.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from competition.activities.models import Declaration, StageReport
from competition.activities.rules import in_units
from competition.activities.rules_stages import ACKNOWLEDGED, SUBMITTED
from competition.contests.models import Contest
from competition.core.database import db
from competition.counting.models import Activity, Cell, Counted, Standing
from competition.counting.rules_scopes import WHOLE, union_scope
from competition.organisations.models import Union, UnionClosure
from competition.organisations.queries import members_of
from competition.organisations.rules import HOME_PROVINCE
from competition.participation.models_targets import Target
from competition.returns.models import Return
from competition.returns.queries import is_summed

Figures = dict[str, Fraction | None]
# Values of a worker's group that name no group.
NO_GROUP = ("none", "unknown")


def figures_of_unions(unions: Collection[Union], year: int, on: date) -> dict[uuid.UUID, Figures]:
    """Of unions with all below them. ``on``: reports due after that day are not asked for yet."""
    keys = [union.id for union in unions]
    above = UnionClosure.ancestor_id
    found: dict[uuid.UUID, Figures] = {key: {"persons": Fraction(0), "person_times": Fraction(0), "non_public_times": Fraction(0),
                                             "group_times": Fraction(0), "contests": Fraction(0), "flagships": Fraction(0)} for key in keys}
    _read_cells(found, year)
    _read_targets(found, unions, year)
    for key, count in members_of(keys).items():
        found[key]["members"] = _known(count)
    held = select(above, func.count(), func.sum(_as_number(Contest.is_flagship))).join(
        Contest, Contest.host_union_id == UnionClosure.descendant_id).where(
        above.in_(keys), Contest.phase.in_(("running", "finished")), Contest.condition == "normal", _in_year(year)).group_by(above)
    for key, count, flagships in db.session.execute(held):
        found[key].update(contests=Fraction(count), flagships=Fraction(flagships))
    returns = select(above, Return.union_id, Return.activity_id, Return.measures).join(
        Return, Return.union_id == UnionClosure.descendant_id).where(above.in_(keys))
    _read_measures(found, returns, year)
    reports = select(above, StageReport.state, func.count()).join(Contest, Contest.host_union_id == UnionClosure.descendant_id)
    _read_reports(found, reports, above, keys, year, on)
    _read_expected(found, select(above, func.sum(Declaration.expected_heads)).join(
        Contest, Contest.host_union_id == UnionClosure.descendant_id), above, keys, year)
    return found


def figures_of_contests(contests: Collection[Contest], year: int, on: date) -> dict[uuid.UUID, Figures]:
    """Of contests. Targets, members and counts of contests are no figures of one contest."""
    keys = [contest.id for contest in contests]
    found: dict[uuid.UUID, Figures] = {key: {"persons": Fraction(0), "person_times": Fraction(0), "non_public_times": Fraction(0),
                                             "group_times": Fraction(0)} for key in keys}
    times = select(Activity.contest_id, func.count(), func.sum(_as_number(Standing.ownership == "non_public")),
                   func.sum(_as_number(Standing.worker_group.not_in(NO_GROUP)))).join(Counted, Counted.activity_id == Activity.id).join(
        Standing, Standing.id == Counted.standing_id).where(Activity.contest_id.in_(keys)).group_by(Activity.contest_id)
    for key, count, non_public, group in db.session.execute(times):
        # Nobody is counted twice in one contest: its persons are its person-times.
        found[key].update(persons=Fraction(count), person_times=Fraction(count), non_public_times=Fraction(non_public),
                          group_times=Fraction(group))
    returns = select(Activity.contest_id, Return.union_id, Return.activity_id, Return.measures).join(
        Return, Return.activity_id == Activity.id).where(Activity.contest_id.in_(keys))
    _read_measures(found, returns, year)
    reports = select(Contest.id, StageReport.state, func.count())
    _read_reports(found, reports, Contest.id, keys, year, on)
    _read_expected(found, select(Contest.id, func.sum(Declaration.expected_heads)), Contest.id, keys, year)
    return found


def _known(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _as_number(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _in_year(year: int) -> ColumnElement[bool]:
    return (Contest.starts_on <= date(year, 12, 31)) & (Contest.ends_on >= date(year, 1, 1))


def _read_cells(found: dict[uuid.UUID, Figures], year: int) -> None:
    scopes = {union_scope(key.hex): key for key in found}
    query = select(Cell).where(Cell.scope_code.in_(scopes), Cell.period == str(year), Cell.dimension.in_(("", "ownership", "worker_group")))
    for cell in db.session.scalars(query):
        own, times = found[scopes[cell.scope_code]], Fraction(cell.person_times)
        if not cell.dimension:
            own.update(persons=Fraction(cell.persons), person_times=times)
        elif (cell.dimension, cell.value) == ("ownership", "non_public"):
            own["non_public_times"] = times
        elif cell.dimension == "worker_group" and cell.value not in NO_GROUP:
            own["group_times"] = (own["group_times"] or 0) + times


def _read_targets(found: dict[uuid.UUID, Figures], unions: Collection[Union], year: int) -> None:
    """A union's own target; of one that stands for a division, that of the division where it has none of its own."""
    standing = [union for union in unions if union.branch == "region" and union.level != "grassroots" and union.region_code]
    codes = {_division(union): union.id for union in standing}
    codes |= {union_scope(union.id.hex): union.id for union in unions}
    query = select(Target).where(Target.year == year, Target.scope_code.in_(codes))
    # Targets of unions come last, so that they stand.
    for target in sorted(db.session.scalars(query), key=lambda one: one.scope_code.startswith("u:")):
        found[codes[target.scope_code]]["target"] = Fraction(target.persons)


def _division(union: Union) -> str:
    return WHOLE if union.region_code == HOME_PROVINCE else union.region_code or ""


def _read_measures(found: dict[uuid.UUID, Figures], query: Any, year: int) -> None:
    """Sums of the returns in the figures. Units of one activity come again month after month: the most of any month counts."""
    units: dict[tuple[uuid.UUID, Any, Any], int] = defaultdict(int)
    query = query.where(is_summed(year * 12, year * 12 + 11))
    for key, union_id, activity_id, measures in db.session.execute(query):
        for name, value in measures.items():
            if name == "units":
                units[key, union_id, activity_id] = max(units[key, union_id, activity_id], value)
            else:
                found[key][name] = (found[key].get(name) or Fraction(0)) + Fraction(in_units(name, value))
    for (key, _union, _activity), count in units.items():
        found[key]["units"] = (found[key].get("units") or Fraction(0)) + count


def _read_reports(found: dict[uuid.UUID, Figures], query: Any, key: Any, keys: Collection[uuid.UUID], year: int, on: date) -> None:
    query = query.join(Declaration, Declaration.contest_id == Contest.id).join(StageReport, StageReport.declaration_id == Declaration.id)
    due = StageReport.due_on.between(date(year, 1, 1), min(on, date(year, 12, 31))), Contest.condition.in_(("normal", "postponed"))
    for one, state, count in db.session.execute(query.where(key.in_(keys), *due).group_by(key, StageReport.state)):
        own = found[one]
        own["reports_due"] = (own.get("reports_due") or Fraction(0)) + count
        own["reports_sent"] = (own.get("reports_sent") or Fraction(0)) + (count if state in (SUBMITTED, ACKNOWLEDGED) else 0)


def _read_expected(found: dict[uuid.UUID, Figures], query: Any, key: Any, keys: Collection[uuid.UUID], year: int) -> None:
    query = query.join(Declaration, Declaration.contest_id == Contest.id)
    for one, heads in db.session.execute(query.where(key.in_(keys), Declaration.state == "approved", _in_year(year)).group_by(key)):
        found[one]["expected"] = _known(heads)
