"""The raw marks of one work, laid out as on paper, so that a person can add them up. Works on read values."""

from collections.abc import Sequence
from dataclasses import dataclass

from competition.judging.queries import Mark
from competition.scoring import exact
from competition.scoring.model import Criterion, Event
from competition.scoring.panels import sheet_total
from competition.scoring.scores import Row


@dataclass(frozen=True)
class WorkSheet:
    """Criteria × seats with what each judge wrote; ``totals`` by seat as the program adds them."""

    code: str
    seats: tuple[int, ...]
    rows: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    judges: str
    value: str


def _with_groups(event: Event, criterion: Criterion) -> str:
    """模块·评分项"""
    return "·".join((*(event.group(key).name.zh for key in criterion.groups), criterion.name.zh))


def work_sheet(event: Event, code: str, marks: Sequence[Mark], row: Row | None) -> WorkSheet:
    """Lay out the marks of one work; several attempts stand behind one another."""
    seats = tuple(sorted({seat for _work, seat, *_rest in marks}))
    written: dict[tuple[str, int], list[str]] = {}
    for _work, seat, criterion, _attempt, value in marks:
        written.setdefault((criterion, seat), []).append(value)
    rows = tuple(
        (_with_groups(event, c), "" if c.kind == "veto" else exact.text(c.max), exact.text(c.weight),
         tuple(" / ".join(written.get((c.key, seat), [])) for seat in seats))
        for c in event.criteria
    )
    totals = [sheet_total(event, {c: values[-1] for (c, s), values in written.items() if s == seat}) for seat in seats]
    judges = row.figures.get("judges") if row is not None else None
    return WorkSheet(
        code, seats, rows, tuple("" if total is None else exact.text(total) for total in totals),
        "" if judges is None else exact.text(judges), "" if row is None or row.value is None else exact.text(row.value),
    )
