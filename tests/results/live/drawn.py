"""Contests drawn over everything that a rulebook can say, and where LibreOffice's figures differ from the engine's."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings

from competition.core.live_sheets import HEAD, Formula, Page, write_pages
from competition.recount.given import Given
from competition.results.live.book import live_book, live_pages
from competition.results.live.inputs import Book
from competition.scoring import engine, rulebook
from competition.scoring.inputs import AnswerKey, Decision, Entry, Excusal, Figure, Mark, Panel
from competition.scoring.intake import Told
from competition.scoring.scores import Scores
from tests.recount.agreeing import decided
from tests.recount.making import contests
from tests.results.live.office import Sheets, recalculated

AT_ONCE = 40  # workbooks for one start of LibreOffice, which takes some 240 at most


@dataclass
class Recomputed:
    """A workbook in the making; ``values``: rows that have a figure which is written, and is no formula, by ranking."""

    book: Book
    data: bytes = b""
    values: dict[str, set[str]] = field(default_factory=dict)

    def write(self) -> "Recomputed":
        """Make the bytes, and note what is no formula."""
        self.data = write_pages(map(self._noted, live_pages(self.book)), taken=None)
        return self

    def _noted(self, page: Page) -> Page:
        key = next((key for key, (made, _places) in self.book.made.items() if made is page), None)
        if key is not None:
            rows = zip(self.book.rows(key), page.rows, strict=True)
            self.values[key] = {row.entry for row, cells in rows if row.value is not None and not isinstance(cells["score"], Formula)}
        return page


def drawn(count: int) -> list[Given]:
    """So many contests, each with its marks; ties and spreads are decided as far as that can be done."""
    found: list[Given] = []

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(contests())
    def draw(contest: Given) -> None:
        found.append(contest)

    draw()
    return found


def settled(contest: Given) -> tuple[Given, Scores]:
    """The contest after the decisions that it needs, with its results."""
    scores = _score(contest)
    for _ in range(3):
        if scores.complete:
            break
        contest = decided(contest, scores)
        scores = _score(contest)
    return contest, scores


def _score(contest: Given) -> Scores:
    told = told_of(contest)
    return engine.score(rulebook.load(contest.document), _entries(contest), told.marks, told.figures, _decisions(contest),
                        panels=told.panels, excusals=told.excusals, keys=told.keys)


def told_of(contest: Given) -> Told:
    """What was told of a contest, as the engine takes it."""
    marks: list[Mark] = [*contest.marks]  # type: ignore[list-item]
    figures: list[Figure] = [*contest.figures]  # type: ignore[list-item]
    panels: list[Panel] = [*contest.panels]  # type: ignore[list-item]
    excusals: list[Excusal] = [*contest.excusals]  # type: ignore[list-item]
    keys: list[AnswerKey] = [*contest.keys]  # type: ignore[list-item]
    return Told(marks, (), figures, panels, excusals, keys)


def _entries(contest: Given) -> list[Entry]:
    return [*contest.entries]  # type: ignore[list-item]


def _decisions(contest: Given) -> list[Decision]:
    return [*contest.decisions]  # type: ignore[list-item]


def made(contest: Given) -> Recomputed:
    """The workbook of a contest."""
    contest, scores = settled(contest)
    book = live_book(rulebook.load(contest.document), _entries(contest), told_of(contest), _decisions(contest), scores, label=str)
    return Recomputed(book).write()


def differences(contests_: list[Given]) -> Iterator[str]:
    """Everything in which the recalculated workbooks differ from the engine."""
    for start in range(0, len(contests_), AT_ONCE):
        books = {f"{number}": made(one) for number, one in enumerate(contests_[start:start + AT_ONCE], start)}
        found = recalculated({name: one.data for name, one in books.items()})
        for name, one in books.items():
            yield from (f"{name}: {said}" for said in (*wrong(one.book, found[name]), *unexplained(one)))


def unexplained(one: Recomputed) -> Iterator[str]:
    """Results that are values though nothing says so: a value would always be the engine's."""
    by_value = {total.key for total in one.book.rulebook.totals if total.method == "scale"}
    by_value |= {team.key for team in one.book.rulebook.teams if team.method == "prizes"}
    for key, entries in one.values.items():
        for row in one.book.rows(key):
            if row.entry in entries and row.status == "OK" and key not in by_value:
                yield f"{key}/{row.entry}: a value"


def wrong(book: Book, sheets: Sheets) -> Iterator[str]:
    """Every figure, rank and award that is not the engine's."""
    scopes = (*book.rulebook.events, *book.rulebook.totals, *book.rulebook.teams)
    for scope in scopes:
        page, _places = book.made[scope.key]
        keys = [column.key for column in page.columns]
        tiers = [tier for rule in scope.awards for tier in rule.tiers]
        prizes = {tier.key: tier.name.zh for tier in tiers if tier.kind == "prize"}
        for number, row in enumerate(book.rows(scope.key)):
            cells = dict(zip(keys, sheets[page.title][number + HEAD], strict=False))
            if row.value is not None and (cells["score"] == "" or round(float(str(cells["score"])), 8) != float(row.value)):
                yield f"{scope.key}/{row.entry}: {cells['score']} ≠ {row.value}"
            if row.rank is not None and cells["rank"] != row.rank:
                yield f"{scope.key}/{row.entry} rank: {cells['rank']} ≠ {row.rank}"
            prize = next((prizes[key] for key in row.awards if key in prizes), "")
            if "prize" in cells and cells["prize"] != prize:
                yield f"{scope.key}/{row.entry} prize: {cells['prize']} ≠ {prize}"
            for at, tier in enumerate(tiers):
                if tier.kind == "title" and (cells[f"a:{at}"] != "") != (tier.key in row.awards):
                    yield f"{scope.key}/{row.entry} {tier.key}: {cells[f'a:{at}']}"
