"""Scopes, the sample of sums, what a correction changed."""

from dataclasses import dataclass

import pytest

from competition.results import rules
from competition.results.rules_public import PublicLine
from tests.scoring.documents import book, overall, practical, theory


@dataclass
class FakeLine:
    """A published line of an invented person."""

    who: str
    rank: int | None = 1
    value: str | None = "90.00"
    award_name: str | None = None
    status: str = "OK"
    public_name: str = ""


def test_a_total_stands_on_its_events() -> None:
    found = rules.scopes_of(book(theory(), practical(), totals=[overall()]))
    assert list(found) == ["event:theory", "event:basic", "total:overall"]
    assert found["total:overall"].parts == ("event:theory", "event:basic")
    assert found["total:overall"].events == ("theory", "basic")
    assert found["event:basic"].events == ("basic",)


def test_whoever_wants_a_total_needs_its_parts() -> None:
    found = rules.scopes_of(book(theory(), practical(), practical("broth"), totals=[overall()]))
    assert rules.with_parts(found, ["total:overall"]) == ["event:theory", "event:basic", "total:overall"]
    assert rules.with_parts(found, ["event:broth", "event:unknown"]) == ["event:broth"]


@pytest.mark.parametrize(("works", "top", "drawn"), [
    (0, 0, 0), (3, 3, 0), (10, 10, 0), (11, 10, 1), (16, 10, 1), (17, 10, 2), (30, 10, 3), (110, 10, 15), (111, 10, 16),
])
def test_all_of_the_first_ten_and_at_least_fifteen_percent_of_the_rest(works: int, top: int, drawn: int) -> None:
    picked = rules.pick([(f"w{n}", n) for n in range(1, works + 1)], "seed")
    assert [p.why for p in picked].count("top") == top
    assert [p.why for p in picked].count("drawn") == drawn
    assert drawn >= (works - top) * 15 / 100


def test_all_who_share_the_tenth_rank_are_checked() -> None:
    ranked = [(f"w{n}", min(n, 10)) for n in range(1, 14)]
    assert [p.work for p in rules.pick(ranked, "seed") if p.why == "top"] == [f"w{n}" for n in range(1, 14)]


def test_the_seed_alone_decides_who_is_drawn() -> None:
    ranked = [(f"w{n}", n) for n in range(1, 60)]
    assert rules.pick(ranked, "a") == rules.pick(ranked, "a")
    assert rules.pick(ranked, "a") != rules.pick(ranked, "b")


@pytest.mark.parametrize(("checked", "errors", "all_"), [(0, 0, False), (20, 1, False), (19, 1, True), (20, 2, True), (100, 5, False)])
def test_above_five_percent_of_errors_everything_is_checked(checked: int, errors: int, all_: bool) -> None:
    assert rules.must_check_all(checked, errors) is all_


def test_what_a_correction_changed() -> None:
    old = [FakeLine("a", 1, "90.00", "金奖", public_name="甲"), FakeLine("b", 2, "80.00", public_name="乙"),
           FakeLine("c", 3, "70.00", public_name="丙")]
    new = [FakeLine("b", 1, "95.00", "金奖", public_name="乙"), FakeLine("a", 2, "90.00", public_name="甲"),
           FakeLine("d", 3, "60.00", public_name="丁")]
    found = [(c.name, c.what, c.before, c.after) for c in rules.changes(old, new)]
    assert found == [
        ("乙", "rank", "2", "1"), ("乙", "value", "80.00", "95.00"), ("乙", "award", "", "金奖"),
        ("甲", "rank", "1", "2"), ("甲", "award", "金奖", ""), ("丁", "added", "", "3"), ("丙", "removed", "3", ""),
    ]
    assert rules.changes(old, old) == []


@pytest.mark.parametrize(("line", "said"), [
    (("贵州省第1代表队", "贵州省代表团", "贵州省"), ["贵州省第1代表队"]),
    (("雪山队", "第1代表团", "化隆县"), ["雪山队", "第1代表团", "化隆县"]),
    (("", "青海省代表团", "青海省"), ["青海省代表团"]), (("", "", "化隆县"), ["化隆县"]), (("", "", ""), []),
])
def test_a_place_is_said_once(line: tuple[str, str, str], said: list[str]) -> None:
    assert PublicLine(1, "甲", *line, award="").place == said
