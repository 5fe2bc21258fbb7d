"""Derivations add up, and every figure of one that was tampered with is found."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from competition.scoring import engine, rulebook
from competition.scoring.inputs import Entry, Figure, Mark
from competition.scoring.scores import Scores
from tests.scoring import adding_up
from tests.scoring.documents import book, lamian, overall, points, practical, theory
from tests.scoring.ready import KEYS, Small

JUDGES = ("1", "2", "3", "4", "5")


def whole_lamian(people: int = 4) -> tuple[rulebook.Rulebook, Scores]:
    """Everybody marked by five judges in all events, with times and a deduction."""
    rules = rulebook.load(lamian())
    ids = [f"p{n}" for n in range(people)]
    marks, figures = [], []
    for number, entry in enumerate(ids):
        for event in rules.events:
            if event.imported is not None:
                figures.append(Figure(event.key, entry, "theory", str(70 + number)))
                continue
            figures.append(Figure(event.key, entry, "time_s", str((event.time_limit_s or 0) + 50 * number)))
            if number == 1:
                figures.append(Figure(event.key, entry, "conduct", "2.5"))
            marks += [
                Mark(event.key, entry, seat, c.key, str(c.max - (int(seat) * 3 + number * 2 + at) % 5 * c.step))
                for seat in JUDGES for at, c in enumerate(event.criteria) if c.step
            ]
    return rules, engine.score(rules, [Entry(i) for i in ids], marks, figures)


def lines(scores: Scores) -> Iterator[tuple[str, dict[str, Any], dict[str, str | None]]]:
    """(scope key, row as JSON, published figures of everything for that entry)."""
    data = scores.to_json()
    figures: dict[str, dict[str, str | None]] = {}
    for table in ("events", "totals"):
        for key, rows in data[table].items():
            for row in rows:
                figures.setdefault(row["entry"], {})[key] = row["value"]
    for table in ("events", "totals"):
        for key, rows in data[table].items():
            for row in rows:
                yield key, row, figures[row["entry"]]


def test_everything_that_the_engine_computes_adds_up() -> None:
    _rules, scores = whole_lamian()
    assert scores.complete
    checked = [adding_up.check_line(row["value"], row["derivation"], figures) for _key, row, figures in lines(scores)]
    assert len(checked) == 4 * 7
    assert not any(checked)


def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in step["steps"]:
        yield from steps(child)
    yield step


def test_each_tampered_figure_is_found_and_named() -> None:
    _rules, scores = whole_lamian(2)
    leaves, tried = {"time", "imported", "outcome"}, 0
    for _key, row, figures in lines(scores):
        for index, step in enumerate(steps(row["derivation"])):
            if step["code"] in leaves:
                continue
            twisted = copy.deepcopy(row)
            victim = list(steps(twisted["derivation"]))[index]
            victim["value"] = "12.34"
            found = adding_up.check_line(twisted["value"], twisted["derivation"], figures)
            assert found, (step["code"], step["label"])
            tried += 1
    assert tried > 50


def test_a_published_figure_that_its_derivation_does_not_give() -> None:
    _rules, scores = whole_lamian(1)
    row = scores.to_json()["events"]["basic"][0]
    found = adding_up.check_line("99.99", row["derivation"], {})
    assert [(d.label, d.said) for d in found] == [("手工拉面基本功", "99.99")]
    assert adding_up.check_line("99.99", None, {})[0].message == adding_up.NO_DERIVATION
    assert adding_up.check_line(None, None, {}) == []


def test_a_total_must_use_what_was_published_for_its_parts() -> None:
    _rules, scores = whole_lamian(1)
    data = scores.to_json()
    row = data["totals"]["overall"][0]
    published = {key: rows[0]["value"] for table in ("events", "totals") for key, rows in data[table].items()}
    assert adding_up.check_line(row["value"], row["derivation"], published) == []
    found = adding_up.check_line(row["value"], row["derivation"], {**published, "theory": "1.00"})
    assert any("理论" in d.label for d in found)


@pytest.mark.parametrize("mode", ["half_up", "half_even", "half_down", "floor", "ceiling"])
@pytest.mark.parametrize("values", [("1.11", "1.12"), ("1.12", "1.13"), ("1.1", "1.2"), ("0.01", "0.02", "0.03")])
def test_every_way_of_rounding_is_understood(mode: str, values: tuple[str, ...]) -> None:
    one = {"places": 2, "mode": mode}
    rules = book(practical(), rounding={"panel": one, "event": one, "total": one, "team": one})
    scores = engine.score(rules, [Entry("a")], [Mark("basic", "a", str(n), "work", v) for n, v in enumerate(values)], [])
    row = scores.to_json()["events"]["basic"][0]
    assert adding_up.check_line(row["value"], row["derivation"], {}) == []
    row["derivation"]["value"] = row["value"] = str(float(row["value"]) + 0.01)[:4]
    assert adding_up.check_line(row["value"], row["derivation"], {})


def test_outcomes_criteria_weights_and_sums_add_up_too() -> None:
    event = practical(
        panel={"by": "criterion", "method": "mean"}, full="100",
        criteria=[points("a", "20", weight="2"), points("b", "60")],
    )
    rules = book(event, theory(), totals=[overall(), {**overall(), "key": "sum", "method": "sum", "full": "200",
                                                       "parts": [{"of": "theory"}, {"of": "basic"}]}])
    given = (("1", "a", "10"), ("2", "a", "11"), ("1", "b", "50"), ("2", "b", "49.5"))
    marks = [Mark("basic", entry, seat, key, value) for entry in "xy" for seat, key, value in given]
    entries = [Entry("x"), Entry("y", outcomes={"basic": "RESULT_CANCELLED"}), Entry("z", outcomes={"*": "ABSENT"})]
    scores = engine.score(rules, entries, marks, [Figure("theory", "x", "theory", "88"), Figure("theory", "y", "theory", "77")])
    found = [adding_up.check_line(row["value"], row["derivation"], figures) for _k, row, figures in lines(scores)]
    assert not any(found)


def test_a_team_is_the_sum_of_what_its_members_published() -> None:
    team = {"key": "team", "name": {"zh": "团体总分"}, "of": "basic", "size": 2}
    rules = book(practical(), teams=[team])
    marks = [Mark("basic", e, "1", "work", v) for e, v in (("x", "80"), ("y", "70.5"))]
    scores = engine.score(rules, [Entry("x", team="t"), Entry("y", team="t")], marks, [])
    row = scores.to_json()["teams"]["team"][0]
    members: dict[str, str | None] = {"x": "80.00", "y": "70.50"}
    assert adding_up.check_team(row["value"], row["derivation"], {"basic": members}) == []
    assert adding_up.check_team(row["value"], row["derivation"], {"basic": {**members, "y": "71.00"}})
    assert adding_up.check_team("151.00", row["derivation"], {"basic": members})


@pytest.mark.parametrize("key", KEYS)
def test_derivations_under_every_ready_rulebook_add_up(key: str) -> None:
    scores = Small(key, 5).scores()
    found = [adding_up.check_line(row["value"], row["derivation"], figures) for _key, row, figures in lines(scores)]
    assert found
    assert not any(found)
