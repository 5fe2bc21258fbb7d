"""What travels between home and an arena machine: rows as text, their hashes, and the sealed file. No database here.

The file is ``MAGIC, salt (16), nonce (12), AES-256-GCM(gzip(JSON))``; the key comes from a passphrase by scrypt, so only who
knows it can read a file or make one. Decision 0035 says what travels and why.
"""

import gzip
import hashlib
import io
import json
import os
import unicodedata
import uuid
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken
from competition.judging.rules_endings import CAME_HOME

MAGIC = b"COMPTRIP1\n"
SALT, NONCE, KEY = 16, 12, 32
MOST_PACKED, MOST_PLAIN = 256 * 1024 * 1024, 1024 * 1024 * 1024
SHORTEST = 12  # characters of a passphrase
OUT, BACK = "out", "back"
Row = dict[str, Any]
Tables = dict[str, list[Row]]


# What a file holds beside ``kind``, by type; ``id``: the text of a uuid.
_HELD: dict[str, type] = {"trip": uuid.UUID, "contest": uuid.UUID, "machine": str, "base": dict, "rounds": list, "tables": dict,
                          "sums": dict, "files": dict}
_MORE: dict[str, dict[str, type]] = {OUT: {"home": str}, BACK: {"here": dict, "versions": dict, "packed_at": datetime}}


def check_passphrase(passphrase: str) -> None:
    """Raise RuleBroken for a passphrase that is easily guessed."""
    if len(passphrase) < SHORTEST:
        raise RuleBroken(_("密码至少 %(n)s 个字符。", n=SHORTEST), code="passphrase_short", status=422)


def seal(content: Mapping[str, Any], passphrase: str) -> bytes:
    """The file of ``content``. Raises RuleBroken for a passphrase that is easily guessed."""
    check_passphrase(passphrase)
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    plain = gzip.compress(canonical(content).encode(), 6, mtime=0)
    return MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, MAGIC + salt)


def unseal(data: bytes, passphrase: str) -> dict[str, Any]:
    """What a file holds. Raises RuleBroken for another file, another passphrase, a changed byte, or more than fits."""
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + SALT + NONCE + 16 or len(data) > MOST_PACKED:
        raise RuleBroken(_("这不是赛场主机的交接文件，或文件不完整。"), code="trip_file", status=422)
    salt, nonce = data[len(MAGIC):][:SALT], data[len(MAGIC) + SALT:][:NONCE]
    try:
        packed = AESGCM(_key(passphrase, salt)).decrypt(nonce, data[len(MAGIC) + SALT + NONCE:], MAGIC + salt)
    except InvalidTag as error:
        raise RuleBroken(_("密码不对，或文件被改动过，没有读取。"), code="trip_sealed", status=422) from error
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as plain:
            text = plain.read(MOST_PLAIN + 1)
        content = json.loads(text) if len(text) <= MOST_PLAIN else None
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise RuleBroken(_("这不是赛场主机的交接文件，或文件不完整。"), code="trip_file", status=422) from error
    if not isinstance(content, dict) or content.get("kind") not in (OUT, BACK):
        raise RuleBroken(_("这不是赛场主机的交接文件，或文件不完整。"), code="trip_file", status=422)
    return content


def check_shape(content: Mapping[str, Any]) -> None:
    """Raise RuleBroken unless a file holds what its kind holds: parts of the right type, rows in tables, uuids where keys stand."""
    try:
        for name, kind in {**_HELD, **_MORE[content["kind"]]}.items():
            _check_type(kind, content[name])
        for rows in content["tables"].values():
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise TypeError(rows)
        for key in (*content["rounds"], *content.get("versions", ())):
            uuid.UUID(key)
        for kind, part in ((int, content.get("versions", {})), (str, content["files"])):
            for value in part.values():
                _check_type(kind, value)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise RuleBroken(_("这份文件与本机的程序版本不符，没有写入。两边请用同一版本的程序。"), code="trip_version", status=422) from error


def _check_type(kind: type, value: Any) -> None:
    if kind in (uuid.UUID, datetime):
        read_value(kind, value if isinstance(value, str) else 0)
    elif type(value) is not kind:
        raise TypeError(kind)


def ended_there(device: Row, report: Row | None, packed_at: str, *, all_locked: bool) -> Row:
    """A tablet of the arena machine as home keeps it: it judges here no more.

    It ended when the machine stopped taking anything; in rounds that are locked, with its last word that nothing waited on it: what
    proved it empty there proves it here as well.
    """
    if device["replaced_at"] is not None:
        return device
    said = report is not None and report["pending"] == 0 and report["last_made"] == device["last_seq"] and not device["missing"]
    ended_at = report["seen_at"] if report is not None and said and all_locked else packed_at
    return device | {"replaced_at": ended_at, "end_code": CAME_HOME}


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=2**15, r=8, p=1).derive(unicodedata.normalize("NFC", passphrase).encode())


def canonical(value: Any) -> str:
    """JSON that is the same for equal content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A value of a column as JSON says it; the same from both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, date | uuid.UUID) else value


def read_value(kind: type, value: Any) -> Any:
    """The way back, by the Python type of the column. Raises TypeError or ValueError for what is none of it."""
    if kind in (int, bool, str) and value is not None and type(value) is not kind:
        raise TypeError(kind)
    if value is None or kind not in (uuid.UUID, datetime, date):
        return value
    return uuid.UUID(value) if kind is uuid.UUID else datetime.fromisoformat(value) if kind is datetime else date.fromisoformat(value)


def digest(rows: Iterable[Row]) -> str:
    """One hash of the rows of a table, in whatever order they came."""
    lines = sorted(canonical(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sums(tables: Tables) -> dict[str, list[Any]]:
    """Of each table how many rows, and their hash: what is printed, kept, and compared at the other end."""
    return {name: [len(rows), digest(rows)] for name, rows in sorted(tables.items())}


def unequal(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The tables in which two sides differ."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
