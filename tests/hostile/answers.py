"""What every answer must be, whatever was asked: no error of the server, a sentence for the person, nothing of the inside."""

import json
import re

from lxml import html
from werkzeug.test import TestResponse

from competition.core.web import HEADERS
from tests.hostile.nasties import TAG

# Words that only a trace, a library or a database says; whole words, since a random token may hold their letters.
INSIDE = re.compile(r"(?<![\w-])(?:Traceback|werkzeug|sqlalchemy|psycopg|jinja2|wtforms|pydantic|site-packages)(?![\w-])|sqlite3?\."
                    r"|File \"/|\.venv|Not a valid|This field|Invalid |is not a valid|must be ", re.IGNORECASE)
# Kept by the browser alone: the pictures of guides, which show nobody.
# Public and asked about anew before each use: the worker of the tablet page, what a screen shows.
# Public for five minutes: the keys that signatures are checked by.
KEPT = ("private, max-age=86400", "no-cache", "public, max-age=300")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def faults_of(answer: TestResponse) -> list[str]:
    """What is wrong with an answer; empty when nothing is."""
    found = [f"error of the server {answer.status_code}"] if answer.status_code >= 500 else []
    found += [f"no header {name}" for name in HEADERS if name not in answer.headers]
    if answer.headers.get("Cache-Control") not in ("no-store", "private, no-store", *KEPT):
        found.append("may be kept in a cache")
    kind = answer.mimetype
    if kind in ("text/html", "application/json", "text/plain"):
        text = answer.get_data(as_text=True)
        if inside := INSIDE.search(text if answer.status_code >= 400 else ""):
            found.append(f"says {inside[0]!r}")
        if TAG in text and kind == "text/html":
            found.append("what was sent came back as a tag")
        if answer.status_code >= 400:
            found += _sentence_of(kind, text)
    elif answer.status_code >= 400:
        found.append(f"refused as {kind}")
    return found


def _sentence_of(kind: str, text: str) -> list[str]:
    """A refusal says why, in words: a program gets {code, message, details}, a person a page with the sentence in it."""
    if kind == "application/json":
        said = json.loads(text)
        good = set(said) == {"code", "message", "details"} and _CHINESE.search(said["message"]) and said["message"].endswith("。")
        return [] if good else [f"no sentence: {text[:80]}"]
    if kind == "text/plain":
        return [] if _CHINESE.search(text) else ["no sentence"]
    page = html.fromstring(text)
    words = [" ".join(each.text_content().split()) for each in page.xpath(
        "//main[contains(@class, 'error-page')]//p | //*[@role='alert'] | //*[contains(@class, 'form-error')]"
        " | //*[contains(@class, 'message')] | //*[contains(@class, 'empty-state')]")]
    said_words = [one for one in words if one]
    if not said_words:
        return ["a page without a sentence"]
    return [f"not in our words: {one[:60]}" for one in said_words if not _CHINESE.search(one)]
