"""The rules of what is made of several events: totals, scales and teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.rounding import Rounding
from competition.scoring.standing_rules import AwardRule, RankingRule
from competition.scoring.texts import Words


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a total or a team rule: an event or a total, with its weight in percent."""

    of: str
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """A standard scale: the median comes to ``middle``, one unit of spread is worth ``per``."""

    middle: Fraction
    per: Fraction
    spread: str = "deviation"  # or "mad": ``factor`` times the median distance from the median
    factor: Fraction = exact.ZERO
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """Several events combined into one named figure with a ranking of its own.

    ``full`` is None where there are no full marks: for scales, and for the best of scales.
    """

    key: str
    name: Words
    full: Decimal | None
    parts: tuple[Part, ...]
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    method: str = "weighted"  # or "sum", "best", "scale"
    scale: ScaleRule | None = None
    rounding: Rounding | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlacePoints:
    """What members of the ranks ``first`` to ``last`` (None: and all behind) bring their team."""

    first: int
    last: int | None
    points: Fraction

    def holds(self, rank: int) -> bool:
        """Whether ``rank`` lies in it."""
        return self.first <= rank and (self.last is None or rank <= self.last)


@dataclass(frozen=True, slots=True)
class TeamRule:
    """How the figures of a team's members become the team's figure.

    ``of`` is an event or total; it is empty where the figure is combined from ``parts``. In the ranking ``by`` the
    ``best`` members are found and places are counted; it is empty where neither is asked for. ``prizes`` maps award
    keys of ``of`` to points.
    """

    key: str
    name: Words
    of: str
    ranking: RankingRule
    awards: tuple[AwardRule, ...] = ()
    size: int | None = None
    method: str = "sum"  # or "mean", "places", "prizes"
    parts: tuple[Part, ...] = ()
    full: Decimal = Decimal(100)
    by: str = ""
    best: int | None = None
    missing: str = "zero"  # or "out"
    places: tuple[PlacePoints, ...] = ()
    prizes: Mapping[str, Fraction] = field(default_factory=dict)
    otherwise: Fraction = exact.ZERO
    rounding: Rounding | None = None
    source: str = ""

    @property
    def combined(self) -> tuple[str, ...]:
        """The events and totals whose figures are combined."""
        return tuple(part.of for part in self.parts) or (self.of,)

    @property
    def below(self) -> tuple[str, ...]:
        """Every event and total that it refers to, each once."""
        return tuple(dict.fromkeys((*self.combined, *((self.by,) if self.by else ()))))
