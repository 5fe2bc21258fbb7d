"""Single PDFs from pieces: what a chunk of certificates shares is made once.

A piece that several sheets show is a form, made once. Each file holds only what its own sheet shows: fonts are thinned
out to its own characters, so that a file is small and nothing that others say can be found in it.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pikepdf
from pikepdf import Dictionary, Object
from weasyprint.text.fonts import FontConfiguration

from competition.certificates import rules
from competition.certificates.composing_page import POINTS, Drawn, Named, Page, Shared
from competition.certificates.design import Design, Sheet
from competition.certificates.typesetting import Piece, cut, piece_of, set_pieces
from competition.core.pdf_archive import add_colours
from competition.core.pdf_file import Copier, PdfFile, stream_body
from competition.core.pdf_fonts import Face, glyphs_in
from competition.core.pdf_pictures import add_picture

# Pixels of CSS, counted from the top, as points of PDF, counted from the bottom.
PIECE = b"q\n0.75 0 0 -0.75 0 %.4f cm\n%s\nQ"
LARGE = 3000
GLYPH_NAMES = (b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /G def /CMapType 2 def\n"
               b"1 begincodespacerange <01> <01> endcodespacerange\n1 beginbfchar <01> <%s> endbfchar\nendcmap end end")


def compose(design: Design, sheets: Sequence[Sheet], fonts: FontConfiguration) -> list[bytes]:
    """A file for each sheet, in their order."""
    blocks = [(number, block) for number, block in enumerate(design.layout["blocks"]) if design.prints(block)]
    shown = [{number: piece_of(number, block, design, sheet) for number, block in blocks} for sheet in sheets]
    files = []
    with _shared(design, Counter(piece for pieces in shown for piece in pieces.values() if piece), fonts) as shared:
        for sheet, pieces in zip(sheets, shown, strict=True):
            out = io.BytesIO()
            page = Page(shared, PdfFile(out, shared.file, shared.data))
            for number, block in blocks:
                page.draw(number, block, sheet, pieces[number])
            page.close(f"{design.title} {sheet.number}")
            files.append(out.getvalue())
    return files


@contextmanager
def _shared(design: Design, times: Counter[Piece], fonts: FontConfiguration) -> Iterator[Shared]:
    out = io.BytesIO()
    file = PdfFile(out)
    with pikepdf.open(io.BytesIO(set_pieces(list(times), design, fonts))) as pdf:
        named = _Names(file, pdf)
        drawings = cut(pdf.pages[0].Contents.read_bytes(), len(times))
        drawn = {piece: named.drawn(piece, drawing, design, times[piece] > 1) for piece, drawing in zip(times, drawings, strict=True)}
        pictures = {number: add_picture(file, data) for number, block in enumerate(design.layout["blocks"])
                    if block["kind"] == "picture" and (data := design.picture(block)) is not None}
        colours = add_colours(file)
        yield Shared(design, file, out.getvalue(), drawn, named.fonts, named.images, named.states, pictures, colours)


class _Names:
    """What the drawings name: fonts, pictures, groups, states; each has a number already and is written where it is needed."""

    def __init__(self, file: PdfFile, pdf: pikepdf.Pdf) -> None:
        self.file, self.found = file, pdf.pages[0].Resources
        copier = Copier(file, {})
        kinds = [key for key in ("/ExtGState", "/Pattern", "/Shading") if self.found.get(key)]
        states = {key: file.add(b"<<%s>>" % copier.entries(self.found[key])) for key in kinds}
        self.states = b"".join(b"%s %d 0 R" % (key.encode(), number) for key, number in states.items())
        self.fonts = {name: self._named(_font_writer(font, copier)) for name, font in self.found.get("/Font", Dictionary()).items()}
        self.groups: dict[str, Drawn] = {}
        images = self.found.get("/XObject", Dictionary())
        self.images = {name: self._named(self._image_writer(name, image)) for name, image in images.items()}

    def _named(self, write: Callable[[PdfFile, int, set[int]], None]) -> Named:
        return Named(self.file.reserve(), write)

    def _image_writer(self, name: str, image: Object) -> Callable[[PdfFile, int, set[int]], None]:
        if image.Subtype != "/Form":
            return partial(_copy, image)
        self.groups[name] = _plain(image.read_bytes())
        return partial(self._write_group, name, image)

    def _write_group(self, name: str, image: Object, file: PdfFile, number: int, _glyphs: set[int]) -> None:
        group = self.groups[name]
        entries = Copier(file, {}).entries(image, ("/Length", "/Filter", "/Resources"))
        file.add(stream_body(group.drawing, entries + b"/Resources" + group.resources(self.fonts, self.images, self.states)), number)

    def drawn(self, piece: Piece, drawing: bytes, design: Design, again: bool) -> Drawn:
        """A piece ready to be put on pages; as a form when it stands on several or is large."""
        glyphs = iter(piece.glyphs)
        if piece.glyphs:
            drawing = re.sub(rb"(/\S+) Do", lambda found: self._glyph(next(glyphs), found[1].decode()), drawing)
        width, height = (side * POINTS for side in rules.page_size(design.layout))
        plain = _plain(PIECE % (height, drawing))
        whole = plain.with_groups(self.groups)
        if not again and len(drawing) < LARGE:
            return whole
        box = b"[%.2f %.2f %.2f %.2f]" % (-20, -20, width + 20, height + 20)
        names = plain.resources(self.fonts, self.images, self.states)
        form = stream_body(plain.drawing, b"/Type/XObject/Subtype/Form/BBox%s/Resources%s" % (box, names))
        return Drawn(plain.drawing, whole.fonts, whole.images, form)

    def _glyph(self, char: str, image: str) -> bytes:
        """The picture of a character as a character of a font of its own: text to whoever reads the file."""
        name = f"/Glyph{len(self.fonts)}"
        self.fonts[name] = self._named(partial(_write_glyph, self.found.XObject[image], char))
        return b"BT\n%s 1 Tf\n[<01>] TJ\nET" % name.encode()


def _plain(drawing: bytes) -> Drawn:
    """A drawing with what it names itself."""
    return Drawn(drawing, glyphs_in(drawing), {name.decode() for name in re.findall(rb"(?m)^(/\S+) Do$", drawing)})


def _font_writer(font: Object, copier: Copier) -> Callable[[PdfFile, int, set[int]], None]:
    face = Face.read(font, copier)
    return partial(_copy, font) if face is None else partial(_write_face, face)


def _copy(found: Object, file: PdfFile, number: int, _glyphs: set[int]) -> None:
    Copier(file, {}).write(found, number)


def _write_face(face: Face, file: PdfFile, number: int, glyphs: set[int]) -> None:
    face.only(glyphs).write(file, number)


def _write_glyph(image: Object, char: str, file: PdfFile, number: int, _glyphs: set[int]) -> None:
    picture = Copier(file, {}).number(image)
    draws = file.add_stream(b"1 0 d0 /I Do")
    names = file.add_stream(GLYPH_NAMES % char.encode("utf-16-be").hex().encode())
    file.add(b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 1/LastChar 1/Widths[1]"
             b"/Encoding<</Type/Encoding/Differences[1/g]>>/CharProcs<</g %d 0 R>>/Resources<</XObject<</I %d 0 R>>>>/ToUnicode %d 0 R>>"
             % (draws, picture, names), number)
