"""The second factor: which time step a code belongs to, and what a person may type. Pure (RFC 6238, 30 seconds, 6 figures)."""

import re
import unicodedata
from datetime import datetime

import pyotp

STEP = 30
# A phone's clock may be a step early or late.
TOLERATED = (0, -1, 1)
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def plain_code(text: str) -> str:
    """What was typed, without blanks, dashes and full-width forms. Made plain once, before anything looks at it."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).lower()


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step that ``code`` belongs to; None when it fits none, or one that was used already."""
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    return next((now + d for d in TOLERATED if now + d > last_step and pyotp.utils.strings_equal(code, totp.generate_otp(now + d))), None)


def address(secret: str, login: str, owner: str) -> str:
    """What the QR code says to an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=owner)
