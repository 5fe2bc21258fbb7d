"""Certificates on paper: many pages in one document, what is the same on all of them printed once.

1. The *base*: a one-page PDF of the border, the seal and every text without a placeholder.
2. The *sheets*: one document with a page per person that holds the other texts only.
3. The base goes under every page as one shared form, the QR code onto it as a picture of one bit a module.
4. The pages part into one file each; ``merge`` puts such files together again and keeps what they share once.

Only what WeasyPrint lays out has text; everything else is drawn by ``pikepdf`` into its pages.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
import segno
from flask import current_app
from flask_babel import gettext as _
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from competition.certificates import rules
from competition.core.paper import PaperError, Press, asset_path
from competition.core.pictures import text_of

POINTS = 72 / 25.4
# A fixed mask: any is readable, and the choice of the best costs more than the code.
QR_MASK = 3
LANGUAGE = "zh-CN"
PRODUCER = "competition"


@dataclass(frozen=True)
class Design:
    """What all certificates of a batch share."""

    layout: Mapping[str, Any]
    title: str
    is_demo: bool


@dataclass(frozen=True)
class Sheet:
    """What one certificate says; ``address`` stands in its QR code."""

    data: Mapping[str, str]
    address: str


class Printer:
    """Prints sheets of one design; a child process of its own, the base laid out once."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self._press = Press()
        self._base: bytes | None = None

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._press.close()

    def print(self, sheets: Sequence[Sheet]) -> list[bytes]:
        """One PDF for each sheet, in their order. Raises PaperError: which of them it was, nobody knows yet."""
        if self._base is None:
            self._base = _base(self._press, self.design)
        variable = _variable(self._press, self.design, sheets)
        with Pdf.open(io.BytesIO(self._base)) as base, Pdf.open(io.BytesIO(variable)) as document:
            if len(document.pages) != len(sheets):
                raise PaperError(_("版面溢出：有的证书超过一页，请缩短文字。"))
            finish(document, base, self.design, sheets)
            return [_single(document, number, self.design.title, sheet) for number, sheet in enumerate(sheets)]


def _base(press: Press, design: Design) -> bytes:
    numbered = enumerate(design.layout["blocks"])
    same = [(number, block) for number, block in numbered if rules.is_static(block) and block["kind"] != "qr"]
    page = [{"block": block, "text": (block.get("texts") or [""])[0], "fit": 1.0, "number": number}
            for number, block in same if design.is_demo or block["kind"] != "demo"]
    return _document(press, design, [page])


def _variable(press: Press, design: Design, sheets: Sequence[Sheet]) -> bytes:
    return _document(press, design, [_page(design.layout, sheet.data) for sheet in sheets])


def _page(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for number, block in enumerate(layout["blocks"]):
        text = None if rules.is_static(block) else rules.chosen_text(block, data)
        if text:
            found.append({"block": block, "text": text, "fit": rules.fit(block, text) or rules.SMALLEST, "number": number})
    return found


def _document(press: Press, design: Design, pages: list[list[dict[str, Any]]]) -> bytes:
    names = {"certificate.css": "certificate.css", "border.svg": "certificate-border.svg", "seal.svg": "certificate-seal-demo.svg"}
    assets = {name: asset_path(file).read_bytes() for name, file in names.items()}
    assets["layout.css"] = stylesheet(design.layout).encode()
    # Not render_template: its context is that of a request, and there is none.
    sheets = current_app.jinja_env.get_template("certificates/sheets.html")
    html = sheets.render(title=design.title, pages=pages, is_demo=design.is_demo, language=LANGUAGE)
    return press.print(html, assets=assets, title=design.title)


def stylesheet(layout: Mapping[str, Any]) -> str:
    """Where each block of a layout stands and how large its type is."""
    width, height = rules.page_size(layout)
    lines = [f"@page {{ size: {width}mm {height}mm }}", f".sheet {{ width: {width}mm; height: {height}mm }}"]
    for number, block in enumerate(layout["blocks"]):
        place = f"left: {block['x']}mm; top: {block['y']}mm; width: {block['w']}mm; height: {block['h']}mm"
        lines.append(f".b{number} {{ {place}; {_type(block)} }}")
    return "\n".join(lines)


def _type(block: Mapping[str, Any]) -> str:
    if block["kind"] != "text":
        return ""
    return (f"font-size: {block['size']}pt; line-height: {block.get('leading', 1.4)}; "
            f"letter-spacing: {block.get('spacing', 0)}em; text-indent: {block.get('indent', 0)}em")


def finish(document: Pdf, base: Pdf, design: Design, sheets: Sequence[Sheet]) -> None:
    """Put the base under every page and the QR codes onto them."""
    form = document.copy_foreign(base.pages[0].as_form_xobject())
    height = rules.page_size(design.layout)[1]
    spots = [block for block in design.layout["blocks"] if block["kind"] == "qr"]
    for page, sheet in zip(document.pages, sheets, strict=True):
        page.Resources = _own_resources(page)
        under = page.add_resource(form, Name.XObject)
        page.contents_add(f"q {under} Do Q q".encode(), prepend=True)
        page.contents_add(b"Q")
        for spot in spots:
            code = page.add_resource(qr_picture(document, sheet.address), Name.XObject)
            page.contents_add(_place(spot, height, code))


def _own_resources(page: Page) -> Dictionary:
    """Pages of one document share their resources; now each gets pictures of its own."""
    return Dictionary({key: value for key, value in page.Resources.items() if key in ("/Font", "/ExtGState")})


def _place(block: Mapping[str, Any], height: float, name: Name) -> bytes:
    x, y, w, h = (block[key] * POINTS for key in ("x", "y", "w", "h"))
    return f"q {w:.3f} 0 0 {h:.3f} {x:.3f} {height * POINTS - y - h:.3f} cm {name} Do Q".encode()


def qr_picture(document: Pdf, address: str) -> Stream:
    """The QR code of an address, one bit a module, without its margin (the layout leaves one)."""
    rows = [bytes(row) for row in segno.make_qr(address, error="m", mask=QR_MASK).matrix]
    data = b"".join(_bits(row) for row in rows)
    return Stream(document, data, Type=Name.XObject, Subtype=Name.Image, Width=len(rows), Height=len(rows),
                  ColorSpace=Name.DeviceGray, BitsPerComponent=1)


def _bits(row: bytes) -> bytes:
    """A line of modules as a line of a picture: dark is 0, filled with light to whole bytes."""
    size = -(-len(row) // 8)
    return int("".join("0" if dark else "1" for dark in row).ljust(size * 8, "1"), 2).to_bytes(size, "big")


def _single(document: Pdf, number: int, title: str, sheet: Sheet) -> bytes:
    single = Pdf.new()
    single.pages.append(document.pages[number])
    return _saved(single, f"{title} {sheet.data['证书编号']}")


def lost_texts(design: Design, sheet: Sheet, data: bytes) -> list[str]:
    """What the sheet should say and its PDF, read again, does not. Blanks do not count: lines are broken anywhere."""
    inside = _without_blanks(text_of(data))
    return [text for text in rules.printed_texts(design.layout, sheet.data) if _without_blanks(text) not in inside]


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def merge(files: Iterable[bytes], title: str) -> bytes:
    """The files as one, in their order; fonts and bases that are equal are kept once."""
    whole = Pdf.new()
    known: dict[str, Any] = {}
    for data in files:
        with Pdf.open(io.BytesIO(data)) as one:
            for page in one.pages:
                whole.pages.append(page)
                _share(whole.pages[-1], known)
    return _saved(whole, title)


def _share(page: Page, known: dict[str, Any]) -> None:
    for kind, mark in (("/Font", _font_mark), ("/XObject", _picture_mark)):
        found = page.Resources.get(kind, Dictionary())
        for name in list(found.keys()):
            found[name] = known.setdefault(mark(found[name]), found[name])


def _font_mark(font: Any) -> str:
    inside = font.DescendantFonts[0]
    file = next(inside.FontDescriptor[key] for key in ("/FontFile2", "/FontFile3") if key in inside.FontDescriptor)
    return _mark(file.read_raw_bytes(), inside.get("/W", Array([])).unparse(), font.ToUnicode.read_raw_bytes())


def _picture_mark(picture: Any) -> str:
    # A form's resources are its fonts, which its content names by their place only: take them in.
    fonts = picture.get("/Resources", Dictionary()).get("/Font", Dictionary())
    return _mark(picture.read_raw_bytes(), str(picture.get("/Width", "")).encode(), *(_font_mark(f).encode() for f in fonts.values()))


def _mark(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _saved(document: Pdf, title: str) -> bytes:
    document.Root.Lang = pikepdf.String(LANGUAGE)
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    document.docinfo = document.make_indirect(Dictionary(Title=pikepdf.String(title), Producer=pikepdf.String(PRODUCER)))
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    document.close()
    return out.getvalue()
