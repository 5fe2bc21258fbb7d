"""Which tables a request writes: whoever acts through a page leaves an audit row, in every test that sends something."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from competition.core.database import Model

WRITES = re.compile(r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
SECURITY = "security_row"
# Kept for the reader's or the tablet's comfort; nobody is answerable for them. A workbook that is not taken over changes nothing.
UNRECORDED = frozenset({"notices.read", "notices.read_all", "judging_api.state", "contests.try_rulebook", "contests.drop_workbook",
                       "displays_screen.ask_code",
                       # Measures that say again what they said leave the receipt alone.
                       "returns_api.measures"})
# The addresses that can change something, and those that did (``tests/acting.py`` holds them against each other).
CHANGING: set[str] = set()
ACTED: set[str] = set()
_open: list[list[str]] = []
_standing: dict[int, int] = {}


@event.listens_for(Engine, "before_cursor_execute")
def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if _open and (found := WRITES.match(statement)):
        for each in _open:
            each.append(found[1].lower())


@event.listens_for(Engine, "commit")
def _stands(_connection: Any) -> None:
    for each in _open:
        _standing[id(each)] = len(each)


@event.listens_for(Engine, "rollback")
def _taken_back(_connection: Any) -> None:
    for each in _open:
        del each[_standing.get(id(each), 0):]


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that the block writes, one entry for each statement."""
    tables: list[str] = []
    _open.append(tables)
    try:
        yield tables
    finally:
        _open[:] = [each for each in _open if each is not tables]
        _standing.pop(id(tables), None)


@cache
def unaudited() -> frozenset[str]:
    """The tables of which a model says why no audit row is needed."""
    models = [mapper.class_ for mapper in Model.registry.mappers]
    return frozenset(model.__tablename__ for model in models if getattr(model, "__unaudited__", None)) - {"audit_row"}


def check_on_record(app: Flask, answer: TestResponse, tables: list[str]) -> None:
    """A request that changed something left an audit row, if anybody is answerable for it."""
    if not CHANGING:
        CHANGING.update(rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    # Behind a redirect that was followed it is the first request that acted.
    request = (answer.history or (answer,))[0].request
    # What was refused was taken back with its transaction.
    if request.method in ("GET", "HEAD") or answer.status_code >= 400 or not set(tables) - {SECURITY}:
        return
    endpoint, _values = app.url_map.bind("localhost").match(request.path, method=request.method)
    ACTED.add(endpoint)
    wrote = set(tables) - {SECURITY} - unaudited()
    assert not wrote or "audit_row" in tables or endpoint in UNRECORDED, (
        f"{request.method} {request.path} wrote {sorted(wrote)} and no audit row")
