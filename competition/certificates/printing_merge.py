"""Finished files put together: page after page, nothing kept in memory but numbers and the outlines of fonts.

Faces that the files hold parts of become one; other objects that are equal are written once.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

import pikepdf
from pikepdf import Dictionary, Object, Page, Pdf

from competition.certificates.design import LANGUAGE
from competition.core.pdf_archive import Archive, Element, add_colours
from competition.core.pdf_file import Copier, PdfFile
from competition.core.pdf_fonts import Face, WholeFace

BOXES = ("/MediaBox", "/BleedBox", "/TrimBox")


def merge(files: Iterable[bytes], title: str, out: BinaryIO, language: str = LANGUAGE) -> None:
    """The pages of ``files`` in their order as one file; ``files`` are read one after the other."""
    file = PdfFile(out)
    archive, fonts, known = Archive(file, add_colours(file)), _Fonts(file), dict[bytes, int]()
    for data in files:
        with pikepdf.open(io.BytesIO(data)) as one:
            copier = Copier(file, known)
            elements = _elements(one)
            for page in one.pages:
                fonts.take(page.Resources, copier)
                boxes = b"".join(b"%s%s" % (box.encode(), copier.value(page[box])) for box in BOXES if box in page)
                archive.add_page(_contents(page, copier), copier.value(page.Resources), boxes, elements)
    fonts.write()
    archive.close(title, language, b"".join(sorted(known)))


def _contents(page: Page, copier: Copier) -> int:
    # The files of an earlier version have several streams to a page.
    page.contents_coalesce()
    return copier.number(page.obj.Contents)


def _elements(pdf: Pdf) -> list[Element]:
    """The elements of the tree for the one page of a file; none in files of an earlier version."""
    if "/StructTreeRoot" not in pdf.Root:
        return []
    return [Element(str(each.S)[1:].encode(), str(each.get("/Lang", "")), str(each.get("/Alt", "")))
            for part in pdf.Root.StructTreeRoot.K[0].K for each in part.K]


@dataclass
class _Fonts:
    """The faces of the whole file; each has its number from the first page on, and is written after the last."""

    file: PdfFile
    faces: dict[bytes, list[tuple[int, WholeFace]]] = field(default_factory=dict)

    def take(self, resources: Object, copier: Copier) -> None:
        """The fonts of a page and of the forms on it."""
        for font in resources.get("/Font", Dictionary()).values():
            if font.is_indirect and font.objgen not in copier.numbers:
                face = Face.read(font, copier)
                if face is not None:
                    copier.numbers[font.objgen] = self._number(face)
        for inner in resources.get("/XObject", Dictionary()).values():
            if inner.Subtype == "/Form" and "/Resources" in inner:
                self.take(inner.Resources, copier)

    def _number(self, face: Face) -> int:
        alike = self.faces.setdefault(face.key, [])
        for number, known in alike:
            if known.takes(face):
                return number
        alike.append((self.file.reserve(), WholeFace(face)))
        return alike[-1][0]

    def write(self) -> None:
        """All faces, each with every glyph that a page shows."""
        for number, face in (each for alike in self.faces.values() for each in alike):
            face.write(self.file, number)
