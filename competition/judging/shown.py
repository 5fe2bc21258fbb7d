"""What the second person is shown of a locked round, and of marks that came late. Reads only."""

import uuid

from flask_babel import gettext

from competition.contests.models import Round
from competition.core.approvals import Approval
from competition.core.database import get
from competition.core.shown import Behind, Shown
from competition.judging.queries import progress_of


def round_behind(approval: Approval) -> Shown:
    """Which event, how many sheets, and the board."""
    round_ = get(Round, uuid.UUID(approval.payload["round"]))
    progress = progress_of([round_.id])[round_.id]
    return Shown(
        facts=[(str(gettext("项目")), round_.event.name), (str(gettext("本轮")), round_.name),
               (str(gettext("评分表")), str(gettext("已提交 %(n)s 份，应交 %(all)s 份", n=progress.handed_in, all=progress.needed)))],
        links=[Behind(str(gettext("裁判长看板")), "judging.board", {"contest_id": round_.contest_id, "round_id": round_.id})])
