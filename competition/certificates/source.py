"""What a batch is made from: every source gives lines about people, teams or units, in the order of the ceremony."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class Line:
    """Somebody whom a source names. ``key`` finds the line again in its source, ``subject`` says whose it is: nobody holds two
    valid certificates of a kind and scope. ``data``: texts by placeholder. ``row_id``: the published row, where there is one."""

    key: str
    subject_kind: str
    subject_id: uuid.UUID
    data: dict[str, str]
    row_id: uuid.UUID | None = None


class Source(ABC):
    """One source of one contest. ``scope`` stands on each certificate, ``settings`` in ``Batch.settings["source"]`` (none: a
    publication, which has a column of its own)."""

    contest_id: uuid.UUID
    scope: str
    settings: dict[str, Any] | None = None

    @abstractmethod
    def words(self) -> str:
        """What it is, for the reader."""

    def shared(self) -> dict[str, str]:
        """What all its certificates say beside the contest's own."""
        return {}

    @abstractmethod
    def lines(self, kind: str) -> list[Line]:
        """Everybody whom a kind of certificate is for."""

    def read(self, kind: str) -> Sequence[Any]:
        """What the lines are made of, to be compared: equal reads give equal lines. A source of thousands reads plain rows, which
        costs a tenth of the lines."""
        return self.lines(kind)

    def lines_from(self, read: Sequence[Any], kind: str) -> list[Line]:
        """The lines of what :meth:`read` gave for this kind."""
        return list(read)

    def is_in(self, scope: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Which certificates are of the same scope."""
        return scope == self.scope
