"""Exact numbers: what the document writes, rounding, and the middle of several figures."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
DIGITS = Context(prec=50, rounding=ROUND_HALF_EVEN)


def number(written: object) -> Fraction:
    """A number as it is written: text, or a whole number."""
    return Fraction(str(written))


def optional(written: object) -> Fraction | None:
    """The same where nothing may be written."""
    return None if written is None else number(written)


def rounded(value: Fraction, stage: Mapping[str, Any] | None) -> Fraction:
    """``value`` at the places of a stage; exact where the stage is not named. Halves of figures below zero go away from it."""
    if stage is None:
        return value
    unit = Fraction(1, 10 ** int(stage["places"]))
    return unit * _whole(value / unit, stage.get("mode", "half_up"))


def _whole(value: Fraction, mode: str) -> int:
    below = value.numerator // value.denominator
    rest = value - below
    if rest == 0 or mode == "floor":
        return below
    if mode == "ceiling":
        return below + 1
    if rest != HALF:
        return below + (1 if rest > HALF else 0)
    if mode == "half_even":
        return below + below % 2
    away = below + 1 if value > 0 else below
    toward = below if value > 0 else below + 1
    return away if mode == "half_up" else toward


def started(value: Fraction) -> int:
    """Units that were started."""
    return -(-value.numerator // value.denominator)


def finished(value: Fraction) -> int:
    """Units that were finished."""
    return value.numerator // value.denominator


def median(values: Sequence[Fraction]) -> Fraction:
    """The one in the middle, or the mean of the two there."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def root(value: Fraction) -> Fraction:
    """A square root: exact where numerator and denominator are squares, else of 50 significant digits."""
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    square = DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Fraction(DIGITS.sqrt(square))
