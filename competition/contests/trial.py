"""Numbers tried in the draft of a rulebook: what was typed, what the engine makes of it, how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from competition.contests.editing import Desk
from competition.contests.models import RulebookTrial
from competition.contests.naming import named, wording
from competition.contests.rules_explain import Section, sections, standing_lines
from competition.contests.rules_outline import Document, Element, at
from competition.contests.rules_trial import EXCUSED, MOST_TYPED, OUTCOME, TEAM, WORKS, Grid, Typed, case_of, grids, seats_of
from competition.contests.rules_words import OUTCOMES
from competition.contests.trying import Tried, rankings, try_case
from competition.core.access import current_actor
from competition.core.database import find
from competition.core.formats import joined
from competition.core.kept import is_shown_only
from competition.scoring import rulebook as rulebooks
from competition.scoring.case import Case
from competition.scoring.model import Event, Rulebook
from competition.scoring.scores import Row
from competition.scoring.wording import Wording


@dataclass(frozen=True)
class ShownRow:
    """A work in a ranking."""

    who: str
    value: str
    rank: int | None
    awards: str
    sections: list[Section]
    standing: list[str]


@dataclass(frozen=True)
class Trial:
    """What the page shows of a trial. ``tables``: (name, rows); ``problems``: sentences; ``is_part``: only the event could be computed."""

    event: Event | None
    events: tuple[Event, ...]
    grids: list[Grid]
    seats: int
    tables: list[tuple[str, list[ShownRow]]]
    problems: list[str]
    errors: int
    is_sound: bool
    is_part: bool
    outcomes: Mapping[str, Any]
    has_teams: bool


def typed_of(desk: Desk) -> dict[str, dict[str, str]]:
    """What the reader typed so far; what is only brought back comes before it."""
    account = current_actor().id
    trial = find(RulebookTrial, contest_id=desk.contest.id, account_id=account) if account else None
    typed: dict[str, dict[str, str]] = dict(trial.typed) if trial else {}
    if is_shown_only() and request.endpoint == "contests.try_rulebook":
        typed[request.args.get("tried", "")] = given_fields()
    return typed


def trial_of(desk: Desk, element: Element) -> Trial:
    """The trial beside a thing: of its event, of the one that was asked for, else of the first."""
    document = desk.document or {}
    own = at(document, element.scope).get("key") if element.scope[:1] == ("events",) else None
    key = request.args.get("tried") or own
    events = desk.book.events
    event = next((one for one in events if one.key == key), events[0] if events else None)
    typed = typed_of(desk)
    sound = _sound(desk, event)
    if event is None or sound is None:
        return Trial(event, events, [], 1, [], [], 0, False, False, {}, False)
    given = typed.get(event.key, {})
    found = grids(event, given)
    errors = sum(grid.errors for grid in found)
    tables, problems = _computed(*sound, typed) if not errors and any(grid.is_tried for grid in found) else ([], [])
    return Trial(event, events, found, seats_of(event, given), tables, problems, errors, True, sound[0] is not document,
                 {code: words for code, words in OUTCOMES.items() if code != "OUT"}, bool(desk.book.teams))


def case_tried(desk: Desk, event: Event) -> Case | None:
    """What the reader tries, as a case; None where the event is not sound."""
    sound = _sound(desk, event)
    return case_of(*sound, typed_of(desk)) if sound else None


def _sound(desk: Desk, event: Event | None) -> tuple[Document, Rulebook] | None:
    """The draft; where something in it is wrong, the event alone; None where that is wrong too."""
    document = desk.document or {}
    if not desk.flaws:
        return document, desk.book
    own = [one for one in document.get("events") or [] if event is not None and one.get("key") == event.key]
    alone = {"format": 1, "key": "trial", "version": 1, "name": document.get("name"), "rounding": document.get("rounding"),
        "events": own[:1]}
    book, faults = rulebooks.read(alone)
    return None if faults else (alone, book)


def _computed(document: Document, book: Rulebook, typed: Typed) -> tuple[list[tuple[str, list[ShownRow]]], list[str]]:
    tried, to = try_case(case_of(document, book, typed)), wording(book)
    found = rankings(tried.scores)
    names = {f"{kind}:{one.key}": named(one.name) for kind, scopes in (("event", book.events), ("total", book.totals), ("team", book.teams))
             for one in scopes}
    prizes = {key: named(words) for key, words in book.award_names.items()}
    tables = [(names[scope], [_row(scope, row, found, prizes, to) for row in rows]) for scope, rows in found.items() if rows]
    return tables, [*(problem.say(str, to) for problem in tried.scores.problems), *_twice(tried)]


def _twice(tried: Tried) -> list[str]:
    return list(tried.differences)


def _row(scope: str, row: Row, found: Mapping[str, tuple[Row, ...]], prizes: Mapping[str, str], to: Wording) -> ShownRow:
    below = {name.partition(":")[2]: one.derivation for name, rows in found.items() for one in rows if one.entry == row.entry}
    value = to.status(row.status) if row.value is None else str(row.value)
    return ShownRow(row.entry, value, row.rank, joined(prizes[key] for key in row.awards),
                    sections(scope.partition(":")[2], row.derivation, below, to), standing_lines(row.standing, to))


def given_fields() -> dict[str, str]:
    """The fields of the grid, bounded."""
    found = {name: text.strip()[:200] for name, text in request.form.items()
             if name == "seats" or (name.partition(".")[0] in WORKS
                                    and (name.count(".") in (2, 3) or name.endswith((OUTCOME, TEAM, EXCUSED))))}
    return dict(list(found.items())[:MOST_TYPED])
