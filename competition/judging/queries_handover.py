"""What was handed over without a network, beside what the server already has."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from competition.arena.works import Work
from competition.core.database import db
from competition.core.errors import NotFound
from competition.judging import rules
from competition.judging.handover_file import Body, body_of
from competition.judging.models import Device, MarkEvent, Panel, Seat
from competition.judging.models_handover import Handover
from competition.judging.queries import rounds_of_panel
from competition.judging.schemas import EventIn

MOST_SHOWN = 200


@dataclass
class WorkLine:
    """One work in a file, by its code ("" where it is none of this seat's): how many changes, how many of them the
    server has, how many it had refused before; whether the sheet is handed in. ``marks``: the last value for each slot, "" where
    it was emptied, without what the server had refused."""

    code: str
    events: int = 0
    held: int = 0
    stuck: int = 0
    hands_in: bool = False
    marks: dict[str, str] = field(default_factory=dict)

    def add(self, sent: EventIn, *, is_held: bool, is_stuck: bool) -> None:
        """One more event about the work."""
        self.events, self.held, self.stuck = self.events + 1, self.held + is_held, self.stuck + is_stuck
        if is_stuck:
            return
        self.hands_in = self.hands_in or sent.kind == rules.HAND_IN
        if sent.kind in (rules.MARK, rules.WITHDRAW):
            self.marks[rules.slot(sent.criterion, sent.attempt)] = sent.value if sent.kind == rules.MARK else ""


@dataclass(frozen=True)
class Preview:
    """What taking the file would bring. ``changed``: events whose uuid the server knows with another content."""

    body: Body
    works: list[WorkLine]
    held: int
    changed: int
    stuck: int
    strange: int = field(default=0)

    @property
    def fresh(self) -> int:
        """How many of the events that wait the server has not."""
        return len(self.body.events) - self.held - self.changed - self.stuck


def handovers_of(contest_id: uuid.UUID, event_ids: Collection[uuid.UUID]) -> list[Handover]:
    """The newest files of the contest's events, without their contents."""
    query = select(Handover).join(Handover.seat).join(Seat.panel).where(
        Handover.contest_id == contest_id, Panel.event_id.in_(list(event_ids)))
    return list(db.session.scalars(query.order_by(Handover.at.desc(), Handover.id).limit(MOST_SHOWN).options(
        defer(Handover.body),
        joinedload(Handover.seat).joinedload(Seat.panel).joinedload(Panel.event), joinedload(Handover.device))))


def get_handover(contest_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    """A file of this contest with its seat and tablet; raises NotFound."""
    query = select(Handover).where(Handover.id == handover_id, Handover.contest_id == contest_id)
    found = db.session.scalars(query.options(
        joinedload(Handover.seat).joinedload(Seat.panel).joinedload(Panel.event), joinedload(Handover.device))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份交接文件，它可能已被移走，或您无权查看。"))
    return found


def find_sender(device_id: uuid.UUID) -> Device | None:
    """A tablet by its id, live or not, with its seat, panel and event."""
    query = select(Device).where(Device.id == device_id)
    return db.session.scalars(query.options(joinedload(Device.seat).joinedload(Seat.panel).joinedload(Panel.event))).one_or_none()


def preview(handover: Handover) -> Preview:
    """The file beside what the server has, work by work; four statements whatever its size."""
    body = body_of(handover.body)
    stored = dict(db.session.execute(
        select(MarkEvent.id, MarkEvent.payload_digest).where(MarkEvent.device_id == handover.device_id)).all())
    codes, stuck = _codes(handover.seat.panel_id), set(body.stuck)
    lines: dict[str, WorkLine] = {}
    held = changed = refused = 0
    for sent in body.events:
        line = lines.setdefault(codes.get(sent.work, ""), WorkLine(codes.get(sent.work, "")))
        known = stored.get(sent.uuid)
        is_held = known == sent.to_event().digest
        held, changed = held + is_held, changed + (known is not None and not is_held)
        is_stuck = known is None and sent.uuid in stuck
        refused += is_stuck
        line.add(sent, is_held=is_held, is_stuck=is_stuck)
    return Preview(body, sorted(lines.values(), key=lambda one: (not one.code, one.code)), held, changed, refused,
                   lines[""].events if "" in lines else 0)


def _codes(panel_id: uuid.UUID) -> dict[uuid.UUID, str]:
    rounds = [round_.id for round_ in rounds_of_panel(panel_id)]
    return dict(db.session.execute(select(Work.id, Work.code).where(Work.round_id.in_(rounds))).all())


def works_by_id(work_ids: Collection[uuid.UUID]) -> dict[str, str]:
    """The codes of works, by id as a result line carries it."""
    query = select(Work.id, Work.code).where(Work.id.in_(list(work_ids)))
    return {str(key): code for key, code in db.session.execute(query)}
