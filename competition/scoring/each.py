"""Every so many faults count as one: "each three places cost a point"."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Each:
    """``size`` faults count once; of those left over ``started`` counts them too."""

    size: int = 1
    started: bool = False

    def times(self, count: Fraction | int) -> int:
        """How often so many faults count."""
        return int(-(-count // self.size) if self.started else count // self.size)


ONE_BY_ONE = Each()
