"""Paper knows its own assets and nothing else: no file of the machine, no network, no redirect, no attachment."""

import io

import pikepdf
import pytest
from flask import Flask

from competition.core.paper import PaperError, Press

SECRET = "/etc/passwd"
SVG = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
REACHING = (
    f"<img src='file://{SECRET}'>", "<img src='http://127.0.0.1:1/x.png'>", f"<link rel=stylesheet href='file://{SECRET}'>",
    "<link rel=attachment href='file:///proc/self/environ'>", f"<a rel=attachment href='file://{SECRET}'>x</a>",
    "<style>@import url(http://127.0.0.1:1/x.css);</style>", f"<style>body {{ background: url(file://{SECRET}) }}</style>",
    "<img src='asset:../../etc/passwd'>", f"<object data='file://{SECRET}'></object>", "<base href='file:///etc/'><img src=passwd>",
    f"<style>@font-face {{ font-family: x; src: url(file://{SECRET}) }} p {{ font-family: x }}</style><p>a",
    f"<img src=\"data:image/svg+xml,<svg {SVG}><image xlink:href='file://{SECRET}'/></svg>\">", "<img src='ftp://127.0.0.1/x'>",
)


@pytest.fixture(scope="module")
def press(sqlite_app: Flask) -> object:
    with sqlite_app.app_context(), Press() as found:
        yield found


@pytest.mark.parametrize("snippet", REACHING)
def test_what_reaches_outside_is_not_printed(press: Press, snippet: str) -> None:
    with pytest.raises(PaperError, match="不允许的外部内容"):
        press.print(f"<html><body>{snippet}</body></html>")


@pytest.mark.parametrize("snippet", [
    f"<svg {SVG} width='9' height='9'><image xlink:href='file://{SECRET}'/></svg>", f"<a href='file://{SECRET}'>x</a>",
    "<script>document.write(1)</script>", f"<iframe src='file://{SECRET}'></iframe>", f"<embed src='file://{SECRET}'>",
])
def test_what_is_no_part_of_paper_is_left_out(press: Press, snippet: str) -> None:
    """Printed or refused: nothing of the machine is in it, and nothing that runs."""
    try:
        data = press.print(f"<html><body>{snippet}</body></html>")
    except PaperError:
        return
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.attachments
        read = b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/Subtype" not in each)
        assert b"root:" not in data + read
        assert b"/JS" not in data
