"""What a job finds in a table that a union sent: columns, faults, people by keyed hash, what they would change. Nothing counts yet."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.crypto import blind_indexes, keyring
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile, drop, store, write_bytes
from competition.core.masks import mask_name
from competition.core.tables.reading import Table, Tables, read_tables
from competition.counting.rules import places
from competition.counting.rules_periods import UNKNOWN, age_band, month_days
from competition.returns import queries_import as reads
from competition.returns import rules_import as rules
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from competition.returns.queries_standing import Around
from competition.rosters.queries import remembered
from competition.rosters.returned import faulty_book
from competition.rosters.rules_columns import FIELDS, Head, find_head, with_choice
from competition.rosters.rules_rows import Checked, Row, check_rows

KEPT = timedelta(days=30)
MARK = "participation.mark_roster"
SEALED = "application/octet-stream"
Report = Callable[[int, int, Any], None]
# Tables of more rows say on the way how far they are.
LONG = 1_000


@dataclass(frozen=True)
class Read:
    """A table that was sent, its sheet and the head that counts."""

    data: bytes
    tables: Tables
    sheet: int
    head: Head

    @property
    def table(self) -> Table:
        """The sheet that is read."""
        return self.tables.tables[self.sheet]


def sealed(kept: ReturnImport, what: str, data: bytes) -> bytes:
    """A file of an import as it lies on disk, written already: the act that keeps it stays short."""
    made = keyring().seal_bytes(data, f"return_import|{what}|{kept.id}")
    write_bytes(made)
    return made


def keep(kept: ReturnImport, what: str, made: bytes, at: datetime) -> StoredFile:
    """Within an act: the row of such a file; the one before it goes."""
    before = getattr(kept, what)
    row = store(made, name=f"{what}.sealed", media_type=SEALED, sensitivity="personal", actor=SYSTEM, at=at, keep_until=at + KEPT)
    setattr(kept, what, row)
    db.session.flush()
    if before is not None:
        drop([before])
    return row


def opened(kept: ReturnImport, what: str) -> bytes:
    """The file again. Raises RuleBroken when its time is over."""
    row: StoredFile | None = getattr(kept, what)
    if row is None:
        raise RuleBroken(_("这份文件已超过保存期限，请重新上传。"), code="file_gone", status=410)
    return keyring().open_bytes(row.read(), f"return_import|{what}|{kept.id}")


def read_again(kept: ReturnImport) -> Read:
    """The table that was sent, with the columns that count: chosen now, chosen earlier for such titles, or guessed. Raises RuleBroken."""
    data = opened(kept, "file")
    tables = read_tables(data)
    heads = [find_head(table.rows) for table in tables.tables]
    sheet = kept.sheet if kept.sheet is not None and kept.sheet < len(heads) else next(
        (n for n, head in enumerate(heads) if head and head.is_complete), next((n for n, head in enumerate(heads) if head), 0))
    head = heads[sheet]
    if head is None:
        raise RuleBroken(_("没有找到表头。请在人员上方写一行列名，至少写“姓名”和“证件号码”，再上传。"), code="no_head", status=422)
    return Read(data, tables, sheet, with_choice(head, kept.columns) if kept.chosen else remembered(kept.of.union_id, head))


def read_import(import_id: uuid.UUID, *, at: datetime, report: Report) -> ReturnImport:
    """Read the table and say what is in it; may be broken off at any line and begun again. Raises RuleBroken for what is no table."""
    kept = get(ReturnImport, import_id)
    if kept.state != rules.READING:
        return kept
    report(0, 4, _("正在读取表格"))
    read = read_again(kept)
    summary = columns_of(read)
    if not read.head.is_complete:
        return _end(kept, rules.COLUMNS, read, summary, None, at)
    # Each word on the way is a commit of its own: a short table, as most are, is done before anybody reads it.
    tell = report if len(read.table.rows) > LONG else _silently
    tell(1, 4, _("正在逐行检查"))
    checked = check_rows(read.table.lines, read.table.rows, read.head, reads.names_for(kept.of))
    tell(2, 4, _("正在比对名册"))
    found, more = found_in(kept.of, checked)
    made = sealed(kept, "found", json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())
    tell(3, 4, _("正在整理结果"))
    return _end(kept, rules.CHECKED, read, summary | more, made, at)


def _silently(_done: int, _total: int, _message: Any) -> None:
    """Nobody waits long enough to be told."""


def _end(kept: ReturnImport, state: str, read: Read, summary: dict[str, Any], found: bytes | None, at: datetime) -> ReturnImport:
    with atomic():
        job_id, kept = kept.job_id, get(ReturnImport, kept.id, lock=True)
        if kept.state != rules.READING or kept.job_id != job_id:
            return kept
        kept.state, kept.sheet, kept.columns, kept.summary = state, read.sheet, dict(read.head.fields), summary
        if found is not None:
            keep(kept, "found", found, at)
        if summary.get("bad"):
            job = jobs.start(MARK, title=_("标出要改的地方"), about=kept.file_name, payload={"import": str(kept.id)}, actor=SYSTEM, at=at)
            job.owner_id, kept.marking_id = kept.by_id, job.id
        counts = {name: summary.get(name, 0) for name in ("rows", "good", "bad")}
        audit.record("participation.read_table", actor=SYSTEM, subject=("return_import", kept.id), at=at, details=counts)
    return kept


def columns_of(read: Read) -> dict[str, Any]:
    """What is kept of the head: titles, masked samples, the sheets there are."""
    fields = {column: field for field, column in read.head.fields.items()}
    below = read.table.rows[read.head.row + 1:]
    return {"row": read.head.row, "titles": list(read.head.titles), "sheets": [table.title for table in read.tables.tables],
            "hidden": read.tables.hidden,
            "samples": [rules.samples_of(below, column, fields.get(column)) for column in range(len(read.head.titles))]}


def found_in(found: Return, checked: Checked) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is kept of the rows: people by key with what was true of them, and faults, numbers masked; and what is said of it all."""
    people, standings = _people(found, checked)
    faults = [[row.line, mask_name(row.texts.get("name", "")), rules.masked(row.texts.get("number", ""), "number"),
               [[field, rules.said_of(words)] for field, words in row.faults.items()]] for row in checked.bad]
    summary = {"rows": len(checked.rows), "good": len(people), "bad": len(faults), "left_out": len(checked.left_out),
               "left_lines": checked.left_out[:rules.EXAMPLES], "kinds": rules.kinds_of(checked.bad, FIELDS),
               "has_days": any(row.person and row.person.day for row in checked.rows), "changes": _changes(found, people, standings),
               "units": _unknown_units(checked.good)}
    return {"people": people, "standings": standings, "faults": faults}, summary


def _people(found: Return, checked: Checked) -> tuple[list[list[Any]], list[list[Any]]]:
    """Of each person: key, number of the standing, day, and name, number and unit as lists show them."""
    persons = [row.person for row in checked.good if row.person]
    keys = blind_indexes("document", [person.document.index_text for person in persons])
    around, numbers, last = Around(found, persons), dict[Any, int](), month_days(found.month)[1]
    truths = (around.of(person, row.texts.get("sex", "")) for person, row in zip(persons, checked.good, strict=True))
    people = [[key, numbers.setdefault(truth, len(numbers)), (person.day or last).isoformat(), mask_name(person.name),
               person.document.masked, person.unit]
              for key, person, truth in zip(keys, persons, truths, strict=True)]
    return people, [[str(union_id), *rest] for union_id, *rest in numbers]


def _unknown_units(rows: Iterable[Row]) -> dict[str, Any]:
    named = {row.person.unit for row in rows if row.person and row.person.unit and not row.person.ownership}
    return rules.examples(named - reads.employers_named(named).keys())


def _changes(found: Return, people: Sequence[Sequence[Any]], standings: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """What it would change of the return's present roster, and of the version that is corrected."""
    bases = [("now", found)]
    if found.supersedes_id:
        bases.append(("corrected", get(Return, found.supersedes_id)))
    before = [(what, reads.said_of(base.activity_id, base.number)) for what, base in bases]
    if not any(said for _what, said in before):
        return []
    now = _said(people, standings)
    return [{"what": what, **vars(rules.compare(now, said))} for what, said in before if said]


def _said(people: Sequence[Sequence[Any]], standings: Sequence[Sequence[Any]]) -> Mapping[str, tuple[Any, ...]]:
    said: dict[tuple[int, str], tuple[Any, ...]] = {}
    for _key, number, day, *_shown in people:
        if (number, day) not in said:
            on, (union, region, industry, ownership, kind, group, sex, born) = date.fromisoformat(day), standings[number]
            said[number, day] = (uuid.UUID(union), places(region).region, industry, ownership, kind, group, sex or UNKNOWN,
                                 age_band(born, on.year), on)
    return {key: said[number, day] for key, number, day, *_shown in people}


def mark_import(import_id: uuid.UUID, *, at: datetime) -> None:
    """The table back with every cell that is wrong marked, kept sealed until its sender fetches it."""
    kept = get(ReturnImport, import_id)
    if kept.marked is not None or kept.state == rules.READING:
        return
    read = read_again(kept)
    checked = check_rows(read.table.lines, read.table.rows, read.head, reads.names_for(kept.of))
    made = sealed(kept, "marked", faulty_book(read.data, read.table, read.head, checked))
    with atomic():
        kept = get(ReturnImport, import_id, lock=True)
        # Other columns may have been chosen meanwhile.
        if kept.state != rules.READING and kept.columns == dict(read.head.fields):
            keep(kept, "marked", made, at)
            audit.record("participation.mark_table", actor=SYSTEM, subject=("return_import", kept.id), at=at,
                         details={"bad": len(checked.bad)})
