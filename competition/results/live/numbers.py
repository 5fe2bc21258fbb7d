"""Exact figures as formulas of binary doubles: literals, and rounding that cannot fall on the wrong side.

**Why the guard is right.** Let *v* be the exact figure before rounding, *N / D* with *D* known from the
rulebook (marks in steps, weights, number of judges), *x* the double that the formulas arrive at, and *p* the places.
The points at which a rounding turns are whole multiples of 1 / (2·10^p); a *v* that is not one of them is at least
δ = 1 / lcm(D, 2·10^p) away from each. Figures stay below 10⁵ and are made by fewer than 64 operations, each wrong
by at most 2⁻⁵³ of its result, so |x − v| < 64 · 10⁵ · 2⁻⁵³ < 7.2·10⁻¹⁰ < GUARD = 10⁻⁹. Where δ > 2·GUARD
(``is_provable``), x + GUARD lies on or above every turning point that v lies on or above, and below every
other; x − GUARD the mirror image. Hence

- half up = ROUND(x + GUARD), half down = ROUND(x − GUARD),
- floor = ROUNDDOWN(x + GUARD), ceiling = ROUNDUP(MAX(0, x − GUARD)), as no such figure is below zero,
- half even: within GUARD of a half, twice the rounded half of x·10^p: of k + ½ this is the even neighbour; else ROUND.

A figure for which this cannot be shown keeps its formula, and the page of explanations says that the system's figure counts.
"""

from decimal import Decimal
from fractions import Fraction
from math import lcm

from competition.scoring import exact
from competition.scoring.rounding import Rounding

GUARD = "1E-9"
_SAFE = 490_000_000


def literal(value: Fraction | Decimal | int) -> str:
    """A number of the rulebook in a formula: ``0.5``, ``(20/35)`` where its decimals never end."""
    found = exact.text(Fraction(value))
    return f"({found})" if "/" in found else found


def is_provable(denominator: int, rule: Rounding | None) -> bool:
    """Is the guarded formula right for every figure with this denominator?"""
    return rule is None or lcm(denominator, 2 * 10**rule.places) < _SAFE


def rounded(cell: str, rule: Rounding | None) -> str:
    """The formula that rounds a cell; see the proof above."""
    if rule is None:
        return cell
    p, unit = rule.places, 10**rule.places
    if rule.mode == "half_even":
        scaled = f"{cell}*{unit}"
        return (f"IF(ABS({scaled}-INT({scaled})-0.5)<{GUARD}*{unit},2*ROUND({scaled}/2,0)/{unit},ROUND({cell},{p}))")
    return {
        "half_up": f"ROUND({cell}+{GUARD},{p})",
        "half_down": f"ROUND({cell}-{GUARD},{p})",
        "floor": f"ROUNDDOWN({cell}+{GUARD},{p})",
        "ceiling": f"ROUNDUP(MAX(0,{cell}-{GUARD}),{p})",
    }[rule.mode]


def whole(expression: str, denominator: int) -> str:
    """A figure as the whole number that it is of its smallest part: what is equal compares as equal."""
    return f"ROUND(({expression})*{denominator},0)"
