"""How values look on a page: dates, figures, masked numbers and asset addresses.

Everything above `register` is pure: a value goes in, the text a person reads
comes out.  `None` always becomes an em dash, so that an empty cell is seen to
be empty on purpose.  Marks are exact: `decimal2` refuses floats.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, request
from flask_babel import get_locale

from competition.core.config import ROOT

NOTHING = "—"
HOME_ZONE = "Asia/Shanghai"
BUILD = ROOT / "static" / "build"
_HUNDREDTH = Decimal("0.01")


def in_zone(value: datetime, zone: str = HOME_ZONE) -> datetime:
    """Return `value` on the clock of `zone`; a naive value is taken as UTC."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone))


def date_cn(value: date | datetime | None, zone: str = HOME_ZONE) -> str:
    """2026年11月22日.  An instant is first moved to `zone`."""
    if value is None:
        return NOTHING
    day = in_zone(value, zone) if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def day_cn(value: date | datetime | None, zone: str = HOME_ZONE) -> str:
    """11月22日, where the year is plain from the page."""
    if value is None:
        return NOTHING
    day = in_zone(value, zone) if isinstance(value, datetime) else value
    return f"{day.month}月{day.day}日"


def time_cn(value: datetime | time | None, zone: str = HOME_ZONE) -> str:
    """09:05, on the 24-hour clock.  An instant is first moved to `zone`."""
    if value is None:
        return NOTHING
    moment = in_zone(value, zone) if isinstance(value, datetime) else value
    return f"{moment.hour:02d}:{moment.minute:02d}"


def datetime_cn(value: datetime | None, zone: str = HOME_ZONE) -> str:
    """2026年11月22日 09:05 on the clock of `zone`."""
    if value is None:
        return NOTHING
    return f"{date_cn(value, zone)} {time_cn(value, zone)}"


def datetime_iso(value: date | datetime | None) -> str:
    """The machine-readable form for `<time datetime>`, in UTC; empty for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return in_zone(value, "UTC").isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def number(value: int | Decimal | None) -> str:
    """412,345: thousands parted, other digits left as they are."""
    return NOTHING if value is None else f"{value:,}"


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


def mask_id(value: str | None) -> str:
    """632***********002X: the first three and last four of a document number."""
    return _masked(value, head=3, tail=4)


def mask_phone(value: str | None) -> str:
    """138****0001: the first three and last four of a phone number."""
    return _masked(value, head=3, tail=4)


def _masked(value: str | None, head: int, tail: int) -> str:
    if not value:
        return NOTHING
    shown = value.strip()
    if len(shown) <= head + tail:
        # Too short to show both ends and still hide something.
        return "*" * max(len(shown) - 1, 1) + (shown[-1] if len(shown) > 1 else "")
    return shown[:head] + "*" * (len(shown) - head - tail) + shown[-tail:]


def mask_name(value: str | None) -> str:
    """张*, 欧*娜, 才***杰: the first and, from three on, the last character stay."""
    if not value:
        return NOTHING
    name = value.strip()
    if len(name) < 2:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


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
    """第3名."""
    return NOTHING if value is None else f"第{value}名"


class Assets:
    """Hashed addresses of built files, read from the manifest of the build."""

    def __init__(self, folder: Path, prefix: str, *, watch: bool = False) -> None:
        self._manifest = folder / "manifest.json"
        self._prefix = prefix
        self._watch = watch
        self._read_at = -1
        self._names: Mapping[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the address of the built file called `name`, e.g. `app.css`.

        Without a build (a bare test run) the plain name is returned: the page
        stays readable HTML and the missing file shows up as a 404 in the log.
        """
        self._refresh()
        return self._prefix + self._names.get(name, name)

    def _refresh(self) -> None:
        if self._read_at >= 0 and not self._watch:
            return
        try:
            changed_at = self._manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed_at != self._read_at:
            self._names = json.loads(self._manifest.read_text("utf-8"))
            self._read_at = changed_at


def page_lang() -> str:
    """The `lang` attribute of the page: zh-Hans-CN, en."""
    locale = get_locale()
    return "zh-Hans-CN" if locale is None else str(locale).replace("_", "-")


def url_with(**changes: str | int | None) -> str:
    """This page's address with some query arguments changed; None removes one."""
    args: dict[str, list[str]] = request.args.to_dict(flat=False)
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
        else:
            args[name] = [str(value)]
    query = urlencode(args, doseq=True)
    return f"{request.path}?{query}" if query else request.path


FILTERS: Mapping[str, Callable[..., str]] = {
    "date_cn": date_cn,
    "day_cn": day_cn,
    "time_cn": time_cn,
    "datetime_cn": datetime_cn,
    "datetime_iso": datetime_iso,
    "number": number,
    "decimal2": decimal2,
    "percent": percent,
    "mask_id": mask_id,
    "mask_phone": mask_phone,
    "mask_name": mask_name,
    "filesize": filesize,
    "duration": duration,
    "ordinal": ordinal,
}


def register(app: Flask, build: Path = BUILD) -> None:
    """Give the templates of `app` the filters and the globals `asset`, `url_with`, `page_lang`.

    `build` is the folder that is served under /static/.
    """
    helpers: dict[str, Any] = {
        "asset": Assets(build, "/static/", watch=app.debug),
        "url_with": url_with,
        "page_lang": page_lang,
    }
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(helpers)
