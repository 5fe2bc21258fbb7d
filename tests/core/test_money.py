"""Sums of money: 10,000 yuan with two decimals."""

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from competition.core.money import MoneyField, hundredths_of, in_ten_thousands


def test_what_is_typed_is_kept_in_hundredths_and_read_back() -> None:
    assert [hundredths_of(text) for text in ("929.95", "1,200", "０．５", "", "7")] == [92995, 120000, 50, 0, 700]
    assert [in_ten_thousands(value) for value in (92995, 120000, 50)] == [Decimal("929.95"), Decimal(1200), Decimal("0.50")]


@pytest.mark.parametrize("bad", ["9.999", "-1", "很多", "1e9", "NaN", "10000001"])
def test_what_is_no_sum_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="最多两位小数"):
        hundredths_of(bad)


class _Sum(Form):
    benefit = MoneyField("经济效益")


@pytest.mark.parametrize(("typed", "kept", "shown"), [("929.95", 92995, "929.95"), ("", None, ""), ("很多", None, "很多")])
def test_a_field_keeps_hundredths_and_shows_what_was_typed(typed: str, kept: int | None, shown: str) -> None:
    form = _Sum(MultiDict({"benefit": typed}))
    assert (form.validate(), form.benefit.data, form.benefit._value()) == (typed != "很多", kept, shown)
    assert f'value="{shown}"' in str(form.benefit())


def test_a_field_begins_with_what_is_kept() -> None:
    assert [_Sum(data={"benefit": kept}).benefit._value() for kept in (12_050, 12_000, 0, None)] == ["120.50", "120", "0", ""]
