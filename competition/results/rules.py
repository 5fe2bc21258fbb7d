"""Which works have their sums checked, what a correction changed, how scopes hang together. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.wording import CHINESE, FIGURES, Wording

TOP = 10
REST = Fraction(15, 100)
MOST_ERRORS = Fraction(5, 100)

Rule = Event | Total | TeamRule


# ---- scopes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """One ranking of a rulebook. ``scope`` is its name in publications, ``events`` what it is made of."""

    scope: str
    key: str
    name: str
    rule: Rule
    parts: tuple[str, ...]
    events: tuple[str, ...]

    @property
    def kind(self) -> str:
        """event, total or team."""
        return self.scope.partition(":")[0]


def scopes_of(rulebook: Rulebook) -> dict[str, Scope]:
    """Every ranking of a rulebook in its order: events, totals, teams; ``parts`` are the scopes right below."""
    found: dict[str, Scope] = {}
    by_key: dict[str, Scope] = {}

    def add(kind: str, rule: Rule, below: Sequence[str]) -> None:
        parts = tuple(by_key[key].scope for key in below)
        inside = [event for key in below for event in by_key[key].events] if below else [rule.key]
        scope = Scope(f"{kind}:{rule.key}", rule.key, rule.name.zh, rule, parts, tuple(dict.fromkeys(inside)))
        found[scope.scope] = scope
        if kind != "team":
            by_key[rule.key] = scope

    for event in rulebook.events:
        add("event", event, ())
    for total in rulebook.totals:
        add("total", total, [part.of for part in total.parts])
    for team in rulebook.teams:
        add("team", team, team.below)
    return found


def with_parts(scopes: Mapping[str, Scope], wanted: Iterable[str]) -> list[str]:
    """The wanted scopes and all that they stand on, in the rulebook's order."""
    needed: set[str] = set()
    open_ = [scope for scope in wanted if scope in scopes]
    while open_:
        scope = open_.pop()
        if scope not in needed:
            needed.add(scope)
            open_ += scopes[scope].parts
    return [scope for scope in scopes if scope in needed]


def award_words(rule: Rule, keys: Iterable[str], to: Wording = CHINESE) -> str:
    """The awards of a line in words: 金奖、技术能手."""
    names = {tier.key: tier.name.zh for award in rule.awards for tier in award.tiers}
    return to.names(names[key] for key in keys)


def award_read(words: str | None, to: Wording) -> str:
    """The awards of a published line, which keeps them in Chinese."""
    return to.names(words.split("、")) if words else ""


@dataclass(frozen=True)
class Column:
    """One named figure of a ranking beside its value. ``kind``: mark, time."""

    figure: str
    label: str
    kind: str = "mark"


def columns(scopes: Mapping[str, Scope], scope: str, to: Wording = CHINESE) -> list[Column]:
    """The figures that a ranking shows before its value: what the event was made of, or the parts of a total."""
    rule, _ = scopes[scope].rule, to.say
    if isinstance(rule, Event):
        shown = ["judges"] if rule.judged else []
        if rule.time is not None and rule.result == "points":
            shown += ["time", "time_points"]
        shown += ["deducted"] if rule.deductions else []
        sections = rule.paper.sections if rule.paper is not None else ()
        return [Column(figure, _(FIGURES[figure]), "time" if figure == "time" else "mark") for figure in shown] + [
            Column(section.key, to.name(section.name.zh)) for section in sections]
    names = {scopes[part].key: to.name(scopes[part].name) for part in scopes[scope].parts}
    if isinstance(rule, Total):
        found = [Column(part.of, names[part.of]) for part in rule.parts]
        return found + ([Column("time", _("合计用时"), "time")] if any(t.figure == "time" for t in rule.ranking.ties) else [])
    return [Column(key, names[key]) for key in rule.combined] if rule.parts or rule.method in ("places", "prizes") else []


# ---- the check of sums -------------------------------------------------------------------------


@dataclass(frozen=True)
class Picked:
    """A work whose sums are checked. ``why``: top, drawn, all."""

    work: str
    why: str


def pick(ranked: Sequence[tuple[str, int]], seed: str) -> list[Picked]:
    """All works of rank 1 to 10, and of the rest at least 15 %: those with the smallest hash of seed and work.

    ``ranked`` holds (work, rank) of every work that has a rank. Anybody who has the seed can draw again.
    """
    top = [work for work, rank in ranked if rank <= TOP]
    rest = sorted((work for work, rank in ranked if rank > TOP), key=lambda work: (lot(seed, work), work))
    drawn = set(rest[: -(-len(rest) * REST.numerator // REST.denominator)])
    return [Picked(work, "top") for work in top] + [Picked(work, "drawn") for work, _ in ranked if work in drawn]


def lot(seed: str, work: str) -> str:
    """The lot of a work: a hash that nobody can choose."""
    return hashlib.sha256(f"{seed}|{work}".encode()).hexdigest()


def must_check_all(checked: int, errors: int) -> bool:
    """Are there so many errors (above 5 % of what was checked) that every sum must be checked?"""
    return checked > 0 and Fraction(errors, checked) > MOST_ERRORS


# ---- corrections -------------------------------------------------------------------------------


class Line(Protocol):
    """What is compared of a published line."""

    @property
    def who(self) -> str: ...
    @property
    def public_name(self) -> str: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def award_name(self) -> str | None: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class Change:
    """What a correction changed for one line; ``what``: added, removed, rank, value, award, name, status."""

    name: str
    what: str
    before: str
    after: str
    who: str = ""

    def said(self, side: str, to: Wording) -> str:
        """One side of it, ``before`` or ``after``, for a reader."""
        text: str = getattr(self, side)
        if self.what == "award":
            return award_read(text, to)
        return to.status(text) if self.what == "status" else text


_FIELDS = (("rank", "rank"), ("value", "value"), ("award_name", "award"), ("status", "status"), ("public_name", "name"))


def changes(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """What is different in ``new``, in its order; those who are gone come last."""
    before = {line.who: line for line in old}
    found: list[Change] = []
    for line in new:
        was = before.pop(line.who, None)
        if was is None:
            found.append(Change(line.public_name, "added", "", _text(line.rank), line.who))
            continue
        for field, what in _FIELDS:
            a, b = _text(getattr(was, field)), _text(getattr(line, field))
            if a != b:
                found.append(Change(line.public_name, what, a, b, line.who))
    found += [Change(line.public_name, "removed", _text(line.rank), "", who) for who, line in before.items()]
    return found


def _text(value: object) -> str:
    return "" if value is None else str(value)
