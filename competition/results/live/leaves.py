"""What an entry is worth, as a formula over its cells. Several readings or kinds of faults have a cell each."""

from collections.abc import Sequence
from fractions import Fraction

from competition.results.live.numbers import GUARD, literal
from competition.scoring.criteria import Counts, Deduct, Grades, Judgement, Marking, PassFail, Points
from competition.scoring.each import Each
from competition.scoring.faults import Faults
from competition.scoring.readings import Bands, Measured, Scale, Timed
from competition.scoring.time_rules import PerUnit

_DIGITS = 6


def width(marking: Marking) -> int:
    """How many cells an entry takes."""
    if isinstance(marking, Measured):
        return marking.places
    return len(marking.kinds) if isinstance(marking, Faults) else 1


def is_tame(entered: str) -> bool:
    """Is every number of an entry short enough for the formulas to be exact? Others are worth what was computed."""
    return all(len(one) <= 9 and len(one.partition(".")[2]) <= _DIGITS for one in entered.split(","))


def per_unit(rule: PerUnit, seconds: str) -> str:
    """Points for seconds; a full unit is not lost, nor a started one won, by a last binary digit."""
    units = f"ROUNDUP(MAX(0,({seconds})/{rule.unit}-{GUARD}),0)" if rule.started else f"ROUNDDOWN(({seconds})/{rule.unit}+{GUARD},0)"
    points = f"{literal(rule.points)}*{units}"
    return points if rule.cap is None else f"MIN({literal(rule.cap)},{points})"


def times(each: Each, cell: str) -> str:
    """How often the faults in a cell count. Quotients of whole numbers are exact where they are whole."""
    if each.size == 1:
        return cell
    return f"ROUNDUP({cell}/{each.size},0)" if each.started else f"INT({cell}/{each.size})"


def points(marking: Marking, cells: Sequence[str]) -> str | None:
    """The points of an entry; None for a way to mark that has no formula here."""
    one = cells[0]
    if isinstance(marking, Points):
        return one
    if isinstance(marking, Deduct):
        left = f"MAX(0,{literal(marking.best)}-MIN({literal(marking.cap)},{literal(marking.per)}*{times(marking.each, one)}))"
        return left if marking.zero_from is None else f"IF({one}>={marking.zero_from},0,{left})"
    if isinstance(marking, Counts):
        return f"MIN({literal(marking.best)},{literal(marking.per)}*{one})"
    if isinstance(marking, Judgement):
        return f"{literal(marking.best)}*{one}/{marking.top}"
    if isinstance(marking, Grades):
        return f"CHOOSE({one},{','.join(map(literal, marking.grades))})"
    if isinstance(marking, PassFail):
        return f"{literal(marking.best)}*{one}"
    return _of_readings(marking, cells)


def _of_readings(marking: Marking, cells: Sequence[str]) -> str | None:
    if isinstance(marking, Faults):
        return _faults(marking, cells)
    if isinstance(marking, Measured):
        return _measured(marking, cells)
    if isinstance(marking, Bands):
        found = literal(marking.otherwise)
        for limit, worth in reversed(marking.bands):
            found = f"IF({_distance(cells[0], marking.target)}<={literal(limit)},{literal(worth)},{found})"
        return found
    if isinstance(marking, Scale):
        return _scale(marking, _distance(cells[0], marking.target))
    return _timed(marking, cells[0]) if isinstance(marking, Timed) else None


def _distance(cell: str, target: Fraction | None) -> str:
    return cell if target is None else f"ROUND(ABS({cell}-{literal(target)}),{_DIGITS})"


def _faults(marking: Faults, cells: Sequence[str]) -> str:
    off = "+".join(f"{literal(kind.per)}*{times(kind.each, cell)}" for kind, cell in zip(marking.kinds, cells, strict=True))
    left = f"MAX(0,{literal(marking.best)}-MIN({literal(marking.cap)},{off}))"
    zero = [f"{cell}>={kind.zero_from}" for kind, cell in zip(marking.kinds, cells, strict=True) if kind.zero_from is not None]
    return f"IF(OR({','.join(zero)}),0,{left})" if zero else left


def _measured(marking: Measured, cells: Sequence[str]) -> str:
    far = [_distance(cell, marking.target) for cell in cells]
    over = "+".join(f"({one}>{literal(marking.tolerance)})" for one in far)
    left = f"MAX(0,{literal(marking.best)}-{literal(marking.per_over)}*({over}))"
    zero = [] if marking.zero_from is None else [f"({over})>={marking.zero_from}"]
    zero += [] if marking.zero_beyond is None else [f"MAX({','.join(far)})>{literal(marking.zero_beyond)}"]
    return f"IF(OR({','.join(zero)}),0,{left})" if zero else left


def _scale(marking: Scale, reading: str) -> str:
    found = literal(marking.at[-1][1])
    for (below, low), (above, high) in reversed(list(zip(marking.at, marking.at[1:], strict=False))):
        line = f"{literal(low)}+({reading}-{literal(below)})*({literal(high)}-{literal(low)})/({literal(above)}-{literal(below)})"
        found = f"IF({reading}<={literal(above)},{line},{found})"
    first, points_first = marking.at[0]
    return f"IF({reading}<={literal(first)},{literal(points_first)},{found})"


def _timed(marking: Timed, cell: str) -> str:
    limit, base = literal(marking.limit), literal(marking.base)
    late = base if marking.over is None else f"{base}-{per_unit(marking.over, f'{cell}-{limit}')}"
    early = base if marking.early is None else f"{base}+{per_unit(marking.early, f'{limit}-{cell}')}"
    return f"IF({cell}>{limit},MAX(0,{late}),MIN({literal(marking.best)},{early}))"
