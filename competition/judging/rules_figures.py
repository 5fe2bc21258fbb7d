"""Figures that no judge gives: which an event has, how they are written, what they may be. Pure."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from competition.contests.naming import named
from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Event
from competition.scoring.wording import N_

_CLOCK = re.compile(r"([0-9]{1,4})[:：]([0-5]?[0-9])(\.[0-9]{1,2})?", re.ASCII)
LONGEST_S = Fraction(24 * 3600)


@dataclass(frozen=True)
class FigureKey:
    """One figure of an event. ``label``: words, in the language that is spoken. ``kind``: marks, time, count, points."""

    key: str
    label: Any
    kind: Literal["marks", "time", "count", "points"]
    is_needed: bool


def figure_keys(event: Event) -> list[FigureKey]:
    """The figures that an event takes, the needed ones first."""
    if event.imported is not None:
        return [FigureKey("theory", _("理论成绩"), "marks", True)]
    keys = []
    if event.time is not None:
        keys = [FigureKey("time_s", _("用时"), "time", True), FigureKey("time_back_s", _("补时"), "time", False)]
    return keys + [FigureKey(d.key, LazyString(named, d.name), "count" if d.input == "count" else "points", False)
                   for d in event.deductions]


def figure_value(event: Event, key: str, text: str) -> str:
    """A figure in canonical form; raises MarkRefused (code and sentence), KeyError for an unknown key."""
    if event.imported is not None:
        if key != "theory":
            raise KeyError(key)
        return event.imported.canonical(text.strip())
    if key in ("time_s", "time_back_s"):
        if event.time is None:
            raise KeyError(key)
        return seconds(text)
    return event.deduction(key).canonical(text.strip())


def seconds(text: str) -> str:
    """Seconds of ``mm:ss`` or ``mm:ss.ff`` in canonical form; raises MarkRefused."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise MarkRefused("time.format", N_("用时请写成“分:秒”，例如 38:05。"))
    minutes, whole, part = found.groups()
    value = Fraction(int(minutes) * 60 + int(whole)) + Fraction(part or "0")
    if value > LONGEST_S:
        raise MarkRefused("time.too_long", N_("用时超过 24 小时，请核对。"))
    return exact.text(value)


def shown(kind: str, value: str) -> str:
    """A canonical figure as a person wrote it: times as ``mm:ss``."""
    if kind != "time":
        return value
    minutes, rest = divmod(exact.fraction(value), 60)
    text = exact.text(rest)
    return f"{int(minutes):02d}:{text if Fraction(rest) >= 10 else '0' + text}"
