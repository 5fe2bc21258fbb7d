"""Walk the matrix: ask every cell, compare, and look at what each answer wrote in the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.access_matrix.browser import Door
from tests.access_matrix.matrix import (
    OK,
    SIDES,
    SIGN_IN,
    Address,
    addresses,
    answered,
    expected,
    expected_barred,
    expected_roleless,
)
from tests.access_matrix.people import BARRED, COLUMNS, DEAD_TABLETS, ROLELESS, Column
from tests.access_matrix.world import World
from tests.writes import SECURITY, UNRECORDED

# Looking at these is itself an act that stays on record.
RECORDED_LOOKS = frozenset({"arena.codes", "arena.code_labels"})
# Printing takes a second: of those who get in, this many print.
PAPERS = frozenset({
    "registration.entry_form_pdf", "judging.panel_cards", "judging.seat_card", "judging.paper_sheets", "arena.order_book",
    "arena.station_labels", "arena.sign_in_sheets", "arena.code_labels", "certificates.preview", "certificates.preview_file",
    "certificates.verified_picture", "certificates.design_preview", "certificates.design_file", "certificates.calibration",
    "certificates.preview_picked", "certificates.labels",
})
PRINT = 2


@dataclass
class Outcome:
    """Every cell that was asked, and what was wrong."""

    cells: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    address: Address
    who: str
    side: str
    wanted: str


def cells(door: Door) -> Iterator[Cell]:
    """Every cell that is asked."""
    printed: Counter[tuple[str, str]] = Counter()
    for cell in every_cell(door):
        if cell.wanted == OK and cell.address.rule.endpoint in PAPERS:
            printed[cell.address.name, cell.side] += 1
            if printed[cell.address.name, cell.side] > PRINT:
                continue
        yield cell


def every_cell(door: Door) -> Iterator[Cell]:
    """The columns of the table, then those whose right is over."""
    for address in addresses(door.app):
        for side in SIDES if address.line.about else SIDES[:1]:
            for column in COLUMNS:
                # Refused before anybody looks what the address is about: asked once.
                if side == "foreign" and expected(address, column, side) in ("403", "401", SIGN_IN) and is_same(address, column):
                    continue
                yield Cell(address, column.key, side, expected(address, column, side))
            if side != "own":
                continue
            for who in (*BARRED, *DEAD_TABLETS):
                yield Cell(address, who, side, expected_barred(address))
            for who in ROLELESS:
                yield Cell(address, who, side, expected_roleless(address))


def is_same(address: Address, column: Column) -> bool:
    """Is own answered like foreign?"""
    return expected(address, column, "own") == expected(address, column, "foreign")


def ask(door: Door, world: World, cell: Cell, outcome: Outcome) -> None:
    """One cell; afterwards the world is as it was."""
    address = cell.address
    values = {"own": world.own, "foreign": world.foreign}[cell.side].get(address.line.about, {})
    body = {"json": {}, "headers": {"Idempotency-Key": "asked-once"}} if address.is_api and address.method in ("POST", "PUT") else {}
    answer = door.ask(address.method, address.path(door.app, values), session=world.sessions.get(cell.who),
                      device=world.devices.get(cell.who), **body)
    got = answered(answer.status_code, answer.location)
    answer.close()
    outcome.cells[cell.wanted] += 1
    if got != cell.wanted:
        outcome.wrong.append(f"{address.name}  {cell.who}  {cell.side}: wanted {cell.wanted}, got {got} ({answer.status_code})")
    if fault := written_wrong(address, got, door.written):
        outcome.wrong.append(f"{address.name}  {cell.who}  {cell.side}: {fault}")
    if set(door.written) - {SECURITY}:
        door.restore()


def written_wrong(address: Address, got: str, written: list[str]) -> str | None:
    """A refusal writes one security row and nothing else, a look writes nothing, an act leaves an audit row."""
    wrote = set(written)
    if got != OK:
        wanted = [SECURITY] if address.method != "GET" else []
        return None if written == wanted else f"a refusal wrote {written}"
    if address.method == "GET" and address.rule.endpoint not in RECORDED_LOOKS:
        return f"a look wrote {sorted(wrote)}" if wrote else None
    if wrote - {SECURITY} and "audit_row" not in wrote and address.rule.endpoint not in UNRECORDED:
        return f"wrote {sorted(wrote)} and no audit row"
    return None
