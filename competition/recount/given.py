"""What the recount is given, and the lines that it gives back.

Nothing here belongs to the rest of the project: the rulebook is the raw document of ``docs/rulebook.md``, and everything
else is read by the names of its fields alone, so that whatever has them can be handed in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

Json = Mapping[str, Any]


class Entry(Protocol):
    """Somebody who competes. ``outcomes``: event key or ``*`` → code; ``events`` None: all of the rulebook."""

    @property
    def id(self) -> str: ...
    @property
    def team(self) -> str | None: ...
    @property
    def outcomes(self) -> Mapping[str, str]: ...
    @property
    def events(self) -> tuple[str, ...] | None: ...
    @property
    def delegation(self) -> str | None: ...


class Mark(Protocol):
    """What one seat wrote for one criterion of one work."""

    @property
    def event(self) -> str: ...
    @property
    def entry(self) -> str: ...
    @property
    def seat(self) -> str: ...
    @property
    def criterion(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def attempt(self) -> int: ...


class Figure(Protocol):
    """What no judge marks: a theory mark, a time, a reported deduction."""

    @property
    def event(self) -> str: ...
    @property
    def entry(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...


class AnswerKey(Protocol):
    """What is right in a section of a theory paper."""

    @property
    def event(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def answers(self) -> str: ...


class Decision(Protocol):
    """What the chief judge decided about equals, a prize at a border, or judges far apart."""

    @property
    def scope(self) -> str: ...
    @property
    def order(self) -> tuple[str, ...]: ...


class Panel(Protocol):
    """Who has to mark. None for entries or criteria: all of them."""

    @property
    def event(self) -> str: ...
    @property
    def seats(self) -> tuple[str, ...]: ...
    @property
    def entries(self) -> tuple[str, ...] | None: ...
    @property
    def criteria(self) -> tuple[str, ...] | None: ...


class Excusal(Protocol):
    """A seat that does not mark one work."""

    @property
    def event(self) -> str: ...
    @property
    def entry(self) -> str: ...
    @property
    def seat(self) -> str: ...


@dataclass(frozen=True)
class Given:
    """Everything that a result is made of."""

    document: Json
    entries: Sequence[Entry]
    marks: Sequence[Mark] = ()
    figures: Sequence[Figure] = ()
    decisions: Sequence[Decision] = ()
    panels: Sequence[Panel] = ()
    excusals: Sequence[Excusal] = ()
    keys: Sequence[AnswerKey] = ()


@dataclass
class Line:
    """One line of one ranking. ``partly`` names the figures that are sums of which a part is lacking."""

    entry: str
    status: str = "OK"
    value: Fraction | None = None
    rank: int | None = None
    awards: list[str] = field(default_factory=list)
    figures: dict[str, Fraction] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)


Lines = dict[str, list[Line]]

# Outcome → (its effect in totals, took part, may win a prize); the defaults of the document. Who is INCOMPLETE keeps a
# ranking from being published, so that nothing follows from it.
OUTCOMES: Mapping[str, tuple[str, bool, bool]] = {
    "ABSENT": ("zero", False, False),
    "WITHDRAWN": ("out", False, False),
    "DISQUALIFIED": ("out", True, False),
    "RESULT_CANCELLED": ("zero", True, False),
    "ZERO": ("zero", True, False),
    "OUT": ("out", True, False),
    "INCOMPLETE": ("out", True, False),
}


@dataclass(frozen=True)
class Effect:
    """What an outcome does."""

    in_total: str
    took_part: bool
    prizes: bool


def effect(document: Json, code: str) -> Effect:
    """The effect of an outcome under this rulebook."""
    said = document.get("outcomes", {}).get(code, {})
    in_total, took_part, prizes = OUTCOMES[code]
    return Effect(said.get("in_total", in_total), said.get("took_part", took_part), said.get("prizes", prizes))


def leaves(criteria: Sequence[Json]) -> Iterator[Json]:
    """The criteria that are marked, in the order of the document, out of all groups."""
    for one in criteria:
        if one.get("kind") == "group":
            yield from leaves(one["criteria"])
        else:
            yield one
