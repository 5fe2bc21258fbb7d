"""Who sits in a panel's seats: one seat, or several at once."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken, Stale
from competition.core.formats import joined
from competition.judging import rules_endings
from competition.judging.models import Device, Panel, Seat, Sitter
from competition.judging.queries_trips import check_seats_here
from competition.judging.service_tablets import end_devices, void_card


@dataclass(frozen=True)
class Seating:
    """Who shall sit in a seat. ``seen``: who sat there when the page was made (a sitter's id); ``fields``: what the form calls
    account and name, for refusals."""

    seat_id: uuid.UUID
    name: str
    employer: str = ""
    account_id: uuid.UUID | None = None
    seen: uuid.UUID | None = None
    fields: tuple[str, str] = ("account", "name")


def seat_judge(
    seat_id: uuid.UUID, *, name: str, actor: Actor, at: datetime, employer: str = "", account_id: uuid.UUID | None = None
) -> Sitter:
    """Who sits in the seat from now on; who sat there before is history.

    When another judge takes the seat, the earlier one's card opens it no more, and the tablet that has it open
    becomes read-only.
    """
    with atomic():
        panel_id = get(Panel, get(Seat, seat_id).panel_id, lock=True).id
        check_seats_here(panel_id)
        return _seat(panel_id, [Seating(seat_id, name, employer, account_id)], actor, at)[0]


def seat_judges(panel_id: uuid.UUID, seatings: Sequence[Seating], *, actor: Actor, at: datetime) -> list[Sitter]:
    """Several seats of a panel in one act: all of them, or none. Refused when somebody else has seated a judge in one of them
    meanwhile, and when one account would sit in two of its seats."""
    if not seatings:
        raise RuleBroken(_("没有改动。请至少安排一个座位。"), code="nothing_chosen", status=422)
    with atomic():
        get(Panel, panel_id, lock=True)
        check_seats_here(panel_id)
        _check_seen(panel_id, seatings)
        return _seat(panel_id, seatings, actor, at)


def _seat(panel_id: uuid.UUID, seatings: Sequence[Seating], actor: Actor, at: datetime) -> list[Sitter]:
    sitters = [_sitter(one, at) for one in seatings]
    # All tablets are out before the first card is void or the first line is written: what they send now waits for neither.
    ended = [_make_room(one, at) for one in sitters]
    db.session.add_all(sitters)
    db.session.flush()
    _check_once(panel_id, {one.seat_id: one.fields[0] for one in seatings})
    for sitter, devices in zip(sitters, ended, strict=True):
        _record(sitter, devices, actor, at)
    return sitters


def _sitter(one: Seating, at: datetime) -> Sitter:
    if not one.name.strip():
        raise RuleBroken(_("请填写裁判员姓名。"), code="name_required", status=422, field=one.fields[1])
    return Sitter(seat_id=one.seat_id, account_id=one.account_id, name=one.name.strip(), employer=one.employer.strip(), from_at=at)


def _make_room(sitter: Sitter, at: datetime) -> list[Device] | None:
    """Who sat there sits there no more; the tablets that another judge had, None where it is the same judge or the first."""
    seat = get(Seat, sitter.seat_id, lock=True)
    found = db.session.scalars(select(Sitter).where(Sitter.seat_id == seat.id, Sitter.to_at.is_(None))).all()
    for before in found:
        before.to_at = at
    return None if all(_is_same(before, sitter) for before in found) else end_devices(seat, rules_endings.REASSIGNED, at)


def _record(sitter: Sitter, ended: list[Device] | None, actor: Actor, at: datetime) -> None:
    seat = get(Seat, sitter.seat_id)
    if ended is not None:
        void_card(seat)
    audit.record("judging.seat_judge", actor=actor, subject=("seat", seat.id), at=at, chain=seat.panel.contest_id,
                 details={"number": seat.number, "account": str(sitter.account_id or ""), "ended": [str(d.id) for d in ended or ()],
                          "card": seat.card_hash is not None},
                 personal={"name": sitter.name, "employer": sitter.employer})


def _is_same(before: Sitter, after: Sitter) -> bool:
    """The same judge, written down anew: by the account when both have one, else by the name."""
    if before.account_id is not None and after.account_id is not None:
        return before.account_id == after.account_id
    return before.name == after.name


def _check_seen(panel_id: uuid.UUID, seatings: Sequence[Seating]) -> None:
    """Raise Stale where another judge sits by now than the page showed."""
    query = select(Seat.id, Seat.number, Sitter.id).outerjoin(Sitter, (Sitter.seat_id == Seat.id) & Sitter.to_at.is_(None))
    now_there = {seat_id: (number, sitter) for seat_id, number, sitter in db.session.execute(query.where(Seat.panel_id == panel_id))}
    for one in seatings:
        number, sitter = now_there[one.seat_id]
        if sitter != one.seen:
            raise Stale(_("%(n)s 号座位刚由别人安排过，没有保存。请核对后再提交。", n=number), field=one.fields[1])


def _check_once(panel_id: uuid.UUID, fields: Mapping[uuid.UUID, str]) -> None:
    """Nobody sits in two seats of a panel: his marks would count twice. ``fields``: the form's names of the seats just filled."""
    query = select(Sitter.account_id, Seat.id, Seat.number, Sitter.name).join(Seat, Seat.id == Sitter.seat_id).where(
        Seat.panel_id == panel_id, Sitter.to_at.is_(None), Sitter.account_id.is_not(None)).order_by(Seat.number)
    found: dict[uuid.UUID | None, list[tuple[uuid.UUID, int, str]]] = {}
    for account_id, seat_id, number, name in db.session.execute(query):
        found.setdefault(account_id, []).append((seat_id, number, name))
    for mine in found.values():
        new = [seat_id for seat_id, _number, _name in mine if seat_id in fields]
        if len(mine) > 1 and new:
            numbers = joined(str(number) for _seat_id, number, _name in mine)
            raise RuleBroken(
                _("%(name)s被安排在 %(numbers)s 号座位。一位裁判员在一个裁判组里只坐一个座位。", name=mine[-1][2], numbers=numbers),
                code="judge_twice", field=fields[new[-1]])
