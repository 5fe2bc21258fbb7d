"""What templates may call: the filters of ``formats``, addresses of built files, this page's address and language."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import get_locale
from markupsafe import Markup, escape

from competition.core.config import ROOT
from competition.core.formats import FILTERS, in_english
from competition.core.languages import translated

BUILD = ROOT / "static" / "build"


class Assets:
    """Hashed addresses of built files, read from the manifest of the build."""

    def __init__(self, folder: Path, prefix: str, *, watch: bool = False) -> None:
        self._manifest = folder / "manifest.json"
        self._prefix = prefix
        self._watch = watch
        self._read_at = -1
        self._names: Mapping[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the address of the built file called `name`, e.g. `app.css`.

        Without a build (a bare test run) the plain name is returned: the page
        stays readable HTML and the missing file shows up as a 404 in the log.
        """
        self._refresh()
        return self._prefix + self._names.get(name, name)

    def _refresh(self) -> None:
        if self._read_at >= 0 and not self._watch:
            return
        try:
            changed_at = self._manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed_at != self._read_at:
            self._names = json.loads(self._manifest.read_text("utf-8"))
            self._read_at = changed_at


def page_lang() -> str:
    """The `lang` attribute of the page: zh-Hans-CN, en."""
    locale = get_locale()
    return "zh-Hans-CN" if locale is None else str(locale).replace("_", "-")


def url_with(**changes: str | int | None) -> str:
    """This page's address with some query arguments changed; None removes one."""
    args: dict[str, list[str]] = request.args.to_dict(flat=False)
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
        else:
            args[name] = [str(value)]
    query = urlencode(args, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def together(*sentences: Any) -> Markup:
    """Whole sentences in a row, as ``formats.together`` does it; what was marked up stays so."""
    blank = Markup(" ") if in_english() else Markup("")
    return blank.join(each for each in sentences if each)


# 2026年12月11日 18:00, as the formatter writes it.
_DAY = re.compile(r"(?:\d{4}\u5e74)?\d{1,2}\u6708\d{1,2}\u65e5(?: \d{2}:\d{2})?")


def whole_days(sentence: Any) -> Markup:
    """A sentence whose Chinese dates do not go over the end of a line."""
    return Markup(_DAY.sub(lambda day: f'<span class="nowrap">{day[0]}</span>', str(escape(sentence))))  # noqa: S704 - escaped


def register(app: Flask, build: Path = BUILD) -> None:
    """Give the templates of `app` the filters and the globals `asset`, `url_with`, `page_lang`, `together`.

    `build` is the folder that is served under /static/.
    """
    helpers: dict[str, Any] = {
        "asset": Assets(build, "/static/", watch=app.debug),
        "url_with": url_with,
        "page_lang": page_lang,
        "together": together,
    }
    app.jinja_env.filters.update(FILTERS, translated=translated, whole_days=whole_days)
    app.jinja_env.globals.update(helpers)
