"""Time rules: what the time used does to the points of an event.

All published shapes are covered: points per started or full unit with grace, bands, a hard
stop, zero, out, a bonus for being early, a bonus by place, and the time as the result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.model import PerUnit, TimeRule


@dataclass(frozen=True, slots=True)
class TimeEffect:
    """What a time does: ``points`` (negative when late), or a ``verdict``.

    ``verdict``: "" (counts), "stop" (stopped; only what was done is marked), "zero", "out".
    """

    points: Fraction
    over: Fraction = exact.ZERO
    early: Fraction = exact.ZERO
    units: int = 0
    verdict: str = ""
    ahead_of: int = 0


def effect(rule: TimeRule, seconds: Fraction, finishers: Iterable[Fraction] = ()) -> TimeEffect:
    """The effect of having used ``seconds``; ``finishers`` are the times of all works.

    Bounds belong to the better side: exactly the limit is in time, exactly ``beyond`` is
    still counted.
    """
    over = seconds - rule.limit
    verdict = rule.then if rule.beyond is not None and over > rule.beyond else ""
    if verdict in {"zero", "out"}:
        return TimeEffect(exact.ZERO, over=over, verdict=verdict)
    if over < 0 and rule.placing is None:
        points, units = _count(rule.early, -over)
        return TimeEffect(points, early=-over, units=units)
    counted = max(exact.ZERO, over - rule.grace)
    if verdict == "stop" and rule.beyond is not None:
        # Work ended at the stop; later seconds are not the contestant's.
        counted = min(counted, max(exact.ZERO, Fraction(rule.beyond - rule.grace)))
    if rule.placing is not None:
        return _placed(rule, seconds, list(finishers), verdict, counted)
    points, units = _count(rule.over, counted)
    reached = [cost for after, cost in rule.bands if counted > after]
    points += reached[-1] if reached else exact.ZERO
    return TimeEffect(-points, over=over, units=units, verdict=verdict)


def _count(rule: PerUnit | None, seconds: Fraction) -> tuple[Fraction, int]:
    """Points and number of units for ``seconds``."""
    return (exact.ZERO, 0) if rule is None else (rule.of(seconds), rule.units(seconds))


def _placed(rule: TimeRule, seconds: Fraction, finishers: list[Fraction], verdict: str, late: Fraction) -> TimeEffect:
    """Points for being in time, more for each place ahead of the last one in time."""
    placing = rule.placing
    assert placing is not None  # noqa: S101 - asked for by the caller only then
    over = seconds - rule.limit
    if over > 0:
        lost, units = _count(placing.late, late)
        return TimeEffect(max(exact.ZERO, placing.in_time - lost), over=over, units=units, verdict=verdict)
    in_time = [other for other in finishers if other <= rule.limit]
    last = max([*in_time, seconds])
    ahead = sum(other < last for other in in_time) - sum(other < seconds for other in in_time)
    return TimeEffect(placing.in_time + placing.per_place * ahead, early=-over, ahead_of=ahead)
