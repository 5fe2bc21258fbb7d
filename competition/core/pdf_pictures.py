"""Pictures as objects of a PDF."""

import io

from PIL import Image

from competition.core.pdf_file import PdfFile
from competition.core.pictures import qr_modules


def add_picture(file: PdfFile, data: bytes) -> int:
    """A picture; what is transparent in it stays so."""
    with Image.open(io.BytesIO(data)) as picture:
        rgba = picture.convert("RGBA")
    size = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/Width %d/Height %d" % rgba.size
    mask, alpha = b"", rgba.getchannel("A")
    if alpha.getextrema() != (255, 255):
        mask = b"/SMask %d 0 R" % file.add_stream(alpha.tobytes(), size + b"/ColorSpace/DeviceGray")
    return file.add_stream(rgba.convert("RGB").tobytes(), size + b"/ColorSpace/DeviceRGB" + mask)


def add_qr(file: PdfFile, address: str) -> int:
    """The QR code of an address: a bit a module, without its margin (the page leaves one)."""
    size, modules = qr_modules(address)
    data = Image.frombytes("L", (size, size), modules).convert("1", dither=Image.Dither.NONE).tobytes()
    return file.add_stream(
        data, b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1" % (size, size), packed=True)
