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
        sitter = _sit_down(Seating(seat_id, name, employer, account_id), actor, at)
        _check_once(panel_id, {seat_id: "account"})
    return sitter


def seat_judges(panel_id: uuid.UUID, seatings: Sequence[Seating], *, actor: Actor, at: datetime) -> list[Sitter]:
    """Several seats of a panel in one act: all of them, or none. Refused when somebody else has seated a judge in one of them
    meanwhile, and when one account would sit in two of its seats."""
    if not seatings:
        raise RuleBroken(_("没有改动。请至少安排一个座位。"), code="nothing_chosen", status=422)
    with atomic():
        get(Panel, panel_id, lock=True)
        check_seats_here(panel_id)
        _check_seen(panel_id, seatings)
        made = [_sit_down(one, actor, at) for one in seatings]
        _check_once(panel_id, {one.seat_id: one.fields[0] for one in seatings})
    return made


def _sit_down(one: Seating, actor: Actor, at: datetime) -> Sitter:
    if not one.name.strip():
        raise RuleBroken(_("请填写裁判员姓名。"), code="name_required", status=422, field=one.fields[1])
    session, seat = db.session, get(Seat, one.seat_id, lock=True)
    sitter = Sitter(seat_id=seat.id, account_id=one.account_id, name=one.name.strip(), employer=one.employer.strip(), from_at=at)
    ended: list[Device] = []
    for before in session.scalars(select(Sitter).where(Sitter.seat_id == seat.id, Sitter.to_at.is_(None))).all():
        before.to_at = at
        if not _is_same(before, sitter):
            void_card(seat)
            ended += end_devices(seat, rules_endings.REASSIGNED, at)
    session.add(sitter)
    session.flush()
    audit.record("judging.seat_judge", actor=actor, subject=("seat", seat.id), at=at, chain=seat.panel.contest_id,
                 details={"number": seat.number, "account": str(one.account_id or ""), "ended": [str(d.id) for d in ended],
                          "card": seat.card_hash is not None},
                 personal={"name": sitter.name, "employer": sitter.employer})
    return sitter


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
