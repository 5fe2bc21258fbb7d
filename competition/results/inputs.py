"""What figures stand on, as a mark that is cheap to take and cheap to compare.

Whatever the engine is told (entries, teams, draws, codes, marks, figures, excusals, outcomes, decisions, checks of
sums, the rulebook, publications) is changed by an act, and each act leaves a row in the contest's audit chain. The
mark is the chain's head before anything was read. Under the lock the head is held, so that nobody else can write the
next row before the commit, and the rows since the mark are looked through: an act of judging, arena or results about
a thing of another event cannot have changed these figures, nor can a request of two people as such; every other row,
also one of a kind that nobody has thought of, means that they have to be computed anew. Names of regions have no
chain; they are compared themselves.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.queries import current_rulebook, load_rules
from competition.core.audit import GENESIS, AuditChain, AuditRow
from competition.core.database import db
from competition.core.errors import Moved
from competition.judging.models import Panel, Seat, Sheet
from competition.organisations.models import Region
from competition.registration.models import Entrant, Entry
from competition.results.gathering import compute
from competition.results.models import SumSample
from competition.results.rules import scopes_of
from competition.results.standing import Computed

ROOMS = ("judging.", "arena.", "results.")
# What changes nothing by itself: a request of two people (what it leads to has a row of its own), a list that was taken, a rulebook
# that is not in force.
NOTHING = ("approval.", "export.", "contests.draft_rulebook", "contests.preview_rulebook", "contests.ask_rulebook",
           "contests.confirm_rulebook")
EVENT_OF: dict[str, Select[uuid.UUID, uuid.UUID]] = {
    "panel": select(Panel.id, Panel.event_id),
    "seat": select(Seat.id, Panel.event_id).join(Seat.panel),
    "round": select(Round.id, Round.event_id),
    "work": select(Work.id, Work.event_id),
    "sheet": select(Sheet.id, Work.event_id).join(Sheet.work),
    "entrant": select(Entrant.id, Entrant.event_id),
    "sum_sample": select(SumSample.id, SumSample.event_id),
}


@dataclass(frozen=True)
class InputsMark:
    """The state of a contest before its figures were computed: head of the chain, names of regions."""

    contest_id: uuid.UUID
    seq: int
    digest: str
    regions: str

    @classmethod
    def of(cls, contest_id: uuid.UUID, basis: Mapping[str, Any]) -> "InputsMark":
        """As it was kept by :meth:`said`."""
        return cls(contest_id, basis["seq"], basis["digest"], basis["regions"])

    def said(self) -> dict[str, Any]:
        """As plain data."""
        return {"seq": self.seq, "digest": self.digest, "regions": self.regions}


@dataclass(frozen=True)
class Settled:
    """Figures that were computed before the lock. Whoever acts on them calls ``check`` first, under the lock."""

    computed: Computed
    mark: InputsMark

    def check(self) -> None:
        """Raise :class:`Moved` if they may be others by now."""
        check_mark(self.mark, [side.event.id for side in self.computed.sides.values()])


def settle(mark: InputsMark, wanted: Iterable[str], *, to_publish: bool = False) -> Settled:
    """The figures of these rankings and of all that they stand on, for an act that ``database.prepared`` does.

    What is ``to_publish`` is explained, and counted a second time.
    """
    known = scopes_of(load_rules(current_rulebook(mark.contest_id)))
    events = {event for scope in wanted if scope in known for event in known[scope].events}
    return Settled(compute(mark.contest_id, explained=to_publish, events=events, counted_twice=to_publish), mark)


def take_mark(contest_id: uuid.UUID) -> InputsMark:
    """The mark of this moment; to be taken before anything else is read."""
    head = db.session.get(AuditChain, str(contest_id), populate_existing=True)
    return InputsMark(contest_id, head.seq if head else 0, head.digest if head else GENESIS, _regions(contest_id))


def check_mark(mark: InputsMark, events: Collection[uuid.UUID]) -> None:
    """Hold the chain's head until the commit; raise :class:`Moved` if figures of these events may have changed."""
    db.session.get(AuditChain, str(mark.contest_id), with_for_update=True, populate_existing=True)
    if not holds(mark, events):
        raise Moved(_("计算期间评分或名单一直有变化，这次没有办理，没有留下任何改动。请稍后再试。"))


def holds(mark: InputsMark, events: Collection[uuid.UUID]) -> bool:
    """Has nothing happened since that could have changed figures of these events?"""
    query = select(AuditRow.act, AuditRow.subject_kind, AuditRow.subject_id)
    rows = db.session.execute(query.where(AuditRow.chain == str(mark.contest_id), AuditRow.seq > mark.seq)).all()
    acts = [row for row in rows if not row.act.startswith(NOTHING)]
    known = all(row.act.startswith(ROOMS) for row in acts)
    still = known and _are_elsewhere([(row.subject_kind, row.subject_id) for row in acts], events)
    return still and _regions(mark.contest_id) == mark.regions


def _are_elsewhere(subjects: Iterable[tuple[str, str]], events: Collection[uuid.UUID]) -> bool:
    by_kind: dict[str, set[uuid.UUID]] = {}
    for kind, subject in subjects:
        if kind not in EVENT_OF and kind != "event":
            return False
        by_kind.setdefault(kind, set()).add(uuid.UUID(subject))
    for kind, ids in by_kind.items():
        found = {one: one for one in ids} if kind == "event" else _events_of(kind, ids)
        # A thing that is not there any more cannot be placed.
        if found.keys() != ids or not set(events).isdisjoint(found.values()):
            return False
    return True


def _events_of(kind: str, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    query = EVENT_OF[kind]
    key = query.selected_columns[0]
    return dict(db.session.execute(query.where(key.in_(list(ids)))).all())


def _regions(contest_id: uuid.UUID) -> str:
    query = select(Region.code, Region.name).join(Entry, Entry.region_code == Region.code).where(Entry.contest_id == contest_id)
    text = "\n".join(f"{code} {name}" for code, name in db.session.execute(query.distinct().order_by(Region.code)))
    return hashlib.sha256(text.encode()).hexdigest()
