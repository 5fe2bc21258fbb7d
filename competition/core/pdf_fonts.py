"""Fonts inside PDFs: a face that can be written with some of its glyphs, and put together with the same face of other files.

HarfBuzz thins fonts out, fontTools puts them together; what is said here is how a PDF refers to them. Only faces with
TrueType outlines whose codes are the numbers of the glyphs in the whole font, as WeasyPrint writes them and we do.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import uharfbuzz
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Object, Stream

from competition.core.pdf_file import Copier, PdfFile

_LINE = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_OPERATOR = re.compile(rb"(?m)^(?:(q)|(Q)|/(\S+) \S+ Tf)$|<([0-9a-f]+)>")
# What the descriptor says of a part of the face, not of the face.
PARTS_OWN = ("/FontFile2", "/FontName", "/CIDSet", "/Type")
# Tables that a font inside a PDF does not need.
DROPPED = ("GDEF", "GPOS", "GSUB", "OS/2", "cmap", "gasp", "name", "post", "vhea", "vmtx")
NAMES = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@dataclass
class Face:
    """``key``: the same for the same face of the same font file; ``texts``: what each glyph stands for, UTF-16 in hexadecimal;
    ``places``: where each glyph is in ``program``, the font file."""

    name: bytes
    descriptor: bytes
    texts: dict[int, bytes]
    places: dict[int, int]
    program: bytes

    @cached_property
    def key(self) -> bytes:
        # The sum and the format of places differ between parts of the same font; its version and its dates do not.
        head: bytes = self._parsed.reference_table("head").data
        return self.name + head[4:8] + head[18:36]

    @cached_property
    def _parsed(self) -> uharfbuzz.Face:
        return uharfbuzz.Face(self.program)

    @staticmethod
    def read(font: Object, copier: Copier) -> "Face | None":
        """The face of a font of a document; None when it is of another kind."""
        inside = font.DescendantFonts[0] if font.get("/Subtype") == "/Type0" else Dictionary()
        program = inside.get("/FontDescriptor", Dictionary()).get("/FontFile2")
        if program is None or font.get("/Encoding") != "/Identity-H":
            return None
        texts = {int(number, 16): text for number, text in _LINE.findall(font.ToUnicode.read_bytes().partition(b"beginbfchar")[2])}
        name = str(inside.BaseFont)[1:].partition("+")[2].encode() or b"Font"
        return Face(name, copier.entries(inside.FontDescriptor, PARTS_OWN), texts, _places(inside.CIDToGIDMap, texts), program.read_bytes())

    def only(self, numbers: Iterable[int]) -> "Face":
        """With these glyphs alone."""
        kept = set(numbers)
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in DROPPED)
        wanted.glyph_set.update(self.places[number] for number in kept)
        plan = uharfbuzz.SubsetPlan(self._parsed, wanted)
        moved = dict(plan.old_to_new_glyph_mapping)
        return Face(self.name, self.descriptor, {number: self.texts[number] for number in kept if number in self.texts},
                    {number: moved[self.places[number]] for number in kept}, plan.execute().blob.data)

    def write(self, file: PdfFile, number: int | None = None) -> int:
        """The font as objects of a file; ``number``: one that was reserved for it."""
        mark = hashlib.sha256(repr(sorted(self.texts)).encode()).digest()
        name = b"/%s+%s" % (bytes(65 + letter % 26 for letter in mark[:6]), self.name)
        program = file.add_stream(self.program, b"/Length1 %d" % len(self.program))
        descriptor = file.add(b"<</Type/FontDescriptor/FontName%s%s/FontFile2 %d 0 R>>" % (name, self.descriptor, program))
        inside = file.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/CIDToGIDMap %d 0 R/W[%s]/FontDescriptor %d 0 R>>" % (name, file.add_stream(self._map()), self._widths(), descriptor))
        names = file.add_stream(NAMES % b"\n".join(_blocks(self.texts)))
        return file.add(b"<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                        % (name, inside, names), number)

    def _map(self) -> bytes:
        """The place of every number up to the last, two bytes each."""
        places = bytearray(2 * (max(self.places, default=0) + 1))
        for number, place in self.places.items():
            places[2 * number:2 * number + 2] = place.to_bytes(2, "big")
        return bytes(places)

    def _widths(self) -> bytes:
        advance, units = uharfbuzz.Font(self._parsed).get_glyph_h_advance, self._parsed.upem
        return b"".join(b"%d[%d]" % (number, round(advance(place) * 1000 / units)) for number, place in sorted(self.places.items()))


def _places(found: Object, texts: Iterable[int]) -> dict[int, int]:
    """The place in the font file of each glyph that stands for something."""
    if not isinstance(found, Stream):
        return {number: number for number in texts}
    data = found.read_bytes()
    return {number: int.from_bytes(data[2 * number:2 * number + 2], "big") for number in texts}


def _blocks(texts: dict[int, bytes]) -> Iterable[bytes]:
    """Lines for ``texts``, at most a hundred in a block, as the format wants it."""
    lines = [b"<%04x> <%s>" % one for one in sorted(texts.items())]
    for start in range(0, len(lines), 100):
        block = lines[start:start + 100]
        yield b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block))


class WholeFace:
    """A face as many files have parts of it."""

    def __init__(self, first: Face) -> None:
        self.first, self.texts, self.parts = first, dict(first.texts), [first]

    def takes(self, other: Face) -> bool:
        """Add the glyphs of ``other``; False when one of them stands for something else here: a shape may serve two characters."""
        if any(self.texts.get(number, text) != text for number, text in other.texts.items()):
            return False
        if new := other.texts.keys() - self.texts.keys():
            self.parts.append(other.only(new))
            self.texts.update(other.texts)
        return True

    def write(self, file: PdfFile, number: int) -> None:
        """All glyphs as one font."""
        font = TTFont(BytesIO(self.first.program), recalcBBoxes=False, recalcTimestamp=False)
        order, places = list(font.getGlyphOrder()), dict(self.first.places)
        for part in self.parts[1:]:
            other = TTFont(BytesIO(part.program), recalcBBoxes=False)
            for glyph, place in sorted(part.places.items()):
                places[glyph] = len(order)
                order.append(f"glyph{len(order):05d}")
                font["glyf"].glyphs[order[-1]] = other["glyf"].glyphs[other.getGlyphName(place)]
                font["hmtx"].metrics[order[-1]] = other["hmtx"].metrics[other.getGlyphName(place)]
        font.setGlyphOrder(order)
        font["glyf"].setGlyphOrder(order)
        out = BytesIO()
        font.save(out, reorderTables=False)
        Face(self.first.name, self.first.descriptor, self.texts, places, out.getvalue()).write(file, number)


def glyphs_in(drawing: bytes) -> dict[str, set[int]]:
    """The glyphs that a drawing shows, by the name of their font; two bytes a glyph."""
    found: dict[str, set[int]] = {}
    font, before = "", []
    for opens, closes, name, codes in _OPERATOR.findall(drawing):
        if opens:
            before.append(font)
        elif closes:
            font = before.pop()
        elif name:
            font = f"/{name.decode()}"
        else:
            # A single byte is the only character of a font of its own.
            found.setdefault(font, set()).update(int(codes[at:at + 4], 16) for at in range(0, len(codes), 4))
    return found
