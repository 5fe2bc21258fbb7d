"""The child process of ``service_fonts``: reads a font that somebody sent, glyph by glyph, and writes it anew.

Whoever sends a font may have made it to break what reads it: it is taken apart here, locked up like a document that is
printed. What comes out holds only the tables that print.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import partial
from io import BytesIO
from itertools import pairwise
from typing import Any

from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont
from weasyprint.text.fonts import FontConfiguration

from competition.core.confined import Limits
from competition.core.pictures import picture_of
from competition.core.press import render, serve

KINDS = (b"\0\1\0\0", b"true", b"OTTO")
OUTLINES = ("glyf", "CFF ")
NEEDED = frozenset({"OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "name", "post"})
KEPT = NEEDED | {"glyf", "loca", "CFF ", "cvt ", "fpgm", "prep", "gasp", "GDEF", "GPOS", "GSUB", "BASE", "VORG", "vhea", "vmtx", "kern"}
# Of the rights in a font: not to be embedded at all (and nothing that is wider), not in part, pictures of glyphs only.
RESTRICTED, RIGHTS, NOT_IN_PART, BITMAPS_ONLY = 0x0002, 0x000E, 0x0100, 0x0200
CHINESE = 0x0804
WORDS = "职工职业技能竞赛荣誉证书，王小明同志。ABC abc 0123"
SHEET = """<!doctype html><style>@page {{ size: 240mm 24mm; margin: 4mm }} @font-face {{ font-family: sent; src: url(asset:sent.ttf) }}
p {{ margin: 0; font: 26pt sent; white-space: nowrap }}</style><p>{}</p>"""


class Unfit(Exception):
    """The font cannot be used; ``key``: which of ``service_fonts.FAULTS`` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def answer(request: dict[str, Any], fonts: FontConfiguration) -> dict[str, Any]:
    """To ``font``: its ``family``, ``points``, itself written anew (``data``) and a picture (``sample``); or a ``fault``."""
    try:
        return taken(b64decode(request["font"]), fonts)
    except Unfit as unfit:
        return {"fault": unfit.key}
    except MemoryError:
        raise
    except Exception:
        # A broken font breaks its reader anywhere.
        return {"fault": "broken"}


def taken(data: bytes, fonts: FontConfiguration) -> dict[str, Any]:
    """A font that can be used, as plain data. Raises Unfit."""
    if data[:4] not in KINDS:
        raise Unfit("kind")
    font = TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    check(font)
    points, family = sorted(font.getBestCmap()), family_of(font)
    for tag in set(font.keys()) - KEPT - {"GlyphOrder"}:
        del font[tag]
    out = BytesIO()
    font.save(out, reorderTables=False)
    return {"family": family, "points": ranges(points), "data": b64encode(out.getvalue()).decode(),
            "sample": b64encode(sample(out.getvalue(), points, fonts)).decode()}


def check(font: TTFont) -> None:
    """Raise Unfit unless it is whole, of one shape, and may be embedded."""
    if "fvar" in font or "CFF2" in font:
        raise Unfit("variable")
    if NEEDED - set(font.keys()) or not any(tag in font for tag in OUTLINES) or not font.getBestCmap():
        raise Unfit("broken")
    rights = font["OS/2"].fsType
    if rights & RIGHTS == RESTRICTED or rights & (NOT_IN_PART | BITMAPS_ONLY):
        raise Unfit("rights")
    glyphs, pen = font.getGlyphSet(), NullPen()
    for name in font.getGlyphOrder():
        glyphs[name].draw(pen)


def family_of(font: TTFont) -> str:
    """What people call it: its Chinese name where it has one, with its weight unless that is the usual one."""
    names = font["name"]
    found = [names.getName(number, 3, 1, CHINESE) for number in (16, 1)]
    family = next((str(each) for each in found if each), None) or names.getBestFamilyName() or ""
    style = names.getBestSubFamilyName() or ""
    whole = family if style in ("", "Regular", "Normal", "常规") else f"{family} {style}"
    plain = " ".join("".join(c for c in whole if c.isprintable() and c not in '"\'\\{}<>;,').split())
    if not plain or len(plain) > 60:
        raise Unfit("name")
    return plain


def ranges(points: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted numbers as pairs of the first and the last of each row without a gap."""
    row = list(points)
    ends = [n for n, (one, other) in enumerate(pairwise(row)) if other - one > 1]
    starts = [0, *(n + 1 for n in ends)]
    return [(row[first], row[last]) for first, last in zip(starts, [*ends, len(row) - 1], strict=True)]


def sample(data: bytes, points: list[int], fonts: FontConfiguration) -> bytes:
    """A few words in this font, as they are printed; the renderer's own reader has to take it too."""
    known = set(points)
    words = "".join(c for c in WORDS if ord(c) in known).strip() or "".join(map(chr, points[-16:]))
    pdf = render(SHEET.format(words.replace("&", "").replace("<", "")), {"sent.ttf": data}, fonts)
    return picture_of(pdf, width=1200)


if __name__ == "__main__":
    serve(partial(answer, fonts=FontConfiguration()), Limits.given())
