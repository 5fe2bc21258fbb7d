"""Trying a rulebook with invented numbers: what can be typed for an event, what does not fit, and what the engine is told. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.contests.naming import READER, named
from competition.core.words import say as _
from competition.scoring import exact
from competition.scoring.case import Case
from competition.scoring.criteria import Counts, Deduct, Grades, Judgement, MarkRefused, PassFail, Points
from competition.scoring.faults import Faults, Veto
from competition.scoring.inputs import Entry, Excusal, Figure, Mark, canonical_value
from competition.scoring.model import Criterion, Event, Rulebook
from competition.scoring.readings import Bands, Measured, Scale, Timed
from competition.scoring.rulebook import DEFAULT_EFFECTS

WORKS = ("A", "B", "C")
MOST_SEATS, MOST_TYPED = 9, 4000
OUTCOME, TEAM, EXCUSED = "outcome", "team", "excused"
Typed = Mapping[str, Mapping[str, str]]  # event → field → text


@dataclass(frozen=True)
class Cell:
    """One field of the grid; ``error``: why its number does not fit."""

    name: str
    label: str
    text: str
    error: str = ""


@dataclass(frozen=True)
class Line:
    """A criterion, one attempt at it, or a figure, with a cell for each judge (for a figure one)."""

    title: str
    hint: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """What can be typed for one work."""

    work: str
    marks: tuple[Line, ...]
    figures: tuple[Line, ...]
    outcome: str
    team: str
    excused: str = ""

    @property
    def seats_excused(self) -> list[str]:
        """The seats that do not mark this work, as typed: ``2``, ``2，3``."""
        return re.findall("[1-9]", half_width(self.excused), re.ASCII)

    @property
    def errors(self) -> int:
        """How many numbers do not fit."""
        return sum(1 for line in (*self.marks, *self.figures) for cell in line.cells if cell.error)

    @property
    def is_tried(self) -> bool:
        """Was anything typed?"""
        return bool(self.outcome) or any(cell.text for line in (*self.marks, *self.figures) for cell in line.cells)


def seats_of(event: Event, typed: Mapping[str, str]) -> int:
    """How many judges: as typed, else as many as trimming needs, or three."""
    text = typed.get("seats", "")
    if re.fullmatch("[1-9]", text, re.ASCII):
        return int(text)
    panel = event.panel
    return min(max(panel.trim_from if panel.method == "trimmed_mean" else 3, panel.minimum), MOST_SEATS)


def grids(event: Event, typed: Mapping[str, str]) -> list[Grid]:
    """One grid for each work."""
    seats = seats_of(event, typed)
    return [Grid(work, tuple(_marks(event, work, seats, typed)), tuple(_figures(event, work, typed)), typed.get(f"{work}.{OUTCOME}", ""),
                 typed.get(f"{work}.{TEAM}", ""), typed.get(f"{work}.{EXCUSED}", "")) for work in WORKS]


def _marks(event: Event, work: str, seats: int, typed: Mapping[str, str]) -> Iterator[Line]:
    for item in event.criteria:
        for attempt in range(1, item.attempts + 1):
            title = named(item.name) if item.attempts == 1 else _("%(name)s（第 %(n)s 次）", name=named(item.name), n=attempt)
            cells = (_cell(f"{work}.{item.key}.{seat}.{attempt}", _("作品 %(work)s，%(what)s，座位 %(n)s", work=work, what=title, n=seat),
                typed,
                           lambda text, item=item: canonical_value(item, text)) for seat in range(1, seats + 1))
            yield Line(title, hint(item), tuple(cells))


def _figures(event: Event, work: str, typed: Mapping[str, str]) -> Iterator[Line]:
    wanted: list[tuple[str, str, str]] = []
    if event.kind == "theory":
        wanted.append(("theory", _("理论成绩"), _("0 至 %(n)s 分", n=exact.text(Fraction(event.full)))))
    if event.time is not None:
        wanted += [("time_s", _("用时"), _("分:秒，例如 38:20")), ("time_back_s", _("补还时间"), _("设备故障等补还的时间，没有就不填"))]
    wanted += [(item.key, named(item.name), _("次数") if item.input == "count" else _("扣多少分")) for item in event.deductions]
    for key, title, words in wanted:
        read = _seconds if key in ("time_s", "time_back_s") else (lambda text, key=key: _plain(event, key, text))
        yield Line(title, words, (_cell(f"{work}.fig.{key}", _("作品 %(work)s，%(what)s", work=work, what=title), typed, read),))


def _cell(name: str, label: str, typed: Mapping[str, str], read: Any) -> Cell:
    text = typed.get(name, "")
    if not text:
        return Cell(name, label, "")
    try:
        read(half_width(text))
    except MarkRefused as error:
        return Cell(name, label, text, error.say(READER.say))
    except ValueError as error:
        return Cell(name, label, text, str(error))
    return Cell(name, label, text)


def half_width(text: str) -> str:
    """Full-width figures, as some keyboards type them, are figures."""
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _seconds(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,4})(?::([0-5][0-9]))?", text, re.ASCII)
    if found is None:
        raise ValueError(_("请填分和秒，例如 38:20。"))
    return str(int(found[1]) * 60 + int(found[2] or 0))


def _plain(event: Event, key: str, text: str) -> str:
    if not exact.is_plain(text):
        raise ValueError(_("请填数字，例如 40 或 0.5。"))
    if key == "theory" and event.imported is not None:
        return event.imported.canonical(text)
    item = event.deduction(key) if any(one.key == key for one in event.deductions) else None
    if item is not None and Fraction(text) % item.step:
        raise ValueError(_("要按 %(step)s 一档填写。", step=exact.text(item.step)))
    return text


def hint(item: Criterion) -> str:
    """What is entered, in a few words."""
    marking = item.marking
    if isinstance(marking, Points):
        return _("%(low)s 至 %(high)s 分", low=exact.text(marking.low), high=exact.text(marking.best))
    if isinstance(marking, Deduct):
        return _("错误处数")
    if isinstance(marking, Counts):
        return _("件数")
    if isinstance(marking, Faults):
        return _("各类错误的次数，用逗号隔开，共 %(n)s 个数", n=len(marking.kinds))
    if isinstance(marking, Measured):
        return _("读数，用逗号隔开，共 %(n)s 个", n=marking.places)
    if isinstance(marking, Timed):
        return _("秒数")
    if isinstance(marking, Judgement):
        return _("0 至 %(n)s 级", n=marking.top)
    if isinstance(marking, Grades):
        return _("第几档，1 至 %(n)s", n=len(marking.grades))
    if isinstance(marking, Veto):
        return _("出现填 1，没有填 0")
    return _("合格填 1，不合格填 0") if isinstance(marking, PassFail) else _("读数")


# ---- what the engine is told -------------------------------------------------------------------------------


def case_of(document: Mapping[str, Any], book: Rulebook, typed: Typed) -> Case:
    """Everything that was typed and fits. Works are entered in the events in which something was typed for them."""
    entries, marks, figures, excusals = [], list[Mark](), list[Figure](), list[Excusal]()
    for work in WORKS:
        tried = {event.key: grid for event in book.events for grid in grids(event, typed.get(event.key, {}))
            if grid.work == work and grid.is_tried}
        if not tried:
            continue
        codes = {key: grid.outcome for key, grid in tried.items() if grid.outcome in DEFAULT_EFFECTS}
        team = next((grid.team.strip() for grid in tried.values() if grid.team.strip()), None)
        entries.append(Entry(work, team=team, outcomes=codes, events=tuple(tried), delegation=team))
        for key, grid in tried.items():
            marks += _told_marks(book.event(key), grid)
            figures += _told_figures(book.event(key), grid)
            excusals += [Excusal(key, work, seat, _("回避")) for seat in grid.seats_excused if book.event(key).criteria]
    return Case(rulebook=document, entries=tuple(entries), marks=tuple(marks), sheets=(), figures=tuple(figures), decisions=(), panels=(),
                excusals=tuple(dict.fromkeys(excusals)), keys=(), expect={})


def _told_marks(event: Event, grid: Grid) -> Iterator[Mark]:
    for line in grid.marks:
        for cell in line.cells:
            work, key, seat, attempt = cell.name.split(".")
            if cell.text and not cell.error and seat not in grid.seats_excused:
                yield Mark(event.key, work, seat, key, canonical_value(event.criterion(key), half_width(cell.text)), int(attempt))


def _told_figures(event: Event, grid: Grid) -> Iterator[Figure]:
    for line in grid.figures:
        for cell in line.cells:
            if cell.text and not cell.error:
                work, _fig, key = cell.name.split(".")
                text = half_width(cell.text)
                yield Figure(event.key, work, key, _seconds(text) if key in ("time_s", "time_back_s") else text)


# ---- numbers to begin with ------------------------------------------------------------------------------------


def with_samples(event: Event, typed: Mapping[str, str]) -> dict[str, str]:
    """The empty fields of an event filled with invented numbers, so that a person need not type them all."""
    filled = {name: text for name, text in typed.items() if text}
    seats = seats_of(event, typed)
    for rank, work in enumerate(WORKS):
        for item in event.criteria:
            for attempt in range(1, item.attempts + 1):
                for seat in range(1, seats + 1):
                    filled.setdefault(f"{work}.{item.key}.{seat}.{attempt}", sample(item, rank, seat))
        if event.kind == "theory" and event.imported is not None:
            filled.setdefault(f"{work}.fig.theory", share(event.imported, 9 - rank, 10))
        if event.time is not None:
            whole, rest = divmod(event.time.limit * (18 + rank) // 20, 60)
            filled.setdefault(f"{work}.fig.time_s", f"{whole}:{rest:02d}")
    return filled


def sample(item: Criterion, rank: int, seat: int) -> str:
    """One invented entry: the first work is the best, and judges differ a little."""
    marking = item.marking
    if isinstance(marking, Points):
        return share(marking, 18 - 2 * rank - seat % 3, 20)
    if isinstance(marking, Deduct | Veto):
        return str(rank if isinstance(marking, Deduct) else 0)
    if isinstance(marking, Counts):
        return str(int(min(marking.best / marking.per * Fraction(9 - rank, 10), marking.input_max)))
    if isinstance(marking, Faults):
        return ",".join("1" if place < rank else "0" for place in range(len(marking.kinds)))
    if isinstance(marking, Measured):
        reading = (marking.target or exact.ZERO) + marking.tolerance
        return ",".join(exact.text(reading + (1 if place < rank else 0)) for place in range(marking.places))
    if isinstance(marking, Judgement):
        return str(max(0, marking.top - rank))
    if isinstance(marking, Grades):
        return str(min(rank + 1, len(marking.grades)))
    return _sample_reading(marking, rank)


def _sample_reading(marking: Any, rank: int) -> str:
    if isinstance(marking, Bands):
        return exact.text((marking.target or exact.ZERO) + marking.bands[min(rank, len(marking.bands) - 1)][0])
    if isinstance(marking, Scale):
        return exact.text((marking.target or exact.ZERO) + marking.at[-1 - min(rank, len(marking.at) - 1)][0])
    if isinstance(marking, Timed):
        return str(int(marking.limit * Fraction(18 + rank, 20)))
    return "1"


def share(marking: Any, part: int, of: int) -> str:
    """So much of the points that can be given, on a step."""
    steps = int((marking.best - marking.low) * Fraction(max(part, 0), of) / marking.input_step)
    return exact.text(marking.low + steps * marking.input_step)
