"""Where a page may send somebody: only to a path of ours."""

from urllib.parse import unquote, urlsplit


def local_path(text: str | None, otherwise: str) -> str:
    """``text`` when it is a plain path of this site, else ``otherwise``.

    Browsers drop tabs and line ends and read back-slashes as slashes: an address with any of them is
    refused, also when it is written with percent signs, because redirecting may write it plainly.
    """
    if not text or not text.startswith("/") or len(text) > 2000:
        return otherwise
    for form in (text, unquote(text)):
        if form.startswith("//") or "\\" in form or any(ord(c) < 32 or ord(c) == 127 for c in form):
            return otherwise
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else otherwise
