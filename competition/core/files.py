"""One store for photos, scans, attachments, seals and PDFs: bytes by hash, facts in a row."""

import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from flask import Response, current_app, send_file
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.actors import Actor
from competition.core.characters import TURNING, without_controls
from competition.core.cleaning import clean_upload
from competition.core.database import Model, WithId, after_commit, db
from competition.core.errors import RuleBroken

_HASH = re.compile("[0-9a-f]{64}")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", XLSX: ".xlsx", "application/zip": ".zip"}


class StoredFile(WithId, Model):
    """What is known of a file; the bytes lie under their hash.

    ``sensitivity`` is ``public``, ``internal`` or ``personal``; ``keep_until`` says when it may go.
    """

    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    name: Mapped[str]
    sensitivity: Mapped[str]
    owner_id: Mapped[uuid.UUID | None]
    keep_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def path(self) -> Path:
        return path_of(self.sha256)

    def read(self) -> bytes:
        """The bytes; raises RuleBroken when they are gone or altered."""
        return read_bytes(self.sha256)

    def check(self) -> None:
        """Raise RuleBroken when the bytes are gone or altered, without taking all of them into memory."""
        with _opened(self.sha256) as stream:
            _compare(hashlib.file_digest(stream, "sha256").hexdigest(), self.sha256)


def read_bytes(sha256: str) -> bytes:
    """What lies under a hash; raises RuleBroken when it is gone or altered."""
    with _opened(sha256) as stream:
        data = stream.read()
    _compare(hashlib.sha256(data).hexdigest(), sha256)
    return data


def _opened(sha256: str) -> BufferedReader:
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError as error:
        raise RuleBroken(_("文件内容缺失，请联系管理员从备份恢复。"), code="file_missing", status=500) from error


def _compare(found: str, wanted: str) -> None:
    if found != wanted:
        raise RuleBroken(_("文件内容与登记的校验值不符，请联系管理员。"), code="file_altered", status=500)


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie. Raises ValueError for what is no hash: rows also come from other machines."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(sha256)
    root: Path = current_app.extensions["settings"].instance / "files"
    return root / sha256[:2] / sha256[2:4] / sha256


def store(
    data: bytes, *, name: str, media_type: str, sensitivity: str, actor: Actor, at: datetime,
    keep_until: datetime | None = None,
) -> StoredFile:
    """Keep bytes that the program made itself. The row belongs to the caller's transaction.

    The file is on disk before the row can be committed: a crash leaves at most an unused file.
    """
    kept = Upload(hashlib.sha256(data).hexdigest(), len(data), media_type, name)
    _write_durably(path_of(kept.sha256), data)
    return _add_row(kept, sensitivity=sensitivity, actor=actor, at=at, keep_until=keep_until)


def write_bytes(data: bytes) -> None:
    """Put bytes on disk before the transaction that will ``store`` them, so that it stays short."""
    _write_durably(path_of(hashlib.sha256(data).hexdigest()), data)


@dataclass(frozen=True)
class Upload:
    """What a person sent, cleaned, or what we made, on disk already; no row knows of it yet."""

    sha256: str
    size: int
    media_type: str
    name: str


def take_upload(data: bytes, *, name: str, kinds: tuple[str, ...]) -> Upload:
    """Clean what was sent and write it to disk, before the transaction that keeps it: decoding takes its time."""
    clean, media_type = clean_upload(data, kinds)
    write_bytes(clean)
    return Upload(hashlib.sha256(clean).hexdigest(), len(clean), media_type, safe_name(name, SUFFIX[media_type]))


def take_made(write: Callable[[BinaryIO], object], *, name: str, media_type: str) -> Upload:
    """Let ``write`` fill a file on disk, for what is too large for memory; before the transaction that keeps it."""
    root: Path = current_app.extensions["settings"].instance / "files"
    root.mkdir(parents=True, exist_ok=True)
    temporary = root / f".{uuid.uuid4().hex}"
    try:
        with temporary.open("w+b") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        _put(temporary, path_of(digest))
    finally:
        temporary.unlink(missing_ok=True)
    return Upload(digest, size, media_type, name)


def safe_name(name: str, suffix: str) -> str:
    """The last part of a file's name with our own suffix, without what turns or hides letters."""
    stem = Path(without_controls(name).replace("\\", "/")).stem
    plain = "".join(c for c in stem if c.isprintable() and c not in TURNING and c not in '<>:"|?*/').strip(" .")
    return (plain[:80] or "file") + suffix


def keep_upload(upload: Upload, *, sensitivity: str, actor: Actor, at: datetime) -> StoredFile:
    """The row of what was taken, in the caller's transaction."""
    if not path_of(upload.sha256).exists():
        # The same bytes came twice at once, one was refused and took them away.
        raise RuleBroken(_("文件没有存好，请再上传一次。"), code="file_gone")
    return _add_row(upload, sensitivity=sensitivity, actor=actor, at=at)


def _add_row(kept: Upload, *, sensitivity: str, actor: Actor, at: datetime, keep_until: datetime | None = None) -> StoredFile:
    row = StoredFile(
        sha256=kept.sha256, size=kept.size, media_type=kept.media_type, name=kept.name, sensitivity=sensitivity,
        owner_id=actor.id, keep_until=keep_until, created_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def discard(upload: Upload) -> None:
    """What was taken is refused after all: its bytes go, unless a row means the same."""
    if db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == upload.sha256).limit(1)) is None:
        path_of(upload.sha256).unlink(missing_ok=True)


def drop(rows: Iterable[StoredFile]) -> None:
    """Within the caller's act: these files are not kept any more; the bytes go after the commit, unless another row
    means the same. What pointed to the rows points elsewhere already."""
    session, hashes = db.session(), set()
    for row in rows:
        hashes.add(row.sha256)
        session.delete(row)
    session.flush()
    still = set(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes))))
    for path in [path_of(digest) for digest in sorted(hashes - still)]:
        after_commit(partial(path.unlink, missing_ok=True))


def _write_durably(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    _put(temporary, path)


def _put(temporary: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def send_stored(row: StoredFile, *, download: bool = True) -> Response:
    """Answer a request with a stored file, as the type that we gave it. The caller has checked the right.

    Pictures may be shown in place; all else is handed over to be saved, since no viewer runs in a sandbox.
    """
    row.check()
    in_place = not download and row.media_type.startswith("image/")
    answer = send_file(row.path, mimetype=row.media_type, as_attachment=not in_place, download_name=row.name, etag=row.sha256)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
