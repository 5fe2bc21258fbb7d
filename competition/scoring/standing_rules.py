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
class Tier:
    """One prize or title."""

    key: str
    name: Words
    kind: str = "prize"  # or "title"
    first: int = 1
    last: int | None = None
    percent: Fraction | None = None
    minimum: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AwardRule:
    """How prizes are given within one ranking."""

    by: str  # "ranks", "percent", "half"
    tiers: tuple[Tier, ...]
    mode: str = "half_up"
    cumulative: bool = False
    at_least: int = 0
    border: str = "follow_rank"  # or "quota"
    after: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome means for a standing."""

    in_total: str  # "zero": counts as 0 in totals; "out": no total either
    took_part: bool  # counts in the base number of percentage prizes
    prizes: bool = False
