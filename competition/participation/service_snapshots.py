"""Freezing the figures of a period. Whoever calls asks who may."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.errors import RuleBroken
from competition.counting.models import Ledger
from competition.counting.queries import last_finished
from competition.participation import queries_bulletin as reads
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.rules_bulletin import digest, title_of
from competition.participation.rules_questions import Question


def freeze(question: Question, reason: str, confirm_name: str, *, actor: Actor, at: datetime) -> FigureSnapshot:
    """Keep the figures of a period as they are now. Another version needs a reason; nothing counted yet is not frozen.

    Who changes cells holds the ledger, and so does this: a roll-up never changes half of what is read.
    """
    period, said = question.period, " ".join(reason.split())
    if confirm_name.strip() != title_of(period):
        raise RuleBroken(_("输入的名称与要固定的期间不一致。"), code="confirm_name", status=422, field="confirm_name")
    with atomic() as session:
        session.scalar(select(Ledger.id).where(Ledger.id == 1).with_for_update())
        version = (session.scalar(select(func.max(FigureSnapshot.version)).where(FigureSnapshot.period == period)) or 0) + 1
        if version > 1 and not said:
            raise RuleBroken(_("这个期间已经固定过。再固定一版，请写明原因。"), code="reason", status=422, field="reason")
        run = last_finished()
        payload = reads.payload(question)
        if run is None or not payload["places"][0]["person_times"]:
            raise RuleBroken(_("这个期间还没有汇总数字，没有可以固定的。"), code="nothing_counted", status=422)
        made = FigureSnapshot(period=period, version=version, payload=payload, payload_digest=digest(payload), counted_at=run.finished_at,
                              reason=said, made_at=at, made_by=actor.id, made_name=actor.name)
        session.add(made)
        session.flush()
        audit.record("participation.freeze", actor=actor, subject=("snapshot", made.id), at=at, reason=said or None,
                     details={"period": period, "version": version, "digest": made.payload_digest})
    return made
