"""Reads of targets: where a place stands in its year, and what is to be expected of it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from competition.participation import queries
from competition.participation import rules_forecast as rules
from competition.participation.rules import Progress, progress

# A year of which the system saw less than this many months says nothing about the shape of a year.
MONTHS_OF_A_SHAPE = 6


@dataclass(frozen=True)
class Outlook:
    """A target and all that is told of it on a day. ``expected``: persons that there should be by then, by ``pace_from``.

    ``pace_from``: ``own`` (this place's last year), ``whole`` (that of everything), ``even`` (no year to compare with).
    ``pace``: what there should be at the end of each month.
    """

    scope: str
    year: int
    on: date
    target: int
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
    found = queries.target(year, scope)
    if found is None or on.year < year:
        return None
    on = min(on, date(year, 12, 31))
    so_far, before = _so_far(scope, year)[:on.month], _so_far(scope, year - 1)
    shape, pace_from = _shape(scope, year, before)
    expected = found.persons * (rules.shape_share(shape, on) if shape else rules.linear_share(on))
    done, lights = progress(so_far[-1], found.persons, on), (found.green_percent, found.amber_percent)
    return Outlook(
        scope, year, on, found.persons, done, pace_from, rules.pace_line(found.persons, shape), round(expected),
        rules.light(done.persons, Fraction(expected), *lights), *lights, rules.forecast(so_far, shape, on),
        rules.needed_per_week(done.missing, on), rules.compared(so_far, before if before[-1] else None, on))


def _so_far(scope: str, year: int) -> list[int]:
    """Persons at the end of each month: first presences add up, persons do not."""
    return list(accumulate(cell.new_persons if cell else 0 for cell in queries.months(scope, year)))


def _shape(scope: str, year: int, before: list[int]) -> tuple[rules.Shape | None, str]:
    """Of the place itself, else of everything: a small place with few contests has no shape of its own."""
    for source, figures in (("own", before), ("whole", _so_far(queries.WHOLE, year - 1) if scope != queries.WHOLE else [])):
        new = [later - earlier for earlier, later in zip([0, *figures], figures, strict=False)]
        if sum(count > 0 for count in new) >= MONTHS_OF_A_SHAPE:
            return rules.shape_of(figures), source
    return None, "even"
