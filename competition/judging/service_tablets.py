"""The tablets that open seats: the card and its PIN, the take-over, the lock-out, what a tablet says of itself."""

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Connection, Table, bindparam, select

from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import blind_index, new_token, token_hash
from competition.core.database import HOLD, atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.lockout import next_wait, wait_after
from competition.core.statements import Statement
from competition.judging import device_keys, rules_endings
from competition.judging.models import Device, DeviceReport, Seat
from competition.judging.queries_seats import find_device, is_barred
from competition.judging.rules_reports import TabletSays

DEVICE_LIFETIME = timedelta(hours=16)
_REPORTS = cast(Table, DeviceReport.__table__)
_FIRST_REPORT = _REPORTS.insert()
_NEXT_REPORT = Statement(_REPORTS.update().where(_REPORTS.c.device_id == bindparam("key")))
_DEVICES = cast(Table, Device.__table__)
_REPORT = select(_REPORTS, _DEVICES.c.replaced_at).select_from(
    _DEVICES.outerjoin(_REPORTS, _REPORTS.c.device_id == _DEVICES.c.id)).where(_DEVICES.c.id == bindparam("key"))
LOCK_STEPS = ((3, 1), (5, 5), (8, 15), (12, 60))


def pin_hash(seat_id: uuid.UUID, pin: str) -> str:
    """How a PIN is stored."""
    # A keyed hash: six digits are few enough to try them all against a plain one.
    return blind_index("seat-pin", f"{seat_id}|{pin}")


def tidy_card(text: str) -> str:
    """A card's token as it was scanned or typed: no blanks or dashes, upper case, no look-alikes."""
    plain = "".join(text.split()).replace("-", "").upper()
    return plain.replace("0", "O").replace("1", "I").replace("8", "B")


def open_seat(
    card_token: str, pin: str, *, label: str, at: datetime, previous: str | None = None, key: str | None = None
) -> tuple[Device, str]:
    """Open a seat on a tablet: the tablet and its new token.

    ``previous`` is the token this tablet had before, or words of chance of its own at its first opening: if it was for the same
    seat and nobody took over, the tablet stays the same one and only its token is new; so it is when it asks a second time.
    Otherwise the tablet that had the seat until now becomes read-only. ``key`` is the public half of the tablet's signing key
    (a JWK as text).

    Raises RuleBroken: card_unknown, pin_wrong, seat_locked, seat_closed, key_unknown.
    """
    if key is not None:
        device_keys.check_key(key)
    with atomic() as session:
        hashed = token_hash(tidy_card(card_token))
        seat = session.scalars(select(Seat).where(Seat.card_hash == hashed).with_for_update(**HOLD)).one_or_none()
        refusal = _check_card(seat, pin, at)
        if refusal is None and seat is not None:
            device, token = _opened(seat, previous, label, at)
            keys = _put_key(device, key, at)
            seat.failed_count, seat.locked_until = 0, None
            audit.record("judging.open_seat", actor=Actor("device", device.id), subject=("seat", seat.id), at=at,
                         chain=seat.panel.contest_id, details={"number": seat.number, "device": str(device.id), **keys})
    if refusal is not None:
        # Only now: the count of failures had to be committed.
        raise refusal
    return device, token


def _put_key(device: Device, key: str | None, at: datetime) -> dict[str, str]:
    """The tablet signs with this key from now on; its thumbprint, and that of the one it replaces, for the record."""
    before = device.public_key
    if key is None:
        return {}
    device.public_key = key
    if before is None or device_keys.thumbprint(before) == device_keys.thumbprint(key):
        return {"signing_key": device_keys.thumbprint(key)}
    device.former_keys = [*device.former_keys, {"key": before, "until": at.isoformat()}]
    return {"signing_key": device_keys.thumbprint(key), "replaced_key": device_keys.thumbprint(before)}


def _check_card(seat: Seat | None, pin: str, at: datetime) -> RuleBroken | None:
    if seat is None:
        return RuleBroken(_("座位卡无效，可能已换发新卡。请核对输入的卡号，或请裁判长换卡。"), code="card_unknown", status=403)
    if seat.locked_until is not None and seat.locked_until > at:
        wait = int((seat.locked_until - at).total_seconds()) + 1
        return RuleBroken(_("PIN 输错次数过多，请 %(n)s 分钟后再试，或请裁判长换卡。", n=-(-wait // 60)),
                          code="seat_locked", status=429, retry_after_s=wait)
    if not secrets.compare_digest(seat.pin_hash or "", pin_hash(seat.id, pin.strip())):
        _count_failure(seat, at)
        return RuleBroken(_wrong_words(seat.failed_count), code="pin_wrong", status=403)
    if is_barred(seat, at):
        return RuleBroken(_("本座位裁判员的账号已停用，或裁判员角色已结束，请联系裁判长或组委会办公室。"), code="judge_barred", status=403)
    if seat.is_closed:
        return RuleBroken(_("本座位已停止新的登录，请联系裁判长或组委会办公室。"), code="seat_closed", status=403)
    return None


def _wrong_words(failed: int) -> str:
    """How many tries are left before the next wait, and how long it is; or that it has begun."""
    if wait := wait_after(LOCK_STEPS, failed):
        return str(_("PIN 不正确，输错次数过多：请 %(n)s 分钟后再试，或请裁判长换卡。", n=wait))
    left, wait = next_wait(LOCK_STEPS, failed)
    return str(_("PIN 不正确，请看座位卡上的 6 位数字。再错 %(n)s 次要等 %(wait)s 分钟。", n=left, wait=wait))


def _count_failure(seat: Seat, at: datetime) -> None:
    seat.failed_count += 1
    if wait := wait_after(LOCK_STEPS, seat.failed_count):
        seat.locked_until = at + timedelta(minutes=wait)
    audit.record("judging.open_seat_refused", actor=SYSTEM, subject=("seat", seat.id), at=at,
                 chain=seat.panel.contest_id, details={"number": seat.number, "failed": seat.failed_count})


def _opened(seat: Seat, previous: str | None, label: str, at: datetime) -> tuple[Device, str]:
    """The same tablet with its next token, or another one that takes over.

    What follows a token at a seat is the same for who asks again because the answer was lost on its way: else the tablet
    would be another one after the second try, and what it holds would come late.
    """
    token = blind_index("device-token", f"{seat.id}|{previous}") if previous else new_token()
    device = _renew(seat, previous, token, at) or _renew(seat, token, token, at)
    if device is None:
        token = token if find_device(token) is None else new_token()
        device = _take_over(seat, label, token, at)
    return device, token


def _renew(seat: Seat, previous: str | None, token: str, at: datetime) -> Device | None:
    device = find_device(previous) if previous else None
    if device is None or device.seat_id != seat.id or device.replaced_at is not None:
        return None
    device.token_hash, device.expires_at = token_hash(token), at + DEVICE_LIFETIME
    return device


def _take_over(seat: Seat, label: str, token: str, at: datetime) -> Device:
    session = db.session()
    end_devices(seat, rules_endings.TAKEN_OVER, at)
    device = Device(seat_id=seat.id, token_hash=token_hash(token), label=label.strip()[:80], opened_at=at,
                    expires_at=at + DEVICE_LIFETIME, missing=[], last_seq=0)
    session.add(device)
    session.flush()
    return device


def end_devices(seat: Seat, code: str, at: datetime, reason: str | None = None) -> list[Device]:
    """The live tablet of a seat becomes read-only. Inside atomic()."""
    live = select(Device).where(Device.seat_id == seat.id, Device.replaced_at.is_(None)).with_for_update(**HOLD)
    found = list(db.session.scalars(live.execution_options(populate_existing=True)))
    for device in found:
        device.replaced_at, device.end_code, device.end_reason = at, code, reason
        # What it still holds may come in, to be kept aside, however late it is.
        device.expires_at = max(device.expires_at, at + DEVICE_LIFETIME)
    db.session.flush()
    return found


def stop_device(device_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Device:
    """Lock a tablet out, with a reason that it shows. What it still sends is kept aside; the seat needs a new card."""
    if not reason.strip():
        raise RuleBroken(_("请写明停用的理由，它会显示在这台平板上。"), code="reason_required", status=422, field="stop_reason")
    with atomic():
        seat = get(Seat, get(Device, device_id).seat_id, lock=True)
        found = [device for device in end_devices(seat, rules_endings.STOPPED, at, reason.strip()) if device.id == device_id]
        if not found:
            raise RuleBroken(_("这台平板已经不在使用中，不用停用。"), code="device_not_live")
        # Its card would open the seat again at once.
        void_card(seat)
        audit.record("judging.stop_device", actor=actor, subject=("seat", seat.id), at=at, chain=seat.panel.contest_id,
                     reason=reason.strip(), details={"number": seat.number, "device": str(device_id)})
    return found[0]


def end_if_barred(device_id: uuid.UUID, *, at: datetime) -> None:
    """The tablet of a judge whose account or role is over becomes read-only, whatever token it holds."""
    device = get(Device, device_id)
    if device.replaced_at is not None or not is_barred(device.seat, at):
        return
    with atomic():
        seat = get(Seat, device.seat_id, lock=True)
        ended = end_devices(seat, rules_endings.BARRED, at)
        if ended:
            void_card(seat)
            audit.record("judging.end_device", actor=SYSTEM, subject=("seat", seat.id), at=at, chain=seat.panel.contest_id,
                         details={"number": seat.number, "ended": [str(d.id) for d in ended]})


def void_card(seat: Seat) -> None:
    """The seat's card opens it no more; a new one must be made. Inside atomic()."""
    seat.card_hash = seat.pin_hash = seat.card_made_at = None


def report_device(device_id: uuid.UUID, says: TabletSays, *, at: datetime) -> None:
    """What a tablet says of itself; written only when it says something new, when ten seconds have passed, or when it is the
    first word since the tablet lost its seat."""
    if _news(*_said(db.session.connection(), device_id), says, at) is None:
        return
    with atomic() as session:
        get(Device, device_id, lock=True)
        write_report(session.connection(), device_id, *_said(session.connection(), device_id), says, at)


def _said(connection: Connection, device_id: uuid.UUID) -> tuple[dict[str, Any] | None, datetime | None]:
    """Its last report, by column, and when it lost its seat."""
    found = connection.execute(_REPORT, {"key": device_id}).mappings().one()
    said = {column.name: found[column.name] for column in _REPORTS.c}
    return said if said["device_id"] is not None else None, found["replaced_at"]


def _news(said: Mapping[str, Any] | None, ended_at: datetime | None, says: TabletSays, at: datetime) -> dict[str, Any] | None:
    """The columns to write, if there is anything to write."""
    new = says.columns()
    same = said is not None and says.ready is None and all(said[name] == value for name, value in new.items())
    if said is not None and same and at - said["seen_at"] < timedelta(seconds=10) and (ended_at is None or said["seen_at"] >= ended_at):
        return None
    ready = {"ready": dict(says.ready), "ready_at": at} if says.ready is not None else {}
    return {"seen_at": at, **new, **ready}


def write_report(
    connection: Connection, device_id: uuid.UUID, said: Mapping[str, Any] | None, ended_at: datetime | None, says: TabletSays, at: datetime,
) -> None:
    """The same within an act that holds the tablet; ``said``: its last report, by column, or None."""
    news = _news(said, ended_at, says, at)
    if news is None:
        return
    if said is None:
        connection.execute(_FIRST_REPORT, {"device_id": device_id, **news})
    else:
        _NEXT_REPORT.write(connection, {"key": device_id, **news})
