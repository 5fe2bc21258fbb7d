"""Team rules: what the members of a team have, combined."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from competition.recount.given import Given, Json, Line, Lines
from competition.recount.numbers import ZERO, number, rounded

NO_RANK = 9999


def team_lines(given: Given, rule: Json, below: Lines, fulls: Mapping[str, Fraction]) -> list[Line]:
    """A line for every team that has a member."""
    keys = [rule["of"]] if "of" in rule else [part["of"] for part in rule["parts"]]
    tables = {key: {line.entry: line for line in below[key]} for key in keys}
    by = rule.get("by") or rule.get("of")
    order = {line.entry: line for line in below[by]} if by else {}
    members: dict[str, list[str]] = {}
    for entry in sorted(given.entries, key=lambda one: one.id):
        if entry.team is not None and any(entry.id in table for table in tables.values()):
            members.setdefault(entry.team, []).append(entry.id)
    teams = [_Team(given.document, rule, names, tables, order) for names in members.values()]
    most = max((team.places for team in teams), default=0)
    return [team.line(name, fulls, most) for name, team in zip(members, teams, strict=True)]


class _Team:
    """One team: its members by id, and those of them that count."""

    def __init__(
        self, document: Json, rule: Json, names: list[str], tables: Mapping[str, Mapping[str, Line]], order: Mapping[str, Line]
    ) -> None:
        self.document, self.rule, self.tables, self.order, self.names = document, rule, tables, order, names
        self.counting, self.idle = names, list[str]()
        self.places = max(rule.get("size") or 0, len(names))
        if "best" in rule:
            ranked = [name for name in names if name in order and order[name].value is not None]
            self.counting = sorted(ranked, key=lambda name: (order[name].rank or NO_RANK, name))[: rule["best"]]
            self.places = rule["best"]
            self.idle = [name for name in names if name not in ranked][: self.places - len(self.counting)]

    def line(self, team: str, fulls: Mapping[str, Fraction], most: int) -> Line:
        """The whole line, but for rank and awards."""
        line = Line(team)
        line.status = self._status()
        if line.status != "OK":
            return line
        line.value = rounded(self._exact(fulls), self.rule.get("rounding", self.document["rounding"]["team"]))
        self._figures(line, most)
        line.figures["score"] = line.value
        return line

    def _lines(self, name: str) -> list[Line]:
        return [table[name] for table in self.tables.values() if name in table]

    def _lacks(self, name: str) -> bool:
        """Is there a part in which a member has no figure?"""
        return any(name not in table or table[name].value is None for table in self.tables.values())

    def _status(self) -> str:
        if any(line.status == "INCOMPLETE" for name in self.names for line in self._lines(name)):
            return "INCOMPLETE"
        if not any(line.value is not None for name in self.counting for line in self._lines(name)):
            return self._fallen(self.names[0])
        if self.rule.get("missing") == "out":
            lacking = sorted([*(name for name in self.counting if self._lacks(name)), *self.idle])
            if lacking:
                return self._fallen(lacking[0])
            if len(self.counting) < self.places:
                return "ABSENT"
        return "OK"

    def _fallen(self, name: str) -> str:
        """Why a member has no figure; who did not enter was absent."""
        lines = [*self._lines(name), *([self.order[name]] if name in self.order else [])]
        return next((line.status for line in lines if line.status != "OK"), "ABSENT")

    # ---- value -----------------------------------------------------------------------------------

    def _exact(self, fulls: Mapping[str, Fraction]) -> Fraction:
        method = self.rule.get("method", "sum")
        if method == "places":
            return sum((self._of_place(name) for name in self.counting), ZERO)
        if method == "prizes":
            return sum((self._of_prize(name) for name in self.counting), ZERO)
        if "of" in self.rule:
            return self._combined([self._value(self.rule["of"], name) for name in self.counting])
        full = number(self.rule.get("full", 100))
        total = ZERO
        for part in self.rule["parts"]:
            combined = self._combined([self._value(part["of"], name) for name in self.counting])
            total += combined * number(part["weight"]) / 100 * full / fulls[part["of"]]
        return total

    def _value(self, key: str, name: str) -> Fraction:
        line = self.tables[key].get(name)
        return line.value or ZERO if line else ZERO

    def _combined(self, values: Sequence[Fraction]) -> Fraction:
        total = sum(values, ZERO)
        return total / self.places if self.rule.get("method") == "mean" else total

    def _of_place(self, name: str) -> Fraction:
        rank = self.tables[self.rule["of"]][name].rank
        if rank is None:
            return ZERO
        fitting = [one for one in self.rule["places"] if one["from"] <= rank <= one.get("to", rank)]
        return number(fitting[0]["points"]) if fitting else ZERO

    def _of_prize(self, name: str) -> Fraction:
        line = self.tables[self.rule["of"]][name]
        points = [number(one["points"]) for one in self.rule["prizes"] if one["tier"] in line.awards]
        if points:
            return max(points)
        return number(self.rule.get("otherwise", 0)) if line.value is not None else ZERO

    # ---- named figures ---------------------------------------------------------------------------

    def _figures(self, line: Line, most: int) -> None:
        for key, table in self.tables.items():
            own = [table[name] for name in self.counting if name in table]
            if "parts" in self.rule or self.rule.get("method") in ("places", "prizes"):
                values = [one.value for one in own if one.value is not None]
                self._add(line, key, values or [ZERO], partly=not values)
            prefix = f"{key}." if "parts" in self.rule else ""
            for figure in {name: None for one in own for name in one.figures if name != "score"}:
                partly = any(figure in one.partly for one in own)
                self._add(line, prefix + figure, [one.figures[figure] for one in own if figure in one.figures], partly=partly)
        if "parts" in self.rule:
            self._time(line)
        ranks = sorted(rank for name in self.counting if name in self.order and (rank := self.order[name].rank) is not None)
        for place in {*ranks, *self._asked()}:
            line.figures[f"place_{place}"] = Fraction(ranks.count(place))
        digits = "".join(f"{rank:04}" for rank in [*ranks, *[NO_RANK] * most][:most])
        line.figures["places"] = Fraction(digits or "0")

    def _asked(self) -> list[int]:
        """The places that the chain of the rule asks for."""
        names = [tie["figure"] for tie in self.rule.get("ranking", {}).get("ties", ())]
        return [int(name.removeprefix("place_")) for name in names if name.startswith("place_")]

    def _add(self, line: Line, key: str, values: Sequence[Fraction], *, partly: bool) -> None:
        if not values:
            return
        line.figures[key] = self._combined(values)
        if partly or len(values) < self.places:
            line.partly.add(key)

    def _time(self, line: Line) -> None:
        times = {key: line.figures[f"{key}.time"] for key in self.tables if f"{key}.time" in line.figures}
        if times:
            line.figures["time"] = sum(times.values(), ZERO)
            if any(f"{key}.time" in line.partly for key in times):
                line.partly.add("time")
