"""What is sent is made anew or refused with a sentence; what comes out of tables runs nowhere."""

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pikepdf
import pytest
from flask import Flask
from PIL import Image

from competition.core import cleaning, files, sheets
from competition.core.errors import RuleBroken
from tests.hostile import files as sent

BOTH = ("image", "pdf")
DOCTYPE = b'?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("make", [sent.told_jpeg, sent.told_png, sent.two_pictures])
def test_nothing_but_the_pixels_is_kept(app: Flask, make: Callable[[], bytes]) -> None:
    data = make()
    assert sent.CANARY in data or make is sent.two_pictures
    clean, kind = cleaning.clean_upload(data, BOTH)
    assert sent.CANARY not in clean
    assert kind in ("image/jpeg", "image/png")
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert getattr(image, "n_frames", 1) == 1
        assert image.format in ("JPEG", "PNG")


def test_a_photo_lying_on_its_side_is_stood_up(app: Flask) -> None:
    clean = cleaning.clean_image(sent.told_jpeg(), "JPEG")
    with Image.open(io.BytesIO(clean)) as image:
        assert image.size == (20, 40)


@pytest.mark.parametrize(("make", "code"), [
    (sent.huge_png, "image_too_large"),
    (sent.moving_png, "image_animated"),
    (sent.gif, "file_kind"),
    (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_kind"),
    (lambda: b"", "file_kind"),
    (lambda: b"GIF89a" + sent.jpeg(), "file_kind"),
    (lambda: sent.jpeg()[:200], "image_unreadable"),
    (lambda: b"\xff\xd8\xff" + b"\0" * 500, "image_unreadable"),
    (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "image_unreadable"),
    (lambda: b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), "file_too_large"),
    (lambda: b"%PDF-1.7\n" + b"nonsense" * 50, "pdf_unreadable"),
    (lambda: sent.pdf(0), "pdf_unreadable"),
    (lambda: sent.pdf(61), "pdf_too_large"),
    (lambda: sent.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf_unreadable"),
], ids=["bomb", "moving", "gif", "svg", "empty", "polyglot", "cut", "jpeg-nonsense", "png-nonsense", "21MB", "pdf-nonsense", "pdf-empty",
        "pdf-61", "pdf-locked"])
def test_refused_with_a_sentence(app: Flask, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        cleaning.clean_upload(make(), BOTH)
    assert refused.value.code == code
    assert refused.value.status in (413, 422)
    assert refused.value.message.endswith("。")


def test_a_pdf_does_nothing_but_being_read(app: Flask) -> None:
    data = sent.pdf(2, sent.active)
    assert sent.CANARY in data
    clean, kind = cleaning.clean_upload(data, BOTH)
    assert kind == "application/pdf"
    for word in (sent.CANARY, b"JavaScript", b"/JS", b"Launch", b"/AA", b"OpenAction", b"EmbeddedFile", b"Annots", b"/AF", b"/Outlines"):
        assert word not in clean, word
    with pikepdf.open(io.BytesIO(clean)) as made:
        assert len(made.pages) == 2
        assert set(made.Root.keys()) == {"/Pages", "/Type"}


@pytest.mark.parametrize(("name", "kept"), [
    ("../../etc/passwd.pdf", "passwd.jpg"), ("C:\\a\\b.exe", "b.jpg"), ("\u202egpj.exe", "gpj.jpg"), ("a\x00\r\nb.jpg", "ab.jpg"),
    ("", "file.jpg"), ("名" * 300 + ".jpg", "名" * 80 + ".jpg"), ("...", "file.jpg"),
])
def test_the_name_of_a_file_is_a_plain_one(name: str, kept: str) -> None:
    assert files.safe_name(name, ".jpg") == kept


# ---- workbooks ------------------------------------------------------------------------------------------


def test_cells_are_read_as_they_are_seen(app: Flask) -> None:
    data = sent.book(A2="=1+1", B2=("=2+3", 5), C2="a\x07b", D2="１２", E2=Decimal("8.5"))
    assert sheets.read_table(data) == [["表头", "", "", "", ""], ["=1+1", "5", "ab", "１２", "8.5"]]


def test_a_million_empty_rows_are_no_rows(app: Flask) -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(2, 1_048_577))
    assert sheets.read_table(sent.rows_added(rows)) == [["表头"]]


@pytest.mark.parametrize(("make", "code"), [
    (lambda: b"", "not_xlsx"),
    (lambda: b"PK\x03\x04" + b"\0" * 300, "not_xlsx"),
    (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 300, "not_xlsx"),
    (lambda: "姓名,证件号码\n".encode("gb18030"), "not_xlsx"),
    (lambda: sent.repacked(sent.book(), lambda x: x.replace(b"?>", DOCTYPE, 1)), "not_xlsx"),
    (lambda: sent.repacked(sent.book(), lambda x: x[: len(x) // 2]), "not_xlsx"),
    (lambda: sent.rows_added(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "sheet_too_large"),
    (lambda: sent.rows_added(b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"), "sheet_too_large"),
    (lambda: sent.repacked(sent.book(), extra={"xl/media/a.bin": b"\0" * 70_000_000}), "sheet_bomb"),
    (lambda: sent.repacked(sent.book(), extra={f"xl/{n}.xml": b"<a/>" for n in range(300)}), "sheet_bomb"),
    (lambda: sent.repacked(sent.book(), extra={"XL/worksheets/SHEET1.xml": b"<a/>"}), "not_xlsx"),
    (lambda: sent.repacked(sent.book(), extra={"xl/vbaProject.bin": b"x"}), "sheet_macros"),
    (lambda: sent.repacked(sent.book(), extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "sheet_links"),
    (lambda: sent.rows_added(b'<row r="2"><c r="A2"><f>WEBSERVICE("http://x")</f></c></row>'), "sheet_formula"),
    (lambda: sent.rows_added(b'<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'), "sheet_error_cell"),
], ids=["empty", "broken-zip", "old-xls", "csv", "entities", "cut", "far-cell", "wide", "bomb", "members", "twice", "macros", "links",
        "formula", "error"])
def test_workbooks_refused_with_a_sentence(app: Flask, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        sheets.read_table(make())
    assert refused.value.code == code
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1", "https://a.test", "0012"])
def test_what_is_written_runs_nowhere(app: Flask, text: str) -> None:
    page = openpyxl.load_workbook(io.BytesIO(sheets.write_table(text, [text], [[text]], note=text, taken=None))).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells] == ["s"] * 3
    assert not any(cell.hyperlink for cell in cells)
