"""What was refused: every changing request that was not allowed leaves a row, whatever the page said.

The audit chain tells what was done; this tells who tried what he may not. The rows belong to no chain
and to no transaction of an act, so that a refusal can neither hold a chain's lock nor be undone.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import lazy_gettext as _
from limits import parse
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.access import act_of, current_actor
from competition.core.clock import now
from competition.core.crypto import blind_index
from competition.core.database import Model, WithId, atomic
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler
from competition.core.kept import end_of_act
from competition.core.limits import is_within

log = structlog.get_logger()
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REFUSED = frozenset({401, 403, 404})
# Refusals that are shown in their form or as a message (422, 303), and that somebody who guesses or oversteps gets as well.
WATCHED = frozenset({"forbidden", "form_expired", "password_wrong", "factor_wrong", "factor_refused", "code_refused", "reveal_limit"})
# Whoever only knows an address must not fill the database: beyond this a refusal is a line in the log.
MOST = parse("60 per minute")
# The law asks for half a year of security logs; a year's contests can be looked back on.
KEPT = timedelta(days=400)


class SecurityRow(WithId, Model):
    """One refused attempt. ``source`` is the blind index of the network address: the same place is the same
    text, and no list of addresses can be read out of it."""

    __unaudited__ = "Written because nothing was done: it belongs to no act and to no chain."
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    code: Mapped[str]
    act: Mapped[str]
    endpoint: Mapped[str]
    method: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    source: Mapped[str]
    request_id: Mapped[str]


def init_refusals(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(_note)


def _note(answer: Response) -> Response:
    end_of_act()
    code = g.get("refusal", f"http_{answer.status_code}")
    if request.method in CHANGING and request.endpoint and (answer.status_code in REFUSED or code in WATCHED):
        _write(answer.status_code, code)
    return answer


def _write(status: int, code: str) -> None:
    """A row, or a line in the log: the answer stays what it is even when the database takes nothing now."""
    row = _row(status, code)
    told = {"endpoint": row.endpoint, "status": status, "code": code, "actor": str(row.actor_id)}
    if not is_within(MOST, "refused", str(row.actor_id or row.source)):
        log.warning("refused", **told)
        return
    try:
        with atomic() as session:
            session.add(row)
    except SQLAlchemyError as error:
        log.error("refused", **told, lost=type(error).__name__)


def _row(status: int, code: str) -> SecurityRow:
    actor, endpoint = current_actor(), str(request.endpoint)
    return SecurityRow(
        at=now(), status=status, code=code, act=str(act_of(current_app._get_current_object(), endpoint)),  # type: ignore[attr-defined]
        endpoint=endpoint, method=request.method, actor_kind=actor.kind, actor_id=actor.id,
        source=blind_index("address", request.remote_addr or ""), request_id=g.get("request_id", ""),
    )


def forget_refusals(before: datetime) -> int:
    """Rows older than this go; returns how many."""
    with atomic() as session:
        found = session.execute(delete(SecurityRow).where(SecurityRow.at < before))
        return int(found.rowcount)  # type: ignore[attr-defined]


@handler("core.forget_refusals")
def forget_old(_payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """The night: refusals that are older than they have to be."""
    return {"removed": forget_refusals(now() - KEPT)}


SCHEDULE.append(Scheduled("forget_refusals", "core.forget_refusals", _("清理过期的安全日志"), {"hour": 3, "minute": 40}))
