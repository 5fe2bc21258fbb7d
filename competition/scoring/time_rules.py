"""The time rule of an event as data."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PerUnit:
    """So many points for every started or full unit of time, up to ``cap``."""

    unit: int
    started: bool
    points: Fraction
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """Points for the place among those who finished in time (masonry's work rate)."""

    in_time: Fraction
    per_place: Fraction
    late: PerUnit


@dataclass(frozen=True, slots=True)
class TimeRule:
    """The time rule of an event; all lengths in seconds."""

    limit: int
    grace: int = 0
    over: PerUnit | None = None
    early: PerUnit | None = None
    bands: tuple[tuple[int, Fraction], ...] = ()
    beyond: int | None = None
    then: str = "stop"  # "zero", "out"
    placing: Placing | None = None
