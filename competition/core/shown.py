"""What a second person is shown before he decides: a request's content in words, tables and links, made by its room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Lines of text under heads; ``note`` stands above them. ``figures``: the columns (from 0) that are figures."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Behind:
    """A page on which more is seen; it is linked for those who may open it."""

    label: Any
    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """``warnings`` stand first; ``facts`` are (label, words)."""

    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    links: Sequence[Behind] = ()
    warnings: Sequence[str] = field(default_factory=tuple)
