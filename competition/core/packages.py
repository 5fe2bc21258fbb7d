"""What an .xlsx may be, decided before anything reads it: sizes as they really unpack, no document types,
no macros, no links to other files, no formula or error that would be read as an empty cell."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from xml.parsers import expat

from flask_babel import gettext as _

from competition.core.errors import RuleBroken

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 200
MAX_ROWS = 20_000
MAX_COLUMNS = 60
_SLICE = 64 * 1024
# A formula or an error value as programs write them, a document type: found in a text it only costs a second look.
_ODD = (b"<f>", b"<f ", b":f>", b":f ", b't="e"', b"t='e'", b"<!")
_LONGEST_ODD = 5
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TEXT_MEMBERS = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Bounds:
    """What a workbook may be: bytes as sent and unpacked, rows and columns with content.

    ``every_cell``: hold each cell against the bounds. Without, cells are looked at only where a member holds a formula or an
    error, which is many times faster; whoever reads then keeps to the bounds of rows and columns.
    """

    packed: int = MAX_BYTES
    unpacked: int = MAX_UNPACKED
    rows: int = MAX_ROWS
    columns: int = MAX_COLUMNS
    every_cell: bool = True


BOUNDS = Bounds()


def check_package(data: bytes, bounds: Bounds = BOUNDS) -> None:
    """Raise RuleBroken, with a sentence, for a package that should not be read."""
    if len(data) > bounds.packed:
        raise RuleBroken(_("表格超过 %(n)d MB，未读取。请删去图片和多余的工作表后再上传。", n=bounds.packed // 1024 // 1024),
                         code="sheet_too_large", status=413)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleBroken(_("这是旧式的 .xls 表格，或者设了打开密码。请用 Excel 或 WPS 去掉密码，另存为 .xlsx 后再上传。"),
                         code="not_xlsx", status=422)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_members(package, len(data), bounds)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise RuleBroken(_("这不是 .xlsx 表格，或者文件已损坏。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"),
                         code="not_xlsx", status=422) from error


def _check_members(package: zipfile.ZipFile, packed: int, bounds: Bounds) -> None:
    infos = package.infolist()
    names = [info.filename.lower() for info in infos]
    declared = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or declared > bounds.unpacked or declared > 200 * packed + 1024 * 1024:
        raise _bomb()
    if len(set(names)) != len(names):
        raise zipfile.BadZipFile("a name twice")
    for name in names:
        if name.endswith("vbaproject.bin"):
            raise RuleBroken(_("这个表格带有宏，未读取。请另存为不含宏的 .xlsx 后再上传。"), code="sheet_macros", status=422)
        if "externallinks/" in name:
            raise RuleBroken(_("这个表格引用了其他文件中的数据，未读取。请把引用的内容“选择性粘贴”为数值，再上传。"),
                             code="sheet_links", status=422)
    left = bounds.unpacked
    for info in infos:
        size, is_odd = _check_member(package, info, left, bounds)
        if is_odd:
            _check_member(package, info, left, replace(bounds, every_cell=True))
        left -= size


def _check_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, bounds: Bounds) -> tuple[int, bool]:
    """How many bytes the member really has (what is declared may be a lie), and whether its cells need a closer look."""
    size, parser, scan = 0, None, _Scan()
    is_text = info.filename.lower().endswith(_TEXT_MEMBERS)
    with package.open(info) as stream:
        while part := stream.read(_SLICE):
            size += len(part)
            if size > left:
                raise _bomb()
            is_text = is_text or _looks_like_xml(part)
            if is_text and bounds.every_cell:
                parser = parser or _parser(bounds)
                _feed(parser, part)
            elif is_text:
                scan.look(part)
    if parser is not None:
        _feed(parser, b"", last=True)
    return size, scan.is_odd


@dataclass
class _Scan:
    """Looks for formulas, errors and document types in bytes, slice by slice; another encoding would hide them."""

    is_odd: bool = False
    tail: bytes = b""

    def look(self, part: bytes) -> None:
        if b"\0" in part:
            raise zipfile.BadZipFile("another encoding")
        seen = self.tail + part
        self.is_odd = self.is_odd or any(odd in seen for odd in _ODD)
        self.tail = part[-_LONGEST_ODD:]


def _looks_like_xml(part: bytes) -> bool:
    return part.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or part[:2] in (b"\xff\xfe", b"\xfe\xff")


def _feed(parser: expat.XMLParserType, part: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(part, last)
    except expat.ExpatError as error:
        raise zipfile.BadZipFile("not well formed") from error


def _bomb() -> RuleBroken:
    return RuleBroken(_("表格解压后过大，未读取。请删去多余的工作表和空行后再上传。"), code="sheet_bomb", status=413)


@dataclass
class _Cell:
    """The cell that is being read. Rows and cells may go without a place: then it is the next one."""

    bounds: Bounds
    row: int = 0
    column: int = 0
    is_error: bool = False
    has_formula: bool = False
    has_value: bool = False

    @property
    def place(self) -> str:
        return str(_(" 第 %(row)d 行第 %(column)d 列 ", row=self.row, column=self.column))

    def begin_row(self, said: str | None) -> None:
        self.row, self.column = int(said) if said and said.isdecimal() and len(said) < 9 else self.row + 1, 0

    def begin(self, said: str | None, kind: str | None) -> None:
        self.is_error, self.has_formula, self.has_value = kind == "e", False, False
        found = _REFERENCE.fullmatch(said) if said else None
        if said and not found:
            raise zipfile.BadZipFile("a cell at no place")
        self.column = _column(found[1]) if found else self.column + 1
        self.row = int(found[2]) if found else self.row

    def check(self) -> None:
        if not (self.has_value or self.has_formula):
            return
        if self.row > self.bounds.rows or self.column > self.bounds.columns:
            raise RuleBroken(_("表格过大：最多 %(rows)d 行、%(columns)d 列，而%(place)s还有内容。请删去多余的内容或拆分后上传。",
                               rows=self.bounds.rows, columns=self.bounds.columns, place=self.place), code="sheet_too_large", status=413)
        if self.is_error:
            raise RuleBroken(_("表格%(place)s是公式的错误值（例如 #N/A），未读取。请改正后再上传。", place=self.place),
                             code="sheet_error_cell", status=422)
        if self.has_formula and not self.has_value:
            raise RuleBroken(_("表格%(place)s是公式，但文件里没有它的结果，未读取。请复制后“选择性粘贴”为数值，再上传。", place=self.place),
                             code="sheet_formula", status=422)


def _parser(bounds: Bounds) -> expat.XMLParserType:
    """Refuses document types, and looks at every cell when the bounds say so, whatever the member is called."""
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if bounds.every_cell:
        _look_at_cells(parser, _Cell(bounds))
    return parser


def _look_at_cells(parser: expat.XMLParserType, cell: _Cell) -> None:

    def begin(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("|")[2]
        if tag == "row":
            cell.begin_row(attributes.get("r"))
        elif tag == "c":
            cell.begin(attributes.get("r"), attributes.get("t"))
        elif tag == "f":
            cell.has_formula = True
        elif tag in ("v", "is"):
            cell.has_value = True

    def end(name: str) -> None:
        if name.rpartition("|")[2] == "c":
            cell.check()

    parser.StartElementHandler, parser.EndElementHandler = begin, end


def _refuse_doctype(*_what: object) -> None:
    raise zipfile.BadZipFile("a document type")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
