"""Points for the time used, as a formula."""

from fractions import Fraction
from math import lcm

from competition.results.live.leaves import per_unit
from competition.results.live.numbers import literal
from competition.scoring.model import TimeRule


def counted(rule: TimeRule, time: str) -> str:
    """The late seconds that count: after the grace, and not beyond a stop."""
    late = f"MAX(0,{time}-{rule.limit + rule.grace})"
    if rule.beyond is not None and rule.then == "stop":
        return f"MIN({max(0, rule.beyond - rule.grace)},{late})"
    return late


def points(rule: TimeRule, time: str, times: str, takes_part: str) -> str:
    """The points; ``times`` and ``takes_part`` (1 or blank) are the spans of all works, for places."""
    late = counted(rule, time)
    if rule.placing is not None:
        placing = rule.placing
        in_time = f"({takes_part}=1)*({times}<={rule.limit})"
        last = f"MAX({time},SUMPRODUCT(MAX({in_time}*{times})))"
        ahead = f"SUMPRODUCT({in_time}*({times}<{last}))-SUMPRODUCT({in_time}*({times}<{time}))"
        lost = f"MAX(0,{literal(placing.in_time)}-{per_unit(placing.late, late)})"
        return f"IF({time}>{rule.limit},{lost},{literal(placing.in_time)}+{literal(placing.per_place)}*({ahead}))"
    lost = per_unit(rule.over, late) if rule.over is not None else "0"
    bands = "0"
    for after, cost in rule.bands:
        bands = f"IF({late}>{after},{literal(cost)},{bands})"
    early = per_unit(rule.early, f"{rule.limit}-{time}") if rule.early is not None else "0"
    return f"IF({time}<{rule.limit},{early},-({lost}+{bands}))"


def denominator(rule: TimeRule) -> int:
    """What makes every number of points that the rule gives whole."""
    units = [unit for unit in (rule.over, rule.early, rule.placing and rule.placing.late) if unit]
    numbers = [number for unit in units for number in (unit.points, unit.cap or Fraction(0))] + [cost for _after, cost in rule.bands]
    numbers += [rule.placing.in_time, rule.placing.per_place] if rule.placing else []
    return lcm(*(number.denominator for number in numbers))
