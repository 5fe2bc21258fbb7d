"""The cells: every address with every line of the table for every column, what is expected and what comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.access_matrix.people import BY_KEY, COLUMNS, Column
from tests.access_matrix.table import ANYONE, BY_METHOD, LINES, SIGNED_IN, Line

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OK, SIGN_IN = "ok", "sign-in"
SIDES = ("own", "foreign")
# Who asks by a token of its own: nobody who signs in gets in there.
PROGRAMS = (("tablet",), ("token",), ("token", "read_token"))


@dataclass(frozen=True)
class Address:
    """One rule, one method, one line of the table that speaks of it."""

    rule: Rule
    method: str
    line: Line

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}" + (f"  [{self.line.about}]" if self.line.about else "")

    @property
    def is_api(self) -> bool:
        return self.rule.rule.startswith("/api/")

    def path(self, app: Flask, values: dict[str, Any]) -> str:
        """The address about something."""
        known = {name: values[name] for name in self.rule.arguments - set(self.rule.defaults or {})}
        built: str = app.url_map.bind("localhost").build(self.rule.endpoint, known | dict(self.rule.defaults or {}), method=self.method)
        return built + (f"?contest={values['contest']}" if "contest" in values else "")


def room_of(rule: Rule) -> str:
    """The room whose address it is."""
    return rule.endpoint.partition(".")[0].partition("_")[0]


def methods_of(rule: Rule) -> list[str]:
    return [method for method in METHODS if method in (rule.methods or ())]


def lines_for(endpoint: str, method: str) -> list[Line]:
    """What the table says of an address; empty when nobody thought of it."""
    if (endpoint, method) in BY_METHOD:
        return [BY_METHOD[endpoint, method]]
    return [line for line in LINES if endpoint in line.addresses.split()]


def addresses(app: Flask) -> Iterator[Address]:
    """Every address with every line that speaks of it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (room_of(r), r.rule)):
        for method in methods_of(rule):
            for line in lines_for(rule.endpoint, method):
                yield Address(rule, method, line)


def untold(app: Flask) -> set[str]:
    """Addresses of which the table says nothing."""
    return {f"{m} {r.rule} ({r.endpoint})" for r in app.url_map.iter_rules() for m in methods_of(r) if not lines_for(r.endpoint, m)}


def unused(app: Flask) -> set[str]:
    """Words of the table that are no address any more."""
    told = {name for line in LINES for name in line.addresses.split()} | {name for name, _method in BY_METHOD}
    return told - {rule.endpoint for rule in app.url_map.iter_rules()}


# ---- what is expected ------------------------------------------------------------------------------


def expected(address: Address, column: Column, side: str) -> str:
    """``ok``, ``403``, ``404``, ``401`` or ``sign-in`` for a column of the table."""
    line = address.line
    if column.key in line.but:
        return line.but[column.key][SIDES.index(side)]
    if line.who == ANYONE:
        return OK
    if is_in(line, column) and (side == "own" or column.scope == "system" or not line.about or line.who == SIGNED_IN):
        return OK
    if "everyone" in line.pages:
        return "404"
    if column.credential != "session":
        return anonymous(address)
    return refused(line, column)


def is_in(line: Line, column: Column) -> bool:
    return column.key in line.who or (line.who == SIGNED_IN and column.credential == "session")


def refused(line: Line, column: Column) -> str:
    """Signed in, and not for him: 404 or 403 for who has the page, 403 for all others. An API knows no sign-in."""
    if line.who in PROGRAMS:
        return "401"
    if "signed in" in line.pages:
        return "404"
    roles = {BY_KEY[key].role for key in (*line.who, *line.pages) if key in BY_KEY}
    return ("403" if line.seen else "404") if column.role in roles else "403"


def anonymous(address: Address) -> str:
    """Nobody is there: a page leads to the sign-in, whatever sends something hears 401."""
    return SIGN_IN if address.method == "GET" and not address.is_api else "401"


def expected_barred(address: Address) -> str:
    """Somebody who may not be there any more is nobody."""
    if address.line.who == ANYONE:
        return OK
    return "404" if "everyone" in address.line.pages else anonymous(address)


def expected_roleless(address: Address) -> str:
    """Signed in, and no role holds now."""
    line = address.line
    if line.who in (ANYONE, SIGNED_IN):
        return OK
    if line.who in PROGRAMS:
        return "401"
    return "404" if "signed in" in line.pages or "everyone" in line.pages else "403"


# ---- what comes --------------------------------------------------------------------------------------


def answered(status: int, location: str | None) -> str:
    """An answer in the words of the table; anything that is no refusal of access is ``ok``."""
    if status == 303 and (location or "").startswith("/sign-in?next="):
        return SIGN_IN
    if status in (401, 403, 404):
        return str(status)
    return OK if status < 500 and status != 405 else f"error {status}"


# ---- the table for people ------------------------------------------------------------------------------


WORDS = {OK: "✓", SIGN_IN: "in", "403": "–"}


def cell(address: Address, column: Column) -> str:
    """Own and foreign in one word."""
    own, foreign = (expected(address, column, side) for side in SIDES)
    if own == foreign or not address.line.about:
        return WORDS.get(own, own)
    return "own" if (own, foreign) == (OK, "404") else f"{WORDS.get(own, own)}/{WORDS.get(foreign, foreign)}"


def rows(app: Flask) -> Iterable[tuple[Address, list[str]]]:
    for address in addresses(app):
        yield address, [cell(address, column) for column in COLUMNS]
