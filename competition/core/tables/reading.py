"""Any table a person has, as text cells: .xlsx, .xls, or text in whatever encoding Chinese programs write."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from competition.core.config import ROOT
from competition.core.confined import command
from competition.core.contents import NO_TABLES, WORDS, content_of
from competition.core.errors import RuleBroken
from competition.core.packages import Bounds, check_package
from competition.core.tables.bounds import (
    LIMITS,
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_UNPACKED,
)

BOUNDS = Bounds(packed=MOST_BYTES, unpacked=MOST_UNPACKED, rows=1_048_576, columns=16_384, every_cell=False)
_DIED = b'{"error": "died"}'
_OLD_BOOK, _PACKAGE = b"\xd0\xcf\x11\xe0", b"PK"
FAULTS = {
    "too_large": _("表格的内容太多：最多 %(rows)s 行、%(columns)s 列。请只留名单，或拆成几份再上传。"),
    "died": _("表格太大或太复杂，读取已中止。请把名单复制到一份新表格中，再上传。"),
    "long_cell": _("第 %(line)s 行第 %(column)s 列的文字超过 %(longest)s 个字，未读取。请缩短后再上传。"),
    "sheets": _("工作表太多：最多 %(sheets)s 个。请删去多余的工作表后再上传。"),
    "password": _("这个表格设了打开密码，未读取。请去掉密码，另存后再上传。"),
    "macros": _("这个表格带有宏，未读取。请另存为不含宏的 .xlsx 后再上传。"),
    "web_page": _("这个文件其实是网页，不是表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"),
    "encoding": _("无法识别这个文件的文字编码。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"),
    "damaged": _("文件第 %(line)s 行的文字已损坏，未读取。请改正后另存为 .xlsx，再上传。"),
    "quotes": _("文件第 %(line)s 行的引号不成对，未读取。请改正后再上传。"),
    "not_a_table": _("这不是表格。请上传 .xlsx、.xls 或 .csv 文件。"),
    "other": _("这个文件的内容是%(found)s，不是表格。请上传 .xlsx、.xls 或 .csv 文件。"),
    "unreadable": _("无法读取这个表格，文件可能已损坏或不完整。请用 Excel 或 WPS 打开、重新保存，再上传 .xlsx、.xls 或 .csv 文件。"),
    "empty": _("文件里没有内容。请上传填好的名单。"),
}
_CODES = {"too_large": ("sheet_too_large", 413), "died": ("sheet_too_large", 413), "sheets": ("sheet_too_large", 413),
          "macros": ("sheet_macros", 422), "password": ("sheet_password", 422), "not_a_table": ("not_a_table", 422),
          "other": ("not_a_table", 422), "broken": ("not_xlsx", 422)}


@dataclass(frozen=True)
class Table:
    """One sheet, or a text file (without a ``title``). ``lines``: the number of each row in the file, from 1; rows without content
    are left out."""

    title: str
    lines: list[int]
    rows: list[list[str]]


@dataclass(frozen=True)
class Tables:
    """What a file holds; ``hidden``: titles of sheets that nobody sees, which are not read."""

    tables: list[Table]
    hidden: list[str]


def read_tables(data: bytes) -> Tables:
    """Every table of a file. Raises RuleBroken, with a sentence, for what is none, is too large, or cannot be read.

    It takes seconds for tens of thousands of rows.
    """
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise _refusal("empty")
    if len(data) > BOUNDS.packed or data.startswith(_PACKAGE):
        _check_package(data)
    elif data.startswith(_OLD_BOOK):
        _check_old(data)
    if (found := content_of(data)) in NO_TABLES:
        raise _refusal("other", {"found": WORDS[found]})
    answer = json.loads(run_apart("competition.core.tables.child", data) or _DIED)
    if "error" in answer:
        raise _refusal(answer["error"], answer.get("place") or {})
    made = [_table(found) for found in answer["tables"]]
    return Tables([table for table in made if table.rows] or made[:1], answer["hidden"])


def _check_package(data: bytes) -> None:
    """What is broken is told as such: .xlsx is not the only thing that is taken here."""
    try:
        check_package(data, BOUNDS)
    except RuleBroken as error:
        raise (_refusal("broken") if error.code == "not_xlsx" else error) from error


def _check_old(data: bytes) -> None:
    """Old workbooks are never unpacked: what they hold stands in their names."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _refusal("password")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise _refusal("macros")


def run_apart(program: str, data: bytes) -> bytes:
    """What a process of its own makes of the data; nothing when it died of it. Its files lie in a folder that goes with it."""
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(command(program, LIMITS), cwd=ROOT, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  timeout=LIMITS.wall_s, env={"PYTHONUTF8": "1", "TMPDIR": folder}, check=False)
        except subprocess.TimeoutExpired:
            return b""
    return b"" if done.returncode else done.stdout


def _table(found: dict[str, Any]) -> Table:
    rows = found["rows"]
    return Table(found["title"], [line for line, _cells in rows], [cells for _line, cells in rows])


def _refusal(key: str, place: Mapping[str, Any] | None = None) -> RuleBroken:
    code, status = _CODES.get(key, ("sheet_unreadable", 422))
    words = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "sheets": MOST_SHEETS, "longest": LONGEST_CELL, **(place or {})}
    sentence = FAULTS["unreadable" if key == "broken" else key]
    return RuleBroken(LazyString(lambda: str(sentence) % words), code=code, status=status, field="file")
