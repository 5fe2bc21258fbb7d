"""What is read off an instrument: measured places, bands, a piecewise linear scale, a time.

With a ``target`` what counts is how far a reading lies from it, on either side.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused, bounded, tidy
from competition.scoring.time_rules import PerUnit
from competition.scoring.wording import N_


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading, or several, are entered; nothing bounds them."""

    @property
    def input_max(self) -> None:
        return None

    @property
    def input_step(self) -> Fraction | None:
        return None

    def canonical(self, text: str) -> str:
        return tidy(text)


def listed(text: str, places: int) -> list[str]:
    """The ``places`` entries of a list with commas; raises MarkRefused for another number of them."""
    entries = text.split(",")
    if len(entries) != places:
        message = N_("应填 %(places)s 个数，用半角逗号分开，输入了 %(n)s 个。")
        raise MarkRefused("mark.wrong_count", message, places=places, n=len(entries))
    return entries


def _distance(reading: str, target: Fraction | None) -> Fraction:
    value = exact.fraction(reading)
    return value if target is None else abs(value - target)


@dataclass(frozen=True, slots=True)
class Measured(Reading):
    """Readings at several places, separated by commas; each beyond the tolerance costs.

    ``zero_from`` places beyond the tolerance, or one beyond ``zero_beyond``, make it zero.
    """

    best: Fraction
    places: int
    tolerance: Fraction
    per_over: Fraction
    zero_from: int | None
    zero_beyond: Fraction | None
    target: Fraction | None = None

    @property
    def denominator(self) -> int:
        return exact.common(self.best, self.per_over)

    def canonical(self, text: str) -> str:
        return ",".join(tidy(reading) for reading in listed(text, self.places))

    def points(self, canonical: str) -> Fraction:
        readings = [_distance(reading, self.target) for reading in canonical.split(",")]
        over = sum(reading > self.tolerance for reading in readings)
        if self.zero_from is not None and over >= self.zero_from:
            return exact.ZERO
        if self.zero_beyond is not None and max(readings) > self.zero_beyond:
            return exact.ZERO
        return max(exact.ZERO, self.best - self.per_over * over)


@dataclass(frozen=True, slots=True)
class Bands(Reading):
    """One reading falls into a band: the first whose upper limit (inclusive) it does not pass."""

    bands: tuple[tuple[Fraction, Fraction], ...]
    otherwise: Fraction
    target: Fraction | None = None

    @property
    def best(self) -> Fraction:
        return max(self.otherwise, *(points for _, points in self.bands))

    @property
    def denominator(self) -> int:
        return exact.common(self.otherwise, *(points for _, points in self.bands))

    def points(self, canonical: str) -> Fraction:
        reading = _distance(canonical, self.target)
        for limit, points in self.bands:
            if reading <= limit:
                return points
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Scale(Reading):
    """Points lie on straight lines between the given (value, points), level outside of them."""

    at: tuple[tuple[Fraction, Fraction], ...]
    step: Fraction
    target: Fraction | None = None

    @property
    def best(self) -> Fraction:
        return max(points for _, points in self.at)

    @property
    def input_step(self) -> Fraction:
        return self.step

    @property
    def denominator(self) -> int:
        slopes = [(high - low) / (above - below) for (below, low), (above, high) in pairwise(self.at)]
        readings = exact.common(self.step, self.target or exact.ZERO, *(value for value, _ in self.at))
        return exact.common(*(points for _, points in self.at)) * readings * exact.common(*slopes)

    def canonical(self, text: str) -> str:
        return bounded(text, exact.ZERO, None, self.step)

    def points(self, canonical: str) -> Fraction:
        reading = _distance(canonical, self.target)
        below, low = self.at[0]
        if reading <= below:
            return low
        for above, high in self.at[1:]:
            if reading <= above:
                return low + (reading - below) * (high - low) / (above - below)
            below, low = above, high
        return low


@dataclass(frozen=True, slots=True)
class Timed(Reading):
    """Seconds are entered: ``base`` for the limit, less for being over, more for being early."""

    best: Fraction
    limit: Fraction
    base: Fraction
    over: PerUnit | None = None
    early: PerUnit | None = None

    @property
    def denominator(self) -> int:
        units = [unit for unit in (self.over, self.early) if unit is not None]
        return exact.common(self.best, self.base, *(unit.points for unit in units), *(unit.cap or exact.ZERO for unit in units))

    def points(self, canonical: str) -> Fraction:
        late = exact.fraction(canonical) - self.limit
        if late > 0:
            change = exact.ZERO if self.over is None else -self.over.of(late)
        else:
            change = exact.ZERO if self.early is None else self.early.of(-late)
        return min(self.best, max(exact.ZERO, self.base + change))
