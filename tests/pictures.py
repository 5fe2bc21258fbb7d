"""A small picture, as somebody uploads one."""

import io

from PIL import Image


def picture(kind: str = "JPEG") -> io.BytesIO:
    """A portrait of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "#0e5a6b").save(out, kind)
    out.seek(0)
    return out
