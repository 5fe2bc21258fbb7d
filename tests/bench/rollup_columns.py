"""The same cells counted by a column store on the same rows: one wide table, one statement a grouping."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from competition.counting.rules_counting import CellKey, Figures, Known
from competition.counting.rules_periods import month_code, stat_year_of
from competition.counting.rules_scopes import activity_scope

PERSONAL = ("industry", "ownership", "unit_kind", "worker_group", "sex", "age_band")
OF_ACTIVITY = ("kind", "level", "flagship", "held_in")
DIMENSIONS = (*PERSONAL, *OF_ACTIVITY)
YEARS = {"year": "", "stat": "S"}


class Columns:
    """A wide table in memory: every level of places and every dimension is a small number."""

    def __init__(self, rows: Iterator[tuple[int, int, int, int]], known: Known, traits_of: dict[int, int]) -> None:
        self.levels = len(next(iter(known.scopes.values())))
        self.words: dict[str, dict[str, int]] = {}
        self.base = duckdb.connect()
        place_of = {number: [self._number(f"l{level}", scope) for level, scope in enumerate(scopes)]
                    for number, scopes in known.scopes.items()}
        people = [[self._number(name, value) for name, value in values] for values in known.people]
        traits = [[self._number(name, value) for name, value in values] for values in known.traits]
        names = ("who", "what", "month", "year", "stat", *(f"l{n}" for n in range(self.levels)), *DIMENSIONS)
        with tempfile.TemporaryDirectory(prefix="competition-bench-") as folder:
            path = Path(folder, "rows.csv")
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(
                    (who, what, month, month // 12, stat_year_of(month), *place_of[place], *people[person], *traits[traits_of[what]])
                    for who, what, standing, month in rows for place, person in [known.standings[standing]])
            self.base.execute(f"CREATE TABLE f ({', '.join(f'{name} INTEGER' for name in names)})")
            self.base.execute(f"COPY f FROM '{path}' (HEADER false)")

    def _number(self, column: str, word: str) -> int:
        words = self.words.setdefault(column, {})
        return words.setdefault(word, len(words))

    def groupings(self) -> list[tuple[str, str, str]]:
        """(level, period, dimension) of every grouping whose persons are counted."""
        levels = [f"l{n}" for n in range(self.levels)]
        return [(level, period, "") for level in levels for period in ("month", *YEARS)] + [
            (level, period, dimension) for level in levels for period in YEARS for dimension in DIMENSIONS]

    def count(self) -> None:
        """Every grouping into tables of its own, new persons and activities too."""
        for number, (level, period, dimension) in enumerate(self.groupings()):
            more = f", {dimension}" if dimension else ""
            self.base.execute(f"CREATE OR REPLACE TABLE g{number} AS SELECT {level}, {period}{more}, count(DISTINCT who) AS persons, "  # noqa: S608
                              f"count(*) AS times FROM f GROUP BY ALL")
        for level in range(self.levels):
            for period in YEARS:
                self.base.execute(f"CREATE OR REPLACE TABLE n{level}{period} AS SELECT l{level}, month, count(*) AS news FROM "  # noqa: S608
                                  f"(SELECT l{level}, who, {period}, min(month) AS month FROM f GROUP BY ALL) GROUP BY ALL")
        for period in ("month", *YEARS):
            self.base.execute(f"CREATE OR REPLACE TABLE a{period} AS SELECT what, {period}, count(*) AS times FROM f GROUP BY ALL")  # noqa: S608

    def counted(self) -> dict[CellKey, Figures]:
        """Count, and say it as our cells are."""
        self.count()
        return self.cells()

    def cells(self) -> dict[CellKey, Figures]:
        """What was counted, said as our cells are."""
        found: dict[CellKey, list[int]] = {}
        said = {column: list(words) for column, words in self.words.items()}
        for number, (level, period, dimension) in enumerate(self.groupings()):
            for scope, when, *value, persons, times in self.base.execute(f"SELECT * FROM g{number}").fetchall():  # noqa: S608
                row = found.setdefault((said[level][scope], self._period(period, when), dimension,
                                        said[dimension][value[0]] if dimension else ""), [0, 0, 0, 0])
                row[0], row[1] = persons, times
                if not dimension and period in YEARS:
                    row[2 + list(YEARS).index(period)] = persons
        for level in range(self.levels):
            for column, period in enumerate(YEARS, 2):
                for scope, month, news in self.base.execute(f"SELECT * FROM n{level}{period}").fetchall():  # noqa: S608
                    found[said[f"l{level}"][scope], month_code(month), "", ""][column] = news
        for period in ("month", *YEARS):
            for what, when, times in self.base.execute(f"SELECT * FROM a{period}").fetchall():  # noqa: S608
                found[activity_scope(what), self._period(period, when), "", ""] = [
                    times, times, times * (period != "stat"), times * (period != "year")]
        return {key: (row[0], row[1], row[2], row[3]) for key, row in found.items()}

    def _period(self, period: str, when: int) -> str:
        return month_code(when) if period == "month" else f"{YEARS[period]}{when}"


def named(groupings: Sequence[tuple[str, str, str]]) -> str:
    """What is counted, in a line."""
    levels = len({level for level, *_rest in groupings})
    return (f"{len(groupings)} groupings: {levels} levels (all, province, prefecture, county, each level of the path of unions, place)"
            f" x (month, calendar year, statistical year; both years also by {', '.join(DIMENSIONS)})")
