"""Judges too far apart: what is compared, who is to look at their marks once more, and when that ends. Pure.

A *part* is what a spread rule compares: the common sheet (key ""), a group or a criterion. Figures count in a
part once everybody who is to mark it has handed in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from competition.judging.rules import slot_parts, value_of
from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.model import Criterion, Event, SpreadRule, Words
from competition.scoring.panels import WideSpread, group_points, sheet_total, spread_of
from competition.scoring.texts import NO_WORDS
from competition.scoring.units import taken

# So often a judge is asked about one part of one work; then the chief judge decides.
TIMES = 2
REMARK, KEEP, VOID = "remark", "keep", "void"
ACCEPT, TOGETHER = "accept", "together"
LONGEST_REASON = 200

Marks = Mapping[str, Any]
Entered = str | tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What one rule compares, and the criteria that make it up."""

    key: str
    name: Words
    rule: SpreadRule
    criteria: tuple[str, ...]

    def slots(self, marks: Marks) -> dict[str, str]:
        """The marks of a sheet that belong to it, by their place."""
        return {key: value_of(mark) for key, mark in marks.items() if key.rpartition("/")[0] in self.criteria}


@dataclass(frozen=True)
class Gap:
    """A part whose judges lie too far apart: how far, what each seat gave, who is concerned."""

    part: Part
    wide: WideSpread
    figures: Mapping[int, str]

    @property
    def concerned(self) -> tuple[int, ...]:
        """Whose marks are to be looked at once more, as the rule says."""
        if self.part.rule.ask == "nobody":
            return ()
        return tuple(sorted(self.figures if self.part.rule.ask == "panel" else map(int, self.wide.seats)))


@dataclass(frozen=True)
class Asked:
    """One prompt: whom, what came of it, and the figures that were compared then. ``answer``: remark, keep, void (no
    longer needed); None while it is open."""

    seat: int
    answer: str | None
    figures: Mapping[int, str]


def parts_of(event: Event) -> tuple[Part, ...]:
    """Everything that the rules of an event compare: the common sheet, groups, criteria."""
    common = tuple(c.key for c in event.sheet_criteria)
    found = [Part("", NO_WORDS, event.spread, common)] if event.spread is not None else []
    found += [Part(group.key, group.name, group.spread, tuple(c.key for c in event.criteria if group.key in c.groups))
              for group in event.groups if group.spread is not None]
    found += [Part(c.key, c.name, c.spread, (c.key,)) for c in event.criteria if c.spread is not None]
    return tuple(found)


def entered(marks: Marks) -> dict[str, Entered]:
    """A sheet as the engine reads it: an entry for each criterion, of several attempts all of them in their order."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, mark in marks.items():
        key, attempt = slot_parts(place)
        found.setdefault(key, []).append((attempt, value_of(mark)))
    return {key: many[0][1] if len(many) == 1 else tuple(value for _n, value in sorted(many)) for key, many in found.items()}


def gap(event: Event, part: Part, handed: Mapping[int, Marks]) -> Gap | None:
    """Whether the seats (number → marks handed in) lie too far apart on a part."""
    figures = {str(n): given for n, marks in handed.items() if (given := _figure(event, part, entered(marks))) is not None}
    wide = spread_of(part.rule, figures) if len(figures) > 1 else None
    if wide is None:
        return None
    return Gap(part, wide, {int(seat): exact.text(given) for seat, given in figures.items()})


def _figure(event: Event, part: Part, marks: Mapping[str, Entered]) -> Fraction | None:
    """What one sheet gives for a part, as the rule compares it; None where it does not mark it, or not by these rules."""
    if part.key == "":
        return _exact(sheet_total(event, marks))
    criterion = next((c for c in event.criteria if c.key == part.key), None)
    if criterion is None:
        return _exact(group_points(event, part.key, marks))
    try:
        return None if part.key not in marks else _worth(criterion, part.rule, marks[part.key])
    except MarkRefused:
        return None


def _exact(value: Decimal | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _worth(criterion: Criterion, rule: SpreadRule, given: Entered) -> Fraction:
    """Levels are compared as entered, of several attempts the last; everything else in points."""
    each = (given,) if isinstance(given, str) else given
    if rule.limit.unit == "levels":
        return Fraction(each[-1])
    return taken(criterion.take, [criterion.marking.points(criterion.marking.canonical(value)) for value in each])


def is_whole(part: Part, due: Mapping[int, Collection[str]], handed: Collection[int]) -> bool:
    """Has everybody handed in who is to mark the part? ``due``: seat → the criteria on its sheet, the excused left out."""
    return all(seat in handed for seat, criteria in due.items() if set(part.criteria) <= set(criteria))


def ask_now(found: Gap, asked: Sequence[Asked]) -> tuple[int, ...]:
    """Who is to be asked, once everybody asked so far has answered.

    Nobody is asked more than twice, and who kept the marks not again while all figures are as they were: the question
    would be the same.
    """
    if any(one.answer is None for one in asked):
        return ()
    told: dict[int, list[Asked]] = {}
    for one in asked:
        if one.answer != VOID:
            told.setdefault(one.seat, []).append(one)
    return tuple(seat for seat in found.concerned if _may_ask(told.get(seat, []), found))


def _may_ask(before: Sequence[Asked], found: Gap) -> bool:
    if len(before) >= TIMES:
        return False
    return not before or before[-1].answer != KEEP or before[-1].figures != found.figures


def covered(parts: Iterable[Part], keys: Collection[str]) -> frozenset[str]:
    """The criteria that may be marked again where these parts are asked about."""
    return frozenset(criterion for part in parts if part.key in keys for criterion in part.criteria)
