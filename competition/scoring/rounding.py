"""Rounding at named stages; everything between two stages stays exact."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

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


@dataclass(frozen=True, slots=True)
class Rounding:
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
    sign, size = (-1, -value) if value < 0 else (1, value)
    low, rest = divmod(size.numerator, size.denominator)
    twice = 2 * rest - size.denominator
    up = {
        "half_up": twice >= 0,
        "half_even": twice > 0 or (twice == 0 and low % 2 == 1),
        "half_down": twice > 0,
        "floor": rest > 0 and sign < 0,
        "ceiling": rest > 0 and sign > 0,
    }[mode]
    return sign * (low + up)


def round_to(value: Fraction, rule: Rounding) -> Decimal:
    """``value`` rounded by ``rule``; the Decimal keeps its trailing zeros (``89.90``)."""
    return Decimal(f"{whole(value * 10**rule.places, rule.mode)}E-{rule.places}")
