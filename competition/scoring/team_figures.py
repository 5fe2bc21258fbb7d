"""The named figures of teams: what their tie chains and the lines of their prizes ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.draft import Draft
from competition.scoring.model import TeamRule
from competition.scoring.parts import Drafts, Inside, published
from competition.scoring.scores import Row
from competition.scoring.standing_rules import asked_figures

Own = tuple[Fraction | None, bool]  # a member's figure, and whether it is whole
_NO_RANK = 9999


@dataclass(frozen=True, slots=True)
class Line:
    """Who stands for a team: those who count, those without a rank who fill up their places, and all places."""

    team: str
    members: tuple[str, ...]
    counted: tuple[str, ...]
    idle: tuple[str, ...]
    places: int

    def divided(self, value: Fraction, team: TeamRule) -> Fraction:
        """A sum over those who count, or its mean over all places."""
        return value / self.places if team.method == "mean" else value


class Figures:
    """Computes the named figures of one team rule."""

    def __init__(
        self, team: TeamRule, parts: Sequence[Inside], below: Mapping[str, Drafts], standing: Mapping[str, tuple[int, Row]]
    ) -> None:
        """``standing``: place and row of everybody in the ranking in which places are counted."""
        self.team, self.parts, self.below, self.standing = team, parts, below, standing
        asked = asked_figures(team.ranking, team.awards) - {"score"}
        self.of_places = sorted(name for name in asked if team.by and _is_place(name))
        self.of_parts = sorted(part.key for part in parts) if team.parts or team.method in {"places", "prizes"} else []
        self.others = sorted(asked.difference(self.of_places, self.of_parts))

    def of(self, line: Line, widest: int) -> tuple[dict[str, Fraction], frozenset[str]]:
        """A team's figures, and which of them are partial; ``widest`` is the largest number of places of any team."""
        figures = {name: self._ranks(line, name, widest) for name in self.of_places}
        for key in self.of_parts:
            figures[key] = line.divided(exact.add(published(self.below[key].get(entry)) for entry in line.counted), self.team)
        partial = set()
        for name in self.others:
            own = [self._own(entry, name) for entry in line.counted]
            values = [value for value, _whole in own if value is not None]
            if values:
                figures[name] = line.divided(exact.add(values), self.team)
            if len(values) < line.places or not all(whole for _value, whole in own):
                partial.add(name)
        return figures, frozenset(partial)

    def own(self, entry: str) -> list[Own]:
        """One member's figures, as far as they are added up."""
        return [self._own(entry, name) for name in self.others]

    def _own(self, entry: str, name: str) -> Own:
        if not self.team.parts:
            return _figure(self.below[self.team.of].get(entry), name)
        part, _dot, inner = name.partition(".")
        return _figure(self.below[part].get(entry), inner) if inner else self._time(entry)

    def _time(self, entry: str) -> Own:
        """The time over all parts in which it is measured."""
        times = [_figure(self.below[part.key].get(entry), "time") for part in self.parts if part.timed]
        found = [value for value, _whole in times if value is not None]
        return (exact.add(found) if found else None), all(whole for _value, whole in times)

    def _ranks(self, line: Line, name: str, widest: int) -> Fraction:
        """The members' ranks in one number, best first; or how many have a certain rank."""
        found = [self.standing[entry][1].rank for entry in line.counted if entry in self.standing]
        ranks = sorted(min(rank, _NO_RANK - 1) for rank in found if rank is not None)
        if name != "places":
            return Fraction(ranks.count(int(name.removeprefix("place_"))))
        padded = [*ranks, *[_NO_RANK] * (widest - len(ranks))]
        return Fraction(int("".join(f"{rank:04}" for rank in padded)))


def _figure(draft: Draft | None, name: str) -> Own:
    found = None if draft is None else draft.figures.get(name)
    return found, found is not None and draft is not None and name not in draft.partial


def _is_place(name: str) -> bool:
    return name == "places" or name.startswith("place_")
