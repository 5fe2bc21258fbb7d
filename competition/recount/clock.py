"""Time: what it costs, what it brings, and when it ends a work."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.recount.given import Json
from competition.recount.marking import worth
from competition.recount.numbers import ZERO, number


@dataclass(frozen=True)
class Clock:
    """What the time rule says of one work: points (with their sign) and, beyond the end, what follows."""

    points: Fraction
    then: str | None


def clock(rule: Json, used: Fraction, in_time: Sequence[Fraction]) -> Clock:
    """``used``: seconds, less what was given back; ``in_time``: those of all works that were in time."""
    limit = number(rule["limit_s"])
    late = max(ZERO, used - limit - number(rule.get("grace_s", 0)))
    beyond, then = rule.get("beyond"), None
    if beyond and used - limit > number(beyond["after_s"]):
        then = beyond["then"]
        if then == "stop":
            late = min(late, max(ZERO, number(beyond["after_s"]) - number(rule.get("grace_s", 0))))
    if "placing" in rule:
        return Clock(_placing(rule["placing"], used, limit, late, in_time), then)
    lost = worth(rule["over"], late) if "over" in rule and late > 0 else ZERO
    if "bands" in rule:
        passed = [number(band["points"]) for band in rule["bands"] if late > number(band["after_s"])]
        lost = passed[-1] if passed else ZERO
    won = worth(rule["early"], limit - used) if "early" in rule and used < limit else ZERO
    return Clock(won - lost, then)


def _placing(rule: Json, used: Fraction, limit: Fraction, late: Fraction, in_time: Sequence[Fraction]) -> Fraction:
    base = number(rule["in_time"])
    if used <= limit:
        last = max(in_time, default=used)
        place, last_place = (1 + sum(other < time for other in in_time) for time in (used, last))
        return base + (last_place - place) * number(rule["per_place"])
    return max(ZERO, base - (worth(rule["late"], late) if late > 0 and "late" in rule else ZERO))


def is_in_time(rule: Json, used: Fraction) -> bool:
    """Within the limit; the grace only keeps a work from losing points."""
    return used <= number(rule["limit_s"])
