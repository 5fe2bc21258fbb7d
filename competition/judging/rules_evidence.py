"""What a judge adds to the marks: a handwritten signature, a note on a criterion, a photo of the work. Pure."""

import itertools
import json
import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from competition.core.characters import fault_in

COMMENT, PHOTO = "comment", "photo"
# Kinds of events that leave the marks of a sheet as they are.
EVIDENCE = frozenset({COMMENT, PHOTO})
LONGEST_COMMENT = 500
MOST_PHOTOS = 12
# Of a tablet that is live no more, or of a round that is locked: what waits for a decision must not fill the disk.
MOST_ASIDE = 100
# The same of comments and photos as events: more than a panel writes in a day.
MOST_NOTES_ASIDE = 500
MOST_PHOTO_BYTES = 2 * 1024 * 1024
# Twenty thousand characters in their shortest form: many times what a name takes.
MOST_STROKES, MOST_NUMBERS, MOST_ACROSS = 200, 4000, 8000
_HASH = re.compile(r"[0-9a-f]{64}")

Strokes = Sequence[Sequence[int]]  # of each stroke x, y, x, y …


def evidence_fault(kind: str, value: str) -> tuple[str, LazyString] | None:
    """Why a note or a photo cannot be taken: a code and a sentence."""
    if kind == PHOTO:
        return None if _HASH.fullmatch(value) else ("photo.hash", _("照片的校验值不正确，请重新拍照。"))
    if not value.strip():
        return "comment.empty", _("备注是空的，没有记录。")
    if len(value) > LONGEST_COMMENT:
        return "comment.long", _("备注不超过 %(n)s 字，没有记录。", n=LONGEST_COMMENT)
    if fault_in(value):
        return "comment.characters", _("备注中有看不见的控制字符，没有记录。")
    return None


def signature_fault(width: int, height: int, strokes: Strokes) -> str | None:
    """What is wrong with a signature, in a word for programs; None when it can be drawn."""
    if sum(len(stroke) for stroke in strokes) > MOST_NUMBERS:
        return "too_many_points"
    if any(len(stroke) % 2 for stroke in strokes):
        return "half_a_point"
    if any(x > width for stroke in strokes for x in stroke[::2]) or any(y > height for stroke in strokes for y in stroke[1::2]):
        return "outside"
    return None if any(len(stroke) >= 4 for stroke in strokes) else "no_line"


def signature_text(width: int, height: int, strokes: Strokes) -> str:
    """One and the same text for the same signature: what the digest of its event covers."""
    return json.dumps({"h": height, "strokes": [list(stroke) for stroke in strokes], "w": width}, separators=(",", ":"))


def signature_svg(strokes: Strokes, title: str) -> Markup:
    """The signature as a picture that scales with its place, as large as what is written. Numbers alone get into it."""
    lines = [[int(number) for number in stroke] for stroke in strokes if len(stroke) >= 2]
    left, top, width, height, pen = _frame([x for line in lines for x in line[::2]], [y for line in lines for y in line[1::2]])
    return Markup(
        '<svg class="ink" role="img" viewBox="{} {} {} {}"><title>{}</title><path d="{}" fill="none" stroke="currentColor" '
        'stroke-width="{}" stroke-linecap="round" stroke-linejoin="round"/></svg>').format(
            left, top, width, height, title, " ".join(_path(line) for line in lines), pen)


def _frame(across: Sequence[int], down: Sequence[int]) -> tuple[int, int, int, int, int]:
    """Left, top, width, height of what is written, and how thick the pen is."""
    width, height = max(across) - min(across), max(down) - min(down)
    pen = max(width // 90, height // 30, 2)
    return min(across) - pen, min(down) - pen, width + 2 * pen, height + 2 * pen, pen


def _path(numbers: Sequence[int]) -> str:
    """A line that bends at the middle of each step: the corners of a quick hand become round."""
    points = list(zip(numbers[::2], numbers[1::2], strict=False))
    (x, y), *rest = points
    bends = [f"Q{a} {b} {(a + c) / 2:g} {(b + d) / 2:g}" for (a, b), (c, d) in itertools.pairwise(rest)]
    end = rest[-1] if rest else (x, y)
    return " ".join([f"M{x} {y}", *bends, f"L{end[0]} {end[1]}"])
