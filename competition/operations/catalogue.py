"""The backups that there are: a sealed file and a receipt beside it.

Receipts are files, not rows: a database that was lost or put back cannot tell of its own backups.
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from competition.core.config import Settings
from competition.operations.sealing import BackupBroken

END = ".tar.gz.age"


@dataclass(frozen=True)
class Receipt:
    """What is known of a backup without opening it. Times are ISO texts in UTC.

    ``moment``: what was committed before it is inside; ``verified``: when it was last proved good;
    ``fault``: why it was not; ``lost``: files that were missing already when it was made; ``key``: for whom it is sealed.
    """

    name: str
    size: int
    sha256: str
    made_moment: str
    finished: str
    seconds: float
    why: str
    database: str
    rows: int
    chains: int
    files: int
    lost: int
    heads: list[str]
    key: str
    verified: str | None = None
    fault: str | None = None

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_moment)

    @property
    def verified_at(self) -> datetime | None:
        return datetime.fromisoformat(self.verified) if self.verified else None

    @property
    def is_verified(self) -> bool:
        return self.verified is not None


def new_name(at: datetime) -> str:
    """``backup-20261122-203000-1f2e.tar.gz.age``, in UTC."""
    return f"backup-{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}{END}"


def receipts(settings: Settings) -> list[Receipt]:
    """Backups whose file is there, newest first."""
    folder, found = settings.backup_folder, []
    for path in folder.glob(f"*{END}.json"):
        # A receipt that cannot be read counts as none: then its backup is not offered as good.
        with suppress(OSError, ValueError, TypeError):
            receipt = Receipt(**json.loads(path.read_text(encoding="utf-8")))
            if receipt.name == path.name.removesuffix(".json") and (folder / receipt.name).is_file() and receipt.moment:
                found.append(receipt)
    return sorted(found, key=lambda r: r.moment, reverse=True)


def newest_verified(found: list[Receipt]) -> Receipt | None:
    """The one to restore when nothing else is said."""
    return next((receipt for receipt in found if receipt.is_verified), None)


def write_receipt(settings: Settings, receipt: Receipt) -> Receipt:
    """Put it beside its backup, whole or not at all."""
    write_text(settings.backup_folder / f"{receipt.name}.json", json.dumps(asdict(receipt), ensure_ascii=False, indent=1))
    return receipt


def write_text(path: Path, text: str) -> None:
    """A small file for this user alone, replaced in one step."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def judge(settings: Settings, receipt: Receipt, *, at: datetime, fault: str | None) -> Receipt:
    """Note that it was proved, or why it could not be."""
    return write_receipt(settings, replace(receipt, verified=None if fault else at.isoformat(), fault=fault))


def remove(settings: Settings, name: str) -> None:
    """The backup first: a receipt without one is not listed."""
    (settings.backup_folder / name).unlink(missing_ok=True)
    (settings.backup_folder / f"{name}.json").unlink(missing_ok=True)


def find(settings: Settings, name: str) -> Receipt | None:
    """The receipt of a backup by its file's name."""
    return next((receipt for receipt in receipts(settings) if receipt.name == name), None)


@contextmanager
def workshop(settings: Settings) -> Iterator[Path]:
    """An empty folder for plain parts, for one at a time; what a killed process left is cleared away."""
    folder = settings.backup_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise BackupBroken(_("不能写入备份目录 %(path)s（%(why)s）。", path=folder, why=error.strerror), status=500) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupBroken(_("另一次备份或检验正在进行，请等它结束。"), code="backup_busy", status=409) from error
        for left in (*folder.glob(".work-*"), *folder.glob("*.part")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        with tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as made:
            yield Path(made)
