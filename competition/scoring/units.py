"""Units, and the points on their sheets as whole numbers.

A *unit* is what is combined over the judges by itself: the common sheet, a group, a criterion. Within
a unit every entry is worth a whole number of parts (``Unit.scale`` parts are one point), so that sheets
add up by whole numbers; a ``Table`` knows the parts of every entry that has come so far.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import getitem

from competition.scoring.criteria import Marking
from competition.scoring.derivation import Fact
from competition.scoring.exact import text
from competition.scoring.model import Criterion, Group, PanelRule

# What one seat entered for one criterion: a canonical text, or one for each attempt in their order.
Entered = str | tuple[str, ...]
# A whole sheet of one unit: what was entered for each of its criteria, in the order of the unit.
Row = Mapping[str, Entered]


def taken(take: str, points: Sequence[Fraction]) -> Fraction:
    """The points of several attempts, in their order: the best, the sum, or the last."""
    if take == "best":
        return max(points)
    return sum(points, Fraction(0)) if take == "sum" else points[-1]


class Table(dict[Entered, int]):
    """Entry → its points, weighted within the unit, in whole parts; filled as entries come.

    ``table[text]`` raises MarkRefused for what is not allowed. ``clean`` has the canonical form of
    every entry that has come. Criteria that are marked alike share one.
    """

    __slots__ = ("_marking", "_parts", "_take", "clean")

    def __init__(self, marking: Marking, take: str, parts: Fraction) -> None:
        super().__init__()
        self._marking = marking
        self._take = take
        self._parts = parts
        self.clean: dict[Entered, Entered] = {}

    def __missing__(self, entered: Entered) -> int:
        canonical = self._marking.canonical
        clean = canonical(entered) if isinstance(entered, str) else tuple(map(canonical, entered))
        parts = self.points(clean) * self._parts
        self.clean[entered] = clean
        self[entered] = parts.numerator
        return parts.numerator

    def points(self, clean: Entered) -> Fraction:
        """The points of an entry in canonical form; of several attempts what the criterion takes."""
        worth = self._marking.points
        if isinstance(clean, str):
            return worth(clean)
        return taken(self._take, [worth(attempt) for attempt in clean])

    def raw(self, entered: Entered) -> str:
        """The entry as it is shown."""
        clean = self.clean[entered]
        return clean if isinstance(clean, str) else " / ".join(clean)


class Written(dict[Entered, Fact]):
    """Entry → (name, entry, points, weight) of one criterion; a veto has no points."""

    __slots__ = ("_criterion", "_table")

    def __init__(self, criterion: Criterion, table: Table) -> None:
        super().__init__()
        self._criterion = criterion
        self._table = table

    def __missing__(self, entered: Entered) -> Fact:
        table, item = self._table, self._criterion
        worth = ("", "") if item.kind == "veto" else (text(table.points(table.clean[entered])), text(item.weight))
        self[entered] = (item.name.zh, table.raw(entered), *worth)
        return self[entered]


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """The whole of a unit, or a group within it: positions of criteria, and the groups in it.

    ``order`` has both in the order of the document. A point of its figure is ``parts`` parts of the unit.
    """

    group: Group | None
    order: tuple["int | Branch", ...]
    parts: Fraction
    cap: int | None = None

    def added(self, row: list[int], zeroed: frozenset[str] = frozenset()) -> int:
        """The parts that one sheet gives for what stands in it."""
        return sum(row[place] if isinstance(place, int) else place.count(row, zeroed) for place in self.order)

    def count(self, row: list[int], zeroed: frozenset[str] = frozenset()) -> int:
        """The same, at most the cap; nothing when the group counts zero."""
        if self.group is not None and self.group.key in zeroed:
            return 0
        found = self.added(row, zeroed)
        return found if self.cap is None else min(found, self.cap)

    def all(self) -> Iterator["Branch"]:
        """This one and all groups in it."""
        yield self
        for place in self.order:
            if isinstance(place, Branch):
                yield from place.all()


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What is combined over the judges by itself. ``weight``: of its figure within the event.

    ``simple``: a sheet is the plain sum of its entries; ``is_flat``: it shows no groups;
    ``is_question``: nothing is combined, it is a veto that stands by itself.
    """

    key: str  # "" for the common sheet
    item: Criterion | Group | None
    criteria: tuple[Criterion, ...]
    tables: tuple[Table, ...]
    written: tuple[Mapping[Entered, Fact], ...]
    panel: PanelRule
    scale: int
    weight: Fraction
    root: Branch
    groups: Mapping[str, Branch]
    simple: bool
    is_flat: bool
    is_question: bool

    def parts(self, row: Row) -> list[int]:
        """What each entry of a sheet is worth."""
        return list(map(getitem, self.tables, row.values()))

    @property
    def stage(self) -> str:
        """Where its figure is rounded."""
        return "criterion" if self.key else "panel"
