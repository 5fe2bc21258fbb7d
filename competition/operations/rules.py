"""Which backups are kept, when one is due, and when the newest one is too old. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

KEEP_ALL = timedelta(hours=24)
KEEP_DAYS = 35
# A nightly backup and two hours to make it; during a contest an hourly one and as much again.
OLD = timedelta(hours=26)
OLD_IN_CONTEST = timedelta(hours=2)
KEEP_BROKEN = timedelta(days=7)


class Kept(Protocol):
    """What of a backup decides whether it stays."""

    @property
    def name(self) -> str: ...
    @property
    def moment(self) -> datetime: ...
    @property
    def is_verified(self) -> bool: ...


def to_remove(found: Iterable[Kept], at: datetime, zone: ZoneInfo) -> list[str]:
    """Names of backups that are not kept any longer.

    All of the last 24 hours stay, then the last verified one of each day for 35 days; a backup that
    could not be verified stays a week, to be looked at. The newest verified one stays whatever its age.
    """
    good = sorted((b for b in found if b.is_verified), key=lambda b: b.moment, reverse=True)
    bad = [b for b in found if not b.is_verified]
    gone, days = [], set()
    for index, backup in enumerate(good):
        day = backup.moment.astimezone(zone).date()
        age = at - backup.moment
        last_of_day = day not in days
        days.add(day)
        if index and age > KEEP_ALL and not (last_of_day and age < timedelta(days=KEEP_DAYS)):
            gone.append(backup.name)
    return gone + [b.name for b in bad if at - b.moment > KEEP_BROKEN]


def is_too_old(moment: datetime, at: datetime, *, contest_runs: bool) -> bool:
    """Is the newest verified backup older than it may be?"""
    return at - moment > (OLD_IN_CONTEST if contest_runs else OLD)


def differences(said: dict[str, int], found: dict[str, int]) -> list[str]:
    """Tables whose rows are not as many as the backup says, worst first."""
    names = sorted(set(said) | set(found))
    wrong = [(name, said.get(name), found.get(name)) for name in names if said.get(name) != found.get(name)]
    return [_("%(table)s（%(said)s ≠ %(found)s）", table=name, said=_count(a), found=_count(b)) for name, a, b in wrong]


def _count(value: int | None) -> str:
    return "—" if value is None else str(value)


def unknown_revisions(heads: Sequence[str], known: Iterable[str]) -> list[str]:
    """Revisions of the database's form that this program has never heard of: it is older than the backup."""
    return sorted(set(heads) - set(known))
