"""What the course of a contest is judged by: facts in plain numbers, and what comes out: steps with things to do. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from competition.contests.rules import Lack, State, registration_state
from competition.core.formats import in_zone, joined, show_date, show_moment
from competition.core.words import say as _

# ---- who works here ----------------------------------------------------------------------------

EVENT, CONTEST, UNION, SYSTEM = range(4)
NAMED = 2


@dataclass(frozen=True)
class Holder:
    """Somebody with a role; ``rank``: held for an event, the contest, a union above it, the system. The narrowest are named."""

    account: UUID
    name: str
    role: str
    rank: int = CONTEST
    event: UUID | None = None


@dataclass(frozen=True)
class Who:
    """For whom one waits: in words, and the accounts that can do it."""

    words: str
    accounts: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Staff:
    """Everybody with a role in a contest; ``titles``: the roles in words."""

    holders: tuple[Holder, ...]
    titles: Mapping[str, Any]

    def who(self, roles: Sequence[str], event: UUID | None = None) -> Who:
        """Those of the first of ``roles`` that somebody holds (for this event), else that nobody does."""
        for role in roles:
            found = [h for h in self.holders if h.role == role and h.event in (None, event)]
            if found:
                return Who(self._said(role, found), frozenset(h.account for h in found))
        return Who(_("%(role)s（还没有人担任）", role=self.titles[roles[0]]))

    def second(self, roles: Collection[str], event: UUID | None, asker: UUID) -> Who:
        """Everybody with one of ``roles`` but who asked."""
        found = [h for h in self.holders if h.role in roles and h.event in (None, event) and h.account != asker]
        said = [self._said(role, mine) for role in sorted(roles) if (mine := [h for h in found if h.role == role])]
        return Who(joined(said) or _("还没有第二人可以批准，请系统管理员授予角色"), frozenset(h.account for h in found))

    def _said(self, role: str, holders: list[Holder]) -> str:
        near = min(h.rank for h in holders)
        names = list(dict.fromkeys(h.name for h in holders if h.rank == near))
        shown = joined(names[:NAMED])
        if len(names) > NAMED:
            shown = _("%(names)s等 %(n)s 人", names=shown, n=len(names))
        return f"{self.titles[role]} {shown}"


# ---- what is known -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """Entries that wait for one union's decision; ``since``: how long the first of them has waited for it. ``is_last``: the
    deciding step, which the contest's office may take too."""

    union: UUID | None
    name: str
    count: int
    since: datetime
    is_last: bool = False


@dataclass(frozen=True)
class SumFacts:
    """The check of one event's sums: works in the sample (0: none drawn), checked ones, errors."""

    total: int = 0
    checked: int = 0
    errors: int = 0
    must_check_all: bool = False
    is_signed: bool = False


@dataclass(frozen=True)
class EventFacts:
    """One event with its round. ``day``: on the contest's clock. ``state``: closed, open, locked. ``missing``: needed figures
    that nobody has entered, by kind (marks, time)."""

    id: UUID
    round: UUID
    name: str
    day: date
    starts_at: datetime | None = None
    is_judged: bool = False
    entered: int = 0
    is_drawn: bool = False
    left_out: int = 0
    not_checked_in: int = 0
    seats: int = 0
    state: str = "closed"
    handed_in: int = 0
    needed: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    set_aside: int = 0
    sums: SumFacts = SumFacts()
    is_opened: bool = False


@dataclass(frozen=True)
class ScopeFacts:
    """A ranking of the rulebook, the events it is made of, and when it was first published."""

    name: str
    events: frozenset[UUID]
    published_at: datetime | None = None


@dataclass(frozen=True)
class WinnersFacts:
    """A published ranking with awards: how many certificates of award are ``due``, how many there are, and for how many winners
    there never was one."""

    name: str
    due: int
    issued: int
    left: int

    @property
    def is_begun(self) -> bool:
        """Some of its winners have, or had, theirs."""
        return self.left < self.due


@dataclass(frozen=True)
class Request:
    """An open request for a second person; ``event`` when it is about one, ``roles``: who may decide."""

    id: UUID
    kind: str
    title: Any
    roles: frozenset[str]
    asker: UUID
    asked_at: datetime
    event: UUID | None = None


@dataclass(frozen=True)
class CourseFacts:
    """All that decides where a contest stands at one instant.

    ``missing``: what the contest itself lacks. ``has_address``: is it known where its certificates are verified?
    ``entries``: by state. ``batches``: of certificates, by state. ``winners``: by ranking with awards.
    ``counted``: participation facts made from it, ``counted_at``: the end of the last roll-up.
    ``is_whole``: for the whole contest; else only ``events`` of a part are there.
    """

    id: UUID
    at: datetime
    zone: str
    phase: str
    condition: str
    starts_on: date
    ends_on: date
    staff: Staff
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    public_notice_days: int = 0
    missing: tuple[Lack, ...] = ()
    has_address: bool = True
    entries: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[Queue, ...] = ()
    leaderless: int = 0
    events: tuple[EventFacts, ...] = ()
    scopes: tuple[ScopeFacts, ...] = ()
    batches: Mapping[str, int] = field(default_factory=dict)
    winners: tuple[WinnersFacts, ...] = ()
    counted: int = 0
    counted_at: datetime | None = None
    requests: tuple[Request, ...] = ()
    is_whole: bool = True

    @property
    def day(self) -> date:
        """The day on the contest's clock."""
        return self.day_of(self.at)

    def day_of(self, at: datetime) -> date:
        """The day of an instant on the contest's clock."""
        return in_zone(at, self.zone).date()

    @property
    def registration(self) -> State:
        """Whether registration is open, and why not."""
        return registration_state(self, self.at)

    @property
    def registration_is_over(self) -> bool:
        """Nobody enters any more."""
        return self.phase in ("running", "finished") or self.registration.code == "closed"

    @property
    def pending(self) -> int:
        """Entries that wait for a union's decision."""
        return sum(queue.count for queue in self.queues)

    @property
    def taking_part(self) -> list[EventFacts]:
        """The events that somebody is in."""
        return [event for event in self.events if event.entered]

    def narrowed(self, events: Collection[UUID]) -> "CourseFacts":
        """The part of who works on these events alone: nothing about the whole contest."""
        return replace(
            self, is_whole=False, missing=(), queues=(), leaderless=0, batches={}, winners=(),
            events=tuple(event for event in self.events if event.id in events),
            scopes=tuple(scope for scope in self.scopes if scope.events <= set(events) and len(scope.events) == 1),
            requests=tuple(request for request in self.requests if request.event in events),
        )


# ---- what comes out ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """The page where something is done, and the words on its button."""

    endpoint: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Todo:
    """One thing to be done: what, by whom, since when it is late (None: it is not), where. ``is_request``: a second person
    decides."""

    words: str
    who: Who
    link: Link | None = None
    late_since: date | None = None
    is_request: bool = False


DONE, LATE, NOW, GOING, LATER, RESTING, CLOSED = "done", "late", "now", "going", "later", "resting", "closed"


@dataclass(frozen=True)
class Step:
    """One step of the course. ``state``: done, late, now (to be done), going (under way, nothing to do), later, resting (the
    contest is halted), closed (not for this contest).

    ``words``: how far it is, or why it is closed; ``at``: when it comes; ``rule``: until when it is in time.
    """

    key: str
    label: str
    state: str
    words: str
    rule: str = ""
    at: datetime | date | None = None
    todos: tuple[Todo, ...] = ()
    link: Link | None = None

    def when(self, zone: str) -> str:
        """When it comes, in words."""
        return show_moment(self.at, zone) if isinstance(self.at, datetime) else show_date(self.at)

    @property
    def late_since(self) -> date | None:
        """The day since which the first of its things is late."""
        return min((todo.late_since for todo in self.todos if todo.late_since), default=None)
