"""A PDF fit for archives (PDF/A-2u) and to be read aloud: colours, facts in XML, a tree of the parts of its pages."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageCms

from competition.core.pdf_file import PdfFile, references, text

PRODUCER = "competition"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
CATALOGUE = (
    b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/StructTreeRoot %d 0 R/Lang %s/MarkInfo<</Marked true>>"
    b"/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
    b"/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>]>>")


@dataclass(frozen=True)
class Element:
    """A marked part of a page: its role (``P``, ``H1``, ``Figure``), its language if another, words for what has no text."""

    role: bytes
    lang: str = ""
    words: str = ""


@cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def add_colours(file: PdfFile) -> int:
    """The profile that says what red, green and blue mean."""
    return file.add_stream(_srgb(), b"/N 3")


class Archive:
    """Pages of a file and the tree of their parts. Of what is written it keeps numbers only."""

    def __init__(self, file: PdfFile, colours: int) -> None:
        self.file, self.colours = file, colours
        self.root, self.tags, self.document = file.reserve(), file.reserve(), file.reserve()
        self.pages: list[int] = []
        self.parts: list[int] = []
        self.elements: list[array[int]] = []

    def add_page(self, contents: int, resources: bytes, boxes: bytes, elements: Sequence[Element]) -> None:
        """A page whose ``elements`` are its marked parts in their order."""
        file, page, part = self.file, self.file.reserve(), self.file.reserve()
        file.add(b"<</Type/Page/Parent %d 0 R/Contents %d 0 R/Resources %s%s/StructParents %d/Tabs/S>>" % (
            self.root, contents, resources, boxes, len(self.pages)), page)
        numbers = array("I", (file.add(_element(element, number, part, page)) for number, element in enumerate(elements)))
        file.add(b"<</Type/StructElem/S/Sect/P %d 0 R/K %s>>" % (self.document, references(numbers)), part)
        self.pages.append(page)
        self.parts.append(part)
        self.elements.append(numbers)

    def close(self, title: str, language: str, identity: bytes) -> None:
        """What belongs to the whole file, and its end."""
        file = self.file
        file.add(b"<</Type/Pages/Count %d/Kids%s>>" % (len(self.pages), references(self.pages)), self.root)
        file.add(b"<</Type/StructElem/S/Document/P %d 0 R/K%s>>" % (self.tags, references(self.parts)), self.document)
        parents = b"".join(b"%d %s" % (number, references(elements)) for number, elements in enumerate(self.elements))
        file.add(b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>" % (
            self.document, parents, len(self.pages)), self.tags)
        # Not deflated, so that programs that do not know PDF find the facts.
        words = XMP.format(title=escape(title), language=language, producer=PRODUCER).encode()
        facts = file.add_stream(words, b"/Type/Metadata/Subtype/XML", packed=True)
        info = file.add(b"<</Title %s/Producer %s>>" % (text(title), text(PRODUCER)))
        root = file.add(CATALOGUE % (self.root, facts, self.tags, text(language), self.colours))
        file.close(root, info, identity)


def _element(element: Element, number: int, parent: int, page: int) -> bytes:
    more = (b"/Lang %s" % text(element.lang) if element.lang else b"") + (b"/Alt %s" % text(element.words) if element.words else b"")
    return b"<</Type/StructElem/S/%s/P %d 0 R/Pg %d 0 R/K %d%s>>" % (element.role, parent, page, number, more)
