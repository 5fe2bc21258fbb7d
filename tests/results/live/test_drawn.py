"""Over drawn rulebooks and marks LibreOffice gives the engine's figures, ranks and awards; and so it does when a mark is changed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from competition.core.live_sheets import HEAD, Page, write_pages
from competition.results.live.book import live_book, live_pages
from competition.results.live.inputs import Book
from competition.scoring import engine, rulebook
from competition.scoring.inputs import Entry, Mark
from competition.scoring.intake import Told
from tests.results.live.drawn import differences, drawn
from tests.results.live.office import Sheets, recalculated

POINTS = {"kind": "points", "max": "10", "step": "0.5"}
EXACT = {stage: {"places": 2} for stage in ("panel", "event", "total", "team")}


@pytest.mark.slow
def test_drawn_contests_are_recalculated_to_the_engines_figures() -> None:
    assert list(differences(drawn(25))) == []


def contest(event: dict[str, Any], marks: list[Mark]) -> Book:
    """A contest of one event and two works."""
    rules = rulebook.load({"format": 1, "key": "hand", "version": 1, "name": "手算", "rounding": EXACT, "events": [
        {"key": "e", "kind": "practical", "name": "实操", **event}]})
    entries = [Entry("P"), Entry("Q")]
    scores = engine.score(rules, entries, marks, [])
    assert scores.complete
    return live_book(rules, entries, Told(marks, (), (), (), (), ()), [], scores, label=str)


def changed(pages: Iterator[Page], marks: dict[tuple[str, str, str], str]) -> Iterator[Page]:
    """The pages after somebody has written other marks over those of (work, seat, cell)."""
    for page in pages:
        for row in page.rows if page.title.startswith("评分") else ():
            for (work, seat, key), value in marks.items():
                if (row["work"], row["seat"]) == (work, seat):
                    row[key] = Decimal(value)
        yield page


def standings(*changes: tuple[Book, dict[tuple[str, str, str], str]]) -> list[dict[str, tuple[object, object]]]:
    """Score and rank of both works as LibreOffice gives them, of every workbook with its changes."""
    data = {f"{at}": write_pages(changed(live_pages(book), marks), taken=None) for at, (book, marks) in enumerate(changes)}
    found = recalculated(data)
    return [_standing(book, found[f"{at}"]) for at, (book, _marks) in enumerate(changes)]


def _standing(book: Book, sheets: Sheets) -> dict[str, tuple[object, object]]:
    page, places = book.made["e"]
    keys = [column.key for column in page.columns]
    rows = {entry: dict(zip(keys, sheets[page.title][place + HEAD], strict=False)) for entry, place in places.items()}
    return {entry: (cells["score"], cells["rank"]) for entry, cells in rows.items()}


def ties() -> Book:
    """Both works get 7 + 8 from both judges; taste parts them."""
    event = {"full": "20", "panel": {"by": "sheet", "method": "mean"}, "ranking": {"ties": [{"figure": "taste", "order": "desc"}]},
             "criteria": [{"key": "taste", "name": "口味", **POINTS}, {"key": "look", "name": "外观", **POINTS}]}
    marks = [Mark("e", work, seat, key, value) for work in "PQ" for seat in "12" for key, value in (("taste", "7"), ("look", "8"))]
    return contest(event, marks)


def vetoes() -> Book:
    """Three judges, two attempts of which the better counts; two judges call a veto for Q."""
    group = {"kind": "group", "key": "g", "name": "制作", "criteria": [
        {"key": "skill", "name": "技法", **POINTS, "attempts": 2, "take": "best"}, {"key": "dirty", "name": "污染", "kind": "veto"}]}
    event = {"full": "20", "panel": {"by": "sheet", "method": "mean"}, "criteria": [group, {"key": "look", "name": "外观", **POINTS}]}
    tries = {"P": ("6", "8"), "Q": ("9", "7")}
    marks = [Mark("e", work, seat, "skill", value, attempt)
             for work in "PQ" for seat in "123" for attempt, value in enumerate(tries[work], 1)]
    marks += [Mark("e", work, seat, "look", "5") for work in "PQ" for seat in "123"]
    marks += [Mark("e", work, seat, "dirty", "1" if work == "Q" and seat != "3" else "0") for work in "PQ" for seat in "123"]
    return contest(event, marks)


@pytest.mark.slow
def test_marks_written_over_others_are_recalculated_as_by_hand() -> None:
    """Ties: both 15, both first. Then Q's first judge gives 7.5 + 7.5: still 15, but taste is (7.5 + 7) ÷ 2 = 7.25 > 7, so Q is
    first and P second; a comparison of whole points, as the first marks were, would find 7 = 7.

    Vetoes: P max(6, 8) + 5 = 13. Q has max(9, 7) + 5 = 14, but two of three judges zero the group: 5. (A veto is asked once,
    whatever is tried twice beside it.) Then one of them takes it back: one of three is not more than half, 14 again.
    """
    better = {("Q", "1", "e:taste:1:0"): "7.5", ("Q", "1", "e:look:1:0"): "7.5"}
    taken_back = {("Q", "1", "e:dirty:1:0"): "0"}
    assert standings((ties(), {}), (ties(), better), (vetoes(), {}), (vetoes(), taken_back)) == [
        {"P": (15.0, 1.0), "Q": (15.0, 1.0)}, {"P": (15.0, 2.0), "Q": (15.0, 1.0)},
        {"P": (13.0, 1.0), "Q": (5.0, 2.0)}, {"P": (13.0, 2.0), "Q": (14.0, 1.0)}]


def test_a_veto_has_no_attempts() -> None:
    veto = {"key": "dirty", "name": "污染", "kind": "veto", "attempts": 2}
    with pytest.raises(rulebook.RulebookFaults):
        contest({"full": "10", "criteria": [{"key": "look", "name": "外观", **POINTS}, veto]}, [])
