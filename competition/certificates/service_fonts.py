"""A union's licensed fonts: taken, and ended; pictures of characters that no font has."""

import io
import uuid
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from PIL import Image, ImageOps
from sqlalchemy import select

from competition.certificates import fonts, letters
from competition.certificates.models import Batch
from competition.certificates.models_fonts import GlyphPicture, UnionFont
from competition.contests.models import Contest
from competition.core import audit, files
from competition.core.actors import Actor
from competition.core.cleaning import clean_upload
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.paper import Press
from competition.organisations.models import Union

LARGEST_MB = 20
FAULTS = {
    "kind": lazy_gettext("只接受 TTF 或 OTF 字体文件；TTC 合集和网页字体（WOFF）请先转成单个的 TTF。"),
    "variable": lazy_gettext("这是可变字体，请上传其中固定的一款。"),
    "rights": lazy_gettext("字体文件写明不允许嵌入文档（或只允许整体嵌入、只允许位图），不能制作证书。请向字体公司索取允许嵌入的版本。"),
    "broken": lazy_gettext("字体文件不完整或已损坏，读不出全部字形。请换一个文件。"),
    "name": lazy_gettext("字体文件里没有可用的字体名称。"),
}
# The side of the picture of a character, in pixels: sharp at 60 pt on 600 dpi.
SIDE, MARGIN, INK, PAPER = 512, 10, 96, 160


@dataclass(frozen=True)
class TakenFont:
    """A font that can be used, on its way into the table."""

    family: str
    points: list[list[int]]
    data: bytes
    sample: bytes


def take_font(data: bytes) -> TakenFont:
    """Take a font apart in a process of its own, locked up, before any transaction. Raises RuleBroken with what is wrong."""
    if len(data) > LARGEST_MB * 1024**2:
        raise RuleBroken(_("字体文件超过 %(n)s MB。", n=LARGEST_MB), code="font_too_large", status=413, field="file")
    with Press("competition.certificates.font_child") as press:
        found: dict[str, Any] = press.ask({"font": b64encode(data).decode()})
    if "fault" in found:
        raise RuleBroken(FAULTS[found["fault"]], code=f"font_{found['fault']}", status=422, field="file")
    if found["family"] in fonts.STACK:
        raise RuleBroken(_("“%(family)s”是系统自带的字体，不需要上传。", family=found["family"]), code="font_ours", status=422,
                         field="file")
    return TakenFont(found["family"], found["points"], b64decode(found["data"]), b64decode(found["sample"]))


def add_font(union_id: uuid.UUID, font: TakenFont, licence: str, *, actor: Actor, at: datetime) -> UnionFont:
    """Keep a font for the templates of a union and of those below it; it takes the place of one of the same name."""
    for data in (font.data, font.sample):
        files.write_bytes(data)
    with atomic() as session:
        union = get(Union, union_id, lock=True)
        before = session.scalars(select(UnionFont).where(
            UnionFont.union_id == union.id, UnionFont.family == font.family, UnionFont.ended_at.is_(None))).one_or_none()
        if before is not None:
            before.ended_at = at
            session.flush()
        file = files.store(font.data, name=files.safe_name(font.family, ".ttf"), media_type="font/ttf", sensitivity="internal",
                           actor=actor, at=at)
        sample = files.store(font.sample, name="sample.png", media_type="image/png", sensitivity="internal", actor=actor, at=at)
        row = UnionFont(union_id=union.id, family=font.family, licence=licence, file_id=file.id, sample_id=sample.id, points=font.points,
                        added_by=actor.id, added_at=at)
        session.add(row)
        session.flush()
        audit.record("certificates.font", actor=actor, subject=("union", union.id), at=at, reason=licence,
                     details={"font": str(row.id), "family": row.family, "file": file.sha256,
                              "instead_of": str(before.id) if before else None})
    return row


def end_font(font_id: uuid.UUID, *, actor: Actor, at: datetime) -> UnionFont:
    """No new batch uses the font. The file stays: batches that were prepared with it are printed from it."""
    with atomic():
        font = get(UnionFont, font_id, lock=True)
        if font.ended_at is not None:
            raise RuleBroken(_("这个字体已经停用。"), code="font_ended")
        font.ended_at = at
        audit.record("certificates.font_end", actor=actor, subject=("union", font.union_id), at=at,
                     details={"font": str(font.id), "family": font.family})
    return font


def add_picture(contest_id: uuid.UUID, name: str, char: str, data: bytes, *, actor: Actor, at: datetime) -> GlyphPicture:
    """Keep what is printed instead of a character of this name that no font has; it takes the place of an earlier one."""
    if len(char) != 1 or char not in name:
        raise RuleBroken(_("请填写姓名中的一个字。"), code="not_in_name", status=422, field="char")
    if not fonts.unprintable(char):
        raise RuleBroken(_("字库里有“%(char)s”，不需要图片。", char=char), code="glyph_known", status=422, field="char")
    drawn = glyph_of(data)
    files.write_bytes(drawn)
    with atomic() as session:
        get(Contest, contest_id, lock=True)
        before = session.scalars(select(GlyphPicture).where(
            GlyphPicture.contest_id == contest_id, GlyphPicture.name == name, GlyphPicture.char == char,
            GlyphPicture.ended_at.is_(None))).one_or_none()
        if before is not None:
            before.ended_at = at
            session.flush()
        file = files.store(drawn, name="glyph.png", media_type="image/png", sensitivity="personal", actor=actor, at=at)
        row = GlyphPicture(contest_id=contest_id, name=name, char=char, file_id=file.id, added_by=actor.id, added_at=at)
        session.add(row)
        session.flush()
        audit.record("certificates.glyph", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"glyph": str(row.id), "code_point": f"U+{ord(char):04X}", "file": file.sha256})
    return row


def end_picture(contest_id: uuid.UUID, picture_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """No new batch prints the picture; those that were prepared with it do."""
    with atomic():
        picture = letters.get_picture(contest_id, picture_id)
        if picture.ended_at is None:
            picture.ended_at = at
            audit.record("certificates.glyph_end", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                         details={"glyph": str(picture.id)})


def forget_pictures(contest_ids: Collection[uuid.UUID], names: Collection[str], word: str) -> None:
    """Within the caller's act: whose name had a picture is not known any more, nor who was left out of a batch (``word`` is left
    of the name). What was issued keeps its pictures, as it keeps the name."""
    session = db.session()
    found = list(session.scalars(select(GlyphPicture).where(GlyphPicture.contest_id.in_(contest_ids), GlyphPicture.name.in_(names))))
    issued: set[str] = set()
    for batch in session.scalars(select(Batch).where(Batch.contest_id.in_(contest_ids)).with_for_update()):
        batch.settings = _without(batch.settings, names, word, letters_too=batch.issued_at is None)
        issued.update(digest for name in names for digest in letters.glyphs_kept(batch.settings, name).values())
    pictured = [picture.file for picture in found]
    for picture in found:
        session.delete(picture)
    session.flush()
    files.drop(file for file in pictured if file.sha256 not in issued)


def _without(settings: dict[str, Any], names: Collection[str], word: str, *, letters_too: bool) -> dict[str, Any]:
    """The settings of a batch without what they say of these names."""
    problems = [{**one, "name": word} if one["name"] in names else one for one in settings.get("problems", [])]
    kept = {**settings, "problems": problems} if problems != settings.get("problems", []) else settings
    glyphs = kept.get("letters", {}).get("glyphs", {})
    if letters_too and not glyphs.keys().isdisjoint(names):
        kept = {**kept, "letters": {**kept["letters"], "glyphs": {name: drawn for name, drawn in glyphs.items() if name not in names}}}
    return kept


def glyph_of(data: bytes) -> bytes:
    """A character out of a picture of it, dark on light: cut to its edges, a square, black on nothing."""
    clean, _kind = clean_upload(data, ("image",))
    with Image.open(io.BytesIO(clean)) as image:
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image.convert("RGB"), mask=image.getchannel("A") if "A" in image.getbands() else None)
    grey = ImageOps.autocontrast(flat.convert("L"), cutoff=1)
    box = grey.point(lambda value: 255 if value < PAPER else 0).getbbox()
    tones = flat.convert("L").histogram()
    if box is None or not any(tones[:INK]) or not any(tones[PAPER:]):
        raise RuleBroken(_("图片里看不出字：请上传白底黑字、只有这一个字的图片。"), code="no_glyph", status=422, field="file")
    ink = ImageOps.contain(ImageOps.invert(grey.crop(box)), (SIDE - 2 * MARGIN, SIDE - 2 * MARGIN))
    alpha = Image.new("L", (SIDE, SIDE), 0)
    alpha.paste(ink, ((SIDE - ink.width) // 2, (SIDE - ink.height) // 2))
    glyph, out = Image.new("LA", (SIDE, SIDE), (0, 0)), io.BytesIO()
    glyph.putalpha(alpha)
    glyph.save(out, "PNG", optimize=True)
    return out.getvalue()
