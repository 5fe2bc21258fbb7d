"""The ready rulebooks: sound, honest about where each figure comes from, and right on small contests computed by hand."""

import re
from typing import Any

import pytest

from competition.scoring import rulebook
from competition.scoring.inputs import Decision
from tests.scoring.ready import KEYS, Small, leaves, ranks, ready, value
from tests.scoring.test_lamian import without_source

NINE = {"lamian", "pastry", "cooking", "masonry", "welding", "electrician", "courier", "delivery-rider", "forklift"}
Json = dict[str, Any]


def test_there_are_nine() -> None:
    assert set(KEYS) == NINE


@pytest.mark.parametrize("key", KEYS)
def test_it_is_sound_and_called_what_its_file_is_called(key: str) -> None:
    book = rulebook.load(ready(key))
    assert (book.key, book.version) == (key, 1)


def rules_in(value: Any) -> list[Json]:
    """Every object of a document that states a rule: what scores, weighs, ranks or awards."""
    if isinstance(value, list):
        return [found for item in value for found in rules_in(item)]
    if not isinstance(value, dict):
        return []
    states = {"max", "full", "limit_s", "unit_s", "after_s", "places", "method", "in_time", "ties", "tiers", "per", "input", "criteria"}
    # Kinds of fault belong to their criterion.
    below = [found for key, item in value.items() if key != "faults" for found in rules_in(item)]
    return below + ([value] if states & set(value) else [])


@pytest.mark.parametrize("key", KEYS)
def test_every_rule_says_where_it_comes_from(key: str) -> None:
    document = ready(key)
    assert without_source(document) == []
    stated = rules_in([document[name] for name in ("events", "totals", "teams")])
    assert [item.get("key", item) for item in stated if "source" not in item] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_weight_says_where_it_comes_from(key: str) -> None:
    for total in ready(key)["totals"]:
        assert all("source" in part or "source" in total for part in total["parts"])


@pytest.mark.parametrize("key", sorted(NINE - {"lamian"}))
def test_its_note_says_what_is_public_and_what_is_ours(key: str) -> None:
    note = ready(key)["note"]
    assert note.startswith("公开的：")
    assert "系统默认：" in note
    assert "不是任何单位发布的正式规则" in note


def texts(value: Any) -> list[Any]:
    """Everything in a document that judges, contestants and readers see: names, what to look at, levels, units."""
    if isinstance(value, list):
        return [found for item in value for found in texts(item)]
    if not isinstance(value, dict):
        return []
    shown = [value[key] for key in ("name", "text", "unit") if key in value]
    levels = value["levels"] if isinstance(value.get("levels"), list) else []  # of a spread it is a number
    return shown + levels + [found for key, item in value.items() if key != "levels" for found in texts(item)]


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_in_both_languages_and_judges_are_told_what_to_look_at(key: str) -> None:
    document = ready(key)
    han = re.compile("[\u4e00-\u9fff，。；：、（）]")
    one = [text for text in texts(document) if isinstance(text, str) and han.search(text)]
    assert one == []
    both = [text for text in texts(document) if isinstance(text, dict)]
    assert [text for text in both if not text["zh"].strip() or not text.get("en", "").strip() or han.search(text["en"])] == []
    items = [item for event in document["events"] for item in leaves(event.get("criteria", []))]
    assert [item["key"] for item in items if not item.get("text", {}).get("zh")] == []


SEATS = {"pastry": 5, "cooking": 5, "lamian": 5, "delivery-rider": 2}


@pytest.mark.parametrize("key", KEYS)
def test_the_best_marks_give_the_full_marks(key: str) -> None:
    small = Small(key, SEATS.get(key, 3))
    scores = small.scores()
    assert not [problem.say() for problem in scores.problems if problem.code != "tie.forbidden"]
    for table in (small.document["events"], small.document["totals"]):
        for item in table:
            full = item.get("full")
            assert {row.value for row in scores.rows(item["key"])} == {int(full) if full else item["time"]["limit_s"]}


@pytest.mark.parametrize("key", KEYS)
def test_a_frozen_result_loses_nothing(key: str) -> None:
    scores = Small(key, 5).scores()
    assert type(scores).from_json(scores.to_json()).to_json() == scores.to_json()


def test_electricians_are_never_ranked_equal_silently() -> None:
    small = Small("electrician", 3)
    small.theory(A="50", B="49", C="48", F="47")
    scores = small.scores()
    assert [(problem.code, problem.entries) for problem in scores.problems] == [("tie.forbidden", ("D", "E"))]
    decided = small.scores(Decision("total:overall", ("E", "D"), "抽签", "lot"))
    assert decided.complete
    assert ranks(decided, "overall") == [("E", 1), ("D", 2), ("A", 3), ("B", 4), ("C", 5), ("F", 6)]
    # Places to points: A, B, C 8 + 7 + 6; D, E, F 9 + 10 + 5.
    assert (value(decided, "team", "ABC"), value(decided, "team", "DEF")) == ("21.00", "24.00")
