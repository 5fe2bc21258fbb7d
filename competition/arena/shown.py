"""What the second person is shown before codes are opened: figures of the judging, no name. Reads only."""

import uuid

from sqlalchemy import select

from competition.arena import gates
from competition.arena.work_queries import list_works
from competition.contests.models import Event, Round
from competition.core.approvals import Approval
from competition.core.database import db, get
from competition.core.shown import Behind, Shown
from competition.core.words import say as _


def opening(approval: Approval) -> Shown:
    """How many works in which rounds, whether they are locked, where marks and sums are seen."""
    event = get(Event, uuid.UUID(approval.payload["event"]))
    rounds = list(db.session.scalars(select(Round).where(Round.event_id == event.id).order_by(Round.position)))
    locked = gates.locked([round_.id for round_ in rounds])
    facts = [(_("项目"), event.name)]
    facts += [(round_.name, _("%(n)s 件作品，%(state)s", n=len(list_works(round_.id)),
                              state=_("评分已锁定") if round_.id in locked else _("评分没有锁定，不能解密"))) for round_ in rounds]
    links = [Behind(_("裁判长看板：%(name)s", name=round_.name), "judging.board", {"contest_id": event.contest_id, "round_id": round_.id})
             for round_ in rounds]
    links += [Behind(_("统分抽查"), "results.sums", {"contest_id": event.contest_id, "event_id": event.id}),
              Behind(_("抽签和编码"), "arena.draws", {"contest_id": event.contest_id})]
    return Shown(facts=facts, links=links)
