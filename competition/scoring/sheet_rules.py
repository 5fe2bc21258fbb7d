"""What stands on a judge's sheet: criteria, the groups around them, and how several sheets become one figure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.criteria import Marking
from competition.scoring.texts import NO_WORDS, Words


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart: points, percent of full marks, or levels of a judgement."""

    unit: str  # "absolute", "percent", "levels"
    amount: Fraction

    def of(self, full: Fraction) -> Fraction:
        """The distance in the unit of the compared values."""
        return full * self.amount / 100 if self.unit == "percent" else self.amount


@dataclass(frozen=True, slots=True)
class SpreadRule:
    """When judges lie too far apart on a sheet or on a criterion.

    ``beyond`` is the distance from the median from which on a seat is named; without it the
    outermost seats are named. ``full`` is what percentages refer to. ``ask``: whom the tablets ask to
    look at their marks once more: "far" (who is named), "panel" (everybody who was compared), "nobody".
    """

    of: str  # "sheet", "group", "criterion"
    limit: Distance
    beyond: Distance | None = None
    then: str = "flag"  # or "block"
    full: Fraction = Fraction(100)
    ask: str = "far"


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How the marks of several judges become one figure."""

    by: str = "sheet"  # "group", "criterion"
    method: str = "mean"  # "trimmed_mean", "median", "sum"
    drop_low: int = 0
    drop_high: int = 0
    trim_from: int = 1
    minimum: int = 1


MEAN = PanelRule()


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is marked in a judged event. ``key`` is stable over the versions of a rulebook."""

    key: str
    name: Words
    text: Words
    kind: str
    marking: Marking
    weight: Fraction = Fraction(1)
    bonus: bool = False
    attempts: int = 1
    take: str = "last"  # "best", "sum"
    panel: PanelRule | None = None
    spread: SpreadRule | None = None
    levels: tuple[Words, ...] = ()  # of judgements, grades and faults: what each is called
    unit: Words = NO_WORDS
    source: str = ""
    groups: tuple[str, ...] = ()  # the groups in which it stands, the outermost first

    @property
    def max(self) -> Decimal:
        """The most points one judge can give (before the weight)."""
        return decimal(self.marking.best)

    @property
    def step(self) -> Decimal | None:
        """The step between two entries; None for free readings."""
        step = self.marking.input_step
        return None if step is None else decimal(step)

    @property
    def input_max(self) -> Decimal | None:
        """The largest entry (points, faults, pieces or level); None for free readings."""
        largest = self.marking.input_max
        return None if largest is None else decimal(largest)

    @property
    def worth(self) -> Fraction:
        """The most it adds to what it stands in: maximum, times weight, times summed attempts."""
        times = self.attempts if self.take == "sum" else 1
        return self.marking.best * self.weight * times


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria and further groups that count together: a module, a sub-criterion.

    Its points are the weighted points of what stands in it, at most ``cap``; ``full`` is the most
    of them, bonus lines left out. ``weight`` multiplies them; it is a quotient where the rulebook
    says what the group is ``worth``. ``groups``: in which it stands itself, the outermost first.
    """

    key: str
    name: Words
    text: Words
    full: Fraction
    weight: Fraction = Fraction(1)
    cap: Fraction | None = None
    bonus: bool = False
    panel: PanelRule | None = None
    spread: SpreadRule | None = None
    source: str = ""
    groups: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What it is, in a list with criteria."""
        return "group"

    @property
    def worth(self) -> Fraction:
        """The most it adds to what it stands in."""
        return self.full * self.weight


def decimal(value: Fraction) -> Decimal:
    """A bound of the rulebook as a Decimal."""
    return Decimal(exact.text(value))
