"""Reads of panels, their seats, who sits there, and the tablets that opened them."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Select, Table, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, Grant
from competition.contests.models import Event
from competition.core.clock import now
from competition.core.crypto import token_hash
from competition.core.database import db, find
from competition.core.errors import NotFound
from competition.core.statements import Statement
from competition.judging.models import Device, DeviceReport, Panel, RoundPanel, RoundState, Seat, Sitter


def panels_of_contest(contest_id: uuid.UUID) -> list[Panel]:
    """All panels with their seats, by event."""
    query = (
        select(Panel).join(Panel.event).where(Panel.contest_id == contest_id)
        .order_by(Event.position, Panel.created_at, Panel.name)
        .options(joinedload(Panel.event), selectinload(Panel.seats))
    )
    return list(db.session.scalars(query))


def get_panel(contest_id: uuid.UUID, panel_id: uuid.UUID) -> Panel:
    """A panel of this contest with its seats; raises NotFound."""
    query = select(Panel).where(Panel.id == panel_id, Panel.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Panel.event), selectinload(Panel.seats))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这个裁判组，它可能已被移走。"))
    return found


def get_seat(contest_id: uuid.UUID, seat_id: uuid.UUID) -> Seat:
    """A seat of this contest with its panel; raises NotFound."""
    query = select(Seat).join(Seat.panel).where(Seat.id == seat_id, Panel.contest_id == contest_id)
    found = db.session.scalars(query.options(joinedload(Seat.panel).joinedload(Panel.event))).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这个座位，它可能已被移走。"))
    return found


def sitters_now(seat_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sitter]:
    """Who sits in each seat at present."""
    query = select(Sitter).where(Sitter.seat_id.in_(list(seat_ids)), Sitter.to_at.is_(None))
    return {s.seat_id: s for s in db.session.scalars(query)}


def sitters_of_panel(panel_id: uuid.UUID) -> dict[str, Sitter]:
    """Who sits, and who ever sat, in a panel's seats, by id as a page carries it."""
    query = select(Sitter).join(Seat, Seat.id == Sitter.seat_id).where(Seat.panel_id == panel_id)
    return {str(sitter.id): sitter for sitter in db.session.scalars(query)}


def is_barred(seat: Seat, at: datetime) -> bool:
    """Does a judge sit there by an account that is closed, past its last day, or no judge's of this event any more?"""
    sitter = sitters_now([seat.id]).get(seat.id)
    if sitter is None or sitter.account_id is None:
        return False
    held = judges_by(at, sitter.account_id, seat.panel.contest_id, seat.panel.event_id)
    return db.session.scalars(held.limit(1)).first() is None


def judges_by(at: Any, account_id: Any, contest_id: Any, event_id: Any) -> Select[uuid.UUID]:
    """The grants by which an account that is open is a judge of this contest or event; values, or columns of a larger query."""
    return select(Grant.id).join(Account, Account.id == Grant.account_id).where(
        Grant.account_id == account_id, Grant.role == "judge", Grant.in_force(at), Grant.scope_id.in_([contest_id, event_id]),
        Account.is_active, or_(Account.expires_at.is_(None), Account.expires_at > at))


def live_devices(seat_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Device, DeviceReport | None]]:
    """The live tablet of each seat with what it last said."""
    query = (
        select(Device, DeviceReport).outerjoin(DeviceReport, DeviceReport.device_id == Device.id)
        .where(Device.seat_id.in_(list(seat_ids)), Device.replaced_at.is_(None))
    )
    return {device.seat_id: (device, report) for device, report in db.session.execute(query)}


_WITH_SEAT = joinedload(Device.seat).joinedload(Seat.panel)


def find_device(token: str) -> Device | None:
    """The tablet with this token, live or not, with its seat and panel."""
    return db.session.scalars(select(Device).where(Device.token_hash == token_hash(token)).options(_WITH_SEAT)).one_or_none()


def device_with_seat(device_id: uuid.UUID) -> Device:
    """A tablet with its seat and panel."""
    return db.session.scalars(select(Device).where(Device.id == device_id).options(_WITH_SEAT)).one()


_D = cast(Table, Device.__table__)
_SENDER = Statement(select(_D.c.id, _D.c.expires_at, _D.c.replaced_at).where(_D.c.token_hash == bindparam("hashed")))
_LINGER = timedelta(days=7)
_ROUNDS = (
    select(RoundState.round_id).join(RoundPanel, RoundPanel.round_id == RoundState.round_id)
    .join(Seat, Seat.panel_id == RoundPanel.panel_id).join(Device, Device.seat_id == Seat.id)
)


def sender_of(token: str, at: datetime) -> uuid.UUID | None:
    """The tablet with this token, live or not, whose sign-in is not over: its key alone, for what is asked at every mark.

    One that lost its seat has no PIN any more: it may send what it holds, to be kept aside, until its rounds have been locked for a week.
    """
    found = _SENDER.row(db.session.connection(), {"hashed": token_hash(token)})
    if found is None:
        return None
    device_id, expires_at, replaced_at = found
    return device_id if expires_at > at or (replaced_at is not None and _lingers(device_id, at)) else None


def _lingers(device_id: uuid.UUID, at: datetime) -> bool:
    """Is a round of the tablet's panel open, or was one locked within a week?"""
    waits = (RoundState.state == "open") | (RoundState.locked_at > at - _LINGER)
    return db.session.scalars(_ROUNDS.where(Device.id == device_id, waits).limit(1)).first() is not None


def get_device(seat_id: uuid.UUID, device_id: uuid.UUID) -> Device:
    """A tablet of this seat; raises NotFound."""
    found = find(Device, id=device_id, seat_id=seat_id, kind="tablet")
    if found is None:
        raise NotFound(_("没有找到这台平板，它可能不属于本座位。"))
    return found


def sitters_of(seat_id: uuid.UUID) -> list[Sitter]:
    """Who sat in a seat, newest first."""
    return list(db.session.scalars(select(Sitter).where(Sitter.seat_id == seat_id).order_by(Sitter.from_at.desc())))


def sitters_of_seats(seat_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Sitter]]:
    """Who sat in several seats, oldest first."""
    found: dict[uuid.UUID, list[Sitter]] = {}
    for sitter in db.session.scalars(select(Sitter).where(Sitter.seat_id.in_(list(seat_ids))).order_by(Sitter.from_at)):
        found.setdefault(sitter.seat_id, []).append(sitter)
    return found


def devices_of(seat_id: uuid.UUID) -> list[tuple[Device, DeviceReport | None]]:
    """The tablets that opened a seat, newest first, with what each last said."""
    query = select(Device, DeviceReport).outerjoin(DeviceReport, DeviceReport.device_id == Device.id)
    query = query.where(Device.seat_id == seat_id, Device.kind == "tablet").order_by(Device.opened_at.desc())
    return [(d, r) for d, r in db.session.execute(query)]


def judge_choices(contest_id: uuid.UUID, event_id: uuid.UUID) -> list[tuple[str, str]]:
    """Accounts that hold the judge's role for the contest or the event: (id, name)."""
    query = (
        select(Account.id, Account.display_name).join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == "judge", Grant.scope_id.in_([contest_id, event_id]), Grant.in_force(now()), Account.is_active)
        .distinct().order_by(Account.display_name)
    )
    return [(str(account_id), name) for account_id, name in db.session.execute(query)]


def sittings_of(account_id: uuid.UUID) -> list[Sitter]:
    """Where an account sat as a judge, oldest first, with seat, panel and event."""
    query = select(Sitter).where(Sitter.account_id == account_id).options(
        joinedload(Sitter.seat).joinedload(Seat.panel).joinedload(Panel.event).joinedload(Event.contest))
    return list(db.session.scalars(query.order_by(Sitter.from_at)))
