"""Exact numbers: reading, adding and writing them without ever losing a digit.

Inside the engine every figure is a ``Fraction``. Outside it is a ``Decimal`` where the
decimal expansion ends and stays a ``Fraction`` where it does not (a third of a point).
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

Number = Decimal | Fraction

_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
_SIGNED = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)

ZERO = Fraction(0)


def is_plain(text: str) -> bool:
    """Whether ``text`` is an unsigned decimal in ASCII digits, e.g. ``"8.50"``."""
    return _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def fraction(text: str) -> Fraction:
    """The exact value of a decimal text such as ``"89.05"`` or ``"-2"``.

    Raises ValueError for anything else: exponents, other digits, blanks, fractions.
    """
    if _SIGNED.fullmatch(text) is None:
        raise ValueError(text)
    return Fraction(text)


def add(values: Iterable[Fraction]) -> Fraction:
    """The exact sum; one common denominator instead of one per addition."""
    items = list(values)
    common = lcm(*(item.denominator for item in items))
    return Fraction(sum(item.numerator * (common // item.denominator) for item in items), common)


def dot(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The exact sum of products."""
    items = [(one.numerator * two.numerator, one.denominator * two.denominator) for one, two in pairs]
    whole = lcm(*(below for _, below in items))
    return Fraction(sum(above * (whole // below) for above, below in items), whole)


def common(*values: Fraction) -> int:
    """The smallest whole number that makes all of ``values`` whole."""
    return lcm(*(value.denominator for value in values))


def number(value: Fraction) -> Number:
    """``value`` as a Decimal where its expansion ends, else unchanged."""
    return _number(value.numerator, value.denominator)


@lru_cache(maxsize=1 << 16)
def _number(numerator: int, denominator: int) -> Number:
    places = _places(denominator)
    if places is None:
        return Fraction(numerator, denominator)
    return Decimal(f"{numerator * 10**places // denominator}E-{places}")


def text(value: Number) -> str:
    """Plain canonical text: ``"89.5"``, or ``"268/3"`` where the expansion does not end."""
    plain = number(value) if isinstance(value, Fraction) else value
    return format(plain, "f") if isinstance(plain, Decimal) else str(plain)


@lru_cache(maxsize=65536)
def quotient(above: int, below: int) -> str:
    """The text of ``above`` ÷ ``below``; the same few come thousands of times."""
    return text(Fraction(above, below))


def parse(written: str) -> Number:
    """The inverse of :func:`text`."""
    return Fraction(written) if "/" in written else Decimal(written)


def shown(written: str) -> str:
    """A figure for a reader: an endless expansion is cut after six places and marked ``…``."""
    if "/" not in written:
        return written
    value = Fraction(written)
    sign = "-" if value < 0 else ""
    digits = str(abs(value.numerator) * 10**6 // value.denominator).rjust(7, "0")
    return f"{sign}{digits[:-6]}.{digits[-6:]}…"


@lru_cache(maxsize=1024)
def _places(denominator: int) -> int | None:
    """How many decimal places ``1/denominator`` needs; None if it never ends."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
