"""Hostile documents and templates: they read nothing, reach nothing, and stop within their limits.

What leaves is seen from outside: a listener on this machine counts who knocks, a file holds a word that must not be
printed. Each document is also given to a process whose own check is gone (``careless_child``), so that the locks
are tried and not only the check before them.
"""

import os
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from weasyprint import HTML

from competition.certificates.printing import Design, Printer, Sheet
from competition.certificates.ready import drawing, text
from competition.core.confined import Limits, has_own_network
from competition.core.paper import FAULTS, PaperError, Press
from competition.core.pictures import text_of

CANARY = "QVXZJKCANARY"
CARELESS = "tests.certificates.careless_child"
METADATA = "http://169.254.169.254/latest/meta-data/"


@dataclass
class Listener:
    """Answers everybody with a redirect to a file, and counts them."""

    target: str
    door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    seen: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                caller, _address = self.door.accept()
            except OSError:
                return
            self.seen += 1
            with caller:
                caller.recv(4096)
                caller.sendall(f"HTTP/1.1 302 Found\r\nLocation: {self.target}\r\nContent-Length: 0\r\n\r\n".encode())


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file that nobody who prints may read: text, style sheet and page at once."""
    path = tmp_path / "canary.css"
    path.write_text(f'body::before {{ content: "{CANARY}" }}')
    return path


@pytest.fixture
def listener(canary: Path) -> Iterator[Listener]:
    found = Listener(f"http://127.0.0.1:9/{canary.name}")
    thread = threading.Thread(target=found.run)
    thread.start()
    yield found
    found.door.shutdown(socket.SHUT_RDWR)
    found.door.close()
    thread.join()


def documents(canary: Path, web: str) -> dict[str, str]:
    """Everything by which a document asks for more than itself."""
    file = canary.as_uri()
    style = "<style>{}</style><p>x</p>".format
    return {
        "picture of a file": f'<img src="{file}">',
        "picture from the web": f'<img src="{web}/a.png">',
        "metadata": f'<img src="{METADATA}">',
        "relative to a base": f'<base href="{canary.parent.as_uri()}/"><img src="canary.css">',
        "a name without an address": '<img src="asset:../../etc/passwd">',
        "data address": '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E">',
        "object": f'<object data="{file}">x</object>',
        "embed": f'<embed src="{web}/a.svg">',
        "style sheet": f'<link rel="stylesheet" href="{file}"><p>x</p>',
        "style sheet that redirects": f'<link rel="stylesheet" href="{web}/a.css"><p>x</p>',
        "import of a file": style(f'@import url("{file}");'),
        "import from the web": style(f'@import "{web}/b.css";'),
        "import of metadata": style(f"@import url({METADATA});"),
        "font of a file": style(f'@font-face {{ font-family: x; src: url("{file}") }} p {{ font-family: x }}'),
        "font from the web": style(f'@font-face {{ font-family: x; src: url("{web}/x.woff2") }} p {{ font-family: x }}'),
        "background": style(f'p {{ background: url("{web}/c.png") }}'),
        "content": style(f'p::before {{ content: url("{file}") }}'),
        "bullet": style(f'p {{ display: list-item; list-style-image: url("{web}/d.png") }}'),
        "border": style(f'p {{ border: 1px solid; border-image-source: url("{web}/e.png") }}'),
        "attachment": f'<link rel="attachment" href="{file}"><p>x</p>',
        "attached link": f'<a rel="attachment" href="{file}">x</a>',
        "picture in a drawing": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{file}" width="9" height="9"/></svg>',
    }


# These ask for nothing: they are printed as they are, and nothing runs.
HARMLESS = {
    "script in a drawing": '<img src="asset:script.svg">',
    "script": "<script>fetch('{web}')</script><p onclick='x'>x</p>",
    "part of a foreign drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{web}/f.svg#a"/></svg>',
    "frame": '<iframe src="{file}"></iframe>',
    "template language": "<p>{{{{ 7*191 }}}} {{% include '{file}' %}} ${{7*191}}</p>",
}
SCRIPT = """<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "{file}">]><svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">
<script>fetch('{web}')</script><script href="{web}/s.js"/><text y="20" onload="fetch('{web}')">drawn</text></svg>"""


def outcome(press: Press, html: str, assets: dict[str, bytes] | None = None) -> str:
    """``foreign``, another fault, or the text that was printed; never the canary."""
    try:
        pdf = press.print(html, assets=assets)
    except PaperError as error:
        return next((key for key, words in FAULTS.items() if str(words) == error.message), error.message)
    assert CANARY.encode() not in pdf
    said = text_of(pdf)
    assert CANARY not in said
    assert b"/EmbeddedFile" not in pdf
    return said


def test_the_guards_of_this_test_see_what_leaves(canary: Path, listener: Listener) -> None:
    pages = documents(canary, listener.address)
    assert CANARY in text_of(HTML(string=pages["style sheet"]).write_pdf())
    HTML(string=pages["import from the web"]).write_pdf()
    assert listener.seen == 1


@pytest.mark.usefixtures("app")
def test_a_document_gets_nothing_but_its_assets(canary: Path, listener: Listener) -> None:
    with Press() as press:
        found = {name: outcome(press, html) for name, html in documents(canary, listener.address).items()}
        assert {name: said for name, said in found.items() if said != "foreign"} == {}
        assert outcome(press, "<p>afterwards</p>").strip() == "afterwards"
    assert listener.seen == 0


@pytest.mark.usefixtures("app")
def test_nothing_leaves_even_without_that_check(canary: Path, listener: Listener) -> None:
    with Press(CARELESS) as press:
        for html in documents(canary, listener.address).values():
            outcome(press, html)
        assert outcome(press, f'<link rel="stylesheet" href="{canary.as_uri()}">') == "foreign"
        assert outcome(press, f'<img src="{listener.address}">') == "foreign"
    assert listener.seen == 0


@pytest.mark.usefixtures("app")
def test_what_is_no_address_is_printed_and_nothing_runs(canary: Path, listener: Listener) -> None:
    words = {"web": listener.address, "file": canary.as_uri()}
    assets = {"script.svg": SCRIPT.replace("{web}", words["web"]).replace("{file}", words["file"]).encode()}
    with Press() as press:
        found = {name: outcome(press, html.format(**words), assets) for name, html in HARMLESS.items()}
    assert "drawn" in found["script in a drawing"]
    assert "{{ 7*191 }}" in found["template language"]
    assert "1337" not in found["template language"]
    assert not set(found.values()) & FAULTS.keys()
    assert listener.seen == 0


# Each step in doubles the work of laying it out.
ENDLESS = '<div style="display: flex"><div>' * 16 + "x"


def png(width: int, height: int) -> bytes:
    """The head of a picture and nothing of it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0")
    chunks = [struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (head, body, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.usefixtures("app")
def test_pictures_that_are_too_large_or_none_are_refused_and_not_left_out() -> None:
    shown = '<img src="asset:a.png">'
    with Press() as press:
        assert outcome(press, shown, {"a.png": bytes(200 * 1024**2)}) == "too_large"
        assert outcome(press, shown, {"a.png": png(60000, 60000)}) == "too_many_pixels"
        assert outcome(press, shown, {"a.png": png(8000, 8000)}) == "too_many_pixels"
        assert outcome(press, shown, {"a.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}) == "picture"
        assert outcome(press, shown, {"a.png": png(10, 10)}) == "picture"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("html", "limits", "said"), [
    (ENDLESS, {"cpu_s": 1}, "too_long"),
    ("<p>x</p>", {"wall_s": 0.01}, "too_long"),
    ("<p>x</p>" * 1000, {"html": 2000}, "too_large"),
    ('<p style="break-before: page">x</p>' * 5, {"pages": 3}, "too_many_pages"),
])
def test_a_document_stops_within_its_limits(html: str, limits: dict[str, Any], said: str) -> None:
    with Press(limits=Limits(**limits)) as press:
        assert outcome(press, html) == said
        # The next one has a process of its own when this one was ended.
        press.limits = Limits()
        if said == "too_long":
            assert outcome(press, "<p>afterwards</p>").strip() == "afterwards"


@pytest.mark.usefixtures("app")
def test_a_process_without_memory_fails_its_document_and_no_other() -> None:
    with Press(limits=Limits(memory=64 * 1024**2)) as press:
        assert outcome(press, "<p>x</p>").strip() != "x"
    with Press() as press:
        assert outcome(press, "<p>x</p>").strip() == "x"


@pytest.mark.usefixtures("app")
def test_a_printing_process_has_a_network_of_its_own_where_the_kernel_allows_it_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_SECRET_KEY", CANARY)
    with Press() as press:
        press.print("<p>x</p>")
        assert press._child is not None
        here, there = (os.readlink(f"/proc/{pid}/ns/net") for pid in (os.getpid(), press._child.pid))
        assert (here != there) == has_own_network()
        assert CANARY.encode() not in Path(f"/proc/{press._child.pid}/environ").read_bytes()


def printed(*blocks: dict[str, Any]) -> tuple[str, str | None]:
    """The text of a certificate of this layout, or why there is none."""
    layout = {"format": 2, "page": {"size": "A4", "orientation": "landscape"}, "blocks": list(blocks)}
    with Printer(Design(layout, "获奖证书", is_demo=False), children=1) as printer:
        [answer] = printer.print_each([Sheet({"证书编号": "1", "姓名": "<b>{赛事}{{7*191}}</b>", "赛事": "某赛事"}, "http://127.0.0.1/v/1")])
    return (text_of(answer.data) if answer.data else ""), answer.error


@pytest.mark.usefixtures("app")
def test_a_template_is_text_with_four_tags_and_no_language(canary: Path, listener: Listener) -> None:
    texts = ["{{7*191}} ${7*191} {% x %}", "{姓名.__class__}", "{{姓名}}", "甲<img src=x onerror=y><script>乙</script>丙",
             f'<a href="{canary.as_uri()}">丁</a><style>@import "{listener.address}"</style>', "戊<b style='color:red'>己</b>&lt;i&gt;"]
    said, error = printed(*(text(each, x=20, y=20 + 20 * n, w=200, h=15, size=12) for n, each in enumerate(texts)))
    assert error is None
    assert "1337" not in said
    assert "<b>{赛事}{{7*191}}</b>" in said
    assert "甲丙" in said
    assert "丁" in said
    assert "戊己<i>" in said
    assert listener.seen == 0


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("block", [
    {"kind": "border", "style": 'x.svg" alt=""><img src="FILE"><img src="asset:certificate-border', "x": 0, "y": 0, "w": 90, "h": 90},
    text("甲", x=20, y=20, w=90, h=20, size=12, weight="400; background: url(WEB/a.png)"),
    text("甲", x=20, y=20, w=90, h=20, size=12, font='x"; } @import url(WEB/a.css); @font-face { src: url(FILE) } p { x: "'),
    drawing("picture", 20, 20, 20, 20) | {"asset": '"><link rel=attachment href=FILE>'},
])
def test_a_layout_that_nobody_has_checked_reaches_nothing_either(block: dict[str, Any], canary: Path, listener: Listener) -> None:
    place = {"FILE": canary.as_uri(), "WEB": listener.address}
    filled = {key: value.replace("FILE", place["FILE"]).replace("WEB", place["WEB"]) if isinstance(value, str) else value
              for key, value in block.items()}
    said, error = printed(filled)
    assert CANARY not in said
    assert error in (None, str(FAULTS["foreign"]), "排版失败（SplitError）。")
    assert listener.seen == 0
