"""The signed list of certificates that hold no more, for whoever checks without a network.

It names no number and nobody: a hash of the code says something only to who holds the paper.
"""

import hashlib
import json
from datetime import datetime, timedelta

from sqlalchemy import select

from competition.certificates import signing
from competition.certificates.models import Certificate
from competition.certificates.rules_signing import list_message
from competition.core import base64url
from competition.core.crypto import unseal
from competition.core.database import db

# Whoever was offline for longer is told that a paper is genuine, and no more that it still holds.
HOLDS = timedelta(days=3)


def mark_of(code: str) -> str:
    """By what the list names a code: 128 bits of SHA-256 in hex."""
    return hashlib.sha256(code.encode()).hexdigest()[:32]


def signed_list(at: datetime) -> dict[str, str]:
    """``body`` (JSON as text: ``issued``, ``next``, ``revoked``, ``superseded``), the key id, and the signature over both.
    All are empty before there is a key."""
    key = signing.newest_key()
    if key is None:
        return {"body": "", "kid": "", "signature": ""}
    ended: dict[str, list[str]] = {"revoked": [], "superseded": []}
    query = select(Certificate.id, Certificate.code_sealed, Certificate.state).where(Certificate.state.in_(ended))
    for id_, sealed, state in db.session.execute(query):
        ended[state].append(mark_of(unseal(sealed, "certificate", "code", id_)))
    # In the order of the marks: that of the register would tell who came after whom.
    said = {"issued": at.isoformat(timespec="seconds"), "next": (at + HOLDS).isoformat(timespec="seconds"),
            **{state: sorted(marks) for state, marks in ended.items()}}
    body = json.dumps(said, separators=(",", ":"))
    return {"body": body, "kid": key.kid, "signature": base64url.encoded(signing.sign(key, list_message(key.kid, body)))}
