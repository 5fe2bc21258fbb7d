"""One certificate's page: its blocks in the order of the layout, each a marked part with an element in the document's tree.

So a reader with a voice reads the blocks in that order; borders and lines are marked as decoration.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from competition.certificates import rules
from competition.certificates.design import Design, Sheet
from competition.certificates.typesetting import Piece
from competition.core.pdf_archive import Archive, Element
from competition.core.pdf_file import PdfFile
from competition.core.pdf_pictures import add_qr

POINTS = 72 / 25.4
DECORATION = ("border", "line")
SLOTS = {"seal": "印章", "signature": "签名", "logo": "标志", "photo": "照片"}


@dataclass(frozen=True)
class Named:
    """A font or picture with its number in the files of a chunk; ``write`` puts it into one of them, with some glyphs."""

    number: int
    write: Callable[[PdfFile, int, set[int]], None]


@dataclass(frozen=True)
class Drawn:
    """A piece as operators; the glyphs that it shows by font, the pictures that it names; ``form``: as an object of its own."""

    drawing: bytes
    fonts: Mapping[str, set[int]]
    images: set[str]
    form: bytes | None = None

    def with_groups(self, groups: Mapping[str, "Drawn"]) -> "Drawn":
        """With what is named by the groups that it names."""
        fonts, images = {name: set(glyphs) for name, glyphs in self.fonts.items()}, set(self.images)
        for inner in (groups[name].with_groups(groups) for name in self.images if name in groups):
            images |= inner.images
            for name, glyphs in inner.fonts.items():
                fonts.setdefault(name, set()).update(glyphs)
        return Drawn(self.drawing, fonts, images)

    def resources(self, fonts: Mapping[str, Named], images: Mapping[str, Named], states: bytes) -> bytes:
        """The dictionary of what it names."""
        return b"<</Font<<%s>>/XObject<<%s>>%s>>" % (_listed(self.fonts, fonts), _listed(self.images, images), states)


def _listed(names: Iterable[str], among: Mapping[str, Named]) -> bytes:
    return b"".join(b"%s %d 0 R" % (name.encode(), among[name].number) for name in sorted(names))


@dataclass(frozen=True)
class Shared:
    """What the sheets of a chunk share: ``file`` and ``data`` begin each of their files."""

    design: Design
    file: PdfFile
    data: bytes
    drawn: Mapping[Piece, Drawn]
    fonts: Mapping[str, Named]
    images: Mapping[str, Named]
    states: bytes
    pictures: Mapping[int, int]
    colours: int

    @cached_property
    def title_block(self) -> int | None:
        """The block of text in the largest type."""
        sizes = {number: block["size"] for number, block in enumerate(self.design.layout["blocks"]) if block["kind"] == "text"}
        return max(sizes, key=lambda number: sizes[number], default=None)


class Page:
    """Draws and closes the file of one sheet."""

    def __init__(self, shared: Shared, file: PdfFile) -> None:
        self.shared, self.file = shared, file
        self.width, self.height = (side * POINTS for side in rules.page_size(shared.design.layout))
        self.bleed = shared.design.layout["page"].get("bleed", 0) * POINTS
        self.content: list[bytes] = []
        self.elements: list[Element] = []
        # Fonts with the glyphs that are shown, pictures by name: of the whole file, and those that the page itself names.
        self.fonts: dict[str, set[int]] = {}
        self.images: set[str] = set()
        self.named: list[Drawn] = []
        self.objects = b""

    def draw(self, number: int, block: Mapping[str, Any], sheet: Sheet, piece: Piece | None) -> None:
        """One block, if it shows anything on this sheet."""
        drawing = self._drawing(number, block, sheet, piece)
        if drawing is None:
            return
        if block["kind"] in DECORATION:
            self.content.append(b"/Artifact BMC\n%s\nEMC" % drawing)
            return
        role, words = self._role(number, block), self._words(block, sheet)
        self.content.append(b"/%s <</MCID %d>> BDC\n%s\nEMC" % (role, len(self.elements), drawing))
        self.elements.append(Element(role, block.get("lang", ""), words))

    def _drawing(self, number: int, block: Mapping[str, Any], sheet: Sheet, piece: Piece | None) -> bytes | None:
        if piece is not None:
            return self._piece(self.shared.drawn[piece])
        if block["kind"] == "qr":
            return self._placed(block, self._name(add_qr(self.file, sheet.address)))
        if number in self.shared.pictures:
            return self._placed(block, self._name(self.shared.pictures[number]))
        return None

    def _piece(self, drawn: Drawn) -> bytes:
        for font, glyphs in drawn.fonts.items():
            self.fonts.setdefault(font, set()).update(glyphs)
        self.images |= drawn.images
        if drawn.form is not None:
            return b"%s Do" % self._name(self.file.add(drawn.form))
        self.named.append(drawn)
        return drawn.drawing

    def _name(self, number: int) -> bytes:
        self.objects += b"/X%d %d 0 R" % (number, number)
        return b"/X%d" % number

    def _placed(self, block: Mapping[str, Any], name: bytes) -> bytes:
        x, y, w, h = (block[key] * POINTS for key in ("x", "y", "w", "h"))
        return b"q %.3f 0 0 %.3f %.3f %.3f cm %s Do Q" % (w, h, x, self.height - y - h, name)

    def _role(self, number: int, block: Mapping[str, Any]) -> bytes:
        if block["kind"] in ("text", "demo"):
            return b"H1" if number == self.shared.title_block else b"P"
        return b"Figure"

    def _words(self, block: Mapping[str, Any], sheet: Sheet) -> str:
        if block["kind"] == "qr":
            # What is signed in it is for machines; the address in front of it is what people type.
            return f"二维码：{sheet.address.partition('#')[0]}"
        if block["kind"] == "picture":
            return SLOTS.get(block.get("slot", "").rstrip("0123456789"), "图")
        return "演示用印章" if block["kind"] == "seal" else ""

    def close(self, title: str) -> None:
        """The page, its tree, the end of the file."""
        file, shared = self.file, self.shared
        for font, glyphs in self.fonts.items():
            shared.fonts[font].write(file, shared.fonts[font].number, glyphs)
        for image in self.images:
            shared.images[image].write(file, shared.images[image].number, set())
        right, down = (millimetres * POINTS for millimetres in shared.design.offset)
        drawn = b"q 1 0 0 1 %.3f %.3f cm\n%s\nQ" % (self.bleed + right, self.bleed - down, b"\n".join(self.content))
        contents = file.add_stream(drawn)
        archive = Archive(file, shared.colours)
        archive.add_page(contents, self._resources(), self._boxes(), self.elements)
        archive.close(title, shared.design.language, drawn)

    def _resources(self) -> bytes:
        fonts = {name for drawn in self.named for name in drawn.fonts}
        images = {name for drawn in self.named for name in drawn.images}
        return b"<</Font<<%s>>/XObject<<%s%s>>%s>>" % (
            _listed(fonts, self.shared.fonts), _listed(images, self.shared.images), self.objects, self.shared.states)

    def _boxes(self) -> bytes:
        wide, high = self.width + 2 * self.bleed, self.height + 2 * self.bleed
        trimmed = (self.bleed, self.bleed, self.bleed + self.width, self.bleed + self.height)
        return b"/MediaBox[0 0 %.3f %.3f]/BleedBox[0 0 %.3f %.3f]/TrimBox[%.3f %.3f %.3f %.3f]" % (wide, high, wide, high, *trimmed)
