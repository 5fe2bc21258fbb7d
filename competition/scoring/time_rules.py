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

    def units(self, seconds: Fraction) -> int:
        """How many units ``seconds`` are."""
        return -(-seconds // self.unit) if self.started else seconds // self.unit

    def of(self, seconds: Fraction) -> Fraction:
        """The points for ``seconds``."""
        points = self.points * self.units(seconds)
        return points if self.cap is None else min(points, self.cap)


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
