"""Tables as text: which encoding and which separator, found without asking anybody. Pure."""

import codecs
import csv
import re
from collections import Counter

from competition.core.tables.bounds import LONGEST_CELL, Unreadable

SEPARATORS = ",\t;\uff0c"
_LOOKED_AT = 200
# How many bytes that fit nowhere a text may have and still be one that was damaged, not one in another encoding.
_DAMAGED_IN = 50
# Lines of one row: what is longer is a quotation mark that lacks its other half, with other rows inside.
MOST_LINES = 12
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 (each with or without its mark) or GB18030. Raises Unreadable."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding)
    guessed = _without_mark(data)
    if guessed:
        return _strictly(data, guessed)
    if b"\0" in data:
        raise Unreadable("not_a_table")
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        _refuse_damaged(data, error)
    return _strictly(data, "gb18030")


def _without_mark(data: bytes) -> str:
    """UTF-16 without its mark: commas, digits and line ends have a zero on one side."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 4 or len(data) % 2 or max(even, odd) * 20 < len(head):
        return ""
    return "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else ""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    return _checked(text)


def _checked(text: str) -> str:
    if "\0" in text or _CONTROL.search(text, 0, 4096):
        raise Unreadable("not_a_table")
    return text


def _refuse_damaged(data: bytes, error: UnicodeDecodeError) -> None:
    """UTF-8 with a few broken bytes must not be taken for GB18030: that would read every name as another one."""
    text = data.decode("utf-8", "replace")
    broken, beyond = text.count("\ufffd"), sum(1 for c in text[:1_000_000] if c > "\x7f")
    if broken * _DAMAGED_IN < beyond:
        raise Unreadable("damaged", line=data.count(b"\n", 0, error.start) + 1)


def parse(text: str) -> list[tuple[int, list[str]]]:
    """Line number (from 1) and cells of every row with something in it. Raises Unreadable for what is no table."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if _is_web_page(text):
        raise Unreadable("web_page")
    csv.field_size_limit(LONGEST_CELL * 4)
    reader, rows, before = csv.reader((line + "\n" for line in lines), delimiter=_separator(lines), strict=True), [], 0
    try:
        for cells in reader:
            if reader.line_num - before > MOST_LINES:
                raise Unreadable("quotes", line=before + 1)
            found = [_plain(cell) for cell in cells]
            if any(found):
                rows.append((before + 1, found))
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable("quotes", line=before + 1) from error
    return rows


def _plain(cell: str) -> str:
    """What programs put around a number so that a spreadsheet keeps its digits goes."""
    text = cell.strip()
    if text.startswith('="'):
        found = _AS_FORMULA.fullmatch(text)
        text = found[1] if found else text
    return text.removeprefix("'").strip() if text[1:2].isalnum() else text


def _separator(lines: list[str]) -> str:
    """The one that most of the first lines have, and have equally often."""
    head = [line for line in lines[:_LOOKED_AT] if line.strip()]
    best, most = ",", 0
    for separator in SEPARATORS:
        often = Counter(line.count(separator) for line in head if separator in line)
        alike = max(often.values(), default=0)
        if alike > most:
            best, most = separator, alike
    return best


def _is_web_page(text: str) -> bool:
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    return head.startswith("<") and any(word in head for word in ("<html", "<table", "<!doctype", "<?xml", "<head", "<meta"))
