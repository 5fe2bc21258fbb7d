"""``docs/access.md``: the access table for people, one line per address, one column per role."""

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from flask import Flask

from tests.access_matrix import matrix
from tests.access_matrix.people import BARRED, COLUMNS, DEAD_TABLETS, ROLELESS
from tests.house import build

FILE = Path(__file__).parents[2] / "docs" / "access.md"
INTRODUCTION = """\
# Who may open which address

One row per address, one column per kind of person. Made by `python -m tests.access_matrix` from
`tests/access_matrix/table.py`, which is written by hand and reviewed; the test asks the program for every cell and
fails when an answer is different, when an address is missing here, or when this file is out of date. The program's
own table (`flask --app wsgi access table`) is another text on purpose.

The words: **✓** gets in, on everything · **own** gets in on what belongs to the own contest, county or person, and
finds nothing elsewhere (404) · **404** has such pages, and this thing does not exist for him · **–** not for this
role (403) · **in** to the sign-in page · **401** not signed in (what sends something, and the tablets' interface). What is
about a thing names it in brackets. Where own and foreign differ in another way, both are written: `own/foreign`.
"""


def printed(app: Flask) -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *_people(), *_tables(app)]) + "\n"


def _people() -> Iterator[str]:
    yield "## The columns\n"
    places = {"system": "everywhere", "union": "for a county", "own": "for contests", "event": "for one event of them", "": ""}
    for column in COLUMNS:
        where = {"none": "no cookie, no token", "device": "a device token, no cookie",
                 "token": "a token for a county, no cookie"}.get(column.credential, places[column.scope])
        yield f"- **{_short(column.key)}**: {column.title}" + (f", {where}" if where else "")
    yield "\nAsked too, and answered at every address as if nobody had signed in: " + "; ".join((*BARRED.values(), *DEAD_TABLETS.values()))
    yield "\nAsked too, and answered as an account without any role: " + "; ".join(ROLELESS.values()) + "\n"


def _short(key: str) -> str:
    return key.replace("_", " ")


def _tables(app: Flask) -> Iterator[str]:
    for room, rows in groupby(matrix.rows(app), key=lambda row: matrix.room_of(row[0].rule)):
        yield f"## {room}\n"
        yield "| address | " + " | ".join(_short(c.key) for c in COLUMNS) + " |"
        yield "|---" * (len(COLUMNS) + 1) + "|"
        for address, cells in rows:
            about = f" [{address.line.about}]" if address.line.about else ""
            yield f"| `{address.method} {address.rule.rule}`{about} | " + " | ".join(cells) + " |"
        yield ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(printed(build(Path(folder))), encoding="utf-8")
