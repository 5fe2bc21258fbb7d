"""The cells of a workbook as a rulebook, with everything that cannot be read, cell by cell. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from competition.contests.rules_fields import LANGUAGES
from competition.contests.rules_outline import Document, Steps, variant_of
from competition.contests.workbook.cells import odd_words, value_of
from competition.contests.workbook.known import Keys, Known, Make, Thing
from competition.contests.workbook.shape import Sheet, sheets_of
from competition.contests.workbook.tables import ALL, REFS, Column, Table
from competition.core.grids import Grid
from competition.core.words import say as _


class Place(NamedTuple):
    """A cell, counted from 0."""

    sheet: str
    row: int
    column: int


class Flaw(NamedTuple):
    """What is wrong with a cell."""

    place: Place
    sentence: str


@dataclass
class Found:
    """What a workbook says. ``places``: where each thing and value of the document stands."""

    document: Document
    flaws: list[Flaw]
    places: dict[Steps, Place]

    def place(self, pointer: str) -> Place | None:
        """The cell that a fault of the document is about, or the nearest one around."""
        steps = tuple(int(step) if step.isdigit() else step for step in pointer.strip("/").split("/"))
        return next((self.places[steps[:n]] for n in range(len(steps), 0, -1) if steps[:n] in self.places), None)


class Row:
    """One row of a sheet: its cells by head."""

    def __init__(self, reader: "Reader", sheet: Sheet, number: int) -> None:
        self.reader, self.sheet, self.number = reader, sheet, number

    def text(self, head: str) -> str:
        """What stands under a head; nothing where the cell is odd, which is reported."""
        column = self.sheet.columns[head]
        why = self.sheet.grid.odd.get((self.number, column))
        if why:
            self.flaw(head, odd_words(why))
            return ""
        return self.sheet.grid.text(self.number, column)

    def place(self, head: str) -> Place:
        """The cell under a head."""
        return Place(self.sheet.grid.title, self.number, self.sheet.columns[head])

    def flaw(self, head: str, sentence: str) -> None:
        """Report what is wrong there, once."""
        flaw = Flaw(self.place(head), sentence)
        if flaw not in self.reader.found.flaws:
            self.reader.found.flaws.append(flaw)

    def tried(self, head: str, verb: Callable[[], Any]) -> Any:
        """What ``verb`` returns; None after its refusal was reported."""
        try:
            return verb()
        except ValueError as error:
            self.flaw(head, str(error))
            return None


@dataclass
class Reader:
    """Reads sheet by sheet; what a row belongs to stands in an earlier sheet."""

    known: Known
    found: Found
    open: dict[int, list[Thing]] = field(default_factory=dict)

    def sheet(self, sheet: Sheet) -> None:
        """Take all rows of a sheet."""
        for number in sheet.row_numbers:
            row = Row(self, sheet, number)
            holder = self.holder(row, sheet.table)
            if holder is not None:
                self.row(row, sheet.table, holder)

    def holder(self, row: Row, table: Table) -> Thing | None:
        """Whose row it is; None where that cannot be said."""
        found = self.known.root
        for ref in table.refs:
            if ref == "level":
                return self.above(row, found)
            head = REFS[ref]
            text = row.text(head)
            if not text and ref != "item":
                row.flaw(head, _("请写明这一行属于哪一项。"))
                return None
            inner: Thing | None = row.tried(head, partial(self.known.holder, ref, text, found))
            if inner is None:
                return None
            found = inner
        return found

    def above(self, row: Row, event: Thing) -> Thing:
        """What a row of criteria stands in: the last row before it that is one level further out, which must be a group."""
        way = self.open.setdefault(id(event), [event])
        text = row.text(REFS["level"]) or "1"
        level = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
        if not 1 <= level <= len(way):
            row.flaw(REFS["level"], _("层级只能是 1 至 %(n)s：每一行最多比上一行多 1。", n=len(way)) if len(way) > 1 else
                     _("一个项目的第一行，层级只能是 1。"))
            level = min(max(level, 1), len(way))
        while level > 1 and way[level - 1].item.get("kind") != "group":
            row.flaw(REFS["level"], _("上面的“%(name)s”不是一组评分项，不能有下一层。", name=way[level - 1].name))
            level -= 1
        del way[level:]
        return way[-1]

    def row(self, row: Row, table: Table, holder: Thing) -> None:
        """Put what a row says where it belongs."""
        if table.shape == "thing":
            self.found.places.setdefault((*holder.steps, *table.path), row.place(table.columns[0].head))
            self.values(row, table, holder.item, holder.steps, table.path, variant="", holder=holder)
        elif table.shape == "coded":
            self.coded(row, table, holder)
        elif table.shape == "texts":
            texts = _list(holder.item, table.path)
            self.found.places[*holder.steps, *table.path, len(texts)] = row.place(table.columns[0].head)
            texts.append(_words({column.language: row.text(column.head) for column in table.columns}) or "")
        else:
            self.listed(row, table, holder)

    def coded(self, row: Row, table: Table, holder: Thing) -> None:
        """A row of an object whose keys are codes."""
        head = table.columns[0].head
        code = row.tried(head, lambda: value_of(table.columns[0].spec, row.text(head)))
        if code is not None:
            path = table.path if code == ALL else (*table.path, code)
            self.found.places[*holder.steps, *path] = row.place(head)
            self.values(row, table, holder.item, holder.steps, path, variant="", holder=holder, skip=1)

    def listed(self, row: Row, table: Table, holder: Thing) -> None:
        """A row that is one of a list."""
        siblings = _list(holder.item, table.path)
        thing = Thing({}, (*holder.steps, *table.path, len(siblings)), path=[*holder.path, holder] if holder.steps else [])
        siblings.append(thing.item)
        first = table.columns[0].head
        self.found.places[thing.steps] = row.place(first)
        variant = variant_of("award", holder.item) if table.kind == "tier" else None
        if table.kind == "award":
            thing.label = row.text(first) or str(len(siblings))
        self.values(row, table, thing.item, thing.steps, (), variant=variant, holder=holder)
        if table.made and not thing.item.get("key"):
            keys = self.known.keys
            thing.item["key"] = keys.prize(thing.name) if table.made == "p" and thing.name else keys.new(
                "g" if thing.item.get("kind") == "group" else table.made)
        self.remember(table, thing, holder)

    def remember(self, table: Table, thing: Thing, holder: Thing) -> None:
        """What later rows can refer to."""
        scope = holder.path[0] if holder.path else holder
        if not table.refs:
            thing.kind = {"events": "event", "totals": "total", "teams": "team"}[table.path[0]]
            self.known.root.things("scope").append(thing)
        elif table.shape == "tree":
            scope.things("item").append(thing)
            self.open[id(scope)].append(thing)
        elif table.kind in ("award", "tier"):
            holder.things("rule" if table.kind == "award" else "tier").append(thing)
        elif table.made:
            scope.things("figure").append(thing)

    def values(self, row: Row, table: Table, item: Document, steps: Steps, path: Steps, *, variant: str | None, holder: Thing,
               skip: int = 0) -> None:
        """The cells of a row as values of an object; columns of other kinds of thing must be empty."""
        late = []
        for column in table.columns[skip:]:
            if column.variants and variant is None:
                late.append(column)
            elif column.path:
                self.value(row, column, item, steps, path, variant, holder)
        kind = variant_of(table.kind, item) if late else ""
        known = frozenset().union(*(column.variants for column in late))
        for column in late:
            self.value(row, column, item, steps, path, kind if kind in known else None, holder)

    def value(self, row: Row, column: Column, item: Document, steps: Steps, path: Steps, variant: str | None, holder: Thing) -> None:
        """One cell."""
        text = row.text(column.head)
        if variant is not None and not column.fits(variant):
            if text:
                row.flaw(column.head, _("这一种没有“%(head)s”，请清空这一格，或改变它的类别。", head=column.head))
            return
        self.found.places.setdefault((*steps, *path, *column.path), row.place(column.head))
        if not text:
            return
        if column.spec.type == "words":
            if column.language == "zh" or not _has(item, (*path, *column.path)):
                given = {code: row.text(head) for code, head in _heads(row.sheet.table, column)}
                _put(item, (*path, *column.path), _words(given))
            return
        found = row.tried(column.head, lambda: self.read(column, text, holder))
        if found is not None:
            _put(item, (*path, *column.path), found)

    def read(self, column: Column, text: str, holder: Thing) -> Any:
        """The value of a cell; raises ValueError."""
        return self.known.reference(column.spec, text, holder) if column.spec.type == "ref" else value_of(column.spec, text)


def read(grids: list[Grid], make: Make) -> Found:
    """The rulebook that the sheets describe. ``make``: new keys. Raises RuleBroken where sheets or columns are missing."""
    sheets = sheets_of(grids)
    root = Thing({"format": 1}, ())
    reader = Reader(Known(root, _keys(sheets, make)), Found(root.item, [], {}))
    for sheet in sheets:
        reader.sheet(sheet)
    return reader.found


def _keys(sheets: list[Sheet], make: Make) -> Keys:
    """Every key that somebody typed; prizes by name."""
    typed: set[str] = set()
    prizes: dict[str, str] = {}
    for sheet in (one for one in sheets if one.table.made):
        for number in sheet.row_numbers:
            key = sheet.grid.text(number, sheet.columns["标识"])
            typed |= {key} if key else set()
            if sheet.table.kind == "tier" and key:
                prizes.setdefault(sheet.grid.text(number, sheet.columns["名称"]), key)
    return Keys(make, typed, prizes)


def _heads(table: Table, column: Column) -> Iterator[tuple[str, str]]:
    yield from ((one.language, one.head) for one in table.columns if one.path == column.path and one.spec == column.spec)


def _words(given: dict[str, str]) -> Any:
    """Words of a row: a plain text where they are Chinese alone."""
    said = {code: given[code] for code, _label in LANGUAGES if given.get(code)}
    return said["zh"] if list(said) == ["zh"] else said or None


def _has(item: Document, path: Steps) -> bool:
    found: Any = item
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found is not None


def _put(item: Any, path: Steps, value: Any) -> None:
    for key in path[:-1]:
        item = item.setdefault(key, {})
    item[path[-1]] = value


def _list(item: Any, path: tuple[str, ...]) -> list[Any]:
    for key in path[:-1]:
        item = item.setdefault(key, {})
    found: list[Any] = item.setdefault(path[-1], [])
    return found
