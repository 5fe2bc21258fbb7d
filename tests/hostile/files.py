"""Files that somebody might send: each made here, none kept in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import xlsxwriter
from PIL import Image, PngImagePlugin

CANARY = b"KANARIENVOGEL"
SHEET = "xl/worksheets/sheet1.xml"


def jpeg(size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG", **more)
    return out.getvalue()


def told_jpeg() -> bytes:
    """A photo with EXIF (lying on its side, with a place), XMP, a comment, and bytes behind its end."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x9286] = 6, CANARY.decode(), CANARY
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 37.0, 1.0)
    plain = jpeg(exif=exif, comment=CANARY, xmp=b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>")
    return plain + b"<script>" + CANARY + b"</script>"


def told_png() -> bytes:
    """A picture with text chunks and a zip behind its end."""
    info, out, tail = PngImagePlugin.PngInfo(), io.BytesIO(), io.BytesIO()
    info.add_text("Comment", CANARY.decode())
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    info.add_text("Packed", CANARY.decode(), zip=True)
    Image.new("RGBA", (30, 30), (255, 0, 0, 90)).save(out, "PNG", pnginfo=info)
    with zipfile.ZipFile(tail, "w") as package:
        package.writestr("a.html", CANARY)
    return out.getvalue() + tail.getvalue()


def two_pictures() -> bytes:
    """An MPO: a second picture behind the first."""
    out = io.BytesIO()
    second = Image.new("RGB", (40, 20), "black")
    second.info["comment"] = CANARY
    Image.new("RGB", (40, 20), "white").save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


def moving_png() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "GIF")
    return out.getvalue()


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """Some hundred bytes that say they are a picture of 3.6 thousand million pixels."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9000)) + chunk(b"IEND", b"")


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **more: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page()
        if change:
            change(made)
        made.save(out, **more)  # type: ignore[arg-type]
    return out.getvalue()


def active(made: pikepdf.Pdf) -> None:
    """Everything that a PDF can do beside being read."""
    name, words = pikepdf.Name, pikepdf.String(CANARY.decode())
    script = pikepdf.Dictionary(S=name.JavaScript, JS=words)
    launch = pikepdf.Dictionary(S=name.Launch, F=words)
    made.Root.OpenAction, made.Root.AA = script, pikepdf.Dictionary(WC=script)
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA=words)
    made.Root.Outlines = made.make_indirect(pikepdf.Dictionary(First=pikepdf.Dictionary(Title=words, A=launch)))
    made.attachments["a.exe"] = CANARY
    made.docinfo["/Author"] = CANARY.decode()
    made.Root.Metadata = made.make_stream(CANARY)
    page = made.pages[0]
    page.AA, page.PieceInfo = pikepdf.Dictionary(O=script), pikepdf.Dictionary(X=words)
    link = made.make_indirect(pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=launch))
    page.Annots = pikepdf.Array([link])
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=made.make_stream(b"", AF=pikepdf.Array([launch]), Metadata=words)))


def book(**cells: object) -> bytes:
    """A workbook with these cells; a tuple is a formula and its stored result."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet()
    for place, value in ({"A1": "表头"} | cells).items():
        if isinstance(value, tuple):
            sheet.write_formula(place, value[0], None, value[1])
        elif isinstance(value, str):
            sheet.write_string(place, value)
        else:
            sheet.write(place, value)
    made.close()
    return out.getvalue()


def repacked(
    data: bytes, change: Callable[[bytes], bytes] | None = None, *, member: str = SHEET, extra: dict[str, bytes] | None = None
) -> bytes:
    """The workbook with one member changed and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if change and info.filename == member else content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def rows_added(xml: bytes) -> bytes:
    return repacked(book(), lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>"))
