"""Files that are no rosters, or would be too much, end in a sentence; files as WPS and others write them are read. All through the job."""

import io
import zipfile
from collections.abc import Callable

import pytest

from competition.core.errors import RuleBroken
from competition.returns import service_import as imports
from tests.cast import AT, Cast, id_card
from tests.hostile import files as made
from tests.returns.tables import TITLES, again, book, clerk, draft, people, sent, work

STRINGS = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si><si><t>%s</t></si></sst>'


def bomb() -> bytes:
    """A package whose member unpacks to a thousand times its size."""
    return made.repacked(book(people(1)), extra={"xl/media/a.bin": b"\0" * 270_000_000})


def empty_rows() -> bytes:
    return made.rows_added(b"".join(b'<row r="%d"/>' % n for n in range(3, 1_048_577)))


def many_strings() -> bytes:
    cells = b"".join(b'<row><c t="s"><v>1</v></c></row>' for _ in range(300_000))
    return made.repacked(made.rows_added(cells), lambda _: STRINGS % (b"y" * 1_000_000), member="xl/sharedStrings.xml")


@pytest.mark.parametrize(("data", "words"), [
    (bomb, "解压"), (empty_rows, "没有找到表头"), (many_strings, "表格"),
    (lambda: made.repacked(book(people(1)), extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "引用了其他文件"),
    (lambda: made.repacked(book(people(1)), extra={"xl/vbaProject.bin": b"x"}), "宏"),
    (lambda: made.rows_added(b'<row r="2"><c r="A2"><f>WEBSERVICE("http://127.0.0.1/")</f></c></row>'), "公式"),
    (lambda: made.rows_added(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "读取已中止"),
    (("姓名,证件号码\n" + "试甲,1\n" * 100_001).encode, "内容太多"),
    (lambda: b"PK\x03\x04" + b"\0" * 300, "可能已损坏或不完整"),
], ids=["bomb", "empty rows", "strings", "links", "macros", "formula", "far cell", "rows", "no zip"])
def test_what_is_no_roster_ends_in_a_sentence(cast: Cast, data: Callable[[], bytes], words: str) -> None:
    kept = imports.send_table(draft(cast).id, data(), "x.xlsx", actor=clerk(cast), at=AT)
    job = work(kept)
    assert (job.state, again(kept).state) == ("failed", "reading")
    assert words in (job.error or "")
    assert (job.error or "").endswith("。")


def test_two_hundred_megabytes_are_refused_before_they_are_kept(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="超过 24 MB"):
        imports.send_table(draft(cast).id, b"\0" * 200_000_000, "x.xlsx", actor=clerk(cast), at=AT)


def test_a_million_empty_rows_below_a_roster_are_no_rows(cast: Cast) -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(10, 1_048_577))
    data = made.repacked(book(people(3)), lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert sent(cast, draft(cast), data).summary["good"] == 3


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def as_wps(rows: list[list[str]], *, kind: str) -> bytes:
    """A workbook of few parts, as WPS and small programs write them: no styles, no theme, addresses of parts from the root, a wrong
    extent, texts in their cells (``inlineStr``) or as results (``str``)."""
    def cell(text: str) -> str:
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>' if kind == "inline" else f'<c t="str"><v>{text}</v></c>'

    body = "".join(f'<row r="{line}">{"".join(map(cell, cells))}</row>' for line, cells in enumerate(rows, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                               '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": linked("officeDocument", "/xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": linked("worksheet", "/xl/worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
                           '</workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet {NAMESPACE}><dimension ref="A1"/><sheetData>{body}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return out.getvalue()


def linked(kind: str, target: str) -> str:
    """The one link of a part, from the root of the package."""
    link = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{link}</Relationships>'


@pytest.mark.parametrize("kind", ["inline", "str"])
def test_workbooks_as_other_programs_write_them_are_read(cast: Cast, kind: str) -> None:
    rows = [list(TITLES), *people(4), ["试误", id_card(9)[:17] + "Y", "", "", ""]]
    kept = sent(cast, draft(cast), as_wps(rows, kind=kind))
    assert (kept.state, kept.summary["good"], kept.summary["bad"]) == ("checked", 4, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_texts_in_any_encoding_are_read(cast: Cast, encoding: str) -> None:
    text = "\r\n".join(",".join(row) for row in [list(TITLES), *people(2)])
    kept = sent(cast, draft(cast), text.encode(encoding), "名册.csv")
    assert (kept.state, kept.summary["good"]) == ("checked", 2)
