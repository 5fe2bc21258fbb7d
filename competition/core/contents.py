"""What a file is, by its bytes: whatever it is called. For the sentence that refuses it, so that nobody has to guess. Pure."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

WORDS: dict[str, Any] = {
    "pdf": "PDF", "jpeg": _("JPG 图片"), "png": _("PNG 图片"), "gif": _("GIF 图片"), "webp": _("WebP 图片"), "bmp": _("BMP 图片"),
    "tiff": _("TIFF 图片"), "heic": _("HEIC 照片（苹果手机的格式）"), "video": _("视频"), "document": _("Word 文档"),
    "slides": _("演示文稿"), "empty": _("空的（0 字节）"), "table": _("表格"), "archive": _("压缩包"),
    "web_page": lazy_pgettext("content", "网页"), "text": lazy_pgettext("content", "文字"),
}
# Nothing of these is a table, however it is read.
NO_TABLES = frozenset({"pdf", "jpeg", "png", "gif", "webp", "bmp", "tiff", "heic", "video", "document", "slides", "archive"})
_FIRST = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"),
          (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"Rar!\x1a", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"))
_PACKED = ((b"word/", "document"), (b"ppt/", "slides"), (b"xl/", "table"), (b"opendocument.spreadsheet", "table"))
_OLD = (("WordDocument", "document"), ("PowerPoint Document", "slides"), ("Workbook", "table"), ("Book", "table"))
_STILL = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def content_of(data: bytes) -> str:
    """A key of ``WORDS``; nothing when it is like nothing that people send."""
    if not data:
        return "empty"
    return next((kind for start, kind in _FIRST if data.startswith(start)), "") or next(filter(None, (look(data) for look in _LOOKS)), "")


def _package(data: bytes) -> str:
    """An office file or an archive; what is cut off has no list of its parts at its end, and is called neither."""
    if not data.startswith(b"PK\x03\x04") or b"PK\x05\x06" not in data[-66_000:]:
        return ""
    return next((kind for part, kind in _PACKED if part in data), "archive")


def _old_office(data: bytes) -> str:
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return ""
    return next((kind for name, kind in _OLD if name.encode("utf-16-le") in data), "")


def _boxed(data: bytes) -> str:
    """Containers that say within their first bytes what they hold."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _STILL else "video"
    return ""


def _written(data: bytes) -> str:
    head = data[:4096]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return "web_page"
    return "" if any(byte < 9 for byte in head) or not _is_text(head) else "text"


def _is_text(head: bytes) -> bool:
    """A character may be cut at the end of what is looked at."""
    for encoding in ("utf-8", "gb18030"):
        for end in range(4):
            try:
                head[:len(head) - end].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


_LOOKS: tuple[Callable[[bytes], str], ...] = (_package, _old_office, _boxed, _written)
