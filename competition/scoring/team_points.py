"""What the places and prizes of a team's members bring it."""

from collections.abc import Iterable
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.model import Rulebook, TeamRule
from competition.scoring.scores import Row


class Points:
    """The points of members by their rows in the ranking that the team rule is about."""

    def __init__(self, rulebook: Rulebook, team: TeamRule, rows: Iterable[Row]) -> None:
        self.names = rulebook.award_names if team.prizes else {}
        self.team = team
        self.rows = {row.entry: row for row in rows}

    def of(self, entry: str) -> Fraction:
        """The points of one member."""
        row = self.rows[entry]
        if self.team.method == "places":
            held = (item.points for item in self.team.places if row.rank is not None and item.holds(row.rank))
            return next(held, exact.ZERO)
        won = self._won(row)
        if won:
            return self.team.prizes[won[0]]
        return self.team.otherwise if row.value is not None else exact.ZERO

    def what(self, entry: str) -> str:
        """The rank or the prize that they were given for; empty where there is none."""
        row = self.rows[entry]
        if self.team.method == "places":
            return "" if row.rank is None else str(row.rank)
        won = self._won(row)
        return self.names[won[0]].zh if won else ""

    def _won(self, row: Row) -> list[str]:
        """The awards that count, the dearest first."""
        return sorted((key for key in row.awards if key in self.team.prizes), key=lambda key: (-self.team.prizes[key], key))
