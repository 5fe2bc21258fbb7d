"""Seals, signatures, logos and backgrounds of a union: pixels made anew, never a drawing that could hold a program."""

import hashlib
import io
import uuid
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from PIL import Image
from sqlalchemy import select, update

from competition.certificates import queries_templates
from competition.certificates.carrying import ASSET_KINDS, MOST_BYTES, Picture
from competition.certificates.layout import SLOTS
from competition.certificates.models_templates import TemplateAsset
from competition.core import audit, files
from competition.core.actors import Actor
from competition.core.cleaning import clean_upload
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken

# A whole A3 page at 200 dots an inch; anything else needs less.
MOST_PIXELS = 3400
MOST_MM = 430


def clean_picture(data: bytes) -> bytes:
    """The picture as PNG without anything else in it, at most ``MOST_PIXELS`` at its longer side. Raises RuleBroken."""
    if len(data) > MOST_BYTES:
        raise RuleBroken(_("图片超过 %(most)s MB，请压缩后再上传。", most=MOST_BYTES // 1024 // 1024), code="file_too_large", status=413,
                         field="file")
    if b"<svg" in data[:4096].lower():
        raise RuleBroken(_("不接受 SVG，里面可能夹带程序。请导出成 PNG 再上传。"), code="file_kind", status=422, field="file")
    clean, kind = clean_upload(data, ("image",))
    with Image.open(io.BytesIO(clean)) as image:
        if kind == "image/png" and max(image.size) <= MOST_PIXELS:
            return clean
        image.thumbnail((MOST_PIXELS, MOST_PIXELS))
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
    return out.getvalue()


def add_asset(
    union_id: uuid.UUID, data: bytes, *, kind: str, name: str, width_mm: float, slot: str = "", actor: Actor, at: datetime
) -> TemplateAsset:
    """Keep a picture; its height follows from its width. The same one again is the same row."""
    if kind not in ASSET_KINDS or slot not in ("", *SLOTS):
        raise RuleBroken(_("请选择图片的用途。"), code="kind", status=422, field="kind")
    if not 1 <= width_mm <= MOST_MM:
        raise RuleBroken(_("宽度应在 1 到 %(most)s 毫米之间。", most=MOST_MM), code="width", status=422, field="width_mm")
    clean = clean_picture(data)
    with Image.open(io.BytesIO(clean)) as image:
        height_mm = round(width_mm * image.height / image.width, 1)
    if not 0.5 <= height_mm <= MOST_MM:
        raise RuleBroken(_("这张图片太扁或太长，放不到纸上。"), code="shape", status=422, field="file")
    files.write_bytes(clean)
    with atomic() as session:
        stored = files.store(clean, name=f"{kind}.png", media_type="image/png", sensitivity="internal", actor=actor, at=at)
        found = session.scalars(select(TemplateAsset).where(
            TemplateAsset.union_id == union_id, TemplateAsset.sha256 == stored.sha256)).one_or_none()
        if found is None:
            found = TemplateAsset(union_id=union_id, sha256=stored.sha256, file_id=stored.id, created_by=actor.id, created_at=at)
            session.add(found)
        found.kind, found.name, found.removed_at = kind, (name.strip() or kind)[:60], None
        found.width_mm, found.height_mm = round(width_mm, 1), height_mm
        if slot or not found.slot:
            found.slot = ""
            session.flush()
            _put(found, slot)
        _record("add", found, actor, at)
    return found


def taken_along(union_id: uuid.UUID, pictures: Mapping[str, Picture], *, actor: Actor, at: datetime) -> dict[str, str]:
    """Pictures of a carried template become this union's: the hash that the file names to the one that each has now.

    What the file says of a picture that the union has already changes nothing about it.
    """
    kept = {asset.sha256 for asset in queries_templates.assets_of(union_id)}
    found = {}
    for digest, one in pictures.items():
        clean = clean_picture(one.data)
        found[digest] = hashlib.sha256(clean).hexdigest()
        if found[digest] not in kept:
            found[digest] = add_asset(
                union_id, clean, kind=one.kind, name=one.name, width_mm=one.width_mm, actor=actor, at=at).sha256
    return found


def put_in_slot(asset_id: uuid.UUID, slot: str, *, actor: Actor, at: datetime) -> TemplateAsset:
    """Where the picture stands on the union's certificates from now on; empty: nowhere by itself."""
    if slot not in ("", *SLOTS):
        raise RuleBroken(_("没有这个位置。"), code="slot", status=422, field="slot")
    with atomic():
        asset = get(TemplateAsset, asset_id, lock=True)
        _put(asset, slot)
        _record("put", asset, actor, at)
    return asset


def remove_asset(asset_id: uuid.UUID, *, actor: Actor, at: datetime) -> TemplateAsset:
    """Take a picture out of the choice. What uses it already still prints."""
    with atomic():
        asset = get(TemplateAsset, asset_id, lock=True)
        asset.removed_at, asset.slot = at, ""
        _record("remove", asset, actor, at)
    return asset


def _put(asset: TemplateAsset, slot: str) -> None:
    if slot:
        db.session.execute(update(TemplateAsset).where(
            TemplateAsset.union_id == asset.union_id, TemplateAsset.slot == slot, TemplateAsset.id != asset.id).values(slot=""))
    asset.slot = slot


def _record(act: str, asset: TemplateAsset, actor: Actor, at: datetime) -> None:
    db.session.flush()
    audit.record("certificates.asset", actor=actor, subject=("template_asset", asset.id), at=at,
                 details={"act": act, "union": str(asset.union_id), "kind": asset.kind, "slot": asset.slot, "sha256": asset.sha256})
