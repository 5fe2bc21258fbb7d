"""How figures look to people. Pure."""

from decimal import Decimal
from fractions import Fraction

from competition.core import formats
from competition.scoring import exact


def figure(value: Decimal | Fraction | str | None, kind: str = "mark") -> str:
    """A named figure for the eye: two places, or minutes and seconds. Texts are those that publications keep."""
    if value is None or value == "":
        return formats.NOTHING
    number = exact.parse(value) if isinstance(value, str) else value
    if kind == "time":
        return formats.duration(number if isinstance(number, Decimal) else Decimal(number.numerator) / number.denominator)
    return formats.decimal2(number)
