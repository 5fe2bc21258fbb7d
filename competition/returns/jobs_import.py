"""Long work with tables that unions send: reading, taking in, marking; the night clears what nobody goes by any more."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.service import is_open
from competition.core import jobs
from competition.core.access import check
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import Forbidden
from competition.core.languages import speaking
from competition.core.memory import large_lists
from competition.returns import service_import as service
from competition.returns import service_staging as staging
from competition.returns.models_import import ReturnImport
from competition.returns.service_reading import MARK, mark_import, read_import

CLEAR = "participation.clear_rosters"


@contextmanager
def asked_by(payload: dict[str, Any]) -> Iterator[Actor]:
    """Whoever asked, with what that person may at this moment, in that person's language."""
    account, at = get(Account, uuid.UUID(payload["by"])), now()
    with speaking(account.locale):
        if not is_open(account, at):
            raise Forbidden(gettext("账号已停用。"))
        actor = actor_of(account, at)
        kept = get(ReturnImport, uuid.UUID(payload["import"]))
        check(actor, "participation.import_roster", frozenset({("union", kept.of.union_id)}))
        yield actor


@jobs.handler(service.READ)
def read(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Read a table and say what is in it."""
    with asked_by(payload), large_lists():
        kept = read_import(uuid.UUID(payload["import"]), at=now(), report=progress.report)
        return _link(kept)


@jobs.handler(service.TAKE)
def take(payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Stage its people, then make them the return's roster; begun again it doubles nothing."""
    with asked_by(payload) as actor, large_lists():
        kept = service.take_import(uuid.UUID(payload["import"]), progress.job_id, actor=actor, at=now(), report=progress.report)
        return _link(kept)


def _link(kept: ReturnImport) -> dict[str, Any]:
    return {"href": f"/participation/imports/{kept.id}", "label": str(_("查看名册导入"))}


@jobs.handler(MARK)
def mark(payload: dict[str, Any], _progress: jobs.Progress) -> dict[str, Any]:
    """The table back with its faults marked."""
    mark_import(uuid.UUID(payload["import"]), at=now())
    return {}


@jobs.handler(CLEAR)
def clear_rosters(_payload: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """In slices: the lock is held for a moment each."""
    total = 0
    while count := staging.clear_left(now()):
        total += count
        progress.report(total, total)
    return {"removed": total}


jobs.SCHEDULE.append(jobs.Scheduled("participation.clear_rosters", CLEAR, _("清理不再使用的名册"), {"hour": 4, "minute": 10}))
