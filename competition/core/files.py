"""One store for photos, scans, attachments, seals and PDFs: bytes by hash, facts in a row."""

import hashlib
import io
import os
import uuid
from datetime import datetime
from pathlib import Path

import pikepdf
from flask import Response, current_app, send_file
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Mapped, mapped_column

from competition.core.actors import Actor
from competition.core.database import Model, WithId, db
from competition.core.errors import RuleBroken

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 24_000_000
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
        try:
            data = self.path.read_bytes()
        except FileNotFoundError as error:
            raise RuleBroken("文件内容缺失，请联系管理员从备份恢复。", code="file_missing", status=500) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise RuleBroken("文件内容与登记的校验值不符，请联系管理员。", code="file_altered", status=500)
        return data


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    root: Path = current_app.extensions["settings"].instance / "files"
    return root / sha256[:2] / sha256[2:4] / sha256


def store(
    data: bytes, *, name: str, media_type: str, sensitivity: str, actor: Actor, at: datetime,
    keep_until: datetime | None = None,
) -> StoredFile:
    """Keep bytes that the program made itself. The row belongs to the caller's transaction.

    The file is on disk before the row can be committed: a crash leaves at most an unused file.
    """
    digest = hashlib.sha256(data).hexdigest()
    _write_durably(path_of(digest), data)
    row = StoredFile(
        sha256=digest, size=len(data), media_type=media_type, name=name, sensitivity=sensitivity,
        owner_id=actor.id, keep_until=keep_until, created_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def write_bytes(data: bytes) -> None:
    """Put bytes on disk before the transaction that will ``store`` them, so that it stays short."""
    _write_durably(path_of(hashlib.sha256(data).hexdigest()), data)


def store_upload(
    data: bytes, *, name: str, kinds: tuple[str, ...], sensitivity: str, actor: Actor, at: datetime
) -> StoredFile:
    """Keep what a person sent: pictures are decoded and written anew, PDFs are read and written anew."""
    clean, media_type = clean_upload(data, kinds)
    stem = Path(name.replace("\\", "/")).stem[:80] or "file"
    return store(clean, name=stem + SUFFIX[media_type], media_type=media_type, sensitivity=sensitivity,
                 actor=actor, at=at)


def clean_upload(data: bytes, kinds: tuple[str, ...]) -> tuple[bytes, str]:
    """The same content without anything hidden in it, and its media type; ``kinds`` from image, pdf."""
    if len(data) > MAX_BYTES:
        raise RuleBroken("文件超过 20 MB，请压缩后再上传。", code="file_too_large", status=413)
    if "pdf" in kinds and data[:5] == b"%PDF-":
        return _clean_pdf(data), "application/pdf"
    if "image" in kinds and data[:3] == b"\xff\xd8\xff":
        return _clean_image(data, "JPEG"), "image/jpeg"
    if "image" in kinds and data[:8] == b"\x89PNG\r\n\x1a\n":
        return _clean_image(data, "PNG"), "image/png"
    wanted = {"image": "JPG 或 PNG 图片", "pdf": "PDF"}
    raise RuleBroken(f"只接受{'、'.join(wanted[k] for k in kinds)}文件。", code="file_kind", status=422)


def _clean_image(data: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise RuleBroken("图片像素过大，请缩小后再上传。", code="image_too_large", status=413)
            turned = ImageOps.exif_transpose(image)
            plain = turned.convert("RGBA" if kind == "PNG" else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise RuleBroken("这张图片无法读取，请换一张。", code="image_unreadable", status=422) from error
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, kind, **({"quality": 88} if kind == "JPEG" else {"optimize": True}))
    return out.getvalue()


def _clean_pdf(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for key in ("/OpenAction", "/AA", "/Names", "/AcroForm"):
                if key in pdf.Root:
                    del pdf.Root[key]
            for page in pdf.pages:
                for key in ("/AA", "/Annots"):
                    if key in page:
                        del page[key]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            if "/Metadata" in pdf.Root:
                del pdf.Root["/Metadata"]
            out = io.BytesIO()
            pdf.save(out)
    except (pikepdf.PdfError, ValueError) as error:
        raise RuleBroken("这个 PDF 无法读取（可能加密或损坏），请换一个文件。", code="pdf_unreadable", status=422) from error
    return out.getvalue()


def _write_durably(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def send_stored(row: StoredFile, *, download: bool = True) -> Response:
    """Answer a request with a stored file, as the type that we gave it. The caller has checked the right."""
    row.read()
    answer = send_file(row.path, mimetype=row.media_type, as_attachment=download, download_name=row.name, etag=row.sha256)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
