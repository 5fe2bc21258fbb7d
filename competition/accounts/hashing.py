"""Passwords as they are kept, and the limit on how many are worked on at once."""

from threading import BoundedSemaphore
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# A password that went through :func:`hash_password`. It is made before a transaction begins: the work takes its time
# and may wait for its turn, and nobody may wait for the database meanwhile.
Hashed = NewType("Hashed", str)

# 19 MiB, two passes, one lane (OWASP's smallest recommended setting). Two at a time in each process, because a flood
# of sign-ins must not take the memory of the machine: with two web processes at most 76 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
_at_once = BoundedSemaphore(AT_ONCE)
# Stands for the password of whoever has none.
UNUSABLE = "!"
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> Hashed:
    """Argon2id of a password."""
    with _at_once:
        return Hashed(_hasher.hash(password))


def matches(stored: str | None, password: str) -> bool:
    """Does the password fit? The same work whether or not there is one, and whether or not there is an account (None)."""
    known = stored if stored not in (None, UNUSABLE) else None
    with _at_once:
        try:
            return _hasher.verify(known or _NOBODY, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False
