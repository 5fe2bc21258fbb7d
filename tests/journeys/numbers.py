"""What the judges, the timekeeper and the scorekeeper type, and the results recomputed by hand.

Nothing here knows the scoring of the system: sums, means and weights are written out once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CRITERIA = {"拉面调汤": (25, 25, 35, 10, 5), "拉面成品": (35, 25, 15, 15, 10)}
LIMIT = {"拉面调汤": 30, "拉面成品": 20}
WEIGHT = {"拉面调汤": Decimal("0.45"), "拉面成品": Decimal("0.55")}
OVER = 1
PUNISHED = 3
DEDUCTION = "1.5"
HALF = Decimal("0.5")
# The sheet that the chief judge sends back: its first mark was one point too high.
SENT_BACK = ("拉面调汤", 2, 0)


def plain(value: Decimal) -> str:
    """As it is tapped: without zeros that say nothing."""
    return f"{value.normalize():f}"


def mark(event: str, work: int, judge: int, criterion: int) -> str:
    """What a judge gives: the works grow worse one by one, the judges differ a little."""
    most = Decimal(CRITERIA[event][criterion])
    lost = Decimal(work) if criterion == 0 else Decimal((work * 3 + judge * 2 + criterion * criterion) % 4)
    return plain(most - lost - (HALF if (work + judge + criterion) % 5 == 0 and criterion else 0))


def sheet(event: str, work: int, judge: int) -> list[str]:
    """All marks of one judge for one work."""
    return [mark(event, work, judge, criterion) for criterion in range(len(CRITERIA[event]))]


def first_sheet(event: str, work: int, judge: int) -> list[str]:
    """The marks as they are handed in at first."""
    first, *others = sheet(event, work, judge)
    return [plain(Decimal(first) + 1) if (event, work, judge) == SENT_BACK else first, *others]


def time(event: str, work: int) -> str:
    """The time of a work; one is over the limit by a minute and five seconds."""
    minutes = LIMIT[event] + 1 if work == OVER else LIMIT[event] - 8 + work // 3
    return f"{minutes}:{5 + (0 if work == OVER else work * 4):02d}"


def theory(contestant: int) -> str:
    """A mark of the theory paper."""
    return plain(Decimal(96) - contestant * 3 * HALF)


@dataclass(frozen=True)
class ByHand:
    """One contestant's results."""

    theory: Decimal
    events: Mapping[str, Decimal]
    practical: Decimal
    overall: Decimal


def cents(value: Decimal) -> Decimal:
    """Two places, halves up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def event_result(event: str, work: int) -> Decimal:
    """The mean of three sheets, a point for each started minute too many, less what was deducted."""
    sums = [sum((Decimal(value) for value in sheet(event, work, judge)), Decimal(0)) for judge in range(3)]
    late = Decimal(2) if work == OVER else Decimal(0)
    deducted = Decimal(DEDUCTION) if work == PUNISHED else Decimal(0)
    return cents(cents(sum(sums, Decimal(0)) / 3) - late - deducted)


def by_hand(contestant: int, works: Mapping[str, int]) -> ByHand:
    """Theory 30, practice 70; inside practice the weights of this contest."""
    events = {event: event_result(event, work) for event, work in works.items()}
    practical = cents(sum((events[event] * WEIGHT[event] for event in events), Decimal(0)))
    written = Decimal(theory(contestant))
    overall = cents(written * Decimal("0.3") + practical * Decimal("0.7"))
    return ByHand(cents(written), events, practical, overall)
