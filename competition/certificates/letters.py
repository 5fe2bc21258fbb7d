"""What a batch prints with beyond the fonts of ours: fonts of unions, pictures of characters. Reads only.

A batch keeps what it was prepared with (``Batch.settings["letters"]``): a font that is ended later, or a picture that
is replaced, changes nothing of it.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.certificates import fonts, rules
from competition.certificates.design import Font
from competition.certificates.models_fonts import GlyphPicture, UnionFont
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.files import read_bytes
from competition.organisations.queries import ancestor_ids


@dataclass(frozen=True)
class Letters:
    """``families``: the fonts of unions that may be used. ``glyphs``: by name and character the hash of a picture.

    A font of a union's is used where a block names it, and for characters that no font of ours has.
    """

    families: Mapping[str, UnionFont] = field(default_factory=dict)
    glyphs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def unprintable(self, layout: Mapping[str, Any], data: Mapping[str, str]) -> str:
        """The characters of a certificate that neither a font nor a picture of this name draws, each once."""
        return "".join(char for char in self._rare(layout, data) if self._family_of(char) is None)

    def _rare(self, layout: Mapping[str, Any], data: Mapping[str, str]) -> str:
        """The characters that no font of ours has, and no picture stands for."""
        pictured = self.glyphs.get(data.get("姓名", ""), {})
        found = "".join(rules.said(layout, block, data) or "" for block in layout["blocks"] if block["kind"] == "text")
        return "".join(char for char in fonts.unprintable(found) if char not in pictured)

    def _family_of(self, char: str) -> str | None:
        return next((family for family, font in self.families.items()
                     if any(first <= ord(char) <= last for first, last in font.points)), None)

    def kept(self, layout: Mapping[str, Any], people: Collection[Mapping[str, str]]) -> dict[str, Any]:
        """What of it these certificates need, as a batch keeps it; ``people``: their data."""
        used = {block.get("font") for block in layout["blocks"]} & self.families.keys()
        if self.families:
            used |= {family for data in people for char in self._rare(layout, data) if (family := self._family_of(char))}
        names = {data.get("姓名", "") for data in people}
        return {"fonts": {family: self.families[family].file.sha256 for family in sorted(filter(None, used))},
                "glyphs": {name: dict(self.glyphs[name]) for name in sorted(self.glyphs.keys() & names)}}


def letters_for(union_id: uuid.UUID | None, contest_id: uuid.UUID) -> Letters:
    """What a new batch of this contest, hosted by this union, may use."""
    return Letters({font.family: font for font in usable_fonts(union_id)}, _glyphs(contest_id))


def usable_fonts(union_id: uuid.UUID | None) -> list[UnionFont]:
    """The fonts that templates of a union may name, by family; where two have the same name, the nearer one."""
    above = ancestor_ids(union_id)
    query = select(UnionFont).where(UnionFont.union_id.in_(above), UnionFont.ended_at.is_(None)).options(joinedload(UnionFont.file))
    found = sorted(db.session.scalars(query), key=lambda font: -above.index(font.union_id))
    return sorted({font.family: font for font in found}.values(), key=lambda font: font.family)


def fonts_of(union_id: uuid.UUID) -> list[UnionFont]:
    """A union's own fonts, those in use first."""
    query = select(UnionFont).where(UnionFont.union_id == union_id).options(joinedload(UnionFont.file))
    return list(db.session.scalars(query.order_by(UnionFont.ended_at.is_not(None), UnionFont.family, UnionFont.added_at.desc())))


def get_font(union_id: uuid.UUID, font_id: uuid.UUID) -> UnionFont:
    """A font of this union; raises NotFound."""
    found = db.session.get(UnionFont, font_id)
    if found is None or found.union_id != union_id:
        raise NotFound(_("没有找到这个字体，它可能属于另一个工会。"))
    return found


def pictures_of(contest_id: uuid.UUID) -> list[GlyphPicture]:
    """The pictures of a contest that are in use, by name."""
    query = select(GlyphPicture).where(GlyphPicture.contest_id == contest_id, GlyphPicture.ended_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(GlyphPicture.file)).order_by(GlyphPicture.name, GlyphPicture.char)))


def get_picture(contest_id: uuid.UUID, picture_id: uuid.UUID) -> GlyphPicture:
    """A picture of this contest; raises NotFound."""
    found = db.session.get(GlyphPicture, picture_id)
    if found is None or found.contest_id != contest_id:
        raise NotFound(_("没有找到这张字形图片，它可能属于另一项赛事。"))
    return found


def _glyphs(contest_id: uuid.UUID) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for picture in pictures_of(contest_id):
        found.setdefault(picture.name, {})[picture.char] = picture.file.sha256
    return found


def fonts_kept(settings: Mapping[str, Any]) -> list[Font]:
    """The fonts that a batch was prepared with."""
    return [Font(family, read_bytes(digest)) for family, digest in _kept(settings, "fonts").items()]


def pictures_kept(settings: Mapping[str, Any]) -> dict[str, bytes]:
    """The pictures of characters that a batch was prepared with, by hash."""
    return {digest: read_bytes(digest) for glyphs in _kept(settings, "glyphs").values() for digest in glyphs.values()}


def glyphs_kept(settings: Mapping[str, Any], name: str) -> dict[str, str]:
    """What stands for characters of this name in a batch: character to hash."""
    found: dict[str, str] = _kept(settings, "glyphs").get(name, {})
    return found


def _kept(settings: Mapping[str, Any], what: str) -> dict[str, Any]:
    found: dict[str, Any] = settings.get("letters", {}).get(what, {})
    return found
