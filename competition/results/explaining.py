"""Published lines with how they came about: for the own page, and for the result sheet that is printed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from competition.contests import rules_explain
from competition.contests.rules_explain import Section
from competition.results import queries, rules
from competition.results.models import Publication, PublishedRow
from competition.scoring.wording import Wording


@dataclass(frozen=True)
class Explained:
    """One published line: its awards in words, its figures from the result down, and why it has this rank."""

    row: PublishedRow
    award: str
    sections: Sequence[Section]
    standing: Sequence[str]


def explained(row: PublishedRow, to: Wording) -> Explained:
    """One line."""
    return _explained(row, queries.rows_below(row), queries.names_below(row), to)


def explained_all(publication: Publication, to: Wording, row_id: uuid.UUID | None = None) -> list[Explained]:
    """Every line of a ranking, or the one that is asked for, by the same number of statements."""
    rows = queries.derived_rows(publication, row_id)
    below = queries.all_below(publication)
    names = queries.names_below(rows[0]) if rows else {}
    return [_explained(row, below.get(row.entry_id or row.team_id, {}), names, to) for row in rows]


def _explained(row: PublishedRow, below: Mapping[str, PublishedRow], names: Mapping[str, str], to: Wording) -> Explained:
    steps = {key: rules_explain.step(part.derivation) for key, part in below.items()}
    key = row.publication.scope.partition(":")[2]
    return Explained(
        row=row, award=rules.award_read(row.award_name, to),
        sections=rules_explain.sections(key, rules_explain.step(row.derivation), steps, to, names),
        standing=rules_explain.standing_lines(rules_explain.step(row.standing), to))
