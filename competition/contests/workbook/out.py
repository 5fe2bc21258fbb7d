"""A rulebook as the cells of a workbook. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from competition.contests.rules_fields import shown, shown_words
from competition.contests.rules_outline import Document, variant_of
from competition.contests.workbook.tables import ALL, NO, YES, Column, Table, tables
from competition.core.characters import without_controls
from competition.core.grids import Grid

MOST_CELL = 30_000
SCOPES = ("events", "totals", "teams")


@dataclass(frozen=True)
class Holder:
    """An object that rows belong to: how their first columns name it, the object, and its kind where its rows come in variants."""

    refs: tuple[str, ...]
    item: Mapping[str, Any]
    variant: str = ""


@dataclass
class Names:
    """What references are called: by key, of scopes and of criteria; of figures what their last part is called."""

    found: dict[str, str] = field(default_factory=dict)

    def label(self, key: Any) -> str:
        """A reference with its name behind it."""
        if not isinstance(key, str):
            return ""
        names = [self.found[part] for part in key.split(".") if part in self.found]
        return f"{key} {'，'.join(names)}" if names and " " not in key else key


def grids(document: Document) -> list[Grid]:
    """The sheets of the tables: a line about each, the heads, a row for each object."""
    names = Names(dict(_names(document)))
    return [Grid(table.title, [[table.about], table.heads, *_rows(document, table, names)]) for table in tables()]


def _names(document: Document) -> Iterator[tuple[str, str]]:
    for item in [*_all_items(document), *(scope for scope in listed(document, *SCOPES))]:
        key, name = item.get("key"), shown_words(item.get("name"))["zh"]
        if isinstance(key, str) and name:
            yield key, clean(name).replace("\n", " ")
    yield from (("score", "成绩"), ("time", "用时"), ("judges", "裁判评分"))


def listed(holder: Mapping[str, Any], *names: str) -> Iterator[Any]:
    """The objects of lists, as far as they are lists of objects."""
    for name in names:
        found = holder.get(name)
        yield from (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()


def _all_items(document: Document) -> Iterator[Any]:
    for event in listed(document, "events"):
        for item, _level in tree(event):
            yield item
        yield from listed(event, "deductions")
        yield from listed(_object(event, "paper"), "sections")
    for scope in listed(document, *SCOPES):
        for rule in listed(scope, "awards"):
            yield from listed(rule, "tiers")


def tree(holder: Mapping[str, Any], level: int = 1) -> Iterator[tuple[Any, int]]:
    """Every criterion and group below, each with its level."""
    for item in listed(holder, "criteria"):
        yield item, level
        yield from tree(item, level + 1)


def _object(holder: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        holder = holder.get(key) if isinstance(holder, Mapping) else None
    return holder if isinstance(holder, Mapping) else {}


def _rows(document: Document, table: Table, names: Names) -> Iterator[list[str]]:
    for holder in _holders(document, table, names):
        refs = list(holder.refs)
        if table.shape == "tree":
            yield from ([*refs, str(level), *_cells(table, item, variant_of("criterion", item), names)]
                        for item, level in tree(holder.item))
        elif table.shape == "thing":
            cells = _cells(table, _object(holder.item, *table.path), "", names)
            if any(cells) or not table.refs:
                yield [*refs, *cells]
        elif table.shape == "coded":
            yield from _coded(table, _object(holder.item, *table.path))
        else:
            yield from ([*refs, *cells] for cells in _listed(table, holder, names))


def _listed(table: Table, holder: Holder, names: Names) -> Iterator[list[str]]:
    inner = _object(holder.item, *table.path[:-1]).get(table.path[-1])
    for number, item in enumerate(inner if isinstance(inner, list) else (), 1):
        if table.shape == "texts":
            yield [clean(shown_words(item)[column.language]) for column in table.columns]
        elif isinstance(item, Mapping):
            variant = holder.variant if table.kind == "tier" else variant_of(table.kind, item) if table.kind else ""
            yield _cells(table, {**item, "#": str(number)}, variant, names)


def _coded(table: Table, found: Mapping[str, Any]) -> Iterator[list[str]]:
    first, *others = table.columns
    for code, words in first.spec.choices:
        item = found if code == ALL else _object(found, code)
        cells = [_cell(column, item, Names()) if code != ALL or (len(column.path) == 1 and column.path[0] in ("source", "note")) else ""
                 for column in others]
        if any(cells):
            yield [str(words), *cells]


def _holders(document: Document, table: Table, names: Names) -> Iterator[Holder]:
    """What the rows of a table can belong to."""
    if not table.refs:
        yield Holder((), document)
        return
    for scope in listed(document, *(SCOPES if table.refs[0] == "scope" else ("events",))):
        yield from _within(scope, table.refs, names)


def _within(scope: Any, refs: tuple[str, ...], names: Names) -> Iterator[Holder]:
    label = names.label(scope.get("key"))
    if refs in (("event",), ("scope",), ("event", "level")):
        yield Holder((label,), scope)
    elif refs == ("event", "item"):
        yield Holder((label, ""), scope)
        yield from (Holder((label, names.label(item.get("key"))), item) for item, _level in tree(scope))
    for number, rule in enumerate(listed(scope, "awards") if "rule" in refs else (), 1):
        variant = variant_of("award", rule)
        if "tier" not in refs:
            yield Holder((label, str(number)), rule, variant)
        else:
            yield from (Holder((label, str(number), names.label(tier.get("key"))), tier) for tier in listed(rule, "tiers"))


def _cells(table: Table, item: Mapping[str, Any], variant: str, names: Names) -> list[str]:
    return [_cell(column, item, names) if column.fits(variant) else "" for column in table.columns]


def _cell(column: Column, item: Mapping[str, Any], names: Names) -> str:
    """What stands in the cell; nothing for what no cell can hold."""
    value = _object(item, *column.path[:-1]).get((column.path or (column.spec.key,))[-1])
    text = _text(column, value, names)
    return text if len(text) <= MOST_CELL else ""


def _text(column: Column, value: Any, names: Names) -> str:
    kind = column.spec.type
    if kind == "words":
        return clean(shown_words(value)[column.language]) if isinstance(value, str | Mapping) else ""
    if isinstance(value, bool):
        return (YES if value else NO) if kind in ("flag", "answer") else ""
    if isinstance(value, int):
        return shown(column.spec, value) if kind in ("decimal", "whole", "seconds") else ""
    if not isinstance(value, str):
        return ""
    if kind == "choice":
        return str(dict(column.spec.choices).get(value, value))
    return names.label(value) if kind == "ref" else clean(value)


def clean(text: str) -> str:
    """A text as a cell gives it back."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def choices(document: Document) -> dict[str, list[str]]:
    """What references can mean, by kind, as they are written."""
    names = Names(dict(_names(document)))
    events = [names.label(one.get("key")) for one in listed(document, "events")]
    scopes = [names.label(one.get("key")) for one in listed(document, *SCOPES)]
    items = [names.label(item.get("key")) for event in listed(document, "events") for item, _level in tree(event)]
    tiers = [names.label(tier.get("key")) for scope in listed(document, *SCOPES) for rule in listed(scope, "awards")
             for tier in listed(rule, "tiers")]
    times = [names.label(f"{event.get('key')}.time") for event in listed(document, "events") if event.get("time")]
    figures = [*(names.label(key) for key in ("score", "judges", "time")), *scopes, *times, *items]
    found = {"event": events, "scope": scopes, "item": items, "tier": tiers, "figure": figures}
    return {kind: [one for one in dict.fromkeys(labels) if one] for kind, labels in found.items()}
