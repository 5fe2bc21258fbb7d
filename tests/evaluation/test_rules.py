"""The index, figure by figure as one would reckon it by hand."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from competition.core.errors import RuleBroken
from competition.evaluation import rules
from competition.evaluation.rules import check_set, compute, ranked, rounded, written

SMALL: dict[str, Any] = {
    "missing": "incomplete", "places": 2, "vetoes": ["弄虚作假"],
    "indicators": [
        {"key": "a", "group": "participation", "name": "目标", "weight": "60", "kind": "formula", "top": "persons", "bottom": "target",
         "target": "1", "cap": "1"},
        {"key": "b", "group": "effect", "name": "晋升", "weight": "30", "kind": "formula", "top": "promotions", "bottom": "persons",
         "target": "0.02", "cap": "1.1"},
        {"key": "c", "group": "approval", "name": "问卷", "weight": "10", "kind": "manual"},
    ]}


def figures(**known: int) -> dict[str, Fraction | None]:
    return {name: Fraction(value) for name, value in known.items()}


# 800 of 1000: 60 × 4/5 = 48. 12 of 800 = 0.015 of 0.02 = 3/4: 30 × 3/4 = 22.5. 90 by hand: 9.
# 2000 of 1000 is capped at 1: 60. 88 of 2000 = 0.044, 2.2 times the target, capped at 1.1: 33. 100 by hand: 10.
@pytest.mark.parametrize(("known", "score", "points", "total"), [
    ({"persons": 800, "target": 1000, "promotions": 12}, 90, ["48", "22.5", "9"], Fraction(159, 2)),
    ({"persons": 2000, "target": 1000, "promotions": 88}, 100, ["60", "33", "10"], Fraction(103)),
    ({"persons": 1, "target": 3, "promotions": 0}, 0, ["20", "0", "0"], Fraction(20)),
    ({"persons": 1, "target": 7, "promotions": 0}, 33, ["8.5714", "0", "3.3"], Fraction(60, 7) + Fraction(33, 10)),
])
def test_points_by_hand(known: dict[str, int], score: int, points: list[str], total: Fraction) -> None:
    found = compute(SMALL, figures(**known), {"c": Fraction(score)})
    assert [written(line.points) for line in found.lines if line.points is not None] == points
    assert (found.total, found.of) == (total, 100)


def test_what_is_not_known_is_named_and_never_a_nought_in_silence() -> None:
    known = figures(persons=800, promotions=12)
    found = compute(SMALL, known, {})
    assert [line.missing for line in found.lines] == [("target",), (), ("manual",)]
    assert (found.total, found.so_far, found.of) == (None, Fraction(45, 2), 30)
    assert compute({**SMALL, "missing": "zero"}, known, {}).total == Fraction(45, 2)
    assert compute({**SMALL, "missing": "leave_out"}, known, {}).total == 75
    assert compute({**SMALL, "missing": "leave_out"}, {}, {}).total is None


def test_nothing_to_divide_by_is_not_known() -> None:
    found = compute(SMALL, figures(persons=0, target=1000, promotions=0), {"c": Fraction(50)})
    assert [line.missing for line in found.lines] == [(), ("persons",), ()]
    assert found.lines[0].points == 0


def test_a_veto_makes_it_nought() -> None:
    found = compute(SMALL, figures(persons=800, target=1000, promotions=12), {"c": Fraction(90)}, ["弄虚作假"])
    assert (found.total, found.so_far, found.vetoes) == (0, Fraction(159, 2), ("弄虚作假",))


@pytest.mark.parametrize(("row", "changes", "words"), [
    (0, {"weight": "59.99"}, "现在是 99.99"), (0, {"weight": "0"}, "第 1 行的权重"), (0, {"weight": "-1"}, "权重"),
    (0, {"weight": "1e400"}, "权重"), (0, {"target": "零"}, "目标值"), (1, {"cap": "0"}, "封顶倍数"), (1, {"top": "__class__"}, "分子"),
    (1, {"top": "one"}, "分子"), (1, {"bottom": ""}, "分母"), (2, {"name": "目标"}, "不能重复"), (2, {"key": "a"}, "不能重复"),
    (2, {"group": "x"}, "第 3 行"), (2, {"kind": "eval"}, "第 3 行"),
])
def test_a_set_that_cannot_be_computed_is_refused(row: int, changes: dict[str, str], words: str) -> None:
    document = deepcopy(SMALL)
    document["indicators"][row].update(changes)
    with pytest.raises(RuleBroken, match=words):
        check_set(document)


def test_the_example_is_sound_and_thirds_are_too() -> None:
    check_set(rules.EXAMPLE)
    check_set(SMALL)
    thirds = deepcopy(SMALL)
    for row, weight in zip(thirds["indicators"], ("33.33", "33.33", "33.34"), strict=True):
        row["weight"] = weight
    check_set(thirds)
    with pytest.raises(RuleBroken, match="1 至 30"):
        check_set({**SMALL, "indicators": []})


def test_rounding_is_half_up_and_ranks_go_by_what_is_shown() -> None:
    assert [str(rounded(Fraction(*pair), 2)) for pair in ((1, 200), (1, 3), (159, 2), (0, 1))] == ["0.01", "0.33", "79.50", "0.00"]
    assert rounded(Fraction(5, 2), 0) == Decimal(3)
    assert ranked([Fraction(79), None, Fraction(159, 2), Fraction(7904, 100), Fraction(79001, 1000)], 1) == [2, None, 1, 2, 2]
    for text in ("100.01", "-1", "99.999", "NaN", "x", ""):
        with pytest.raises(RuleBroken, match="0 至 100"):
            rules.check_score(text)
    assert rules.check_score("86.5") == Fraction(173, 2)
