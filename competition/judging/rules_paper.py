"""A printed sheet: its number, its boxes in the tablet's order, and where two keyings of it differ. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.arena.rules_codes import ALPHABET, read_code
from competition.contests.naming import named
from competition.core.errors import RuleBroken
from competition.judging.rules import MARK, WITHDRAW, DeviceEvent, needed_attempts, slot
from competition.judging.rules_taking import Situation, Verdict
from competition.scoring.inputs import MarkRefused, canonical_value
from competition.scoring.model import Criterion

WAITING, DIFFERS, TAKEN, ASIDE, DROPPED = "waiting", "differs", "taken", "aside", "dropped"
UNFINISHED = (WAITING, DIFFERS)
CONFLICT = "paper.conflict"
# Refusals by which a tablet's marks would be lost beside those that were keyed from paper.
BESIDE = frozenset({"sheet.handed_in", "sheet.differs", "mark.stale", "criterion.not_again"})
# More that differs, or more tries than these, and one of the two did not key what stands on the paper: both begin anew.
FEW_DIFFERING, MOST_KEYINGS = 3, 5
_DASHES = str.maketrans({"—": "-", "–": "-", "‐": "-", "−": "-", "_": "-"})
_CHECK = 2


@dataclass(frozen=True)
class SheetNumber:
    """What is printed on a sheet and stands in its QR code: work, seat, version of the rulebook, two check characters."""

    work: str
    seat: int
    version: int
    check: str

    def __str__(self) -> str:
        return f"{self.work}-{self.seat}-{self.version}-{self.check}"


def check_of(work_id: UUID, seat_id: UUID, rulebook_digest: str) -> str:
    """Two characters that fit one seat, one work and one rulebook only: a slip of who types hits another sheet once in 784."""
    mixed = hashlib.sha256(f"{work_id}|{seat_id}|{rulebook_digest}".encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in mixed[:_CHECK])


def read_number(typed: str) -> SheetNumber:
    """The number as it was scanned or typed. Raises RuleBroken where it is none."""
    text = unicodedata.normalize("NFKC", typed).translate(_DASHES).replace(" ", "").upper()
    parts = text.split("-")
    is_number = len(parts) == 4 and all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts[1:3])
    if not is_number or not parts[0] or len(parts[0]) > 12:
        raise RuleBroken(_("这不是评分表的编号。请扫表上的二维码，或照样输入，例如 K7M2PX-3-1-HW。"), code="sheet_number", status=422,
                         field="number")
    return SheetNumber(read_code(parts[0]), int(parts[1]), int(parts[2]), read_code(parts[3]))


def beside_paper(event: DeviceEvent, here: Situation, refusal: Verdict) -> Verdict:
    """What becomes of a tablet's event that is refused while the sheet's marks are from paper: the same value says nothing new,
    another one is kept aside."""
    if refusal.code not in BESIDE:
        return refusal
    held = str(here.marks[event.slot]["value"]) if event.slot in here.marks else None
    value = _canonical(event, here.criteria)
    if (event.kind == MARK and value == held) or (event.kind == WITHDRAW and held is None):
        return Verdict("repeated", value=value)
    return Verdict("quarantined", CONFLICT, gettext("纸质评分表已经录入，与这一项不同，已另存，由裁判长处理。"), event.value)


def _canonical(event: DeviceEvent, criteria: Iterable[Criterion]) -> str:
    """A mark as sheets hold it; what is none stays as it was sent."""
    criterion = next((one for one in criteria if one.key == event.criterion), None)
    try:
        return event.value if criterion is None else canonical_value(criterion, event.value)
    except MarkRefused:
        return event.value


@dataclass(frozen=True)
class Box:
    """One box of a sheet. ``slot``: the mark it belongs to; ``part``: which of several figures of that mark, from 0 on."""

    slot: str
    part: int
    name: str
    needed: bool

    @property
    def field(self) -> str:
        """Its name in a form."""
        return f"{self.slot.replace('/', '__')}__{self.part}"


@dataclass(frozen=True)
class Line:
    """One criterion and attempt, with its boxes; ``heading``: the groups that begin here."""

    criterion: Criterion
    attempt: int
    boxes: tuple[Box, ...]
    heading: tuple[str, ...] = ()

    @property
    def slot(self) -> str:
        """The key of its mark."""
        return slot(self.criterion.key, self.attempt)

    @property
    def name(self) -> str:
        """The criterion, with the attempt where there are several."""
        said = named(self.criterion.name)
        return gettext("%(name)s（第 %(n)s 次）", name=said, n=self.attempt) if self.criterion.attempts > 1 else said


def lines_of(criteria: Sequence[Criterion], group_names: Mapping[str, str]) -> list[Line]:
    """A sheet in the order of the tablet's screen: every attempt of every criterion, headings where groups change."""
    found: list[Line] = []
    before: tuple[str, ...] = ()
    for criterion in criteria:
        heading = () if criterion.groups == before else tuple(group_names[key] for key in criterion.groups)
        found += [Line(criterion, attempt, tuple(_boxes(criterion, attempt)), heading if attempt == 1 else ())
                  for attempt in range(1, criterion.attempts + 1)]
        before = criterion.groups
    return found


def _boxes(criterion: Criterion, attempt: int) -> Iterable[Box]:
    key, needed = slot(criterion.key, attempt), attempt <= needed_attempts(criterion)
    kinds = [named(kind.name) for kind in getattr(criterion.marking, "kinds", ())]
    places = [gettext("第 %(n)s 处", n=n + 1) for n in range(getattr(criterion.marking, "places", 0) or 0)]
    return (Box(key, part, name, needed) for part, name in enumerate(kinds or places or [""]))


def keyed(lines: Iterable[Line], typed: Mapping[str, str]) -> dict[str, str]:
    """The marks of a keyed sheet by slot, in canonical form. Raises RuleBroken with a sentence for every box that is wrong.

    ``typed``: by the boxes' fields. A box that need not be filled may be empty, all of its mark's boxes then.
    """
    values: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    for line in lines:
        texts = [unicodedata.normalize("NFKC", typed.get(box.field, "")).strip() for box in line.boxes]
        if not any(texts) and not line.boxes[0].needed:
            continue
        try:
            values[line.slot] = canonical_value(line.criterion, ",".join(texts))
        except MarkRefused as refusal:
            wrong = next((box for box, text in zip(line.boxes, texts, strict=True) if not text), line.boxes[0])
            faults.append((wrong.field, refusal.say(gettext)))
    if faults:
        raise RuleBroken(faults[0][1], code="paper_refused", status=422, field=faults[0][0], more=faults[1:])
    return values


def typed_of(lines: Iterable[Line], values: Mapping[str, str]) -> dict[str, str]:
    """What was keyed, box by box, to be put right."""
    found: dict[str, str] = {}
    for line in lines:
        if line.slot in values:
            texts = values[line.slot].split(",") if len(line.boxes) > 1 else [values[line.slot]]
            found |= {box.field: text for box, text in zip(line.boxes, texts, strict=False)}
    return found


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The slots in which two keyings differ."""
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def is_hopeless(differing: int, cells: int, keyings: int) -> bool:
    """Is putting right no way out any more, of so many differing cells (of ``cells``) after so many keyings of the sheet?"""
    return differing > max(FEW_DIFFERING, cells // 4) or (differing > 0 and keyings >= MOST_KEYINGS)
