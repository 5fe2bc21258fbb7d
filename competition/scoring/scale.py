"""A standard scale: figures around a given middle, in units of their own spread.

A formula of our own; what international contests use is not public.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt

from competition.scoring import exact
from competition.scoring.derivation import Fact
from competition.scoring.draft import OK, Draft
from competition.scoring.model import ScaleRule

DIGITS = 50


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of one field: its median, its unit of spread and how many figures it was made from."""

    rule: ScaleRule
    count: int
    median: Fraction
    unit: Fraction

    @classmethod
    def of(cls, rule: ScaleRule | None, drafts: Iterable[Draft]) -> "Scale | None":
        """The scale over everybody whose result stands; None without a rule."""
        if rule is None:
            return None
        values = [Fraction(draft.value) for draft in drafts if draft.status == OK and draft.value is not None]
        middle = median(values)
        unit = deviation(values) if rule.spread == "deviation" else rule.factor * median([abs(value - middle) for value in values])
        return cls(rule, len(values), middle, unit)

    @property
    def low(self) -> Fraction | None:
        """The lowest value, where there is one."""
        return self.rule.low

    def value(self, figure: Fraction) -> Fraction:
        """The exact value of one figure, between the clamps."""
        value = self._free(figure)
        if self.rule.low is not None and value < self.rule.low:
            return self.rule.low
        if self.rule.high is not None and value > self.rule.high:
            return self.rule.high
        return value

    def _free(self, figure: Fraction) -> Fraction:
        return self.rule.middle + self.rule.per * (figure - self.median) / self.unit if self.unit else self.rule.middle

    def facts(self, figure: Fraction) -> Mapping[str, Fact]:
        """What a reader needs to compute it again."""
        return {
            "figure": exact.text(figure),
            "count": self.count,
            "median": exact.text(self.median),
            "spread": self.rule.spread,
            "unit": exact.text(self.unit),
            "middle": exact.text(self.rule.middle),
            "per": exact.text(self.rule.per),
            "free": exact.text(self._free(figure)),
        }


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle one, or the mean of the middle two; 0 of none."""
    if not values:
        return exact.ZERO
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def deviation(values: Sequence[Fraction]) -> Fraction:
    """The population standard deviation; 0 of none."""
    if not values:
        return exact.ZERO
    mean = exact.add(values) / len(values)
    return root(exact.add((value - mean) ** 2 for value in values) / len(values))


def root(value: Fraction) -> Fraction:
    """The square root: exact where it is a fraction, else a decimal of 50 significant digits."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    context = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
    return Fraction(context.sqrt(context.divide(Decimal(value.numerator), Decimal(value.denominator))))
