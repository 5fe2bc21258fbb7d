"""The bytes of a judge's photo, taken once; whether a panel's judges must sign."""

import hashlib
import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.files import Upload, discard, keep_upload, take_upload
from competition.judging.models import Device, MarkEvent, Panel, Photo, RoundPanel
from competition.judging.queries_evidence import announced
from competition.judging.rules_evidence import MOST_ASIDE, MOST_PHOTO_BYTES, MOST_PHOTOS
from competition.judging.service_rounds import hold_round, touch_rounds

# Long enough for every objection and review of a contest; then the night takes the picture, and its hash stays with the event.
KEPT = timedelta(days=3 * 366)


def keep_photo(device_id: uuid.UUID, event_id: uuid.UUID, data: bytes, *, at: datetime) -> MarkEvent:
    """Keep the bytes that an event of this tablet announced; the same again changes nothing.

    Raises RuleBroken: photo.unknown (the event is not here: send it first), photo.large, photo.differs, photo.dropped (two people
    have decided not to count it), photo.many, photo.aside, and what ``clean_upload`` says of a file that is no picture.
    """
    event = announced(device_id, event_id)
    if len(data) > MOST_PHOTO_BYTES:
        raise RuleBroken(_("照片超过 %(n)d MB，没有上传。", n=MOST_PHOTO_BYTES // 1024 // 1024), code="photo.large", status=413)
    if hashlib.sha256(data).hexdigest() != event.value:
        raise RuleBroken(_("照片与登记的校验值不符，没有收下，请重新拍照。"), code="photo.differs", status=422)
    if find(Photo, event_id=event_id) is None:
        _keep(event, data, at)
    return event


def _keep(event: MarkEvent, data: bytes, at: datetime) -> None:
    # Before anything is decoded or written: who sends one photo too many after the other must fill no disk.
    _check_room(event)
    upload = take_upload(data, name="photo.jpg", kinds=("image",))
    try:
        _store(event, upload, at)
    except RuleBroken:
        discard(upload)
        raise


def _store(event: MarkEvent, upload: Upload, at: datetime) -> None:
    actor = Actor("device", event.device_id)
    with atomic() as session:
        get(Device, event.device_id, lock=True)
        hold_round(event.round_id)
        if session.get(Photo, event.id) is not None:
            return  # the same came twice at once
        _check_room(get(MarkEvent, event.id))
        file = keep_upload(upload, sensitivity="internal", actor=actor, at=at)
        file.keep_until = at + KEPT
        session.add(Photo(event_id=event.id, file_id=file.id, received_at=at))
        audit.record("judging.keep_photo", actor=actor, subject=("seat", event.seat_id), at=at, chain=event.work.contest_id,
                     details={"work": event.work.code, "sha256": event.value, "size": file.size})


def _check_room(event: MarkEvent) -> None:
    """Raise where the photo is not wanted: two people dropped it, its sheet has enough, or too much of its tablet lies aside."""
    if event.state == "dropped":
        raise RuleBroken(_("这张照片所在的项已由两人决定不计入，没有收下。"), code="photo.dropped", status=422)
    if _count(MarkEvent.seat_id == event.seat_id, MarkEvent.work_id == event.work_id) >= MOST_PHOTOS:
        raise RuleBroken(_("每张评分表最多附 %(n)s 张照片，这一张没有收下。", n=MOST_PHOTOS), code="photo.many", status=422)
    if event.state == "quarantined" and _count(MarkEvent.device_id == event.device_id, MarkEvent.state == "quarantined") >= MOST_ASIDE:
        raise RuleBroken(_("这台平板另存待处理的照片已有 %(n)s 张，这一张没有收下，还在平板上。请先由裁判长处理另存项。", n=MOST_ASIDE),
                         code="photo.aside", status=422)


def _count(*where: ColumnElement[bool]) -> int:
    """How many photos of such events are here."""
    query = select(func.count()).select_from(Photo).join(MarkEvent, MarkEvent.id == Photo.event_id).where(*where)
    return db.session.scalar(query) or 0


def need_signature(panel_id: uuid.UUID, needed: bool, *, actor: Actor, at: datetime) -> Panel:
    """Have the judges of a panel sign what they hand in, or no longer; sheets that are handed in stay as they are."""
    with atomic():
        panel = get(Panel, panel_id, lock=True)
        if panel.needs_signature != needed:
            panel.needs_signature = needed
            touch_rounds(list(db.session.scalars(select(RoundPanel.round_id).where(RoundPanel.panel_id == panel_id))))
            audit.record("judging.need_signature", actor=actor, subject=("panel", panel_id), at=at, chain=panel.contest_id,
                         details={"name": panel.name, "signatures": needed})
    return panel
