"""Drawing lots so that anybody can repeat it: the procedure of docs/draw.md.

Every decision is an order by HMAC-SHA256 under the draw's seed. Nothing else enters: not the order
of registration, no clock, no second source of chance. Delegations are spread over the batches: no
two batches differ by more than one in size, nor in the number they have of any delegation.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

PROCEDURE = "hmac-sha256-spread/1"
SEED_BYTES = 32


@dataclass(frozen=True)
class Lot:
    """Who takes part in a draw: ``key`` is unique and public (number or team), ``group`` is spread."""

    key: str
    group: str


@dataclass(frozen=True)
class Place:
    """Where the draw put one: ``batch`` and ``station`` count from 1, ``position`` over the whole round."""

    key: str
    batch: int
    station: int
    position: int


def plain(text: str) -> str:
    """A name with single blanks: tabs and line ends part the columns of the lists."""
    return " ".join(text.split())


def lot_of(seed: str, word: str, name: str) -> str:
    """The lot of one name for one decision, as hexadecimal text."""
    return hmac.new(bytes.fromhex(seed), f"{word}:{name}".encode(), hashlib.sha256).hexdigest()


def batch_count(entrants: int, capacity: int) -> int:
    """How many batches are needed when ``capacity`` work at once."""
    return -(-entrants // max(1, capacity))


def batch_sizes(entrants: int, capacity: int) -> list[int]:
    """The sizes of the batches, larger ones first; which batch is which is for the draw to say."""
    count = batch_count(entrants, capacity)
    return [entrants // count + (1 if i < entrants % count else 0) for i in range(count)] if count else []


def draw(lots: Iterable[Lot], seed: str, capacity: int) -> list[Place]:
    """Batches and stations for all lots, in the order of their positions.

    Raises ValueError when a key stands twice or a name holds a tab or a line end.
    """
    entered = list(lots)
    check_lots(entered)
    piles = _deal(entered, seed, capacity)
    order = sorted(range(len(piles)), key=lambda i: lot_of(seed, "batch", str(i + 1)))
    places: list[Place] = []
    for batch, pile in enumerate((piles[i] for i in order), start=1):
        stations = sorted(pile, key=lambda key: lot_of(seed, "station", key))
        places += [Place(key, batch, number, len(places) + number) for number, key in enumerate(stations, start=1)]
    return places


def check_lots(lots: list[Lot]) -> None:
    """Raise ValueError unless keys are unique and names fit on one line of the list."""
    double = [key for key, count in Counter(lot.key for lot in lots).items() if count > 1]
    if double:
        raise ValueError(f"keys stand twice: {sorted(double)}")
    if any(name != plain(name) or not name for lot in lots for name in (lot.key, lot.group)):
        raise ValueError("a name is empty or has blanks that would break the list")


def _deal(lots: list[Lot], seed: str, capacity: int) -> list[list[str]]:
    """Delegation after delegation, one card to each pile in turn."""
    queue = sorted(lots, key=lambda lot: (lot_of(seed, "delegation", lot.group), lot_of(seed, "entrant", lot.key)))
    piles: list[list[str]] = [[] for _ in range(batch_count(len(lots), capacity))]
    for number, lot in enumerate(queue):
        piles[number % len(piles)].append(lot.key)
    return piles


def input_text(lots: Iterable[Lot]) -> str:
    """The list of those who take part, one a line, in the order of their bytes."""
    return "".join(sorted((f"{lot.key}\t{lot.group}\n" for lot in lots), key=str.encode))


def result_text(places: Iterable[Place]) -> str:
    """The list of places, one a line, in the order of positions."""
    return "".join(f"{p.key}\t{p.batch}\t{p.station}\n" for p in sorted(places, key=lambda p: p.position))


def result_digest(places: Iterable[Place], seed: str) -> str:
    """The hash of a result, with the seed before it: of a small round all results could be tried."""
    return digest(f"{seed}\n{result_text(places)}")


def digest(text: str) -> str:
    """SHA-256 of a list or of a seed, as hexadecimal text."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_public(event_kind: str, *, locked: bool) -> bool:
    """May everybody see the seed and who works where? In a theory event at once, else when the round is locked.

    Judges see stations and codes; whoever has the seed can tell the stations of all contestants.
    """
    return event_kind == "theory" or locked
