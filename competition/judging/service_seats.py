"""Panels, seats, their cards, and the tablets that open them."""

import secrets
import uuid
from base64 import b32encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from competition.contests.models import Event, Round
from competition.core import audit
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import blind_index, new_token, token_hash
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.judging.models import Device, DeviceReport, Panel, RoundPanel, Seat, Sitter
from competition.judging.queries_seats import find_device

MOST_SEATS = 15
DEVICE_LIFETIME = timedelta(hours=16)
LOCK_STEPS = ((3, 1), (5, 5), (8, 15), (12, 60))


def create_panel(
    event_id: uuid.UUID, *, name: str, seats: int, actor: Actor, at: datetime, criteria: Sequence[str] = (),
    round_ids: Collection[uuid.UUID] = (),
) -> Panel:
    """A panel with ``seats`` seats for the event's rounds (all of them, or the named ones)."""
    name = name.strip()
    if not name:
        raise RuleBroken(_("请填写裁判组的名称。"), code="name_required", status=422, field="name")
    if not 1 <= seats <= MOST_SEATS:
        raise RuleBroken(_("一个裁判组可以有 1 至 %(most)s 个座位。", most=MOST_SEATS), code="bad_seats", status=422, field="seats")
    with atomic() as session:
        event = get(Event, event_id, lock=True)
        if find(Panel, event_id=event_id, name=name):
            raise RuleBroken(_("这个项目已有名为“%(name)s”的裁判组。", name=name), code="panel_exists", field="name")
        panel = Panel(contest_id=event.contest_id, event_id=event_id, name=name, criteria=list(criteria), created_at=at)
        session.add(panel)
        session.flush()
        first = _last_number(event_id) + 1
        session.add_all(Seat(panel_id=panel.id, number=n) for n in range(first, first + seats))
        chosen = select(Round.id).where(Round.event_id == event_id)
        for round_id in session.scalars(chosen.where(Round.id.in_(list(round_ids))) if round_ids else chosen).all():
            session.add(RoundPanel(round_id=round_id, panel_id=panel.id))
        session.flush()
        audit.record("judging.create_panel", actor=actor, subject=("panel", panel.id), at=at, chain=event.contest_id,
                     details={"event": event.key, "name": name, "seats": [first, first + seats - 1], "criteria": list(criteria)})
    return panel


def _last_number(event_id: uuid.UUID) -> int:
    query = select(func.max(Seat.number)).join(Seat.panel).where(Panel.event_id == event_id)
    return db.session.scalar(query) or 0


def seat_judge(
    seat_id: uuid.UUID, *, name: str, actor: Actor, at: datetime, employer: str = "", account_id: uuid.UUID | None = None
) -> Sitter:
    """Who sits in the seat from now on; who sat there before is history."""
    if not name.strip():
        raise RuleBroken(_("请填写裁判员姓名。"), code="name_required", status=422, field="name")
    with atomic() as session:
        seat = get(Seat, seat_id, lock=True)
        for before in session.scalars(select(Sitter).where(Sitter.seat_id == seat_id, Sitter.to_at.is_(None))):
            before.to_at = at
        sitter = Sitter(seat_id=seat_id, account_id=account_id, name=name.strip(), employer=employer.strip(), from_at=at)
        session.add(sitter)
        session.flush()
        audit.record("judging.seat_judge", actor=actor, subject=("seat", seat_id), at=at, chain=seat.panel.contest_id,
                     details={"number": seat.number, "account": str(account_id or "")},
                     personal={"name": sitter.name, "employer": sitter.employer})
    return sitter


def close_seat(seat_id: uuid.UUID, closed: bool, *, actor: Actor, at: datetime) -> Seat:
    """Close the seat to new tablets, or open it again; who has it open goes on."""
    with atomic():
        seat = get(Seat, seat_id, lock=True)
        if seat.is_closed != closed:
            seat.is_closed = closed
            audit.record("judging.close_seat" if closed else "judging.reopen_seat", actor=actor, subject=("seat", seat_id),
                         at=at, chain=seat.panel.contest_id, details={"number": seat.number})
    return seat


@dataclass(frozen=True)
class Card:
    """A seat's secrets, known only at the moment they are made."""

    seat: Seat
    token: str
    pin: str

    @property
    def typable(self) -> str:
        """The token in groups of four."""
        return " ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The same on two lines, as the card shows it."""
        groups = [self.token[i:i + 4] for i in range(0, len(self.token), 4)]
        return [" ".join(groups[:7]), " ".join(groups[7:])]


def make_cards(seat_ids: Collection[uuid.UUID], *, actor: Actor, at: datetime) -> list[Card]:
    """New cards for these seats; the old ones are void. Token and PIN are stored as hashes only."""
    with atomic() as session:
        query = select(Seat).where(Seat.id.in_(list(seat_ids))).order_by(Seat.number).with_for_update()
        seats = list(session.scalars(query))
        if not seats:
            raise RuleBroken(_("请选择要制作座位卡的座位。"), code="no_seats", status=422)
        cards = [_make_card(seat, at) for seat in seats]
        audit.record("judging.make_cards", actor=actor, subject=("panel", seats[0].panel_id), at=at,
                     chain=seats[0].panel.contest_id, details={"seats": [seat.number for seat in seats]})
    return cards


def _make_card(seat: Seat, at: datetime) -> Card:
    token = b32encode(secrets.token_bytes(32)).decode().rstrip("=")
    pin = f"{secrets.randbelow(1_000_000):06d}"
    seat.card_hash, seat.pin_hash, seat.card_made_at = token_hash(token), _pin_hash(seat.id, pin), at
    seat.failed_count, seat.locked_until = 0, None
    return Card(seat, token, pin)


def _pin_hash(seat_id: uuid.UUID, pin: str) -> str:
    # A keyed hash: six digits are few enough to try them all against a plain one.
    return blind_index("seat-pin", f"{seat_id}|{pin}")


def tidy_card(text: str) -> str:
    """A card's token as it was scanned or typed: no blanks or dashes, upper case, no look-alikes."""
    plain = "".join(text.split()).replace("-", "").upper()
    return plain.replace("0", "O").replace("1", "I").replace("8", "B")


def open_seat(
    card_token: str, pin: str, *, label: str, at: datetime, previous: str | None = None
) -> tuple[Device, str]:
    """Open a seat on a tablet: the tablet and its new token.

    ``previous`` is the token this tablet had before: if it was for the same seat and nobody took
    over, the tablet stays the same one and only its token is new. Otherwise the tablet that had the
    seat until now becomes read-only. Raises RuleBroken: card_unknown, pin_wrong, seat_locked, seat_closed.
    """
    with atomic() as session:
        hashed = token_hash(tidy_card(card_token))
        seat = session.scalars(select(Seat).where(Seat.card_hash == hashed).with_for_update()).one_or_none()
        refusal = _check_card(seat, pin, at)
        if refusal is None and seat is not None:
            token = new_token()
            device = _renew(seat, previous, token, at) or _take_over(seat, label, token, at)
            seat.failed_count, seat.locked_until = 0, None
            audit.record("judging.open_seat", actor=Actor("device", device.id), subject=("seat", seat.id), at=at,
                         chain=seat.panel.contest_id, details={"number": seat.number, "device": str(device.id)})
    if refusal is not None:
        # Only now: the count of failures had to be committed.
        raise refusal
    return device, token


def _check_card(seat: Seat | None, pin: str, at: datetime) -> RuleBroken | None:
    if seat is None:
        return RuleBroken(_("座位卡无效，可能已换发新卡。请核对输入的卡号，或请工作人员换卡。"), code="card_unknown", status=403)
    if seat.locked_until is not None and seat.locked_until > at:
        wait = int((seat.locked_until - at).total_seconds()) + 1
        return RuleBroken(_("PIN 输错次数过多，请 %(n)s 分钟后再试，或请工作人员换卡。", n=-(-wait // 60)),
                          code="seat_locked", status=429, retry_after_s=wait)
    if not secrets.compare_digest(seat.pin_hash or "", _pin_hash(seat.id, pin.strip())):
        _count_failure(seat, at)
        return RuleBroken(_("PIN 不正确，请看座位卡上的 6 位数字。"), code="pin_wrong", status=403)
    if seat.is_closed:
        return RuleBroken(_("本座位已停止新的登录，请联系裁判长或赛务人员。"), code="seat_closed", status=403)
    return None


def _count_failure(seat: Seat, at: datetime) -> None:
    seat.failed_count += 1
    for count, minutes in LOCK_STEPS:
        if seat.failed_count == count or (seat.failed_count > count and count == LOCK_STEPS[-1][0]):
            seat.locked_until = at + timedelta(minutes=minutes)
    audit.record("judging.open_seat_refused", actor=SYSTEM, subject=("seat", seat.id), at=at,
                 chain=seat.panel.contest_id, details={"number": seat.number, "failed": seat.failed_count})


def _renew(seat: Seat, previous: str | None, token: str, at: datetime) -> Device | None:
    device = find_device(previous) if previous else None
    if device is None or device.seat_id != seat.id or device.replaced_at is not None:
        return None
    device.token_hash, device.expires_at = token_hash(token), at + DEVICE_LIFETIME
    return device


def _take_over(seat: Seat, label: str, token: str, at: datetime) -> Device:
    session = db.session()
    for before in session.scalars(select(Device).where(Device.seat_id == seat.id, Device.replaced_at.is_(None))):
        before.replaced_at = at
        # What it still holds may come in, to be kept aside, however late it is.
        before.expires_at = max(before.expires_at, at + DEVICE_LIFETIME)
    session.flush()
    device = Device(seat_id=seat.id, token_hash=token_hash(token), label=label.strip()[:80], opened_at=at,
                    expires_at=at + DEVICE_LIFETIME, missing=[], last_seq=0)
    session.add(device)
    session.flush()
    return device


def report_device(
    device_id: uuid.UUID, *, at: datetime, pending: int | None = None, last_made: int | None = None, skew_s: int | None = None,
    app_version: str = "",
) -> None:
    """What a tablet says of itself; written only when it says something new or ten seconds have passed."""
    said = db.session.get(DeviceReport, device_id)
    same = said is not None and (said.pending, said.last_made, said.skew_s) == (pending, last_made, skew_s)
    if said is not None and same and at - said.seen_at < timedelta(seconds=10):
        return
    with atomic() as session:
        get(Device, device_id, lock=True)
        row = session.get(DeviceReport, device_id, populate_existing=True) or DeviceReport(device_id=device_id)
        row.seen_at, row.pending, row.last_made, row.skew_s, row.app_version = at, pending, last_made, skew_s, app_version[:40]
        session.add(row)
