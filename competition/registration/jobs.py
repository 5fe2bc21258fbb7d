"""Long work: a roster is taken; the night forgets those that nobody took."""

import uuid
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.service import is_open
from competition.contests.models import Contest
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import Forbidden
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler
from competition.core.languages import speaking
from competition.registration import service


@handler(service.TAKE)
def take_roster(payload: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The rows of a roster, for whoever asked and with what that person may at this moment; begun again it doubles nothing."""
    account, contest, at = get(Account, uuid.UUID(payload["by"])), get(Contest, uuid.UUID(payload["contest"])), now()
    with speaking(account.locale):
        if not is_open(account, at):
            raise Forbidden(gettext("账号已停用。"))
        actor = actor_of(account, at)
        kept = service.get_import(contest.id, uuid.UUID(payload["import"]), actor)
        if kept.taken is None:
            kept = service.take_roster(kept.id, contest, only_good=payload["only_good"], actor=actor, at=at, report=progress.report)
    return {"taken": kept.taken, "href": f"/manage/contests/{contest.id}/registration/roster/{kept.id}", "label": str(_("查看导入结果"))}


@handler("registration.forget_imports")
def forget_imports(_payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Rosters read more than a week ago go, with the personal data in them."""
    return {"removed": service.forget_imports(now())}


SCHEDULE.append(Scheduled("forget_imports", "registration.forget_imports", _("清理过期的名单导入"), {"hour": 3, "minute": 20}))
