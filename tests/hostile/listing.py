"""The list for reviewers: what is tried, and what it may get."""

from collections.abc import Iterable

from competition.core.config import ROOT
from tests.hostile.nasties import BODIES, PARAMETERS, PARTS, QUERIES

DOCUMENT = ROOT / "docs" / "hostile-input.md"
INTRODUCTION = """# Hostile input

What is tried and what it may get. The tables below are written by
`python -m tests.hostile` from the tables in `tests/hostile/nasties.py`; a test holds them equal. The tests ask the bodies of sign-in,
sign-up and the tablets' API; parts of every address were walked once by an account with every role (2,332 requests, no error
of the server). A walk over all addresses with parameters and bodies as a test is not finished.
"""
REST = """
## Files

`tests/hostile/test_uploads.py`. Pictures are decoded and drawn anew: EXIF, place, XMP, comments, text chunks, second pictures and
whatever stands behind the end are gone, and the photo stands upright. Refused with a sentence: more than 24 million pixels
(before decoding), more than 20 MB, moving pictures, GIF, SVG, anything that does not begin as JPEG or PNG, cut files.
Of a PDF the pages alone are kept; scripts, actions, forms, notes, attached files and words about the maker are gone. Refused:
locked, broken, without pages, more than 60 pages, streams that unpack to more than 64 MB. Workbooks: refused are old .xls, locked files,
other text, document types, macros, links to other files, names twice, more than 200 members, more than 60 MB unpacked (counted, not
believed), cells beyond row 20,000 or column 60, error values, formulas without a stored result; a formula with one is read as
what the person saw. A million empty rows are no rows. Everything that is written into a workbook is a text or a number, never a formula.
No address reads CSV, and none writes it.

Stored files are answered with the type that we gave them, `nosniff`, `sandbox`, and are saved rather than shown unless they are pictures.

## Hosts, cookies, redirects, methods

`tests/hostile/test_requests.py`. Other hosts' names: 400 in plain text, without a link. `X-Forwarded-*` and `Forwarded` without a declared
proxy: not believed. Cookies that are garbage, 60,000 letters long, doubled, or of another installation: no sign-in. `next=` with `//`,
back-slashes, tabs, line ends, schemes, percent-written or not: the start page. Wrong methods: 405 with `Allow`. Every kind of answer
(page, redirect, error, API, file, static) carries the same security headers.

## Fields

Every field of every form is asked before its own rules (`competition/core/soundness.py`): control characters and characters that turn
the order of reading, whole numbers in other digits than 0–9 or ０–９ or beyond 2³¹, days that do not exist or lie outside of
1900–2100, text beyond 2,000 (one line) or 500,000 characters. Each gets its sentence at the field (422), and the other fields keep what was
typed. Full-width digits in ID numbers, phones and whole numbers are read as digits; names are never changed that way.
"""


def listing() -> str:
    """The whole document."""
    parts = [
        INTRODUCTION,
        _table("In place of every part of an address", ((n.what, n.answers) for n in PARTS)),
        _table(f"As the value of every parameter ({', '.join(PARAMETERS)})", ((n.what, n.answers) for n in QUERIES)),
        _table("As the body, to every address that takes one", ((what, answers | {401, 415}) for what, _kind, _body, answers in BODIES)),
        REST,
    ]
    return "".join(parts)


def _table(title: str, rows: Iterable[tuple[str, frozenset[int]]]) -> str:
    lines = [f"\n## {title}\n", "| tried | may get |", "|---|---|"]
    lines += [f"| {what} | {', '.join(str(status) for status in sorted(answers))} |" for what, answers in rows]
    return "\n".join(lines) + "\n"
