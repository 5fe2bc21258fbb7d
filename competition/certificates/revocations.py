"""The signed list of certificates that hold no more, for whoever checks without a network.

It names no number and nobody: a hash of the code says something only to who holds the paper.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from competition.certificates import signing
from competition.certificates.models import Certificate
from competition.certificates.rules_signing import list_message
from competition.core import base64url
from competition.core.crypto import unseal
from competition.core.database import db

# A list that still says what is so is signed anew after so long, not for everybody who asks.
FRESH = timedelta(minutes=1)
# Whoever was offline for longer is told that a paper is genuine, and no more that it still holds.
HOLDS = timedelta(days=3)
STATES = ("revoked", "superseded")


def mark_of(code: str) -> str:
    """By what the list names a code: 128 bits of SHA-256 in hex."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Kept:
    """A signed list of this process: of which key and which state of the register, and when it was made."""

    version: tuple[str, int, datetime | None]
    at: datetime
    said: dict[str, str]


def signed_list(at: datetime) -> dict[str, str]:
    """``body`` (JSON as text: ``issued``, ``next``, ``revoked``, ``superseded``), the key id, and the signature over both.
    All are empty before there is a key.

    Anybody may ask for it: whoever does so again within a minute costs a count, however long the list is.
    """
    key = signing.newest_key()
    if key is None:
        return {"body": "", "kid": "", "signature": ""}
    version = (key.kid, *_ended())
    kept: _Kept | None = current_app.extensions.get("revoked_list")
    if kept is None or kept.version != version or not timedelta(0) <= at - kept.at < FRESH:
        body = json.dumps(_said(at), separators=(",", ":"))
        signature = base64url.encoded(signing.sign(key, list_message(key.kid, body)))
        kept = current_app.extensions["revoked_list"] = _Kept(version, at, {"body": body, "kid": key.kid, "signature": signature})
    return kept.said


def _ended() -> tuple[int, datetime | None]:
    """How many certificates hold no more, and since when the last of them: what has ended never comes back."""
    count, last = db.session.execute(select(func.count(), func.max(Certificate.ended_at)).where(Certificate.state.in_(STATES))).one()
    return count, last


def _said(at: datetime) -> dict[str, str | list[str]]:
    marks: dict[str, list[str]] = {state: [] for state in STATES}
    known: dict[uuid.UUID, str] = current_app.extensions.setdefault("revoked_marks", {})
    query = select(Certificate.id, Certificate.code_sealed, Certificate.state).where(Certificate.state.in_(STATES))
    for id_, sealed, state in db.session.execute(query):
        if id_ not in known:
            known[id_] = mark_of(unseal(sealed, "certificate", "code", id_))
        marks[state].append(known[id_])
    # In the order of the marks: that of the register would tell who came after whom.
    return {"issued": at.isoformat(timespec="seconds"), "next": (at + HOLDS).isoformat(timespec="seconds"),
            **{state: sorted(found) for state, found in marks.items()}}
