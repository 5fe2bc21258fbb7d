"""The list for reviewers: what is tried, and what it got."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from competition.core.config import ROOT
from tests.hostile import nasties, walk
from tests.hostile.targets import parameters
from tests.hostile.walk import Walk

DOCUMENT = ROOT / "docs" / "hostile-input.md"
# An address more makes some more requests: the numbers are true to a tenth, what came back is exact.
TOLERATED = 0.1
INTRODUCTION = """# Hostile input

What was tried, and what it got: how many requests were answered with which status. Written by `python -m tests.hostile`, which
walks over all addresses with everything below; the same walk is a test (`tests/hostile/test_walk.py`), which fails when anything is
answered with an error of the server (5xx), without a sentence in the reader's words, with words of the inside (traces, libraries,
paths), with what was sent as a tag, without the headers of every answer, or with another status than this list says; and when a
request that did something left no audit row, or one that was refused no security row.

Who asks: an account with every role there is, to whom no door is shut before what was sent is looked at; nobody (no sign-in); for the
tablets' interface a tablet with a good token. Where one door stands before many addresses (no such address, no sign-in, body too large) it
is tried at some of them, which follows from their order and never changes. Each address is asked with every second parameter, head,
body and text for its fields, pages that are printed (PDF) with every tenth. Last walk: {count} requests at {targets} addresses,
{forms} forms; 0 errors of the server, 0 refusals without a sentence.

200 is a page that took no notice of what makes no sense, 303 leads on after something was done, or to the sign-in; 400 to 422 are refusals,
each with its sentence.
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
what the person saw. A million empty rows are no rows. What people entered is written into a workbook as text or number, never
as a formula; the formulas of 复算表 are the program's own.
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




def listing(done: Walk) -> str:
    """The whole document."""
    introduction = INTRODUCTION.format(count=f"{done.count:,}", targets=done.targets, forms=len(done.forms))
    tables = [
        ("In place of every part of an address", walk.PART, [one.what for one in nasties.PARTS]),
        (f"As the value of every parameter ({', '.join(parameters())})", walk.QUERY, [one.what for one in nasties.QUERIES]),
        ("In the head of the request", walk.HEAD, [what for what, _heads in nasties.HEADS]),
        ("As the body, to every address that takes one", walk.BODY, [one.what for one in nasties.BODIES]),
        ("In every field of every form: in all of them at once; what no page sends, also one by one", walk.FIELD,
         [one.what for one in nasties.FIELDS]),
        ("In every field for a file", walk.FILE, [what for what, _name, _data in nasties.UPLOADS]),
        ("As JSON to the tablets' interface", walk.API, [what for what, _said in nasties.JSON]),
    ]
    return "".join([introduction, *(_table(title, rows, done.got, key) for title, key, rows in tables), REST])


def _table(title: str, rows: Iterable[str], got: Mapping[tuple[str, str], Counter[int]], key: str) -> str:
    lines = [f"\n## {title}\n", "| tried | got |", "|---|---|"]
    lines += [f"| {what} | {_got(got[key, what])} |" for what in rows]
    return "\n".join(lines) + "\n"


def _got(row: Counter[int]) -> str:
    return ", ".join(f"{status} ×{count:,}" for status, count in sorted(row.items()))


NUMBER = re.compile(r"(?<=×)[0-9,]+|(?<=Last walk: )[0-9,]+|[0-9]+(?= addresses)|[0-9]+(?= forms)")


def differences(kept: str, now: str) -> list[str]:
    """The lines that say something else now; numbers may differ by a tenth."""
    old, new = kept.splitlines(), now.splitlines()
    found = [f"{len(old)} lines, now {len(new)}"] if len(old) != len(new) else []
    return found + [f"{a}  →  {b}" for a, b in zip(old, new, strict=False) if not _alike(a, b)]


def _alike(old: str, new: str) -> bool:
    before, after = ([int(one.replace(",", "")) for one in NUMBER.findall(text)] for text in (old, new))
    near = len(before) == len(after) and all(abs(a - b) <= max(5, TOLERATED * max(a, b)) for a, b in zip(before, after, strict=True))
    return near and NUMBER.sub("", old) == NUMBER.sub("", new)
