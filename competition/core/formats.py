"""How values look: dates, figures, names in a row and masked numbers, in the language that is spoken.

The one place that writes them. A value goes in, the text a person reads comes out.  `None` always
becomes an em dash, so that an empty cell is seen to be empty on purpose.  Marks are exact: `decimal2`
refuses floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_locale

from competition.core import masks

NOTHING = "—"
HOME_ZONE = "Asia/Shanghai"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_HUNDREDTH = Decimal("0.01")


def in_english() -> bool:
    """Is English spoken now? Where nobody has said, Chinese is."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def in_zone(value: datetime, zone: str = HOME_ZONE) -> datetime:
    """Return `value` on the clock of `zone`; a naive value is taken as UTC."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone))


def show_date(value: date | datetime | None, zone: str = HOME_ZONE) -> str:
    """2026年11月22日, 22 November 2026.  An instant is first moved to `zone`."""
    return NOTHING if value is None else _by_language(value, zone, "{0.year}年{0.month}月{0.day}日", "{0.day} {month} {0.year}")


def show_day(value: date | datetime | None, zone: str = HOME_ZONE) -> str:
    """11月22日, 22 November, where the year is plain from the page."""
    return NOTHING if value is None else _by_language(value, zone, "{0.month}月{0.day}日", "{0.day} {month}")


def show_month(month: int) -> str:
    """11月, November."""
    return MONTHS[month - 1] if in_english() else f"{month}月"


def show_year_month(month: int | None) -> str:
    """2026年11月, November 2026; months are counted as year × 12 + month − 1, as participation counts them."""
    if month is None:
        return NOTHING
    return _by_language(date(month // 12, month % 12 + 1, 1), HOME_ZONE, "{0.year}年{0.month}月", "{month} {0.year}")


def _by_language(value: date | datetime, zone: str, chinese: str, english: str) -> str:
    day = in_zone(value, zone) if isinstance(value, datetime) else value
    return (english if in_english() else chinese).format(day, month=MONTHS[day.month - 1])


def show_time(value: datetime | time | None, zone: str = HOME_ZONE) -> str:
    """09:05, on the 24-hour clock.  An instant is first moved to `zone`."""
    if value is None:
        return NOTHING
    moment = in_zone(value, zone) if isinstance(value, datetime) else value
    return f"{moment.hour:02d}:{moment.minute:02d}"


def show_moment(value: datetime | None, zone: str = HOME_ZONE) -> str:
    """2026年11月22日 09:05, 22 November 2026, 09:05: on the clock of `zone`."""
    if value is None:
        return NOTHING
    return f"{show_date(value, zone)}{', ' if in_english() else ' '}{show_time(value, zone)}"


def machine(value: date | datetime | None) -> str:
    """The machine-readable form for `<time datetime>`, in UTC; empty for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return in_zone(value, "UTC").isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def joined(names: Iterable[Any]) -> str:
    """Several names as one text: 甲、乙 or Jia, Yi; nothing for none."""
    return (", " if in_english() else "、").join(map(str, names))


def character_names(characters: str | None) -> str:
    """``𲎯（U+323AF）``: a character that cannot be shown is known by its number."""
    if not characters:
        return NOTHING
    shape = "{} (U+{:04X})" if in_english() else "{}（U+{:04X}）"
    return joined(shape.format(char, ord(char)) for char in characters)


def together(*sentences: Any) -> str:
    """Whole sentences in a row, empty ones left out: Chinese ones touch, English ones are parted by a blank."""
    return (" " if in_english() else "").join(str(each) for each in sentences if each)


def clauses(parts: Iterable[Any]) -> str:
    """Parts of one sentence, with commas between them."""
    return (", " if in_english() else "，").join(map(str, parts))


def number(value: int | Decimal | None) -> str:
    """412,345: thousands parted, other digits left as they are."""
    return NOTHING if value is None else f"{value:,}"


def millimetres(value: float | None) -> str:
    """210 or 42.5: as it is read from a ruler."""
    return NOTHING if value is None else f"{value:g}"


def decimal2(value: Decimal | Fraction | int | None) -> str:
    """A mark with two places, half rounded up; a float is an error in the caller.

    The rulebook has already rounded what it rounds: this is only the coat.
    """
    if value is None:
        return NOTHING
    if isinstance(value, float):
        raise TypeError("a mark must be exact: Decimal, Fraction or int, not float")
    return f"{_exact(value).quantize(_HUNDREDTH, ROUND_HALF_UP):.2f}"


def percent(value: Decimal | Fraction | float | None, places: int = 1) -> str:
    """A share of one as 82.5%, half rounded up."""
    if value is None:
        return NOTHING
    share = Decimal(repr(value)) if isinstance(value, float) else _exact(value)
    step = Decimal(1).scaleb(-places)
    return f"{(share * 100).quantize(step, ROUND_HALF_UP)}%"


def _exact(value: Decimal | Fraction | int) -> Decimal:
    if isinstance(value, Fraction):
        # Thirty digits are far beyond what is shown; a tie is exact in Decimal.
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def filesize(value: int | None) -> str:
    """512 B, 12.5 KB, 3.0 MB, in steps of 1024."""
    if value is None:
        return NOTHING
    if value < 1024:
        return f"{value} B"
    size = Decimal(value)
    for unit in ("KB", "MB", "GB"):
        size /= 1024
        if size < 1000 or unit == "GB":
            break
    return f"{size.quantize(Decimal('0.1'), ROUND_HALF_UP)} {unit}"


def duration(value: timedelta | int | Decimal | None) -> str:
    """mm:ss for a length of time given as timedelta or seconds; minutes may pass 60.

    Parts of a second are kept to two places when there are any (08:05.25).
    """
    if value is None:
        return NOTHING
    if isinstance(value, timedelta):
        value = Decimal(value // timedelta(microseconds=1)) / 1_000_000
    seconds = Decimal(value)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    shown = seconds.quantize(_HUNDREDTH, ROUND_HALF_UP)
    minutes, rest = divmod(shown, 60)
    text = f"{int(rest):02d}" if rest == rest.to_integral_value() else f"{rest:05.2f}"
    return f"{sign}{int(minutes):02d}:{text}"


def ordinal(value: int | None) -> str:
    """第3名, 3rd."""
    if value is None:
        return NOTHING
    if not in_english():
        return f"第{value}名"
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def shown(mask: Callable[[str], str]) -> Callable[[str | None], str]:
    """A mask as a filter: nothing is a dash."""
    return lambda value: mask(value) if value else NOTHING


FILTERS: Mapping[str, Callable[..., str]] = {
    "date": show_date,
    "day": show_day,
    "month": show_month,
    "year_month": show_year_month,
    "time": show_time,
    "moment": show_moment,
    "machine": machine,
    "joined": joined,
    "characters": character_names,
    "number": number,
    "millimetres": millimetres,
    "decimal2": decimal2,
    "percent": percent,
    "mask_document": shown(masks.mask_document),
    "mask_phone": shown(masks.mask_phone),
    "mask_name": shown(masks.mask_name),
    "spaced": shown(masks.spaced),
    "filesize": filesize,
    "duration": duration,
    "ordinal": ordinal,
}
