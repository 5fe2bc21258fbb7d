"""When a union that is behind may be reminded: not at night, not at weekends, once a week at most. Pure."""

from datetime import datetime, time, timedelta

from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken

WEEK = timedelta(days=7)
QUIET_FROM, QUIET_TO = time(20), time(8)
DAY = timedelta(days=1)
SATURDAY = 5


def next_allowed(at: datetime, quiet_from: time, quiet_to: time, *, weekends: bool) -> datetime:
    """The first moment from ``at`` on (in the zone in which the hours are meant) that is not quiet; ``weekends``: they are quiet too."""
    found = at
    while True:
        if weekends and found.weekday() >= SATURDAY:
            found = (found + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        elif _is_quiet(found.time(), quiet_from, quiet_to):
            end = found.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=0, microsecond=0)
            found = end if end > found else end + DAY
        else:
            return found


def _is_quiet(clock: time, quiet_from: time, quiet_to: time) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= clock < quiet_to
    return clock >= quiet_from or clock < quiet_to


def is_due(last: datetime | None, at: datetime) -> bool:
    """Was the last reminder long enough ago?"""
    return last is None or at - last >= WEEK


def clock_of(text: str, field: str = "quiet_from") -> time:
    """``20:00`` as a time of day; raises RuleBroken, which stands at ``field``."""
    hour, _colon, minute = text.strip().replace(chr(0xFF1A), ":").partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise RuleBroken(_("请填写时刻，例如 20:00。"), code="clock", status=422, field=field)
    return time(int(hour), int(minute))


def missing(reported: dict[int, set[object]], month: int) -> set[object]:
    """Who by habit should have reported about ``month`` and has not: whoever did a month or a year before. By month, who reported."""
    return (reported.get(month - 1, set()) | reported.get(month - 12, set())) - reported.get(month, set())
