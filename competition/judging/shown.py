"""What the second person is shown of a locked round, and of marks that came late. Reads only."""

import uuid

from competition.contests.models import Round
from competition.core.approvals import Approval
from competition.core.database import get
from competition.core.shown import Behind, Shown
from competition.core.words import say as _
from competition.judging.queries import progress_of


def round_behind(approval: Approval) -> Shown:
    """Which event, how many sheets, and the board."""
    round_ = get(Round, uuid.UUID(approval.payload["round"]))
    progress = progress_of([round_.id])[round_.id]
    return Shown(
        facts=[(_("项目"), round_.event.name), (_("本轮"), round_.name),
               (_("评分表"), _("已提交 %(n)s 份，应交 %(all)s 份", n=progress.handed_in, all=progress.needed))],
        links=[Behind(_("裁判长看板"), "judging.board", {"contest_id": round_.contest_id, "round_id": round_.id})])
