"""Tokens of other systems, and what may be sent with them. Pure."""

import re
import string
import zlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from competition.counting.rules_periods import month_number_of

# What begins and ends like this is found by programs that look for secrets in the wrong place (docs/participation-api.md).
PREFIX = "comptk_"
_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 40, 6
SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")
KEY = re.compile(r"[\x21-\x7e]{8,100}")
MOST_DAYS, USUAL_DAYS = 730, 365
MOST_PEOPLE, MOST_PARTS, MOST_BODY, MOST_EVIDENCE = 2_000, 250, 2 * 1024 * 1024, 6 * 1024 * 1024
# A roster in parts has this long: what is staged and nobody's is cleared away after a day.
DELIVERED_WITHIN = timedelta(hours=20)
_LONG_NUMBER = re.compile(r"[0-9A-Za-z]*[0-9]{6,}[0-9A-Za-z]*")


def new_token(choose: Callable[[Sequence[str]], str]) -> str:
    """A token: 238 bits at random (``choose`` takes one of several letters) and a check by which a typing error, or any other
    text, is told apart without the database."""
    body = "".join(choose(_LETTERS) for _n in range(_RANDOM))
    return PREFIX + body + _check(body)


def _check(body: str) -> str:
    value, found = zlib.crc32(body.encode()), ""
    for _n in range(_CHECK):
        value, rest = divmod(value, len(_LETTERS))
        found = _LETTERS[rest] + found
    return found


def is_token(text: str) -> bool:
    """Could we have given it out?"""
    return bool(SHAPE.fullmatch(text)) and _check(text[len(PREFIX):-_CHECK]) == text[-_CHECK:]


def without_numbers(text: str) -> str:
    """A sentence that may quote what was sent: whatever could be a document's number is left out."""
    return _LONG_NUMBER.sub("…", text)


def months_between(period: str) -> tuple[int, int]:
    """The first and the last month of a year, a statistical year, a month."""
    if period.startswith("S"):
        return int(period[1:]) * 12 - 3, int(period[1:]) * 12 + 8
    if len(period) == 4:
        return int(period) * 12, int(period) * 12 + 11
    return month_number_of(period), month_number_of(period)


STATES: dict[str, Any] = {
    "active": _("可以使用"), "expired": _("已过期"), "revoked": _("已撤销"),
}
