"""Panels, their seats, and the cards that open them."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from stdnum import luhn

from competition.contests.models import Event, Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import token_hash
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.judging.models import Panel, RoundPanel, Seat
from competition.judging.service_rounds import hold_round
from competition.judging.service_tablets import pin_hash

MOST_SEATS = 15
# Base 32: without 0, 1 and 8, which are read as O, I and B. The tablet's page knows both, too (card.js).
CARD_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CARD_LENGTH = 20


def create_panel(
    event_id: uuid.UUID, *, name: str, seats: int, actor: Actor, at: datetime, criteria: Sequence[str] = (),
    round_ids: Collection[uuid.UUID] = (),
) -> Panel:
    """A panel with ``seats`` seats for the event's rounds (all of them, or the named ones), none of which is locked."""
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
        session.add_all(RoundPanel(round_id=round_id, panel_id=panel.id) for round_id in _hold_rounds(event_id, round_ids))
        session.flush()
        audit.record("judging.create_panel", actor=actor, subject=("panel", panel.id), at=at, chain=event.contest_id,
                     details={"event": event.key, "name": name, "seats": [first, first + seats - 1], "criteria": list(criteria)})
    return panel


def _hold_rounds(event_id: uuid.UUID, named: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """The rounds that get another panel, held: a locked one would suddenly lack its sheets."""
    query = select(Round).where(Round.event_id == event_id).order_by(Round.id)
    rounds = list(db.session.scalars(query.where(Round.id.in_(list(named))) if named else query))
    for round_ in rounds:
        state = hold_round(round_.id)
        if state.state == "locked":
            raise RuleBroken(_("“%(name)s”已锁定，不能再增加裁判组。确需增加的，请先申请解锁。", name=round_.name),
                             code="round_locked", field="event")
        state.reshape()
    return [round_.id for round_ in rounds]


def _last_number(event_id: uuid.UUID) -> int:
    query = select(func.max(Seat.number)).join(Seat.panel).where(Panel.event_id == event_id)
    return db.session.scalar(query) or 0


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
        """The token in groups of four, as the card shows it."""
        return " ".join(self.token[i:i + 4] for i in range(0, len(self.token), 4))


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


def card_number() -> str:
    """A new card's token: 19 letters at random, 95 bits, and one that tells a slip of who types it (decision 0029)."""
    body = "".join(secrets.choice(CARD_LETTERS) for _ in range(CARD_LENGTH - 1))
    return body + str(luhn.calc_check_digit(body, CARD_LETTERS))


def _make_card(seat: Seat, at: datetime) -> Card:
    token = card_number()
    pin = f"{secrets.randbelow(1_000_000):06d}"
    seat.card_hash, seat.pin_hash, seat.card_made_at = token_hash(token), pin_hash(seat.id, pin), at
    seat.failed_count, seat.locked_until = 0, None
    return Card(seat, token, pin)
