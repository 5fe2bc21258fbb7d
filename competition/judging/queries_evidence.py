"""What judges added to their marks: signatures, comments, photos."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.core.database import db, find
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import StoredFile
from competition.judging.models import MarkEvent, Photo, RoundPanel, Sheet, SheetReturn, Signature
from competition.judging.rules import HAND_IN
from competition.judging.rules_evidence import EVIDENCE, PHOTO, signature_svg

COUNTED = ("accepted", "released")
Place = tuple[uuid.UUID, uuid.UUID]  # seat, work


@dataclass(frozen=True)
class Note:
    """A comment, or a photo: ``is_kept`` once its bytes are here, ``is_over`` when they were kept long enough; ``seq``: the
    round's version at which it came."""

    id: uuid.UUID
    seat_id: uuid.UUID
    work_id: uuid.UUID
    kind: str
    criterion: str
    attempt: int
    value: str
    at: datetime
    is_kept: bool
    is_over: bool
    seq: int = 0


@dataclass(frozen=True)
class Signed:
    """A signature beside the hand-in that it belongs to; ``seq``: the round's version at which that came."""

    width: int
    height: int
    strokes: list[list[int]]
    at: datetime
    seq: int

    def svg(self, title: str) -> Markup:
        """As a picture."""
        return signature_svg(self.strokes, title)


def notes_of(work_ids: Collection[uuid.UUID], seat_id: uuid.UUID | None = None) -> list[Note]:
    """Comments and photos on works as they were taken; of one seat alone where one is named."""
    query = (
        select(MarkEvent, Photo).outerjoin(Photo, Photo.event_id == MarkEvent.id)
        .where(MarkEvent.work_id.in_(list(work_ids)), MarkEvent.kind.in_(EVIDENCE), MarkEvent.state.in_(COUNTED))
        .order_by(MarkEvent.round_id, MarkEvent.seq)
    )
    found = db.session.execute(query if seat_id is None else query.where(MarkEvent.seat_id == seat_id))
    return [Note(e.id, e.seat_id, e.work_id, e.kind, e.criterion, e.attempt, e.value, e.received_at,
                 is_kept=photo is not None and photo.file_id is not None, is_over=photo is not None and photo.file_id is None,
                 seq=e.seq)
            for e, photo in found]


def signatures_of(work_ids: Collection[uuid.UUID], seat_ids: Collection[uuid.UUID]) -> dict[Place, list[Signed]]:
    """Every signature that these seats gave for these works, oldest first."""
    query = (
        select(MarkEvent.seat_id, MarkEvent.work_id, Signature, MarkEvent.received_at, MarkEvent.seq)
        .join(Signature, Signature.event_id == MarkEvent.id)
        .where(MarkEvent.work_id.in_(list(work_ids)), MarkEvent.seat_id.in_(list(seat_ids)), MarkEvent.kind == HAND_IN,
               MarkEvent.state.in_(COUNTED)).order_by(MarkEvent.seq)
    )
    found: dict[Place, list[Signed]] = {}
    for seat_id, work_id, drawn, at, seq in db.session.execute(query):
        found.setdefault((seat_id, work_id), []).append(Signed(drawn.width, drawn.height, drawn.strokes, at, seq))
    return found


def signed_events(sheets: Iterable[Sheet]) -> dict[Place, uuid.UUID]:
    """The signed hand-in that holds, by seat and work; none for a sheet that is not handed in, or was handed in unsigned."""
    handed = [sheet for sheet in sheets if sheet.state == "handed_in"]
    if not handed:
        return {}
    last = _last_returns([sheet.id for sheet in handed])
    since = {(s.seat_id, s.work_id): last.get(s.id, 0) for s in handed}
    query = (
        select(MarkEvent.seat_id, MarkEvent.work_id, MarkEvent.id, MarkEvent.seq).join(Signature, Signature.event_id == MarkEvent.id)
        .where(MarkEvent.seat_id.in_({s.seat_id for s in handed}), MarkEvent.work_id.in_({s.work_id for s in handed}),
               MarkEvent.state.in_(COUNTED)).order_by(MarkEvent.seq)
    )
    rows = db.session.execute(query).all()
    return {(seat_id, work_id): event_id for seat_id, work_id, event_id, seq in rows if seq > since.get((seat_id, work_id), seq)}


def valid_signatures(sheets: Iterable[Sheet]) -> dict[Place, Signed]:
    """The signatures of the hand-ins that hold, by seat and work."""
    places = {event_id: place for place, event_id in signed_events(sheets).items()}
    query = (
        select(Signature, MarkEvent.received_at, MarkEvent.seq).join(MarkEvent, MarkEvent.id == Signature.event_id)
        .where(Signature.event_id.in_(list(places)))
    )
    return {places[drawn.event_id]: Signed(drawn.width, drawn.height, drawn.strokes, at, seq)
            for drawn, at, seq in db.session.execute(query)}


def _last_returns(sheet_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = select(SheetReturn.sheet_id, SheetReturn.version).where(SheetReturn.sheet_id.in_(sheet_ids)).order_by(SheetReturn.version)
    return dict(db.session.execute(query).all())


def signature_at(signed: Iterable[Signed], before: int, after: int = 0) -> Signed | None:
    """The one that was given between two versions of the round."""
    return next((one for one in reversed(list(signed)) if after < one.seq < before), None)


def added_to(work_id: uuid.UUID, sheets: Iterable[Sheet], returns: Iterable[SheetReturn]) -> dict[str, Any]:
    """What judges added to their marks of a work: signatures by seat, those of sheets sent back."""
    by_seat = {sheet.seat_id: sheet for sheet in sheets}
    given = signatures_of([work_id], by_seat)
    before: dict[uuid.UUID, Signed | None] = {}
    since: dict[uuid.UUID, int] = {}
    for back in sorted(returns, key=lambda one: one.version):
        seat_id = back.sheet.seat_id
        before[back.id] = signature_at(given.get((seat_id, work_id), []), back.version, since.get(seat_id, 0))
        since[seat_id] = back.version
    signed = {seat: one for (seat, _work), one in valid_signatures(by_seat.values()).items()}
    return {"signed": signed, "signed_before": before}


def announced(device_id: uuid.UUID, event_id: uuid.UUID) -> MarkEvent:
    """The photo event of a tablet whose bytes may come; raises RuleBroken photo.unknown."""
    event = find(MarkEvent, id=event_id, device_id=device_id, kind=PHOTO)
    if event is None:
        raise RuleBroken(_("服务器还没有这张照片的登记，请先上传评分。"), code="photo.unknown", status=404)
    return event


def check_own(panel_id: uuid.UUID, work_id: uuid.UUID) -> None:
    """A panel hears only of works that it judges; raises NotFound."""
    mine = select(RoundPanel.round_id).where(RoundPanel.panel_id == panel_id)
    query = select(Work.id).where(Work.id == work_id, Work.round_id.in_(mine))
    if db.session.scalar(query) is None:
        raise NotFound(_("这件作品不在本座位的评分范围内，请返回作品列表核对。"))


def photo_file(round_id: uuid.UUID, event_id: uuid.UUID) -> StoredFile:
    """The picture of a photo event of this round; raises NotFound."""
    query = (
        select(Photo).join(MarkEvent, MarkEvent.id == Photo.event_id).options(joinedload(Photo.file))
        .where(Photo.event_id == event_id, MarkEvent.round_id == round_id, MarkEvent.kind == PHOTO)
    )
    photo = db.session.scalars(query).one_or_none()
    if photo is None or photo.file is None:
        raise NotFound(_("没有找到这张照片，它可能不属于本轮，或已到保存期限。"))
    return photo.file
