"""Reads of targets: where places stand in their year, and what is to be expected of them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from sqlalchemy import func, select

from competition.core.database import db
from competition.counting.models import Cell
from competition.counting.rules import months_of
from competition.counting.rules_scopes import WHOLE
from competition.participation import rules_forecast as rules
from competition.participation.models_targets import PaceMonth, Target, YearChoice
from competition.participation.rules import Progress, progress
from competition.participation.rules_targets import REGISTERED, WITH_REPORTED
from competition.returns.queries import more_by_month

# A year of which the system saw less than this many months says nothing about the shape of a year.
MONTHS_OF_A_SHAPE = 6


@dataclass(frozen=True)
class Outlook:
    """A target and all that is told of it on a day. ``expected``: persons that there should be by then, by ``pace_from``.

    ``pace_from``: ``typed`` or ``own`` (this place's last year, told or seen), ``whole`` (that of everything), ``even`` (no year to
    compare with). ``pace``: what there should be at the end of each month. ``headline``: which number is the one that the target is held
    against (rules_targets); ``registered`` persons by name, ``more`` heads of bulk figures less their overlap: both are always said.
    """

    scope: str
    year: int
    on: date
    target: int
    headline: str
    registered: int
    more: int
    progress: Progress
    pace_from: str
    pace: list[int]
    expected: int
    light: str
    green: int
    amber: int
    forecast: rules.Forecast | None
    needed: int | None
    compared: rules.Compared | None

    @property
    def is_over(self) -> bool:
        """Has the year ended?"""
        return self.on == date(self.year, 12, 31)


def outlook(scope: str, year: int, on: date) -> Outlook | None:
    """How the year stands at the end of a day (a past year: at its end); None without a target, or when it has not begun."""
    return outlooks([scope], year, on).get(scope)


def outlooks(scopes: Collection[str], year: int, on: date) -> dict[str, Outlook]:
    """The same of several places that have a target; five statements whatever their number."""
    if on.year < year:
        return {}
    query = select(Target).where(Target.year == year, Target.scope_code.in_(scopes))
    targets = list(db.session.scalars(query))
    if not targets:
        return {}
    known = Years.read({target.scope_code for target in targets} | {WHOLE}, year)
    return {target.scope_code: _outlook(target, known, min(on, date(year, 12, 31))) for target in targets}


def _outlook(found: Target, known: "Years", on: date) -> Outlook:
    scope, year, lights = found.scope_code, found.year, (found.green_percent, found.amber_percent)
    # What somebody typed of a year is there to compare with: a year itself is measured by what was counted.
    so_far, before = known.counted(scope, year)[:on.month], known.so_far(scope, year - 1)
    shape, pace_from = known.shape(scope, year - 1)
    expected = Fraction(found.persons) * (rules.shape_share(shape, on) if shape else rules.linear_share(on))
    done = progress(so_far[-1], found.persons, on)
    registered = known.registered(scope, year)[on.month - 1]
    return Outlook(
        scope, year, on, found.persons, known.headline, registered, known.more_so_far(scope, year)[on.month - 1], done, pace_from,
        rules.pace_line(found.persons, shape), round(expected), rules.light(done.persons, expected, *lights), *lights,
        rules.forecast(so_far, shape, on), rules.needed_per_week(done.missing, on),
        rules.compared(so_far, before if before[-1] else None, on))


@dataclass(frozen=True)
class Years:
    """What is known of some places in a year and the one before: new persons by month, bulk heads by month, what was told of months."""

    headline: str
    new: dict[tuple[str, str], int]
    more: Counter[tuple[str, int]]
    told: dict[tuple[str, int], list[int]]

    @classmethod
    def read(cls, scopes: Collection[str], year: int) -> "Years":
        """Four statements."""
        periods = months_of(year - 1) + months_of(year)
        cells = select(Cell.scope_code, Cell.period, Cell.new_persons).where(
            Cell.scope_code.in_(scopes), Cell.dimension == "", Cell.period.in_(periods))
        told: dict[tuple[str, int], list[int]] = {}
        paces = select(PaceMonth).where(PaceMonth.year.in_((year - 1, year)), PaceMonth.scope_code.in_(scopes))
        for row in db.session.scalars(paces.order_by(PaceMonth.month)):
            told.setdefault((row.scope_code, row.year), []).append(row.persons)
        new = {(scope, period): count for scope, period, count in db.session.execute(cells)}
        return cls(headline(year), new, more_by_month(scopes, (year - 1) * 12, year * 12 + 11), told)

    def registered(self, scope: str, year: int) -> list[int]:
        """Persons by name so far at the end of each month: first presences add up, persons do not."""
        return list(accumulate(self.new.get((scope, period), 0) for period in months_of(year)))

    def more_so_far(self, scope: str, year: int) -> list[int]:
        """What bulk figures add, so far."""
        return list(accumulate(self.more[scope, year * 12 + month] for month in range(12)))

    def so_far(self, scope: str, year: int) -> list[int]:
        """The one number so far at the end of each month: as it was told, else as it was counted."""
        return self.told[scope, year] if (scope, year) in self.told else self.counted(scope, year)

    def counted(self, scope: str, year: int) -> list[int]:
        """The same as it was counted."""
        more = self.more_so_far(scope, year) if self.headline == WITH_REPORTED else [0] * 12
        return [known + heads for known, heads in zip(self.registered(scope, year), more, strict=True)]

    def shape(self, scope: str, year: int) -> tuple[rules.Shape | None, str]:
        """Of the place itself, else of everything: a small place with few contests has no shape of its own."""
        for place, source in ((scope, "own"), (WHOLE, "own" if scope == WHOLE else "whole")):
            if (place, year) in self.told:
                return rules.shape_of(self.told[place, year]), "typed" if place == scope else "whole"
            figures = self.so_far(place, year)
            if sum(later > earlier for earlier, later in zip([0, *figures], figures, strict=False)) >= MONTHS_OF_A_SHAPE:
                return rules.shape_of(figures), source
        return None, "even"


def headline(year: int) -> str:
    """Which number of a year is the one."""
    found = db.session.get(YearChoice, year)
    return found.headline if found else REGISTERED


def persons_of(scopes: Sequence[str], year: int) -> dict[str, int]:
    """The persons of places in a year, as they were told, else as they were counted: by what a target is split."""
    query = select(Cell.scope_code, Cell.persons).where(Cell.scope_code.in_(scopes), Cell.dimension == "", Cell.period == str(year))
    told = select(PaceMonth.scope_code, func.max(PaceMonth.persons)).where(PaceMonth.scope_code.in_(scopes), PaceMonth.year == year)
    return dict(db.session.execute(query).all()) | dict(db.session.execute(told.group_by(PaceMonth.scope_code)).all())


def target(year: int, scope: str = WHOLE) -> Target | None:
    """What the year should bring."""
    return db.session.scalars(select(Target).where(Target.year == year, Target.scope_code == scope)).one_or_none()
