"""Fonts inside PDFs: a face that can be written with some of its glyphs, and put together with the same face of other files.

Only faces with TrueType outlines whose codes are the numbers of the glyphs in the whole font, as WeasyPrint writes them and we do.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial

from pikepdf import Dictionary, Object, Stream

from competition.core.pdf_file import Copier, PdfFile
from competition.core.truetype import BEGINNING, NotTrueTypeError, Outlines, head_of

_LINE = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
# What the descriptor says of the face, whichever glyphs are there.
DESCRIPTOR = ("/FontFile2", "/FontName", "/CIDSet", "/Type")
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
    """``key``: the same for the same face of the same font file; ``texts``: what each glyph stands for, UTF-16 in hexadecimal.

    ``read_outlines``: the outlines are taken apart when they are first asked for (while the document that they are in is
    open): many files hold nothing new.
    """

    key: bytes
    name: bytes
    descriptor: bytes
    texts: dict[int, bytes]
    read_outlines: Callable[[], Outlines]

    @cached_property
    def outlines(self) -> Outlines:
        return self.read_outlines()

    @staticmethod
    def read(font: Object, copier: Copier) -> "Face | None":
        """The face of a font of a document; None when it is of another kind."""
        inside = font.DescendantFonts[0] if font.get("/Subtype") == "/Type0" else Dictionary()
        program = inside.get("/FontDescriptor", Dictionary()).get("/FontFile2")
        if program is None or font.get("/Encoding") != "/Identity-H":
            return None
        texts = {int(number, 16): text for number, text in _LINE.findall(font.ToUnicode.read_bytes().partition(b"beginbfchar")[2])}
        name = str(inside.BaseFont)[1:].partition("+")[2].encode() or b"Font"
        try:
            head = head_of(_beginning(program))
            face = Face(name + head[4:8] + head[18:36], name, copier.entries(inside.FontDescriptor, DESCRIPTOR), texts,
                        lambda: Outlines.read(program.read_bytes(), _places(inside.CIDToGIDMap, texts)))
            # Our own fonts can be taken apart: they have been once.
            return face if isinstance(inside.CIDToGIDMap, Stream) or face.outlines else None
        except NotTrueTypeError:
            return None

    def only(self, numbers: Iterable[int]) -> "Face":
        """With these glyphs alone."""
        kept = [0, *sorted(set(numbers))]
        outlines = Outlines(self.outlines.tables, {number: self.outlines.glyphs[number] for number in kept})
        texts = {number: self.texts[number] for number in kept if number in self.texts}
        return Face(self.key, self.name, self.descriptor, texts, partial(_given, outlines))

    def kept(self) -> "Face":
        """The face, for when its document is closed."""
        return Face(self.key, self.name, self.descriptor, dict(self.texts), partial(_given, self.outlines))

    def agrees(self, other: "Face") -> bool:
        """Does every glyph that both have stand for the same? One shape may serve several characters."""
        return all(self.texts.get(number, text) == text for number, text in other.texts.items())

    def take(self, other: "Face") -> None:
        """The other's glyphs too."""
        new = other.texts.keys() - self.texts.keys()
        if new:
            self.outlines.glyphs.update({number: other.outlines.glyphs[number] for number in new})
            self.texts.update(other.texts)

    def write(self, file: PdfFile, number: int | None = None) -> int:
        """The font as objects of a file; ``number``: one that was reserved for it."""
        mark = hashlib.sha256(repr(sorted(self.texts)).encode()).digest()
        name = b"/%s+%s" % (bytes(65 + letter % 26 for letter in mark[:6]), self.name)
        data = self.outlines.data()
        program = file.add_stream(data, b"/Length1 %d" % len(data))
        descriptor = file.add(b"<</Type/FontDescriptor/FontName%s%s/FontFile2 %d 0 R>>" % (name, self.descriptor, program))
        units, glyphs = self.outlines.units, sorted(self.outlines.glyphs.items())
        widths = b"".join(b"%d[%d]" % (number, round(glyph.advance * 1000 / units)) for number, glyph in glyphs)
        places = file.add_stream(self.outlines.places())
        inside = file.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/CIDToGIDMap %d 0 R/W[%s]/FontDescriptor %d 0 R>>" % (name, places, widths, descriptor))
        names = file.add_stream(NAMES % b"\n".join(_blocks(self.texts)))
        return file.add(b"<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                        % (name, inside, names), number)


def _given(outlines: Outlines) -> Outlines:
    return outlines


def _beginning(program: Object) -> bytes:
    """Enough of a font file to know it by."""
    if program.get("/Filter") == "/FlateDecode" and "/DecodeParms" not in program:
        return zlib.decompressobj().decompress(program.read_raw_bytes(), BEGINNING)
    return program.read_bytes()


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


_OPERATOR = re.compile(rb"(?m)^(?:(q)|(Q)|/(\S+) \S+ Tf)$|<([0-9a-f]+)>")


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
