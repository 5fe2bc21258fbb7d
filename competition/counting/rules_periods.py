"""Months, calendar years and statistical years; the age bands. Pure.

A month is counted as a number (``year * 12 + month - 1``), so that it is small in tables and packs into one integer.
The statistical year of the unions runs from 1 October to 30 September and is named by the year it ends in: ``S2021``.
"""

from calendar import monthrange
from datetime import date
from functools import lru_cache

from flask_babel import lazy_gettext as _

BANDS = ((25, "under25"), (35, "25to34"), (45, "35to44"), (55, "45to54"), (200, "55over"))
UNKNOWN = "unknown"
# Our own division: contests for the young end at 35.
BAND_WORDS = {"under25": _("25 岁以下"), "25to34": _("25 至 34 岁"), "35to44": _("35 至 44 岁"), "45to54": _("45 至 54 岁"),
              "55over": _("55 岁及以上"), UNKNOWN: _("未填写")}


def month_number(day: date) -> int:
    """The month of a day as one number."""
    return day.year * 12 + day.month - 1


def month_days(month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    year, which = divmod(month, 12)
    return date(year, which + 1, 1), date(year, which + 1, monthrange(year, which + 1)[1])


def month_number_of(code: str) -> int:
    """The number of '2026-05'."""
    return int(code[:4]) * 12 + int(code[5:]) - 1


def month_code(month: int) -> str:
    """'2026-05'."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def year_of(month: int) -> int:
    """The calendar year of a month."""
    return month // 12


def stat_year_of(month: int) -> int:
    """The statistical year of a month: October already belongs to the next."""
    return (month + 3) // 12


@lru_cache(maxsize=4096)
def periods_of(month: int) -> tuple[str, str, str]:
    """The month itself, its calendar year, its statistical year."""
    return month_code(month), str(year_of(month)), f"S{stat_year_of(month)}"


def age_band(birth_year: int | None, year: int) -> str:
    """The band of the age that somebody reaches in a year."""
    if birth_year is None:
        return UNKNOWN
    return next(name for limit, name in BANDS if year - birth_year < limit)
