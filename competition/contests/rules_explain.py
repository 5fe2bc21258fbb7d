"""A derivation as a person recomputes it: the sheets as tables, then one sentence for each step. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competition.contests.rules_tables import Table, tables
from competition.scoring.derivation import Step, outline
from competition.scoring.wording import Wording


@dataclass(frozen=True)
class Section:
    """One figure: what it is called, what came out, its sheets, and its steps as (depth, sentence)."""

    key: str
    title: str
    value: str
    tables: tuple[Table, ...]
    lines: tuple[tuple[int, str], ...]


def step(kept: Mapping[str, Any] | None) -> Step | None:
    """A derivation as a publication keeps it."""
    return None if kept is None else Step.from_json(kept)


def sections(
    key: str, derivation: Step | None, below: Mapping[str, Step | None], to: Wording, names: Mapping[str, str] | None = None
) -> list[Section]:
    """The figure itself, then everything it stands on, each once; ``below``: derivations by key of the rulebook.

    ``names`` are those of a team's members by the id of the engine: whose figures a team's sum adds up.
    """
    found: list[Section] = []
    open_, seen = [(key, derivation)], {key}
    while open_:
        name, whole = open_.pop(0)
        if whole is None:
            continue
        found.append(Section(name, whole.title(to), whole.value, tables(whole, to), tuple(_lines(whole, to, names or {}))))
        for part in _parts(whole):
            of = str(part.facts["of"])
            if of not in seen:
                seen.add(of)
                open_.append((of, below.get(of)))
    return found


def _parts(whole: Step) -> list[Step]:
    return [part for _depth, part in outline(whole) if part.code == "part"]


def standing_lines(standing: Step | None, to: Wording) -> list[str]:
    """Why this rank: the comparisons first, then the rank, then why the awards."""
    steps = [] if standing is None else [each for _depth, each in outline(standing)]
    return [each.say(to) for each in sorted(steps, key=lambda each: each.code == "award")]


def _lines(whole: Step, to: Wording, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Sentences from the parts to the whole; what stands in the table is not said again."""
    _ = to.say
    for depth, each in outline(whole):
        if each.code not in ("sheet", "mark"):
            name = names.get(str(each.facts["entry"]), "") if each.code == "part" else ""
            yield depth, _("%(who)s，%(figure)s", who=name, figure=each.say(to)) if name else each.say(to)
