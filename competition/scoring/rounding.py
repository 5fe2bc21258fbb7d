"""Rounding at named stages; everything between two stages stays exact."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from competition.scoring.wording import N_, Say, plain

MODES = {
    "half_up": N_("四舍五入"),
    "half_even": N_("四舍六入五成双"),
    "half_down": N_("五舍六入"),
    "floor": N_("舍去尾数"),
    "ceiling": N_("进一"),
}

# In the order in which a figure passes them.
STAGES = {
    "criterion": N_("评分项得分"),
    "sheet": N_("单张评分表"),
    "panel": N_("裁判组得分"),
    "event": N_("项目成绩"),
    "total": N_("总成绩"),
    "team": N_("团体成绩"),
}


class Rounding(NamedTuple):
    """How many decimal places, and in which mode."""

    places: int
    mode: str = "half_up"

    def words(self, _: Say = plain) -> str:
        """The rule in words."""
        if not self.places:
            return _("%(mode)s，取整数", mode=_(MODES[self.mode]))
        return _("%(mode)s，保留 %(n)s 位小数", mode=_(MODES[self.mode]), n=self.places)


def whole(value: Fraction, mode: str) -> int:
    """``value`` to a whole number; halves of a negative number mirror those of a positive one."""
    return whole_quotient(value.numerator, value.denominator, mode)


def whole_quotient(above: int, below: int, mode: str) -> int:
    """``above`` ÷ ``below`` (positive) to a whole number."""
    if above < 0:
        return -whole_quotient(-above, below, _MIRRORED.get(mode, mode))
    if mode == "half_up":
        return (2 * above + below) // (2 * below)
    low, rest = divmod(above, below)
    return low + _UP[mode](low, 2 * rest, below)


# Whether to go up, from the whole number below, twice the rest, and what the rest is of.
_UP: Mapping[str, Callable[[int, int, int], bool]] = {
    "half_even": lambda low, twice, below: twice > below or (twice == below and low % 2 == 1),
    "half_down": lambda _low, twice, below: twice > below,
    "floor": lambda _low, _twice, _below: False,
    "ceiling": lambda _low, twice, _below: twice > 0,
}
_MIRRORED = {"floor": "ceiling", "ceiling": "floor"}


def rounded(above: int, below: int, rule: Rounding) -> int:
    """``above`` ÷ ``below`` rounded by ``rule``, counted in its last decimal place."""
    return whole_quotient(above * 10**rule.places, below, rule.mode)


@lru_cache(maxsize=65536)
def published(above: int, below: int, rule: Rounding) -> tuple[Fraction, Decimal]:
    """The same as an exact figure, and as it is printed, with its trailing zeros (``89.90``); few come again and again."""
    count = rounded(above, below, rule)
    return Fraction(count, 10**rule.places), Decimal(f"{count}E-{rule.places}")


def round_to(value: Fraction, rule: Rounding) -> Decimal:
    """``value`` rounded by ``rule``."""
    return published(value.numerator, value.denominator, rule)[1]
