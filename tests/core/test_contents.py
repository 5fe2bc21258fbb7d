"""A file that is refused is called what it is, whatever its name says, and what is taken is said beside it."""

import io
import zipfile

import pytest
from flask import Flask

from competition.core import cleaning, contents
from competition.core.errors import RuleBroken
from competition.core.tables.reading import read_tables
from tests.hostile import files as sent

OLD = b"\xd0\xcf\x11\xe0" + b"\0" * 300


def packed(*names: str) -> bytes:
    """A package with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<a/>")
    return out.getvalue()


@pytest.mark.parametrize(("data", "kind"), [
    (b"", "empty"), (b"%PDF-1.7", "pdf"), (sent.jpeg(), "jpeg"), (sent.gif(), "gif"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
    (b"\0\0\0\x18ftypheic\0\0", "heic"), (b"\0\0\0\x18ftypisom\0\0", "video"), (b"II*\0\x08", "tiff"),
    (b"BM\x36\0\0\0\0\0\0\0\x36", "bmp"), ("BM,姓名\n".encode(), "text"), (packed("word/document.xml"), "document"),
    (packed("ppt/presentation.xml"), "slides"), (sent.book(), "table"), (packed("a.jpg"), "archive"), (packed("a.jpg")[:40], ""),
    (OLD + "WordDocument".encode("utf-16-le"), "document"), (OLD + "Workbook".encode("utf-16-le"), "table"), (OLD, ""),
    (b" <!DOCTYPE html><p>", "web_page"), ("签到表".encode() * 700, "text"), ("签到表".encode("gb18030"), "text"),
    (b"\x01\x02\x03\x04", ""),
])
def test_known_by_its_bytes(data: bytes, kind: str) -> None:
    assert contents.content_of(data) == kind
    assert kind in ("", *contents.WORDS)


@pytest.mark.parametrize(("data", "words"), [
    ("签到表".encode(), "内容是文字，这里只接受JPG、PNG 图片、PDF文件"), (b"", "空的（0 字节）"), (sent.book(), "内容是表格"),
    (b"\0\0\0\x18ftypheic\0\0", "HEIC 照片（苹果手机的格式）"), (b"\x01\x02\x03\x04", "只改了文件名的后缀"),
])
def test_evidence_of_another_kind_is_named(app: Flask, data: bytes, words: str) -> None:
    with app.test_request_context(), pytest.raises(RuleBroken) as refused:
        cleaning.clean_upload(data, ("image", "pdf"))
    assert words in refused.value.message
    assert refused.value.code == "file_kind"


@pytest.mark.parametrize(("data", "words"), [
    (sent.jpeg(), "内容是JPG 图片，不是表格"), (packed("word/document.xml"), "内容是Word 文档"), (packed("a.jpg"), "内容是压缩包"),
    (OLD + "WordDocument".encode("utf-16-le"), "内容是Word 文档"), (sent.book()[:-400], "损坏或不完整"), (OLD, "损坏或不完整"),
])
def test_what_is_no_table_or_a_broken_one_is_told_with_what_is_taken(app: Flask, data: bytes, words: str) -> None:
    with app.test_request_context(), pytest.raises(RuleBroken) as refused:
        read_tables(data)
    assert words in refused.value.message
    assert ".xlsx、.xls 或 .csv" in refused.value.message
