"""What PDF/A-2u (ISO 19005-2) asks of a file and can be read from its structure: a line for each fault.

No validator of the trade is among the packages that can be had, so what ours claim is asserted requirement by requirement;
the numbers are the standard's clauses.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
BLENDS = {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn", "/HardLight",
          "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity"}
ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView",
           "/JavaScript", "/URI", "/GoToR", "/SubmitForm", "/Named"}
OPERATORS = frozenset(
    """b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID INLINE j J l m M MP n q Q re RG rg ri s S SC
    sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' " """.split())  # noqa: SIM905 - read as a list of words


def faults_in(data: bytes) -> list[str]:
    """Everything in which a file is no PDF/A-2u, as far as it can be read; nothing for one that is."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [*_file(data, pdf), *_catalog(pdf), *_facts(pdf), *(fault for each in pdf.objects for fault in _object(each)),
                *(fault for page in pdf.pages for fault in _page(page))]


def _file(data: bytes, pdf: Pdf) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[4-7]\n%[\x80-\xff]{4}", data):
        yield "6.1.2 header without four high bytes"
    if not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3 something after the end"
    if "/ID" not in pdf.trailer or "/Encrypt" in pdf.trailer:
        yield "6.1.3 no ID, or encrypted"


def _catalog(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    intents = list(root.get("/OutputIntents", []))
    if [one.S for one in intents] != ["/GTS_PDFA1"] or intents[0].DestOutputProfile.N != 3:
        yield "6.2.3 not one output intent of three colours"
    elif (profile := intents[0].DestOutputProfile.read_bytes())[36:40] != b"acsp" or profile[16:20] != b"RGB " or profile[8] > 4:
        yield "6.2.3 no profile of RGB up to version 4"
    for name in {"/AA", "/OpenAction", "/Requirements", "/OCProperties", "/NeedsRendering", "/Perms"} & set(root.keys()):
        yield f"6.5, 6.1.12: {name} in the catalog"
    if "/Names" in root and {"/EmbeddedFiles", "/AlternatePresentations", "/JavaScript"} & set(root.Names.keys()):
        yield "6.8, 6.10 files, scripts or presentations by name"
    if "/AcroForm" in root and (root.AcroForm.get("/NeedAppearances", False) or "/XFA" in root.AcroForm):
        yield "6.4 a form that is drawn by the reader"
    if not str(root.get("/Lang", "")) or not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "ours: no language, marks or tree"


def _facts(pdf: Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root or pdf.Root.Metadata.get("/Filter"):
        yield "6.6.2 no facts, or packed"
        return
    with pdf.open_metadata() as facts:
        if (facts.get("pdfaid:part"), facts.get("pdfaid:conformance")) != ("2", "U"):
            yield "6.6.4 says not that it is PDF/A-2u"
        for key, name in (("/Title", "dc:title"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool")):
            if key in pdf.docinfo and str(pdf.docinfo[key]) != facts.get(name):
                yield f"6.6.2 {key} is said twice and differs"


def _object(each: Object) -> Iterator[str]:
    if not isinstance(each, Dictionary | Stream):
        return
    if isinstance(each, Stream):
        yield from _stream(each)
    kind, under = each.get("/Type"), each.get("/Subtype")
    if kind == "/Font" and not str(under).startswith("/CIDFont"):
        yield from _font(each)
    if kind == "/Annot" and not (under == "/Widget" and each.get("/FT") == "/Sig" and int(each.get("/F", 0)) & 0b11110 == 0b100):
        yield f"6.3 annotation {under}"
    if each.get("/S") in ACTIONS or "/AA" in each or "/EF" in each:
        yield f"6.5, 6.8 does something: {each.get('/S')}"
    if kind == "/ExtGState" or {"/TR", "/TR2", "/BM", "/HTP"} & set(each.keys()):
        yield from _state(each)


def _state(each: Object) -> Iterator[str]:
    if "/TR" in each or "/HTP" in each or each.get("/TR2", "/Default") != "/Default" or each.get("/RI", "/Perceptual") not in INTENTS:
        yield "6.2.5 a transfer function, a halftone or an unknown intent"
    modes = each.get("/BM", "/Normal")
    if {str(one) for one in (modes if isinstance(modes, Array) else [modes])} - BLENDS:
        yield f"6.2.10 blends by {modes}"


def _stream(each: Stream) -> Iterator[str]:
    filters = each.get("/Filter", Array())
    named = {str(one) for one in (filters if isinstance(filters, Array) else [filters])}
    if {"/F", "/FFilter", "/FDecodeParms"} & set(each.keys()) or {"/LZWDecode", "/Crypt"} & named:
        yield f"6.1.7 outside of the file, or packed by {named}"
    if {"/OPI", "/Ref", "/PS", "/Alternates"} & set(each.keys()) or each.get("/Subtype") == "/PS":
        yield "6.2.8, 6.2.9 stands for something else"
    if each.get("/Subtype") == "/Image":
        if each.get("/Interpolate", False) or each.get("/Intent", "/Perceptual") not in INTENTS or "/JPXDecode" in named:
            yield "6.2.8 an image that is smoothed, or of an unknown kind"
        if not each.get("/ImageMask", False) and each.get("/ColorSpace") not in ("/DeviceRGB", "/DeviceGray"):
            yield f"6.2.4 an image in {each.get('/ColorSpace')}"


def _font(font: Object) -> Iterator[str]:
    if "/ToUnicode" not in font or re.search(rb"<(0000|FEFF|FFFE)>\s*$", font.ToUnicode.read_bytes(), re.MULTILINE | re.IGNORECASE):
        yield f"6.2.11.7 {font.get('/BaseFont')} does not say its characters"
    if font.Subtype == "/Type3":
        return
    inside = font.DescendantFonts[0] if font.Subtype == "/Type0" else font
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inside.get("/FontDescriptor", Dictionary()).keys()):
        yield f"6.2.11.4 {font.BaseFont} is not in the file"
    # Codes of its own are allowed where the file says what they mean.
    if font.Subtype == "/Type0" and font.Encoding != "/Identity-H" and not (
            isinstance(font.Encoding, Stream) and "/CMapName" in font.Encoding and "/UseCMap" not in font.Encoding):
        yield f"6.2.11.3 {font.BaseFont} has codes that the file does not explain"
    if inside.Subtype == "/CIDFontType2" and not ("/CIDToGIDMap" in inside and "/W" in inside):
        yield f"6.2.11.3 {font.BaseFont} does not say which glyphs"


def _page(page: pikepdf.Page) -> Iterator[str]:
    box = [float(side) for side in page.MediaBox]
    if not all(3 <= side <= 14400 for side in (box[2] - box[0], box[3] - box[1])) or {"/PresSteps", "/AA"} & set(page.obj.keys()):
        yield "6.1.13, 6.10 a page of no size, or one that is shown by itself"
    yield from _drawing(page.obj, page.obj.get("/Resources", Dictionary()))
    for drawn in page.obj.Resources.get("/XObject", {}).values():
        if drawn.Subtype == "/Form":
            yield from _drawing(drawn, drawn.get("/Resources", Dictionary()))


def _drawing(drawn: Any, resources: Object) -> Iterator[str]:
    deep = deepest = 0
    for operands, operator in pikepdf.parse_content_stream(drawn):
        word = str(operator)
        deep += (word == "q") - (word == "Q")
        deepest = max(deep, deepest)
        if word not in OPERATORS:
            yield f"6.2.2, 6.2.4 draws by {word}"
        if word == "ri" and str(operands[0]) not in INTENTS:
            yield f"6.2.6 an unknown intent {operands[0]}"
        for operators, kind in ((("Do",), "/XObject"), (("Tf",), "/Font"), (("gs",), "/ExtGState"), (("sh",), "/Shading")):
            if word in operators and str(operands[0]) not in resources.get(kind, Dictionary()):
                yield f"6.2.2 {operands[0]} is not among what the page uses"
        if word in ("cs", "CS") and str(operands[0]) not in ("/DeviceRGB", "/DeviceGray", "/Pattern"):
            yield f"6.2.4 draws in {operands[0]}"
    if deepest > 28 or deep:
        yield f"6.1.13 states {deepest} deep, {deep} left open"
