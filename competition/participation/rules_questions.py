"""What somebody asks of the figures: where, when, of whom, of which contest; and what the cells hold of that. Pure.

Every page of figures and the list behind each take the same question from the address, so they count the same people.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from competition.counting.rules_periods import month_code, stat_year_of, year_of
from competition.counting.rules_scopes import WHOLE, activity_scope
from competition.participation.rules_words import DIMENSIONS, OF_CONTESTS

FIRST_YEAR, LAST_YEAR = 2000, 2100
Key = tuple[str, str, str, str]  # of a cell: scope, period, dimension, value


@dataclass(frozen=True)
class Question:
    """``year``: '2026', or 'S2026' for a statistical year; ``month``: its number (rules_periods) or None for the whole year;
    ``activity``: the number of a contest; ``values``: dimension and value, in the order of DIMENSIONS."""

    scope: str = WHOLE
    year: str = "2026"
    month: int | None = None
    activity: int | None = None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_statistical(self) -> bool:
        return self.year.startswith("S")

    @property
    def number(self) -> int:
        """The year without its letter."""
        return int(self.year.removeprefix("S"))

    @property
    def months(self) -> tuple[int, ...]:
        """The twelve months of the year."""
        first = self.number * 12 - (3 if self.is_statistical else 0)
        return tuple(range(first, first + 12))

    @property
    def chosen(self) -> int | None:
        """The month asked about, 1 to 12."""
        return None if self.month is None else self.month % 12 + 1

    @property
    def calendar(self) -> tuple[int, ...]:
        """The same as people number them: 1 to 12, of a statistical year from October on."""
        return tuple(month % 12 + 1 for month in self.months)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last month asked about."""
        return (self.months[0], self.months[-1]) if self.month is None else (self.month, self.month)

    @property
    def period(self) -> str:
        """As cells call it."""
        return self.year if self.month is None else month_code(self.month)

    @property
    def is_plain(self) -> bool:
        """Everybody of a place: the months know no dimensions, targets are set for everybody."""
        return not self.values and self.activity is None

    @property
    def cell(self) -> Key | None:
        """The cell that holds the answer, if one does."""
        if self.activity is not None:
            return (activity_scope(self.activity), self.period, "", "") if self.scope == WHOLE and not self.values else None
        if len(self.values) > 1 or (self.values and self.month is not None):
            return None
        return (self.scope, self.period, *(self.values[0] if self.values else ("", "")))

    def of_contests(self) -> tuple[tuple[str, str], ...]:
        """The values that a contest has."""
        return tuple(pair for pair in self.values if pair[0] in OF_CONTESTS)

    def of_people(self) -> tuple[tuple[str, str], ...]:
        """The values that a person has."""
        return tuple(pair for pair in self.values if pair[0] not in OF_CONTESTS)

    def year_before(self) -> "Question":
        """The same of the year before."""
        year = f"{'S' if self.is_statistical else ''}{self.number - 1}"
        return replace(self, year=year, month=None if self.month is None else self.month - 12)

    def arguments(self) -> dict[str, str]:
        """The part of an address that asks this again; the place stands in the path."""
        found = {"year": self.year, **dict(self.values)}
        if self.month is not None:
            found["month"] = str(self.month % 12 + 1)
        if self.activity is not None:
            found["contest"] = str(self.activity)
        return found


@dataclass(frozen=True)
class Asked:
    """A question, and the names of arguments that say nothing that is known."""

    question: Question
    ignored: tuple[str, ...]


def asked(
    arguments: Mapping[str, str], scope: str, this_year: int, regions: Collection[str], known: Mapping[str, Collection[str]],
) -> Asked:
    """Read an address. What it says wrongly is left out and named, never guessed; ``regions``: codes of divisions."""
    ignored: list[str] = []

    def said(name: str) -> str:
        return arguments.get(name, "").strip()

    year = said("year") or str(this_year)
    if not _is_year(year):
        ignored.append("year")
        year = str(this_year)
    plain = Question(scope, year)
    month = _month(plain, said("month"))
    activity = int(said("contest")) if said("contest").isascii() and said("contest").isdigit() and len(said("contest")) < 10 else None
    ignored += [name for name, found in (("month", month), ("contest", activity)) if said(name) and found is None]
    values = []
    for name in DIMENSIONS:
        if value := said(name):
            is_known = value in regions if name == "held_in" else value in known.get(name, ())
            values.append((name, value)) if is_known else ignored.append(name)
    return Asked(replace(plain, month=month, activity=activity, values=tuple(values)), tuple(ignored))


def _is_year(text: str) -> bool:
    digits = text.removeprefix("S")
    return digits.isascii() and digits.isdigit() and len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR


def _month(question: Question, text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    return next((month for month in question.months if month % 12 + 1 == int(text)), None)


def year_code(month: int, *, is_statistical: bool) -> str:
    """The year that a month lies in."""
    return f"S{stat_year_of(month)}" if is_statistical else str(year_of(month))
