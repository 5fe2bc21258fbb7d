"""Text in another language than its page says so, for screen readers, hyphens and fonts.

Names of contests, people and unions, rulebooks and notices are Chinese whoever reads them, some names are Tibetan.
Templates show them in hundreds of places; one walk over the finished page marks them all.
"""

import re

from flask import Flask
from werkzeug.wrappers import Response

from competition.core.templating import page_lang

_ATTRIBUTES = r"""(?:[^<>"']++|"[^"]*"|'[^']*')*+"""
_PIECE = re.compile(rf"""
    <!--.*?-->
  | <(script|style|svg|title)\b{_ATTRIBUTES}>.*?</\1\s*>
  | (?P<tag><(?P<name>option|textarea)\b)(?P<rest>{_ATTRIBUTES}>(?P<inside>.*?)</(?P=name)\s*>)
  | (?P<input><input\b)(?P<sent>{_ATTRIBUTES}>)
  | <{_ATTRIBUTES}>
  | (?P<text>[^<]+)
""", re.VERBOSE | re.DOTALL | re.IGNORECASE)
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = r"0-9\u00b7\u2014\u2026\u3000-\u303f\uff01-\uffef"
_SCRIPTS = {
    # Characters, and whatever figures and signs stand between them; a blank only when characters go on behind it.
    "zh-Hans": re.compile(rf"[\u300a\uff08\u3010]?[{_HAN}](?:[{_HAN}{_SIGN}]|\x20(?=[{_HAN}{_SIGN}]*[{_HAN}]))*"),
    "bo": re.compile(r"[\u0f00-\u0fff](?:[\u0f00-\u0fff]|\x20(?=[\u0f00-\u0fff]))*"),
}


def mark_foreign(page: str, lang: str) -> str:
    """The page, or a part of one, with ``lang`` on what is not in the language ``lang``. Nothing but attributes is added."""
    for other, script in _SCRIPTS.items():
        if not other.startswith(lang[:2]) and script.search(page):
            page = _PIECE.sub(lambda piece, other=other, script=script: _marked(piece, other, script), page)  # type: ignore[misc]
    return page


def _marked(piece: re.Match[str], other: str, script: re.Pattern[str]) -> str:
    if text := piece["text"]:
        return script.sub(lambda run: f'<span lang="{other}">{run[0]}</span>', text)
    # These hold text only: the element itself says its language.
    if piece["tag"] and script.search(piece["inside"]) and " lang=" not in piece["rest"]:
        return f'{piece["tag"]} lang="{other}"{piece["rest"]}'
    if piece["input"] and script.search(piece["sent"]):
        return f'{piece["input"]} lang="{other}"{piece["sent"]}'
    return piece[0]


def init_foreign(app: Flask) -> None:
    """Mark every page that is rendered here; a paper is Chinese and says so itself."""
    app.after_request(_mark)


def _mark(answer: Response) -> Response:
    if answer.mimetype == "text/html" and not answer.direct_passthrough and not answer.is_streamed:
        page = answer.get_data(as_text=True)
        said = re.match(r"[^<]*(?:<!doctype[^>]*>\s*)?<html lang=\"([^\"]+)\"", page, re.IGNORECASE)
        answer.set_data(mark_foreign(page, said[1] if said else page_lang()))
    return answer
