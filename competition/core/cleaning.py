"""What people send, made anew: pictures decoded and written again, PDFs taken apart and only their pages kept."""

import io
import warnings
from typing import Any

import pikepdf
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from PIL import Image, ImageOps, UnidentifiedImageError

from competition.core import contents
from competition.core.errors import RuleBroken
from competition.core.formats import joined

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 24_000_000
MAX_PAGES = 60
MAX_OBJECTS = 50_000
# What a stream of a PDF may unpack to while its structure is read.
pikepdf.settings.set_qpdf_limits(
    parser_max_nesting=200, parser_max_container_size=200_000, flate_max_memory=64 * 1024 * 1024,
    run_length_max_memory=64 * 1024 * 1024, png_max_memory=64 * 1024 * 1024, tiff_max_memory=64 * 1024 * 1024,
)
# A page is what is printed: its frame, what it draws and with what. Actions, notes and files are left out.
PAGE_KEYS = frozenset({"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group"})
# Wherever they stand, these hold programs, files, other addresses or words about the maker.
ACTIVE_KEYS = ("/A", "/AA", "/AF", "/JS", "/OpenAction", "/EmbeddedFiles", "/EF", "/RichMedia", "/Annots", "/Metadata", "/PieceInfo",
               "/OPI", "/Thumb")
# An outline drawn outside of the page does not need a stream in another file.
FILE_KEYS = ("/F", "/FFilter", "/FDecodeParms")
WORDS = {"image": lazy_gettext("JPG、PNG 图片"), "pdf": "PDF"}


def clean_upload(data: bytes, kinds: tuple[str, ...]) -> tuple[bytes, str]:
    """The same content without anything hidden in it, and its media type; ``kinds`` from image, pdf.

    Raises RuleBroken with a sentence for what is too large, of another kind, or cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("文件超过 %(n)d MB，请压缩后再上传。", n=MAX_BYTES // 1024 // 1024), code="file_too_large", status=413)
    if "pdf" in kinds and data[:5] == b"%PDF-":
        return clean_pdf(data), "application/pdf"
    if "image" in kinds and data[:3] == b"\xff\xd8\xff":
        return clean_image(data, "JPEG"), "image/jpeg"
    if "image" in kinds and data[:8] == b"\x89PNG\r\n\x1a\n":
        return clean_image(data, "PNG"), "image/png"
    raise _of_another_kind(data, joined(WORDS[kind] for kind in kinds))


def _of_another_kind(data: bytes, kinds: str) -> RuleBroken:
    """What it is, whatever it is called, and what is taken."""
    found = contents.content_of(data)
    words = _("这个文件的内容是%(found)s，这里只接受%(kinds)s文件。", found=contents.WORDS[found], kinds=kinds) if found else _(
        "认不出这个文件的内容，可能已损坏，或者只改了文件名的后缀。这里只接受%(kinds)s文件。", kinds=kinds)
    return RuleBroken(words, code="file_kind", status=422)


def clean_image(data: bytes, kind: str) -> bytes:
    """The first frame, upright, without any words, places or leftovers in it. ``kind``: JPEG or PNG."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=(kind,)) as image:
            # Larger pictures are refused by their real size below; what else a decoder warns of is no matter of ours.
            warnings.simplefilter("ignore")
            if image.width * image.height > MAX_PIXELS:
                raise RuleBroken(_("图片像素过大（最多 2400 万像素），请缩小后再上传。"), code="image_too_large", status=413)
            if getattr(image, "is_animated", False) and kind == "PNG":
                raise RuleBroken(_("不接受动态图片，请换一张静止的照片。"), code="image_animated", status=422)
            plain = _upright(image, kind)
    except Image.DecompressionBombError as error:
        raise RuleBroken(_("图片像素过大（最多 2400 万像素），请缩小后再上传。"), code="image_too_large", status=413) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise RuleBroken(_("这张图片无法读取，可能没有传完整，请换一张。"), code="image_unreadable", status=422) from error
    out = io.BytesIO()
    plain.save(out, kind, **({"quality": 88} if kind == "JPEG" else {"optimize": True}))
    return out.getvalue()


def _upright(image: Image.Image, kind: str) -> Image.Image:
    """The pixels as they should be seen, in an image that carries nothing else."""
    has_alpha = kind == "PNG" and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
    turned = ImageOps.exif_transpose(image).convert("RGBA" if has_alpha else "RGB")
    plain = Image.new(turned.mode, turned.size)
    plain.paste(turned)
    return plain


def clean_pdf(data: bytes) -> bytes:
    """The pages alone: no actions, programs, forms, notes, attached files, words about the maker."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > MAX_OBJECTS or len(pdf.pages) > MAX_PAGES:
                raise RuleBroken(_("这个 PDF 超过 %(n)d 页或过于复杂，请只保留需要的页。", n=MAX_PAGES), code="pdf_too_large", status=413)
            if not len(pdf.pages):
                raise RuleBroken(_("这个 PDF 没有任何页面，请换一个文件。"), code="pdf_unreadable", status=422)
            return _pages_of(pdf)
    except (pikepdf.PdfError, pikepdf.PikepdfError, ValueError, TypeError, KeyError, RecursionError, RuntimeError) as error:
        raise RuleBroken(_("这个 PDF 无法读取（可能加了密码或已损坏），请换一个文件。"), code="pdf_unreadable", status=422) from error


def _pages_of(pdf: pikepdf.Pdf) -> bytes:
    for found in pdf.objects:
        _strip(found)
    out = io.BytesIO()
    with pikepdf.new() as fresh:
        fresh.pages.extend(pdf.pages)
        for page in fresh.pages:
            for key in {str(key) for key, _value in page.obj.items()} - PAGE_KEYS:
                del page.obj[key]
        fresh.save(out, deterministic_id=True)
    return out.getvalue()


def _strip(found: Any) -> None:
    """Take the keys of danger from an object and from what lies in it directly."""
    left = [found]
    while left:
        one = left.pop()
        if isinstance(one, pikepdf.Stream):
            for key in FILE_KEYS:
                if key in one:
                    del one[key]
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            for key in [key for key in ACTIVE_KEYS if key in one]:
                del one[key]
            left.extend(value for _key, value in one.items() if _is_direct(value))
        elif isinstance(one, pikepdf.Array):
            left.extend(value for value in one if _is_direct(value))


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
