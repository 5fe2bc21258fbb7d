"""A rulebook as a workbook, and a workbook as a rulebook: the whole way, without database."""

import copy
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from competition.contests.naming import READER
from competition.contests.rules_fields import shown_words
from competition.contests.rules_outline import Document
from competition.contests.rules_shape import misshapen
from competition.contests.workbook import out
from competition.contests.workbook.known import Make
from competition.contests.workbook.reading import Found, Place, read
from competition.contests.workbook.rest import as_written, of_sheet, rests, sheet
from competition.contests.workbook.shape import ignored
from competition.contests.workbook.sheet import cell_name, write
from competition.core.grids import Grid
from competition.core.languages import on_record
from competition.scoring import rulebook as rulebooks


def grids_of(document: Document, stamp: Sequence[str]) -> list[Grid]:
    """Every sheet of a rulebook; ``stamp``: where it comes from."""
    with on_record():
        found = out.grids(document)
        count = iter(range(1, 100_000))
        said = read(found, lambda start: f"{start}-new-{next(count)}").document
        return [*found, sheet(list(rests(document, said)), list(stamp))]


def workbook_of(document: Document, stamp: Sequence[str], *, lines: Sequence[str]) -> bytes:
    """The workbook of a rulebook. ``lines``: what the first sheet says of where it comes from."""
    with on_record():
        return write(grids_of(document, stamp), title=_title(document), lines=lines, choices=out.choices(document))


def origin_line(contest: str, number: int | None, at: str) -> str:
    """Where a workbook comes from: a version, a ready rulebook (0), the draft (None)."""
    what = "草稿" if number is None else f"第 {number} 版" if number else "现成的规则"
    return f"{contest}　{what}　导出时间：{at}"


def sent_line(file_name: str, at: str) -> str:
    """Which file a workbook with red cells was."""
    return f"{file_name}　{at}"


def _title(document: Document) -> str:
    return str(shown_words(document.get("name"))["zh"]) or "评分规则"


class Fault(NamedTuple):
    """One thing to be changed: where, if it is a cell; the pointer in the document, if it is a fault of the rules; the sentence."""

    place: Place | None
    pointer: str
    sentence: str

    @property
    def cell(self) -> str:
        """The cell as spreadsheets call it."""
        return cell_name(self.place) if self.place else ""


class Reading(NamedTuple):
    """A workbook as it was read. ``unread``: cells that cannot be taken; ``faults``: what the rules that came out contradict;
    ``ignored``: what is no part of a rulebook; ``stamp``: where it was exported from."""

    document: Document
    unread: list[Fault]
    faults: list[Fault]
    ignored: list[str]
    stamp: list[str]


def reading_of(grids: list[Grid], make: Make) -> Reading:
    """What the sheets say. Raises RuleBroken where they are no workbook of a rulebook."""
    written, stamp = of_sheet(grids)
    found = read(grids, make)
    document = as_written(copy.deepcopy(found.document), written)
    if misshapen(document):
        # Somebody wrote into the sheet of spellings: what the tables say counts.
        document = found.document
    unread = [Fault(flaw.place, "", flaw.sentence) for flaw in found.flaws]
    return Reading(document, unread, _faults(document, found), ignored(grids), stamp)


def _faults(document: Document, found: Found) -> list[Fault]:
    """What the rules contradict; of a cell that cannot be read nothing more is said."""
    unread = {flaw.place for flaw in found.flaws}
    faults = [Fault(found.place(fault.path), fault.path, fault.say(READER)) for fault in rulebooks.read(document)[1]]
    return [fault for fault in faults if fault.place not in unread]


def red_workbook(grids: list[Grid], make: Make, *, lines: Sequence[str]) -> bytes:
    """The same workbook with every cell that has to be changed in red, and why as a comment."""
    with on_record():
        reading = reading_of(grids, make)
        marks = defaultdict[Place, list[str]](list)
        for fault in [*reading.unread, *reading.faults]:
            if fault.place is not None and fault.sentence not in marks[fault.place]:
                marks[fault.place].append(fault.sentence)
        return write(grids, title=_title(reading.document), lines=lines, choices=out.choices(reading.document), marks=marks)
