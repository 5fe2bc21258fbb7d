"""Personal data at rest: AES-GCM bound to its row, and a keyed hash to find it again.

A sealed value is ``v1|key id|base64(nonce + ciphertext)``; the table, column and row id are
authenticated with it, so a value copied to another row does not open. The blind index is an HMAC
under a second key: numbers of identity cards are few enough to try them all against a plain hash.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from competition.core.config import ConfigError, Settings


@dataclass(frozen=True)
class Keyring:
    """Field keys by id (the first one seals), and the key of the blind index."""

    current: str
    keys: dict[str, bytes]
    index_key: bytes

    def seal(self, text: str, place: str) -> str:
        """Encrypt ``text`` for the one place it belongs to."""
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), place.encode())
        return f"v1|{self.current}|{b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Decrypt; raises ValueError when the value was moved, altered or the key is missing."""
        version, kid, body = sealed.split("|", 2)
        if version != "v1" or kid not in self.keys:
            raise ValueError(f"no key {kid!r} for a sealed value")
        raw = b64decode(body)
        try:
            return AESGCM(self.keys[kid]).decrypt(raw[:12], raw[12:], place.encode()).decode()
        except InvalidTag as error:
            raise ValueError("a sealed value does not belong to its row") from error

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """The same of a whole file: ``v1|key id|`` before the nonce and the ciphertext."""
        nonce = secrets.token_bytes(12)
        return f"v1|{self.current}|".encode() + nonce + AESGCM(self.keys[self.current]).encrypt(nonce, data, place.encode())

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Decrypt a file; raises ValueError when it was altered, belongs elsewhere, or the key is missing."""
        version, kid, body = sealed.split(b"|", 2)
        key = self.keys.get(kid.decode("ascii", "replace"))
        if version != b"v1" or key is None:
            raise ValueError("no key for a sealed file")
        try:
            return AESGCM(key).decrypt(body[:12], body[12:], place.encode())
        except InvalidTag as error:
            raise ValueError("a sealed file does not belong here") from error

    def index(self, kind: str, value: str) -> str:
        """64 hex digits by which equal values of one ``kind`` are found."""
        return hmac.digest(self.index_key, f"{kind}|{value}".encode(), "sha256").hex()


def parse_keyring(settings: Settings) -> Keyring:
    """``COMP_FIELD_KEYS`` is ``id:base64,id:base64``, newest first; keys have 32 bytes."""
    keys = {}
    for part in settings.field_keys.split(","):
        kid, _, text = part.strip().partition(":")
        keys[kid] = b64decode(text)
        if len(keys[kid]) != 32:
            raise ConfigError(f"COMP_FIELD_KEYS 中的密钥 {kid!r} 应为 32 字节的 base64 文本。")
    return Keyring(current=next(iter(keys)), keys=keys, index_key=b64decode(settings.index_key))


def init_crypto(app: Flask, settings: Settings) -> None:
    """Hang the keyring on the application."""
    app.extensions["keyring"] = parse_keyring(settings)


def keyring() -> Keyring:
    """The keyring of the running application."""
    ring: Keyring = current_app.extensions["keyring"]
    return ring


def seal(text: str, table: str, column: str, row: UUID) -> str:
    """Encrypt a personal value for ``table.column`` of one row."""
    return keyring().seal(text, f"{table}|{column}|{row}")


def unseal(sealed: str, table: str, column: str, row: UUID) -> str:
    """The personal value again; raises ValueError when it does not belong there."""
    return keyring().open(sealed, f"{table}|{column}|{row}")


def blind_index(kind: str, value: str) -> str:
    """The keyed hash under which ``value`` can be looked up; give it canonical text."""
    return keyring().index(kind, value)


def blind_indexes(kind: str, values: Iterable[str]) -> list[str]:
    """The same of many, in their order."""
    index = keyring().index
    return [index(kind, value) for value in values]


def token_hash(token: str) -> str:
    """What is stored of a secret that we hand out (links, cards, sessions)."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(bits: int = 256) -> str:
    """A URL-safe random secret."""
    return secrets.token_urlsafe(bits // 8)
