"""Codes: every look at the table is on record, and opening them takes two people and a locked round."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.arena import gates, shown
from competition.arena.models import Code, CodeOpening, Draw
from competition.arena.queries import codes_opened, whole_entrant
from competition.arena.works import Work
from competition.contests.models import Event, Round
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval, Kind
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.registration.models import Entrant

OPEN_CODES = "arena.open_codes"


@dataclass(frozen=True)
class CodeRow:
    """One line of the coding table."""

    code: str
    batch: int
    station: int
    entrant: Entrant


def read_codes(round_id: uuid.UUID, *, purpose: str, actor: Actor, at: datetime) -> list[CodeRow]:
    """The coding table of a round. ``purpose``: screen, labels. That somebody looked is on record."""
    with atomic():
        round_ = get(Round, round_id)
        query = (
            select(Work.code, Work.batch, Work.station, Entrant).join(Code, Code.work_id == Work.id)
            .join(Code.entrant).where(Work.round_id == round_id, Code.layer == 1).order_by(Work.position)
            .options(*whole_entrant())
        )
        rows = [CodeRow(*row) for row in db.session.execute(query).unique()]
        audit.record("arena.read_codes", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     details={"purpose": purpose, "rows": len(rows)})
    return rows


def ask_open_codes(event_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> Approval:
    """Ask that the codes of an event be opened (解密); a second person decides."""
    with atomic():
        event = get(Event, event_id)
        draws = check_openable(event_id)
        payload = {"event": str(event_id), "title": event.name_zh, "draws": draws, "codes": _count(event_id)}
        return approvals.ask(OPEN_CODES, subject=("event", event_id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=event.contest_id)


def check_openable(event_id: uuid.UUID) -> list[str]:
    """The ids of the event's draws; raises unless all its rounds are drawn and locked and the codes still closed."""
    if codes_opened(event_id):
        raise RuleBroken(_("这个项目已经解密，不用再申请。"), code="already_opened")
    rounds = set(db.session.scalars(select(Round.id).where(Round.event_id == event_id)))
    draws = list(db.session.scalars(select(Draw).where(Draw.round_id.in_(rounds), Draw.void_at.is_(None))))
    drawn = {draw.round_id for draw in draws}
    if not drawn:
        raise RuleBroken(_("这个项目还没有抽签编码，不需要解密。"), code="not_drawn")
    if gates.locked(drawn) != drawn:
        raise RuleBroken(_("评分还没有锁定，不能解密。请先由裁判长锁定本轮。"), code="round_not_locked")
    return sorted(str(draw.id) for draw in draws)


def _count(event_id: uuid.UUID) -> int:
    return len(db.session.scalars(select(Code.id).where(Code.event_id == event_id, Code.layer == 1)).all())


def _describe(payload: dict[str, Any]) -> str:
    return str(_("解密“%(event)s”：公开 %(count)d 个作品号与参赛者的对应关系，用于公布成绩。",
                 event=payload["title"], count=payload["codes"]))


def _carry_out(approval: Approval, actor: Actor, at: datetime) -> None:
    event = get(Event, uuid.UUID(approval.payload["event"]), lock=True)
    # Held until the end: nobody unlocks at the same moment, and an unlocking asked for before must be asked for anew.
    gates.touch(set(db.session.scalars(select(Round.id).where(Round.event_id == event.id))))
    if check_openable(event.id) != approval.payload["draws"]:
        raise RuleBroken(_("提出申请以后又重新抽签了，请重新提出解密申请。"), code="draw_changed")
    db.session.add(CodeOpening(event_id=event.id, contest_id=event.contest_id, asked_by=approval.asked_by,
                               opened_by=actor.own_id, opened_at=at))
    audit.record("arena.open_codes", actor=actor, subject=("event", event.id), at=at, chain=event.contest_id,
                 reason=approval.reason, details={"asked_by": str(approval.asked_by), "codes": approval.payload["codes"]})


approvals.register(Kind(OPEN_CODES, lazy_gettext("解密"), "arena.open_codes", _describe, _carry_out, show=shown.opening))
