"""Passwords as they are kept, and the limit on how many are worked on at once."""

from contextlib import AbstractContextManager
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from competition.core.turns import turn

# A password that went through :func:`hash_password`. It is made before a transaction begins: the work takes its time
# and may wait for its turn, and nobody may wait for the database meanwhile.
Hashed = NewType("Hashed", str)

# 19 MiB, two passes, one lane (OWASP's smallest recommended setting). Two at a time on one machine, however many
# processes serve it: a flood of sign-ins must take neither its memory (38 MiB at most) nor all of its time.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
# Stands for the password of whoever has none.
UNUSABLE = "!"
_NOBODY = _hasher.hash("nobody has this password")


def _one_of_few() -> AbstractContextManager[None]:
    return turn(current_app.extensions["settings"].instance / "turns", "password", AT_ONCE)


def hash_password(password: str) -> Hashed:
    """Argon2id of a password."""
    with _one_of_few():
        return Hashed(_hasher.hash(password))


def matches(stored: str | None, password: str) -> bool:
    """Does the password fit? The same work whether or not there is one, and whether or not there is an account (None)."""
    known = stored if stored not in (None, UNUSABLE) else None
    with _one_of_few():
        try:
            return _hasher.verify(known or _NOBODY, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False
