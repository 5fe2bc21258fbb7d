"""Rounding modes and exact numbers as tables."""

from decimal import Decimal
from fractions import Fraction

import pytest

from competition.scoring import exact
from competition.scoring.rounding import MODES, Rounding, round_to, whole


@pytest.mark.parametrize(
    ("value", "results"),
    [
        ("2.5", {"half_up": 3, "half_even": 2, "half_down": 2, "floor": 2, "ceiling": 3}),
        ("3.5", {"half_up": 4, "half_even": 4, "half_down": 3, "floor": 3, "ceiling": 4}),
        ("2.4", {"half_up": 2, "half_even": 2, "half_down": 2, "floor": 2, "ceiling": 3}),
        ("2.6", {"half_up": 3, "half_even": 3, "half_down": 3, "floor": 2, "ceiling": 3}),
        ("-2.5", {"half_up": -3, "half_even": -2, "half_down": -2, "floor": -3, "ceiling": -2}),
        ("5.5", {"half_up": 6, "half_even": 6, "half_down": 5, "floor": 5, "ceiling": 6}),
        ("-0.5", {"half_up": -1, "half_even": 0, "half_down": 0, "floor": -1, "ceiling": 0}),
        ("7", dict.fromkeys(MODES, 7)),
    ],
)
def test_modes(value: str, results: dict[str, int]) -> None:
    assert {mode: whole(Fraction(value), mode) for mode in MODES} == results


@pytest.mark.parametrize(
    ("value", "mode", "result"),
    [
        ("89.045", "half_up", "89.05"),
        ("89.045", "half_even", "89.04"),
        ("90.665", "half_up", "90.67"),
        ("90.665", "half_even", "90.66"),
        ("89.9", "half_up", "89.90"),
        ("268/3", "half_up", "89.33"),
        ("0", "half_up", "0.00"),
    ],
)
def test_two_places_keep_their_zeros(value: str, mode: str, result: str) -> None:
    rounded = round_to(Fraction(value), Rounding(2, mode))
    assert str(rounded) == result
    assert isinstance(rounded, Decimal)


def test_words_of_a_rule() -> None:
    assert Rounding(2).words() == "四舍五入，保留 2 位小数"
    assert Rounding(0, "floor").words() == "舍去尾数，取整数"


@pytest.mark.parametrize("written", ["89.05", "0", "-3.25", "100", "268/3", "-1/7"])
def test_texts_come_back(written: str) -> None:
    value = Fraction(written)
    assert exact.text(value) == written
    assert exact.parse(exact.text(value)) == value


@pytest.mark.parametrize(("written", "shown"), [("268/3", "89.333333…"), ("-1/7", "-0.142857…"), ("1/300", "0.003333…"), ("8.5", "8.5")])
def test_endless_expansions_are_cut_for_readers(written: str, shown: str) -> None:
    assert exact.shown(written) == shown


@pytest.mark.parametrize("text", ["", "1e3", ".5", "5.", "\uff11", "1_0", " 1", "1 ", "nan", "+1", "1/2", "9" * 13])
def test_only_plain_decimals_are_read(text: str) -> None:
    with pytest.raises(ValueError):
        exact.fraction(text)
