"""Pictures that we make: QR codes; pages of PDFs, and their text. Only for PDFs that we made ourselves."""

import io
import math
from threading import Lock
from typing import Any

import segno
import zxingcpp
from markupsafe import Markup
from pypdfium2 import PdfDocument

# PDFium keeps its state in the process: one caller at a time.
_one_at_a_time = Lock()


def picture_of(pdf: bytes, page: int = 0, *, width: int = 1100) -> bytes:
    """One page as PNG, ``width`` pixels wide. Raises IndexError for a page that is not there."""
    with _one_at_a_time:
        document = PdfDocument(pdf)
        try:
            if not 0 <= page < len(document):
                raise IndexError(page)
            sheet = document[page]
            image = sheet.render(scale=width / sheet.get_width()).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def text_of(pdf: bytes, page: int = 0) -> str:
    """The text of one page, as it would be copied out of it."""
    with _one_at_a_time:
        document = PdfDocument(pdf)
        try:
            text: str = document[page].get_textpage().get_text_range()
        finally:
            document.close()
    return text


def qr(text: str, *, border: int = 2) -> Markup:
    """A QR code as SVG without size: the style sheet says how large it is. ``border``: the white around it, in modules."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(border=border, omitsize=True))  # noqa: S704 - made by segno


def qr_modules(text: str) -> tuple[int, bytes]:
    """How many modules a QR code has at a side, and the modules line by line: 0 is dark, 255 light. No margin."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    modules = memoryview(picture).tobytes()
    return math.isqrt(len(modules)), modules
