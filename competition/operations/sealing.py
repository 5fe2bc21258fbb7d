"""Sealed archives: the age format (X25519, ChaCha20-Poly1305), streamed through a pipe.

The format finds a wrong key, a changed byte and a missing end by itself, and the ``age`` program opens
what we have written without us. ``docs/decisions/0008-backups.md`` says why.
"""

import io
import os
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pyrage
from flask_babel import gettext as _

from competition.core.config import Settings
from competition.core.errors import RuleBroken
from competition.core.private import make_once

KEY_FILE = "backup.key"
WORD = "AGE-SECRET-KEY-"


class BackupBroken(RuleBroken):
    """A backup cannot be made, opened or trusted; the sentence says why and what to do."""

    code = "backup"


@dataclass(frozen=True)
class Keys:
    """``identities`` open (the first one is the current), ``recipients`` are sealed for; ``public`` may be shown."""

    identities: tuple[Any, ...]
    recipients: tuple[Any, ...]
    public: str


def key_path(settings: Settings) -> Path:
    """Where the key lies that was made here."""
    return settings.instance / KEY_FILE


def find_keys(settings: Settings) -> Keys | None:
    """The keys of this installation; None before the first backup."""
    path = key_path(settings)
    if settings.backup_key is None and not path.exists():
        return None
    text = settings.backup_key or path.read_text(encoding="ascii")
    found = [word for word in text.replace(",", "\n").split() if word.startswith(WORD)]
    try:
        identities = tuple(pyrage.x25519.Identity.from_str(word) for word in found)
        own = identities[0].to_public()
        others = tuple(pyrage.x25519.Recipient.from_str(w) for w in settings.backup_recipients.replace(",", " ").split())
    except (pyrage.IdentityError, pyrage.RecipientError, IndexError) as error:
        raise BackupBroken(_("备份密钥不可用：请检查 COMP_BACKUP_KEY、COMP_BACKUP_RECIPIENTS 或 %(path)s。", path=path),
                           code="backup_key", status=500) from error
    return Keys(identities, (own, *others), str(own))


def get_keys(settings: Settings) -> Keys:
    """The keys of this installation, made when there are none."""
    found = find_keys(settings)
    if found is None:
        _make_key(key_path(settings))
        found = find_keys(settings)
    if found is None:
        raise BackupBroken(_("没有备份密钥。"), code="backup_key", status=500)
    return found


def _make_key(path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    make_once(path, f"# public key: {identity.to_public()}\n{identity}\n")


class Sum(io.RawIOBase):
    """Writes on to a file and sums up what went through."""

    def __init__(self, out: io.RawIOBase | IO[bytes]) -> None:
        self.out, self.size, self._digest = out, 0, sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        count = self.out.write(data)
        self._digest.update(memoryview(data)[:count])
        self.size += count
        return count

    def flush(self) -> None:
        self.out.flush()

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


class _Other(threading.Thread):
    """The other end of a pipe; what went wrong there is kept for this end to tell."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.fault = error


NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@contextmanager
def sealing(path: Path, keys: Keys, *, flags: int = NEW) -> Iterator[tuple[IO[bytes], Sum]]:
    """Write plain bytes to what is given, they arrive sealed and durable at ``path``.

    Whoever raises inside leaves a file that ends early without saying so: throw it away.
    """
    read_end, write_end = os.pipe()
    # Without a buffer: what a full disk refuses is told here, not when the file is closed.
    with os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0) as out:
        total = Sum(out)

        def encrypt() -> None:
            with os.fdopen(read_end, "rb") as source:
                pyrage.encrypt_io(source, total, list(keys.recipients))

        other = _Other(encrypt)
        other.start()
        try:
            with os.fdopen(write_end, "wb") as sink:
                yield sink, total
        except BrokenPipeError:
            pass  # the other end stopped first, and says why
        finally:
            other.join()
        if other.fault:
            raise BackupBroken(_("备份文件写不进去（%(why)s）。请检查磁盘空间。", why=other.fault), status=500) from other.fault
        os.fsync(out.fileno())


@contextmanager
def opening(path: Path, keys: Keys) -> Iterator[IO[bytes]]:
    """The plain bytes of a sealed file. Nothing read is to be trusted before the block has ended without an error."""
    try:
        sealed = path.open("rb")
    except OSError as error:
        raise BackupBroken(_("没有找到或不能读取备份文件 %(path)s。", path=path), code="backup_missing", status=404) from error
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        with sealed, os.fdopen(write_end, "wb") as sink:
            pyrage.decrypt_io(sealed, sink, list(keys.identities))

    other = _Other(decrypt)
    other.start()
    try:
        with os.fdopen(read_end, "rb") as source:
            yield source
    except RuleBroken:
        raise
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        other.join()
        raise _why(other.fault or error) from error
    finally:
        other.join()
    if other.fault:
        raise _why(other.fault) from other.fault


def _why(fault: Exception) -> BackupBroken:
    if isinstance(fault, pyrage.DecryptError) and "key" in str(fault).lower():
        return BackupBroken(_("这份备份不是用现在的备份密钥加密的。请换上保管的那把密钥（COMP_BACKUP_KEY 或 instance/backup.key）。"),
                            code="backup_key", status=422)
    return BackupBroken(_("备份文件损坏或不完整（%(why)s），不能使用。请换一份备份。", why=fault), code="backup_damaged", status=422)
