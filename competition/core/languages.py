"""The languages of the program: which there are, who reads which, and words that wait until their reader is known.

The sentences in the program are Chinese; other languages are catalogues in ``competition/translations``.
The record (audit, papers, workbooks, what was asked of a second person) is Chinese whoever acts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_babel import force_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import escape
from werkzeug.wrappers import Response

from competition.core.formats import in_english

SOURCE = "zh_Hans_CN"
COOKIE = "language"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Language:
    """A language by its catalogue's name, its own name, and its name in HTML."""

    code: str
    label: str
    lang: str


LANGUAGES = (Language(SOURCE, "简体中文", "zh-Hans-CN"), Language("en", "English", "en"))


def _escaped(words: LazyString) -> str:
    return str(escape(str(words)))


# Flask-Babel gives late words to templates as finished HTML; ours can hold what somebody typed.
LazyString.__html__ = _escaped


def init_languages(app: Flask, translations: Path) -> None:
    """Offer Chinese, and whatever has a compiled catalogue."""
    usual = app.json.default  # type: ignore[attr-defined]  # of Flask's own provider
    app.json.default = lambda value: str(value) if isinstance(value, LazyString) else usual(value)  # type: ignore[attr-defined]
    found = {path.parent.parent.name for path in translations.glob("*/LC_MESSAGES/messages.mo")}
    app.extensions["languages"] = tuple(each for each in LANGUAGES if each.code == SOURCE or each.code in found)


def offered() -> tuple[Language, ...]:
    """The languages a reader may choose, Chinese first."""
    found: tuple[Language, ...] = current_app.extensions["languages"]
    return found


def known(code: str | None) -> str:
    """``code`` when it is offered, else Chinese."""
    return next((each.code for each in offered() if each.code == code), SOURCE)


def of_browser() -> str:
    """What this browser has chosen. Chinese until somebody chooses: many a Chinese reader's phone speaks English."""
    return known(request.cookies.get(COOKIE))


def of_program() -> str:
    """What a program asks for in ``Accept-Language``: it carries no cookie."""
    wanted = request.accept_languages.best_match([each.lang for each in offered()])
    return next((each.code for each in offered() if each.lang == wanted), SOURCE)


def remember(answer: Response, code: str) -> None:
    """Let the browser keep its choice; it says nothing about who reads."""
    answer.set_cookie(COOKIE, code, max_age=_YEAR, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), httponly=True,
                      samesite="Lax")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Words are rendered in this language; an unknown one means Chinese."""
    with force_locale(known(code)):
        yield


@contextmanager
def on_record() -> Iterator[None]:
    """Words are rendered as the record has them, whoever reads the page."""
    with force_locale(SOURCE):
        yield


def translated(text: str | None) -> str:
    """What the record keeps in Chinese, in the reader's language as far as the catalogue knows it.

    Titles of work and sentences that a job left: a known sentence, or a known one before a colon and what it is about.
    """
    text = text or ""
    found: str = get_translations().ugettext(text) if text else ""
    head, colon, about = text.partition("：")
    if found != text or not (head and colon and in_english()):
        return found
    return f"{get_translations().ugettext(head)}: {about}"


def lines(*parts: Any) -> LazyString:
    """Sentences one below the other, empty ones left out, put together when their reader is known."""
    return LazyString(lambda: "\n".join(text for text in map(str, parts) if text))
