"""Any table a person has is read, or refused with a sentence; what it costs is bounded."""

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.core.config import ROOT
from competition.core.errors import RuleBroken
from competition.core.tables import child
from competition.core.tables.bounds import Unreadable
from competition.core.tables.reading import FAULTS, read_tables
from competition.core.tables.texts import decode, parse
from tests.hostile import files as sent

HERE = Path(__file__).parent
ROWS = [["姓名", "身份证号"], ["卓玛·试", "632123199001011237"], ["䶮甲", "1"]]
TEXT = "姓名,身份证号\r\n卓玛·试,632123199001011237\r\n\r\n䶮甲,1\r\n"
OLD = b"\xd0\xcf\x11\xe0" + b"\0" * 600


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_encoding_and_the_separator_are_found(encoding: str, separator: str) -> None:
    rows = parse(decode(TEXT.replace(",", separator).encode(encoding)))
    assert rows == [(1, ROWS[0]), (2, ROWS[1]), (4, ROWS[2])]


@pytest.mark.parametrize(("text", "cells"), [
    ('姓名,号码\n甲,="632123199001011237"', ["甲", "632123199001011237"]),
    ("姓名,号码\n甲,'632123199001011237", ["甲", "632123199001011237"]),
    ("姓名,号码\n甲,\t632123199001011237", ["甲", "632123199001011237"]),
    ('姓名,号码\n"甲, 乙","两\n行"', ["甲, 乙", "两\n行"]),
    ("姓名,号码\n=1+1,'='", ["=1+1", "'='"]),
])
def test_cells_of_texts(text: str, cells: list[str]) -> None:
    assert parse(text)[1] == (2, cells)


@pytest.mark.parametrize(("data", "key"), [
    (("很多汉字" * 30 + ",甲\n").encode() + b"\xe5\xa7,1\n", "damaged"),
    (b"\xff\xfe\x00\xd8", "encoding"),
    (b"\x81\xff\xff\xff", "encoding"),
    (b"name,\0,1\n", "not_a_table"),
    (b"\0\1\2\3" * 90, "not_a_table"),
    (b"a,b\n\"c,d\n", "quotes"),
    (b"a,b\n\"c,d\n" + b"e,f\n" * 40 + b"g\",h\n", "quotes"),
    (b"\xef\xbb\xbf <html><table><tr>", "web_page"),
    (b"<?xml version='1.0'?><Workbook>", "web_page"),
])
def test_texts_refused(data: bytes, key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(decode(data))
    assert refused.value.key == key


def test_an_old_workbook_is_read_like_a_new_one(app: Flask) -> None:
    found = read_tables((HERE / "old.xls").read_bytes())
    table = found.tables[0]
    assert (found.hidden, [t.title for t in found.tables]) == (["选项"], ["名单"])
    assert table.lines == [1, 3, 4, 5]
    # The number lost its last digits and looks so; the unit is merged over both rows.
    assert [row[1:4] for row in table.rows[2:]] == [
        ["试选手甲", "632123199001011237", "测试拉面馆"], ["试选手乙", "6.32123E+17", "测试拉面馆"]]


def test_a_million_empty_rows_are_no_rows_and_a_formula_is_its_result(app: Flask) -> None:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_048_577))
    assert read_tables(sent.rows_added(rows)).tables[0].rows == [["表头"]]
    assert read_tables(sent.book(A2=("=1+1", 2), B2="=1+1")).tables[0].rows == [["表头"], ["2", "=1+1"]]


def test_what_a_person_sees_is_read(app: Flask) -> None:
    book = openpyxl.Workbook()
    for title, state in (("一", "visible"), ("二", "visible"), ("三", "hidden"), ("四", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet["B2"] = title
    book["一"]["C1048576"] = "末"
    out = io.BytesIO()
    book.save(out)
    found = read_tables(out.getvalue())
    assert [(t.title, t.lines) for t in found.tables] == [("一", [2, 1_048_576]), ("二", [2])]
    assert found.hidden == ["三", "四"]


@pytest.mark.parametrize(("data", "code"), [
    (b"", "sheet_unreadable"),
    (b"\xef\xbb\xbf \r\n", "sheet_unreadable"),
    (OLD, "sheet_unreadable"),
    (OLD + "EncryptedPackage".encode("utf-16-le"), "sheet_password"),
    (OLD + "_VBA_PROJECT_CUR".encode("utf-16-le"), "sheet_macros"),
    (b"a,b\n" + b"x" * 6000, "sheet_unreadable"),
    (b",".join([b"x"] * 101), "sheet_too_large"),
    (b"x\n" * 100_001, "sheet_too_large"),
    (b"%PDF-1.7\0\0\0\1\2", "not_a_table"),
    (b"x" * (24 * 1024 * 1024 + 1), "sheet_too_large"),
    (b"PK\x03\x04" + b"\0" * 300, "not_xlsx"),
    (sent.repacked(sent.book(), lambda x: x.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', 1)), "not_xlsx"),
    (sent.repacked(sent.book(), lambda x: x[: len(x) // 2]), "sheet_unreadable"),
    (sent.repacked(sent.book(), lambda x: x.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")), "not_xlsx"),
    (sent.repacked(sent.book(), extra={"xl/media/a.bin": b"\0" * 70_000_000}), "sheet_bomb"),
    (sent.repacked(sent.book(), extra={f"xl/{n}.xml": b"<a/>" for n in range(300)}), "sheet_bomb"),
    (sent.repacked(sent.book(), extra={"xl/vbaProject.bin": b"x"}), "sheet_macros"),
    (sent.repacked(sent.book(), extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "sheet_links"),
    (sent.rows_added(b'<row r="2"><c r="A2"><f>WEBSERVICE("http://x")</f></c></row>'), "sheet_formula"),
    (sent.rows_added(b'<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'), "sheet_error_cell"),
], ids=["empty", "blank", "old", "password", "macros", "long", "wide", "rows", "pdf", "25MB", "zip", "entities", "cut", "utf-16", "bomb",
        "members", "vba", "links", "formula", "error"])
def test_refused_with_a_sentence(app: Flask, data: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_tables(data)
    assert (refused.value.code, refused.value.details) in ((code, {"field": "file"}), (code, {}))
    assert refused.value.message.endswith("。")
    assert "%(" not in refused.value.message


def test_a_file_that_eats_memory_ends_the_process_that_reads_and_no_other(app: Flask) -> None:
    far = sent.rows_added(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(RuleBroken, match="读取已中止"):
        read_tables(far)
    # A text of a million characters named by three hundred thousand cells.
    cells = b"".join(b'<row><c t="s"><v>1</v></c></row>' for _ in range(300_000))
    strings = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si><si><t>%s</t></si></sst>'
    bomb = sent.repacked(sent.rows_added(cells), lambda _: strings % (b"y" * 1_000_000), member="xl/sharedStrings.xml")
    with pytest.raises(RuleBroken) as refused:
        read_tables(bomb)
    assert refused.value.code in ("sheet_too_large", "sheet_unreadable", "sheet_bomb")


def test_the_process_that_reads_writes_no_file() -> None:
    code = "from competition.core.tables import child; child.confine(); open('/tmp/x-never', 'w').write('x' * 9000)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode != 0
    Path("/tmp/x-never").unlink(missing_ok=True)  # noqa: S108 - what must not have been written


@pytest.mark.parametrize(("deed", "event"), [
    ("import socket; socket.socket()", "socket.__new__"), ("open('/etc/passwd')", "open"),
    ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
])
def test_the_process_that_reads_reaches_nothing(deed: str, event: str) -> None:
    code = f"from competition.core.tables import child; child.confine(); {deed}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr.decode().strip().endswith(f"Forbidden: {event}")


def test_the_process_that_reads_has_left_the_network_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    real = subprocess.Popen.__init__
    monkeypatch.setattr(subprocess.Popen, "__init__", lambda self, args, **more: (begun.append(args), real(self, args, **more))[1])
    read_tables(TEXT.encode())
    assert [args[1:3] + args[-1:] for args in begun] == [["-m", "competition.core.confined", "competition.core.tables.child"]]


@settings(max_examples=300, deadline=None)
@given(st.one_of(
    st.binary(max_size=400), st.sampled_from(("gb18030", "utf-8", "utf-16")).flatmap(
        lambda encoding: st.text(max_size=200).map(lambda text: text.encode(encoding, "replace"))),
    st.binary(max_size=200).map(lambda b: b"\xd0\xcf\x11\xe0" + b), st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    answer = json.loads(json.dumps(child.read(data)))
    if "error" in answer:
        assert answer["error"] in FAULTS
    else:
        assert all(line > 0 and any(cells) for table in answer["tables"] for line, cells in table["rows"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.integers(0, 255), st.integers(1, 40))
def test_a_workbook_with_bytes_changed_does_no_more(at: int, value: int, length: int) -> None:
    for whole in (sent.book(A2="甲", B2=1.5), (HERE / "old.xls").read_bytes()):
        place = at % len(whole)
        answer = child.read(whole[:place] + bytes([value]) * length + whole[place + length:])
        assert answer.get("error", "unreadable") in FAULTS
