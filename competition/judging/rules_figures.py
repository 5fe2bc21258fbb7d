"""Figures that no judge gives: which an event has, how they are written, what they may be. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from competition.contests.naming import named
from competition.judging.rules_answers import answered, typed
from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Event
from competition.scoring.paper import ANSWERS, FILL, Section
from competition.scoring.wording import N_

_CLOCK = re.compile(r"([0-9]{1,4})[:：]([0-5]?[0-9])(\.[0-9]{1,2})?", re.ASCII)
LONGEST_S = Fraction(24 * 3600)


@dataclass(frozen=True)
class FigureKey:
    """One figure of an event. ``label``: words, in the language that is spoken. ``kind``: marks, time, count, points."""

    key: str
    label: Any
    kind: Literal["marks", "time", "count", "points", "answers"]
    is_needed: bool


def figure_keys(event: Event) -> list[FigureKey]:
    """The figures that an event takes, the needed ones first."""
    if event.imported is not None:
        sections = event.paper.sections if event.paper is not None else ()
        return [FigureKey("theory", _("理论成绩"), "marks", not sections),
                *(FigureKey(ANSWERS + one.key, LazyString(named, one.name), "answers", True) for one in sections)]
    keys = []
    if event.time is not None:
        keys = [FigureKey("time_s", _("用时"), "time", True), FigureKey("time_back_s", _("补时"), "time", False)]
    return keys + [FigureKey(d.key, LazyString(named, d.name), "count" if d.input == "count" else "points", False)
                   for d in event.deductions]


def lacking(keys: Iterable[FigureKey], held: Collection[str]) -> list[FigureKey]:
    """The needed figures that are not there; who has a theory mark needs no answers."""
    return [key for key in keys if key.is_needed and key.key not in held and not (key.kind == "answers" and "theory" in held)]


def is_twice(held: Collection[str]) -> bool:
    """A theory mark and answers: two figures for one paper."""
    return "theory" in held and any(key.startswith(ANSWERS) for key in held)


def section_of(event: Event, key: str) -> Section:
    """The section of the paper that a figure of answers is about; KeyError if there is none."""
    if event.paper is None or not key.startswith(ANSWERS):
        raise KeyError(key)
    return event.paper.section(key.removeprefix(ANSWERS))


def figure_value(event: Event, key: str, text: str) -> str:
    """A figure in canonical form; raises MarkRefused (code and sentence), KeyError for an unknown key."""
    if key.startswith(ANSWERS):
        section = section_of(event, key)
        return section.answers(typed(section, text.replace("|", "｜") if section.kind == FILL else text))
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
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise MarkRefused("time.format", N_("用时请写成“分:秒”，例如 38:05。"))
    minutes, whole, part = found.groups()
    value = Fraction(int(minutes) * 60 + int(whole)) + Fraction(part or "0")
    if value > LONGEST_S:
        raise MarkRefused("time.too_long", N_("用时超过 24 小时，请核对。"))
    return exact.text(value)


def shown(kind: str, value: str) -> str:
    """A canonical figure as a person wrote it: times as ``mm:ss``. Of answers, how many there are."""
    if kind == "answers":
        count, questions = answered(value)
        return str(gettext("已答 %(n)s / %(all)s 题", n=count, all=questions))
    if kind != "time":
        return value
    minutes, rest = divmod(exact.fraction(value), 60)
    text = exact.text(rest)
    return f"{int(minutes):02d}:{text if Fraction(rest) >= 10 else '0' + text}"
