"""The rules of a ranking: tie chains, prizes, and what an outcome means."""

from dataclasses import dataclass
from fractions import Fraction

from competition.scoring.texts import Words


@dataclass(frozen=True, slots=True)
class TieStep:
    """One step of a tie chain."""

    figure: str
    descending: bool


@dataclass(frozen=True, slots=True)
class RankingRule:
    """What separates equal figures, and what happens to those that stay equal."""

    ties: tuple[TieStep, ...] = ()
    shared: str = "competition"  # 1, 2, 2, 4; "dense": 1, 2, 2, 3; "forbidden"


@dataclass(frozen=True, slots=True)
class Need:
    """A line that a named figure must reach, or must not pass; both inclusive."""

    figure: str
    least: Fraction | None = None
    most: Fraction | None = None

    def met(self, value: Fraction | None) -> bool:
        """Whether ``value`` keeps to it; a figure that is not there does not."""
        if value is None:
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Tier:
    """One prize or title. ``field_from``: it is given only if so many took part.

    ``start`` is the figure from which on a medallion is given.
    """

    key: str
    name: Words
    kind: str = "prize"  # or "title"
    first: int = 1
    last: int | None = None
    percent: Fraction | None = None
    minimum: Fraction | None = None
    needs: tuple[Need, ...] = ()
    field_from: int = 0
    start: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AwardRule:
    """How prizes are given within one ranking."""

    by: str  # "ranks", "percent", "half", "lines", "medals", "best_of"
    tiers: tuple[Tier, ...]
    mode: str = "half_up"
    cumulative: bool = False
    at_least: int = 0
    border: str = "follow_rank"  # or "quota"
    after: int = 0
    within: Fraction = Fraction(2)
    of: str = ""  # "team", "delegation"


def asked_figures(ranking: RankingRule, awards: tuple[AwardRule, ...]) -> set[str]:
    """The named figures that a tie chain or the lines of a prize ask for."""
    lines = {need.figure for rule in awards for tier in rule.tiers for need in tier.needs}
    return lines | {step.figure for step in ranking.ties}


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome means for a standing."""

    in_total: str  # "zero": counts as 0 in totals; "out": no total either
    took_part: bool  # counts in the base number of percentage prizes
    prizes: bool = False
