"""What a tablet sends and what a sheet says. Pure."""

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from competition.scoring.model import Criterion, Event

Result = Literal["accepted", "repeated", "conflict", "refused", "quarantined"]
MARK, WITHDRAW, HAND_IN, KEEP = "mark", "withdraw", "hand_in", "keep"
MOST_OF_A_REASON = 200
# A handed-in sheet whose judge marks again what was asked about.
REMARKING = "remarking"
MOST_EVENTS = 200
# A tablet sends in order: a number far ahead of the last one seen is a broken counter, not a gap.
FARTHEST = 5000


@dataclass(frozen=True)
class DeviceEvent:
    """One event as a tablet sends it. ``value`` of a hand-in is the sheet's text (``sheet_text``); of a comment the words, of a
    photo the hash of its bytes. ``signature``: strokes as ``rules_evidence.signature_text`` writes them, "" for none.
    ``rulebook``: the digest of the version by which it was made, "" from a page that does not say."""

    id: UUID
    device_seq: int
    seat_id: UUID
    work_id: UUID
    kind: str
    criterion: str = ""
    attempt: int = 1
    value: str = ""
    base_version: int = 0
    client_at: datetime | None = None
    signature: str = ""
    rulebook: str = ""

    @property
    def slot(self) -> str:
        """Which mark of the sheet it is about."""
        return slot(self.criterion, self.attempt)

    @property
    def digest(self) -> str:
        """The hash of everything it says; without a signature or rulebook what it was before there were any: stored ones must agree."""
        said = {each.name: str(getattr(self, each.name)) for each in fields(self)
                if each.name not in ("signature", "rulebook") or getattr(self, each.name)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What became of one event. ``version``: the round's version at which it was taken."""

    id: UUID
    result: Result
    version: int | None = None
    value: str = ""
    code: str = ""
    message: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def slot(criterion: str, attempt: int) -> str:
    """The key of one mark in a sheet."""
    return f"{criterion}/{attempt}"


def slot_parts(key: str) -> tuple[str, int]:
    """The way back: criterion and attempt."""
    criterion, _sep, attempt = key.rpartition("/")
    return criterion, int(attempt)


def sheet_criteria(event: Event, panel_criteria: Iterable[str]) -> tuple[Criterion, ...]:
    """What a panel marks: the criteria it names, or the common sheet."""
    named = set(panel_criteria)
    return tuple(c for c in event.criteria if c.key in named) if named else event.sheet_criteria


def own_sheets(event: Event) -> dict[str, tuple[Criterion, ...]]:
    """What a panel of its own marks, beside the common sheet: by the key of the criterion or group, its criteria."""
    groups = {group.key: tuple(c for c in event.criteria if group.key in c.groups) for group in event.groups if group.panel is not None}
    return groups | {item.key: (item,) for item in event.criteria if item.panel is not None}


def unmarked(event: Event, panels: Iterable[Iterable[str]]) -> list[str]:
    """Sheets that none of these panels (their criteria; none: the common sheet) marks, by key; "" is the common sheet."""
    named = [set(criteria) for criteria in panels]
    marked = set().union(*named)
    common = [""] if event.sheet_criteria and all(named) else []
    return common + [key for key, items in own_sheets(event).items() if not marked.issuperset(c.key for c in items)]


def slots(criteria: Iterable[Criterion]) -> list[str]:
    """Every mark that a whole sheet has, in order."""
    return [slot(c.key, n) for c in criteria for n in range(1, needed_attempts(c) + 1)]


def needed_attempts(criterion: Criterion) -> int:
    """How many attempts must be marked: all of them where they are summed, else the first."""
    return criterion.attempts if criterion.take == "sum" else 1


def sheet_text(marks: Mapping[str, Any]) -> str:
    """The sheet in one line, sorted: what a judge hands in and the server compares."""
    return ";".join(f"{key}={value_of(marks[key])}" for key in sorted(marks))


def value_of(mark: Any) -> str:
    """The value of a mark as the sheet keeps it, or of a plain text."""
    return str(mark["value"]) if isinstance(mark, Mapping) else str(mark)


def check_code(rulebook_digest: str, work_code: str, seat_number: int, marks: Mapping[str, Any]) -> str:
    """Eight characters that stand on the tablet and on the printed sheet."""
    text = f"{rulebook_digest}|{work_code}|{seat_number}|{sheet_text(marks)}"
    code = b32encode(hashlib.sha256(text.encode()).digest()).decode()[:8]
    return f"{code[:4]}-{code[4:]}"


def applies(event: DeviceEvent, mark: Mapping[str, Any] | None, device_id: UUID) -> bool:
    """Whether an accepted event is the newest word on its mark: a device's later word stays."""
    return not (mark and mark["device"] == str(device_id) and mark["seq"] > event.device_seq)


def missing_after(last_seq: int, missing: Sequence[int], came: Iterable[int]) -> tuple[int, list[int]]:
    """The highest number seen and the numbers below it that never came, once ``came`` have."""
    seen = set(came)
    highest = max([last_seq, *seen])
    gaps = {*missing, *range(last_seq + 1, highest)} - seen
    return highest, sorted(gaps)
