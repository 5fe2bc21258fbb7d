"""Paper: HTML to PDF by WeasyPrint, in a child process that can read nothing but the given assets.

``Press`` keeps one child for many documents; it is replaced after ``RECYCLE`` documents (memory) and
killed when a document takes longer than its ``Limits`` allow (``confined``). A character that no font has fails the
document: the child reports it instead of printing a box.
"""

import json
import os
import select
import struct
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import TracebackType
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from competition.core.config import PAPER_ASSETS, ROOT
from competition.core.confined import Limits, command
from competition.core.errors import RuleBroken
from competition.core.formats import character_names
from competition.core.languages import on_record
from competition.core.taken import Taken

RECYCLE = 200
DEFAULTS = Limits()
FAULTS = {
    "too_long": _("文档过大或过于复杂，排版已中止。请减少内容后再试。"),
    "too_large": _("文档过大，排版已中止。"),
    "foreign": _("文档引用了不允许的外部内容，未排版。"),
    "too_many_pages": _("文档页数过多，排版已中止。请分成几份再试。"),
    "too_many_pixels": _("图片的像素过多，未排版。请缩小图片后再试。"),
    "picture": _("文档中有图片损坏或不能显示，未排版。请更换图片后再试。"),
    "font": _("文档所用的字体不能使用，未排版。请更换字体后再试。"),
    "failed": _("排版失败（%(kind)s）。"),
    "missing": _("字库中没有这些字：%(missing)s"),
}
PAPER_CSS = PAPER_ASSETS / "index.css"


class PaperError(RuleBroken):
    """A document could not be printed; the message says what is wrong with it."""

    code = "paper_error"
    status = 422


class Press:
    """A printing child process. Use it as a context manager.

    ``program``: the module that prints; ``greeting``: what each new child is told first; ``limits``: what it may take.
    """

    def __init__(
        self, program: str = "competition.core.press", greeting: Mapping[str, Any] | None = None, limits: Limits = DEFAULTS,
    ) -> None:
        self.program, self.greeting, self.limits = program, greeting, limits
        self._folder: TemporaryDirectory[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._printed = 0

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
            self._child = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def print(
        self, html: str, *, assets: Mapping[str, bytes] | None = None, title: str = "", variant: str | None = None,
        taken: Taken | None = None,
    ) -> bytes:
        """One document as PDF bytes; ``taken`` is printed on every page of a list that leaves the program.

        ``assets`` are pictures and style sheets by name, referred to as ``asset:NAME``; ``asset:paper.css``
        is always there. Raises :class:`PaperError`, naming the characters that no font has.
        """
        request: dict[str, Any] = {
            "html": marked(html, taken) if taken else html,
            "title": title,
            "variant": variant,
            "assets": {name: b64encode(data).decode() for name, data in {**_own_assets(), **(assets or {})}.items()},
        }
        return b64decode(self.ask(request)["pdf"])

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The child's answer. Raises :class:`PaperError`."""
        if self._child is None and self.greeting is not None:
            _refuse(self._ask(json.dumps(self.greeting).encode()))
        answer = self._ask(json.dumps(request).encode())
        self._printed += 1
        if self._printed >= RECYCLE:
            self.close()
        _refuse(answer)
        return answer

    def _ask(self, body: bytes) -> dict[str, Any]:
        if len(body) > self.limits.request:
            raise PaperError(FAULTS["too_large"])
        child = self._start()
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101
        try:
            child.stdin.write(struct.pack(">I", len(body)) + body)
            child.stdin.flush()
            until = monotonic() + self.limits.wall_s
            size = struct.unpack(">I", _read(child, 4, until))[0]
            answer: dict[str, Any] = json.loads(_read(child, size, until))
        except (OSError, EOFError) as error:
            self.close()
            raise PaperError(FAULTS["too_long"]) from error
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._printed = 0
            self._folder = TemporaryDirectory(prefix="press-", ignore_cleanup_errors=True)
            self._child = subprocess.Popen(
                command(self.program, self.limits), cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_child_environment(self._folder.name),
            )
        return self._child


def _refuse(answer: Mapping[str, Any]) -> None:
    if "error" in answer:
        missing = answer.get("missing", "")
        said = LazyString(lambda: str(FAULTS[answer["error"]]) % {"missing": character_names(missing), "kind": answer.get("kind", "")})
        raise PaperError(said, missing=missing)


def _read(child: subprocess.Popen[bytes], size: int, until: float) -> bytes:
    assert child.stdout is not None  # noqa: S101
    descriptor, parts, missing = child.stdout.fileno(), [], size
    while missing:
        ready, _, _ = select.select([descriptor], [], [], max(0, until - monotonic()))
        chunk = os.read(descriptor, min(missing, 1 << 20)) if ready else b""
        if not chunk:
            raise EOFError
        parts.append(chunk)
        missing -= len(chunk)
    return b"".join(parts)


def _child_environment(folder: str) -> dict[str, str]:
    # No setting and no key of ours reaches the process that reads organizers' documents.
    kept = ("PATH", "HOME", "LANG", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUTF8": "1", "TMPDIR": folder}


def _own_assets() -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in (("paper.css", PAPER_CSS), ("export.css", asset_path("export.css"))) if path.exists()}


def marked(html: str, taken: Taken) -> str:
    """The document with a foot line on every page; with a mark across it where it names people."""
    head = Markup('<link rel="stylesheet" href="asset:export.css">')
    foot = Markup('<div class="export-foot">{}</div>').format(taken.line)
    across = Markup('<div class="export-mark">{}</div>').format(f"{taken.who} {taken.at:%Y-%m-%d}") if taken.export.is_personal else ""
    return html.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{across}{foot}</body>", 1)


def paper_html(template: str, **values: Any) -> str:
    """A paper as HTML, in Chinese whoever reads it; needs no request. A page to look at leaves out ``paper_css``."""
    with on_record():
        return current_app.jinja_env.get_template(template).render(demo_mode=current_app.extensions["settings"].demo, **values)


def print_pdf(html: str, *, assets: Mapping[str, bytes] | None = None, title: str = "", taken: Taken | None = None) -> bytes:
    """One document, one child."""
    with Press() as press:
        return press.print(html, assets=assets, title=title, taken=taken)


def asset_path(name: str) -> Path:
    """A file of ours that paper may show (static/src/paper)."""
    return PAPER_ASSETS / name
