"""What is compared, who is asked: as tables."""

from typing import Any

import pytest

from competition.judging import rules_spread
from competition.judging.rules_spread import Asked, ask_now, entered, gap, is_whole, parts_of
from competition.scoring.model import Event
from tests.scoring.documents import book, points, practical
from tests.scoring.test_groups import group

LEVELS = {"key": "level", "name": "工艺", "kind": "judgement", "max": "3", "levels": ["差", "中", "好", "优"]}


def event(**more: Any) -> Event:
    return book(practical(**more)).events[0]


def sheet(**values: str) -> dict[str, Any]:
    """Marks as a sheet keeps them, of first attempts or of ``key_2``."""
    found = {}
    for key, value in values.items():
        name, _sep, attempt = key.partition("_")
        found[f"{name}/{attempt or 1}"] = {"value": value, "version": 1}
    return found


def test_every_rule_of_an_event_is_a_part() -> None:
    items = [group("one", points("a", "40", "1"), points("b", "10", "1", spread={"absolute": "3"}), spread={"percent": "10"}),
             points("c", "50", "1")]
    here = event(criteria=items, spread={"of": "sheet", "absolute": "5"})
    assert [(part.key, part.criteria) for part in parts_of(here)] == [("", ("a", "b", "c")), ("one", ("a", "b")), ("b", ("b",))]
    assert parts_of(event()) == ()


@pytest.mark.parametrize(("ask", "concerned"), [("far", (3,)), ("panel", (1, 2, 3)), ("nobody", ())])
def test_the_rule_says_whom_to_ask(ask: str, concerned: tuple[int, ...]) -> None:
    here = event(spread={"absolute": "10", "beyond": {"absolute": "8"}, "ask": ask})
    part = parts_of(here)[0]
    key = here.criteria[0].key
    found = gap(here, part, {1: sheet(**{key: "80"}), 2: sheet(**{key: "82"}), 3: sheet(**{key: "60"})})
    assert found is not None
    assert (found.concerned, dict(found.figures)) == (concerned, {1: "80", 2: "82", 3: "60"})


def test_exactly_the_limit_is_not_apart_and_one_sheet_is_not_compared() -> None:
    here = event(spread={"absolute": "10"})
    key, part = here.criteria[0].key, parts_of(here)[0]
    assert gap(here, part, {1: sheet(**{key: "80"}), 2: sheet(**{key: "90"})}) is None
    assert gap(here, part, {1: sheet(**{key: "80"})}) is None
    assert gap(here, part, {1: sheet(**{key: "80"}), 2: {}}) is None


@pytest.mark.parametrize(("take", "apart"), [("best", False), ("sum", True), ("last", True)])
def test_several_attempts_are_compared_as_the_criterion_takes_them(take: str, apart: bool) -> None:
    item = points("a", "50", "1", attempts=2, take=take, spread={"absolute": "5"})
    here = event(criteria=[item, points("z", "50" if take != "sum" else "100", "1")], **({"full": "200"} if take == "sum" else {}))
    found = gap(here, parts_of(here)[0], {1: sheet(a="40", a_2="30"), 2: sheet(a="20", a_2="40")})
    assert (found is not None) is apart


def test_levels_are_compared_as_entered() -> None:
    here = event(criteria=[{**LEVELS, "spread": {"levels": "1"}}, points("z", "97", "1")])
    part = parts_of(here)[0]
    assert gap(here, part, {1: sheet(level="1"), 2: sheet(level="2")}) is None
    found = gap(here, part, {1: sheet(level="1"), 2: sheet(level="3")})
    assert found is not None
    assert found.concerned == (1, 2)


def test_marks_that_these_rules_refuse_are_not_compared() -> None:
    here = event(criteria=[points("a", "50", "1", spread={"absolute": "5"}), points("z", "50", "1")])
    assert gap(here, parts_of(here)[0], {1: sheet(a="51"), 2: sheet(a="2")}) is None


def test_everybody_who_marks_a_part_must_have_handed_in() -> None:
    here = event(criteria=[points("a", "50", "1", spread={"absolute": "5"}), points("z", "50", "1")])
    part = parts_of(here)[0]
    due = {1: {"a", "z"}, 2: {"a", "z"}, 9: {"other"}}
    assert not is_whole(part, due, {1, 9})
    assert is_whole(part, due, {1, 2})


def test_entries_are_read_with_all_their_attempts() -> None:
    assert entered(sheet(a="1", b="2", b_2="3")) == {"a": "1", "b": ("2", "3")}


NOW, BEFORE = {1: "10", 2: "20", 3: "30"}, {1: "10", 2: "20", 3: "40"}


@pytest.mark.parametrize(("asked", "who"), [
    ([], (1, 3)),
    ([Asked(1, None, NOW)], ()),
    ([Asked(1, "keep", NOW), Asked(3, "keep", NOW)], ()),
    ([Asked(1, "keep", BEFORE), Asked(3, "remark", BEFORE)], (1, 3)),
    ([Asked(1, "void", BEFORE), Asked(3, "remark", BEFORE)], (1, 3)),
    ([Asked(1, "remark", NOW), Asked(1, "remark", NOW), Asked(3, "keep", NOW)], ()),
    ([Asked(1, "remark", BEFORE), Asked(1, "void", BEFORE), Asked(1, "keep", BEFORE)], (3,)),
])
def test_who_is_asked_once_everybody_has_answered(asked: list[Asked], who: tuple[int, ...]) -> None:
    here = event(spread={"absolute": "10"})
    key, part = here.criteria[0].key, parts_of(here)[0]
    found = gap(here, part, {n: sheet(**{key: value}) for n, value in NOW.items()})
    assert found is not None
    assert ask_now(found, asked) == who


def test_only_the_criteria_of_what_is_asked_may_be_marked_again() -> None:
    here = event(criteria=[points("a", "50", "1", spread={"absolute": "5"}), points("z", "50", "1")])
    assert rules_spread.covered(parts_of(here), {"a"}) == {"a"}
    assert rules_spread.covered(parts_of(here), set()) == frozenset()
