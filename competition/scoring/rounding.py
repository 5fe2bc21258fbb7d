"""Rounding at named stages; everything between two stages stays exact."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MODES = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "half_down": "五舍六入",
    "floor": "舍去尾数",
    "ceiling": "进一",
}

# In the order in which a figure passes them.
STAGES = {
    "criterion": "评分项得分",
    "sheet": "单张评分表",
    "panel": "裁判组得分",
    "event": "项目成绩",
    "total": "总成绩",
    "team": "团体成绩",
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """How many decimal places, and in which mode."""

    places: int
    mode: str = "half_up"

    @property
    def words(self) -> str:
        """The rule in words, for a result sheet."""
        where = f"保留 {self.places} 位小数" if self.places else "取整数"
        return f"{MODES[self.mode]}，{where}"


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
