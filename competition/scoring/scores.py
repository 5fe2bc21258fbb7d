"""What the engine hands back: rows in rank order, problems, and their JSON form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from competition.scoring import exact
from competition.scoring.derivation import Step
from competition.scoring.exact import Number
from competition.scoring.problems import Problem


class Row(NamedTuple):
    """One entrant (or team) in one ranking.

    ``value`` is the published figure, None without a result. ``rank`` is None for those out
    of the ranking. ``status``: OK, INCOMPLETE, or an outcome code. ``award`` is the prize
    (else the first title), ``awards`` all of them. ``figures`` are the named figures; a
    figure whose decimal expansion never ends is a Fraction. ``standing`` explains the rank.
    """

    entry: str
    value: Decimal | None
    rank: int | None
    status: str
    award: str | None = None
    awards: tuple[str, ...] = ()
    figures: Mapping[str, Number] = MappingProxyType({})
    derivation: Step | None = None
    standing: Step | None = None
    team: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are text."""
        return {
            "entry": self.entry,
            "value": None if self.value is None else exact.text(self.value),
            "rank": self.rank,
            "status": self.status,
            "award": self.award,
            "awards": list(self.awards),
            "figures": {key: exact.text(value) for key, value in self.figures.items()},
            "derivation": None if self.derivation is None else self.derivation.to_json(),
            "standing": None if self.standing is None else self.standing.to_json(),
            "team": self.team,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Row":
        """The row written by :meth:`to_json`."""
        steps = {key: data[key] and Step.from_json(data[key]) for key in ("derivation", "standing")}
        return cls(
            entry=data["entry"],
            value=None if data["value"] is None else Decimal(data["value"]),
            rank=data["rank"],
            status=data["status"],
            award=data["award"],
            awards=tuple(data["awards"]),
            figures={key: exact.parse(value) for key, value in data["figures"].items()},
            team=data["team"],
            **steps,
        )


Table = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Scores:
    """All rankings of a contest under one version of its rulebook."""

    rulebook: str
    version: int
    digest: str
    events: Table
    totals: Table
    teams: Table
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether publishing is allowed: no blocking problem."""
        return not any(problem.blocking for problem in self.problems)

    def rows(self, key: str) -> tuple[Row, ...]:
        """The ranking of an event, total or team rule; KeyError if there is none."""
        for table in (self.events, self.totals, self.teams):
            if key in table:
                return table[key]
        raise KeyError(key)

    def row(self, key: str, entry: str) -> Row:
        """One entrant's row in one ranking; KeyError if there is none."""
        for row in self.rows(key):
            if row.entry == entry:
                return row
        raise KeyError(entry)

    def explain(self, key: str, entry: str) -> Step | None:
        """The whole derivation of a figure, with those of its parts in place.

        A total's own derivation only points to its parts, so that nothing is stored twice.
        """
        step = self.row(key, entry).derivation
        return None if step is None else self._expanded(step)

    def _expanded(self, step: Step) -> Step:
        if step.code == "part":
            whole = self.explain(str(step.facts["of"]), str(step.facts["entry"]))
            return step if whole is None else whole
        return step._replace(steps=tuple(self._expanded(part) for part in step.steps))

    def to_json(self) -> dict[str, Any]:
        """Plain data that ``json.dumps`` can write; :meth:`from_json` loses nothing."""
        return {
            "rulebook": self.rulebook,
            "version": self.version,
            "digest": self.digest,
            "complete": self.complete,
            **{name: {key: [row.to_json() for row in rows] for key, rows in table.items()} for name, table in self._tables()},
            "problems": [problem.to_json() for problem in self.problems],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scores":
        """The scores written by :meth:`to_json`."""
        tables = {
            name: {key: tuple(Row.from_json(row) for row in rows) for key, rows in data[name].items()}
            for name in ("events", "totals", "teams")
        }
        return cls(
            rulebook=data["rulebook"],
            version=data["version"],
            digest=data["digest"],
            problems=tuple(Problem.from_json(item) for item in data["problems"]),
            **tables,
        )

    def _tables(self) -> Iterator[tuple[str, Table]]:
        yield "events", self.events
        yield "totals", self.totals
        yield "teams", self.teams
