"""What the chief judge's board is made of."""

import uuid
from dataclasses import dataclass, replace

from competition.judging.queries import RoundInfo
from competition.judging.queries_close import Tablet
from competition.judging.rules import REMARKING
from competition.judging.rules_figures import FigureKey

# Nothing is to be handed in: excused, or nobody works at the station.
NOT_NEEDED = ("excused", "absent", "withdrawn")


@dataclass(frozen=True)
class SeatColumn:
    """A seat, who sits there, and its tablets in this round, the live one last."""

    id: uuid.UUID
    number: int
    name: str
    tablets: tuple[Tablet, ...] = ()

    @property
    def live(self) -> Tablet | None:
        """The tablet that has the seat now."""
        return next((tablet for tablet in self.tablets if tablet.is_live), None)

    def held(self, work_id: uuid.UUID) -> int:
        """How many events about a work the seat's tablets said they still hold."""
        return sum(tablet.held.get(str(work_id), 0) for tablet in self.tablets)

    @property
    def open_tablets(self) -> tuple[Tablet, ...]:
        """Those that keep the round from being locked."""
        return tuple(tablet for tablet in self.tablets if tablet.why)


@dataclass(frozen=True)
class Cell:
    """One sheet on the board. ``state``: none, held (only its tablet has marks), scoring, handed_in, locked, disputed, remarking,
    excused, absent, withdrawn. ``held``: how many events its tablet said it still holds."""

    seat: int
    state: str
    done: int
    needed: int
    total: str
    is_far: bool = False
    held: int = 0

    @property
    def is_given(self) -> bool:
        """It is handed in."""
        return self.state in ("handed_in", "locked")

    @property
    def is_lacking(self) -> bool:
        """It is waited for."""
        return not self.is_given and self.state not in NOT_NEEDED


@dataclass(frozen=True)
class Spread:
    """Where judges lie too far apart: on the sheet ("" as criterion) or on a criterion. ``told``: who was asked, what was
    answered and decided."""

    criterion: str
    spread: str
    limit: str
    median: str
    seats: tuple[int, ...]
    blocks: bool
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkRow:
    """One work: its sheets by seat and the figures it has. What keeps the round open about it: ``missing``, and ``apart``, which
    tells of judges who lie apart."""

    id: uuid.UUID
    code: str
    batch: int
    station: int
    cells: tuple[Cell, ...]
    spreads: tuple[Spread, ...]
    figures: tuple[tuple[str, str], ...]
    is_excused: bool
    away: str | None = None
    missing: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        """All that keeps the round open about it."""
        return self.missing + self.apart


def veiled(row: WorkRow) -> WorkRow:
    """A work as those see it who may not see sheets: that judges lie apart, and so mark again what they had handed in, says
    something of their marks."""
    cells = tuple(replace(cell, state="handed_in" if cell.state == REMARKING else cell.state, total="", is_far=False) for cell in row.cells)
    return replace(row, cells=cells, spreads=(), apart=())


@dataclass(frozen=True)
class Missing:
    """One thing that keeps the round from being locked, beside the work it is about ("" for a tablet)."""

    work: str
    what: str

    @property
    def sentence(self) -> str:
        """The same with the work."""
        return f"{self.work} · {self.what}" if self.work else self.what


@dataclass(frozen=True)
class Board:
    """All of a round at one moment; ``aside``: how many events are kept aside."""

    round: RoundInfo
    seats: tuple[SeatColumn, ...]
    works: tuple[WorkRow, ...]
    missing: tuple[Missing, ...]
    aside: int
    figure_keys: tuple[FigureKey, ...]

    @property
    def spreads(self) -> int:
        """How many works have judges far apart."""
        return sum(bool(row.spreads) for row in self.works)

    @property
    def done(self) -> int:
        """Sheets handed in."""
        return sum(cell.is_given for row in self.works for cell in row.cells)

    @property
    def needed(self) -> int:
        """Sheets that must be handed in."""
        return sum(cell.state not in NOT_NEEDED for row in self.works for cell in row.cells)
