"""The long work of this room."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from competition.accounts import service_phone, service_sign_up
from competition.core.clock import now
from competition.core.jobs import SCHEDULE, Progress, Scheduled, handler

FORGET = "accounts.forget_codes"


@handler(service_phone.SEND)
def send_code(payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Bring figures to a phone."""
    service_phone.send_code(uuid.UUID(payload["code"]), now())
    # Whether somebody was there to be told is nobody's business, not even in the list of jobs.
    return {}


@handler(service_sign_up.TELL)
def tell_owner(payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Tell whoever has the phone that was typed at the sign-up; nobody when it was free."""
    account = uuid.UUID(payload["account"]) if payload["account"] else None
    service_sign_up.tell_owner(account, datetime.fromisoformat(payload["before"]), now())
    return {}


@handler(FORGET)
def forget_codes(_payload: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    """Wipe what is over."""
    return {"forgotten": service_phone.forget_codes(now())}


SCHEDULE.append(Scheduled(FORGET, FORGET, _("清除过期的验证码"), {"minute": "17"}))
