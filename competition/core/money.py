"""Sums of money as unions tell them: 10,000 yuan (万元) with two decimals, kept as whole hundredths of it (units of 100 yuan)."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field
from wtforms.widgets import TextInput

from competition.core.characters import plain_number

# The most that can be told of one thing: 10,000,000 times 10,000 yuan.
MOST = 1_000_000_000


def hundredths_of(text: str) -> int:
    """Hundredths of 10,000 yuan from what was typed (929.95); raises ValueError with the sentence."""
    typed = plain_number(text).replace(",", "")
    try:
        value = Decimal(typed or "0")
        found = int(value.scaleb(2)) if value.is_finite() and 0 <= value <= MOST // 100 else -1
    except InvalidOperation:
        found = -1
    if found < 0 or Decimal(found).scaleb(-2) != value:
        raise ValueError(_("请填万元数，最多两位小数，例如 929.95。"))
    return found


def in_ten_thousands(hundredths: int) -> Decimal:
    """As people say it: 92995 is 929.95, 12000 is 120."""
    value = Decimal(hundredths).scaleb(-2)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


class MoneyField(Field):
    """10,000 yuan with two decimals; ``data`` are hundredths of it, None where nothing was typed."""

    widget = TextInput()
    data: int | None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = hundredths_of(typed) if typed else None

    def _value(self) -> str:
        """What was typed, else what is kept."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(in_ten_thousands(self.data))
