"""Every figure that is not what was counted is found and named, whatever it is."""

import dataclasses
import random
from typing import Any

import pytest

from competition.contests.trying import Said
from competition.recount.comparing import differences, label, text
from competition.recount.numbers import number, rounded
from competition.recount.recounting import recount
from tests.recount.agreeing import both, published
from tests.recount.fields import field
from tests.scoring.documents import lamian

LAMIAN = lamian()
GIVEN = field(LAMIAN, random.Random(7), 7)
SCORES, NONE = both(GIVEN)
COUNTED = recount(GIVEN)


def test_nothing_is_found_where_nothing_was_changed() -> None:
    assert NONE == []
    assert differences(LAMIAN, COUNTED, published(SCORES)) == []


def twisted(scope: str, **change: Any) -> list[tuple[str, str, str, str]]:
    """The differences when the first line of a ranking is another one."""
    lines = published(SCORES)
    first, *rest = lines[scope]
    found = differences(LAMIAN, COUNTED, {**lines, scope: [dataclasses.replace(first, **change), *rest]})
    return [(one.scope, one.what, one.label, one.said) for one in found]


@pytest.mark.parametrize("scope", list(published(SCORES)))
def test_every_field_of_a_line_is_compared(scope: str) -> None:
    assert twisted(scope, value="12.34") == [(scope, "value", "成绩", "12.34")]
    assert twisted(scope, rank=99) == [(scope, "rank", "名次", "99")]
    assert twisted(scope, status="OUT") == [(scope, "status", "状态", "OUT")]
    assert twisted(scope, awards=("gift",)) == [(scope, "awards", "奖项", "gift")]


def test_every_named_figure_is_compared_and_named() -> None:
    tried = 0
    for scope, (first, *_rest) in published(SCORES).items():
        for key in first.figures:
            ((_scope, what, name, said),) = twisted(scope, figures={**first.figures, key: "1234.5"})
            assert (what, said) == (key, "1234.5")
            assert name
            assert name != key
            tried += 1
    assert tried > 40


def test_lines_that_nobody_entered_and_lines_that_are_lacking() -> None:
    lines = published(SCORES)
    first, *rest = lines["event:theory"]
    found = differences(LAMIAN, COUNTED, {"event:theory": [dataclasses.replace(first, who="nobody"), *rest]})
    assert [(one.entry, one.what, bool(one.said), bool(one.found)) for one in found] == [
        ("nobody", "line", True, False), (first.who, "line", False, True)]


def test_what_is_no_number_equals_nothing() -> None:
    assert twisted("event:theory", value="many")
    assert twisted("event:theory", value="1/0")
    assert twisted("event:theory", value=None)


def test_names_of_figures_are_paths() -> None:
    assert label(LAMIAN, "total:overall", "practical.basic.hygiene") == "实操综合成绩·手工拉面基本功·卫生与准备"
    assert label(LAMIAN, "event:basic", "conduct") == "违反赛场纪律"
    assert label(LAMIAN, "event:basic", "unknown") == "unknown"


@pytest.mark.parametrize(("value", "said"), [("1/3", "1/3"), ("5/4", "1.25"), ("-1/200", "-0.005"), ("12", "12"), ("0", "0")])
def test_figures_as_text(value: str, said: str) -> None:
    assert text(number(value)) == said


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("half_up", "1.3 1.2 -1.3"), ("half_down", "1.2 1.2 -1.2"), ("half_even", "1.2 1.2 -1.2"), ("floor", "1.2 1.2 -1.3"),
     ("ceiling", "1.3 1.3 -1.2")],
)
def test_rounding(mode: str, expected: str) -> None:
    assert " ".join(text(rounded(number(value), {"places": 1, "mode": mode})) for value in ("1.25", "1.2400001", "-1.25")) == expected


def test_a_line_is_what_a_publication_has() -> None:
    assert {one.name for one in dataclasses.fields(Said)} == {"who", "value", "rank", "status", "awards", "figures"}
