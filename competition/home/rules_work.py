"""The work list: what waits for one person, the most urgent first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from competition.core.formats import in_zone
from competition.home.rules_dates import DAY
from competition.home.rules_facts import Link

# Days after which somebody who cannot sign in has waited too long.
HELP_DAYS = 3
SOON = timedelta(days=1)


@dataclass(frozen=True)
class Task:
    """One thing that waits: ``words`` say what, ``place`` in which contest. ``last``: the last day in time; ``until``: the instant
    after which it cannot be done any more; ``since``: how long it has waited."""

    words: str
    link: Link
    place: str = ""
    since: datetime | None = None
    last: date | None = None
    until: datetime | None = None

    def late_since(self, today: date) -> date | None:
        """The first day that is late, if it has come."""
        return self.last + DAY if self.last is not None and today > self.last else None

    def is_soon(self, at: datetime) -> bool:
        """Is there less than a day left?"""
        return self.until is not None and self.until - at < SOON


def ordered(tasks: Iterable[Task], at: datetime, zone: str) -> list[Task]:
    """Late ones first, the longest late at the top; then by the day until which they are in time; then by how long they waited."""
    today = in_zone(at, zone).date()

    def urgency(task: Task) -> tuple[bool, bool, date, datetime]:
        end = task.last or (in_zone(task.until, zone).date() if task.until else None)
        return task.late_since(today) is None, not task.is_soon(at), end or date.max, task.since or at

    return sorted(tasks, key=urgency)
