"""The designs that come with the program, as data: eight kinds of certificate on every paper and in every pair of languages.

What an organizer designs looks the same inside (``layout``). ``READY`` can be used as it is; :func:`designed` makes any
other for a copy. Tibetan comes only from what is stored with the contest, its events and awards: none is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from competition.certificates.ready_words import WORDS, Words

Layout = dict[str, Any]
Blocks = list[dict[str, Any]]
# The issuers' columns (from where, how wide); how high they stand, where the QR code begins, the size of their letters, the room beside it.
Foot = tuple[list[tuple[float, float]], float, float, float, float]
A3 = 420 / 297
QR = 36
SCALED = ("x", "y", "w", "h", "size")


class Ready(NamedTuple):
    """A template of ours: ``kind`` is the kind of certificate; ``label`` names it on whatever paper, in Chinese and in English."""

    name: str
    english: str
    layout: Layout
    kind: str
    label: tuple[str, str]


@dataclass(frozen=True)
class Shape:
    """Where things stand on A4. ``issuer``: how wide, how large its letters, how far above the QR code's line."""

    width: float
    height: float
    left: float
    top: float
    title: float
    body: float
    foot: float
    issuer: tuple[float, float, float]
    suffix: str

    @property
    def room(self) -> float:
        """How wide the text is."""
        return self.width - 2 * self.left


SHAPES = {
    "landscape": Shape(297, 210, 40, 27, 50, 19.5, 149, (94, 16, 0), ""),
    "portrait": Shape(210, 297, 28, 40, 44, 18, 230, (78, 14.5, 14), "portrait"),
}


def text(*texts: str, x: float, y: float, w: float, h: float, size: float, **more: Any) -> dict[str, Any]:
    """A block of text; further keys: align, weight, color, spacing, indent, leading, lang, lines, optional,
    bottom, label (words that only name what stands below)."""
    return {"kind": "text", "texts": list(texts), "x": x, "y": y, "w": w, "h": h, "size": size, **more}


def drawing(kind: str, x: float, y: float, w: float, h: float, **more: Any) -> dict[str, Any]:
    """A block that is no text."""
    return {"kind": kind, "x": x, "y": y, "w": w, "h": h, **more}


def designed(kind: str, size: str = "A4", orientation: str = "landscape", language: str = "zh-en") -> Layout:
    """A layout of ours. ``kind`` from ``ready_words.WORDS``, ``language``: zh, zh-en, zh-bo."""
    words, shape = WORDS[kind], SHAPES[orientation]
    blocks = [*_frame(words, shape, language), *_body(words, shape, language), *_foot(words, shape)]
    return {"format": 2, "page": {"size": size, "orientation": orientation}, "language": language,
            "blocks": [_rounded(block, A3 if size == "A3" else 1) for block in blocks]}


def _rounded(block: Mapping[str, Any], scale: float) -> dict[str, Any]:
    return {key: round(value * scale, 2) if key in SCALED else value for key, value in block.items()}


def _frame(words: Words, shape: Shape, language: str) -> Blocks:
    style = "-".join(filter(None, [words.border, shape.suffix]))
    middle, under = shape.width / 2, shape.top + shape.title * 0.3528 * 1.4
    title = text(words.title, x=middle - 85, y=shape.top, w=170, h=shape.title * 0.3528 * 1.35, size=shape.title, weight=700,
                 color=words.color, align="center", spacing=0.3, leading=1.3, preprinted=True)
    blocks = [drawing("border", 0, 0, shape.width, shape.height, **({"style": style} if style else {}), preprinted=True),
              drawing("demo", middle - 40, shape.height - 25, 80, 7), title]
    if language == "zh-en":
        blocks.append(text(words.english, x=middle - 85, y=under, w=170, h=7, size=11.5, color="soft", align="center", spacing=0.24,
                           lang="en", preprinted=True))
    if language == "zh-bo":
        blocks.append(text("{赛事藏文}", x=shape.left, y=under - 1, w=shape.room, h=10, size=13, color="soft", align="center", lang="bo",
                           leading=1.8, lines=1, optional=True))
    return blocks


def _body(words: Words, shape: Shape, language: str) -> Blocks:
    """The name, whose it is, the sentence, the award, the words in the other language; from the title downwards."""
    x, w, size, tall = shape.left, shape.room, shape.body, shape.suffix == "portrait"
    y = shape.top + (38 if not tall else 46)
    blocks = [text(words.name, x=x, y=y, w=w, h=14.5, size=28, lines=1)]
    y += 14.5
    blocks.append(text(*words.unit, x=x + 0.5, y=y, w=w, h=6.5 if words.unit_lines == 1 else 12, size=12.5, color="soft",
                       lines=words.unit_lines, leading=1.35, optional=True))
    y += (8.5 if words.unit_lines == 1 else 13) + (8 if tall else 0)
    high = (19 if words.award else 40) * (1.5 if tall else 1)
    blocks.append(text(*words.sentence, x=x, y=y, w=w, h=high, size=size, indent=2, leading=1.35 if words.award else 1.65))
    y += high
    if words.award:
        blocks.append(text(*words.award, x=x, y=y, w=w, h=15 * (2 if tall else 1), size=30, weight=700, color=words.color,
                           align="center", leading=1.35))
        y += 16 * (2 if tall else 1)
        blocks.append(text(words.closing, x=x, y=y, w=w, h=9.5, size=size, indent=2))
        y += 10
    return [*blocks, *_other_language(words, shape, language, y + (6 if tall else 0))]


def _other_language(words: Words, shape: Shape, language: str, y: float) -> Blocks:
    tall = shape.suffix == "portrait"
    if language == "zh-en":
        return [text(words.sentence_english, x=shape.left, y=y, w=shape.room if tall else 150, h=9.5, size=9.5, color="soft", lang="en",
                     lines=2, leading=1.35, optional=True)]
    if language == "zh-bo":
        return [text(*words.tibetan, x=shape.left, y=y, w=shape.room if tall else 150, h=10, size=11, color="soft", lang="bo",
                     lines=1, leading=1.8, optional=True)]
    return []


def _foot(words: Words, shape: Shape) -> Blocks:
    columns, high, y, size, room = _two_issuers(shape) if words.issuers == 2 else _one_issuer(shape)
    # Lower down the code keeps clear of the border's corner.
    x = shape.left - 2 if words.issuers == 1 else shape.left + 1
    code = x + QR + 3
    last, wide = columns[-1]
    names = ["{颁证单位}"] if words.issuers == 1 else ["{颁证单位1}", "{颁证单位2}"]
    return [
        drawing("qr", x, y, QR, QR),
        text("证书编号", x=code, y=y + 4, w=room, h=4.4, size=8, color="soft", label=True),
        text("{证书编号}", x=code, y=y + 8.2, w=room, h=5.4, size=9.5),
        text("验证码（扫码或在查验页输入）", x=code, y=y + 18, w=room, h=4.4, size=8, color="soft", label=True),
        text("{验证码}", x=code, y=y + 22.2, w=room, h=5.4, size=9.5),
        drawing("seal", last + wide / 2 - 10, high - 4, 40, 40),
        *(text(name, x=left, y=high - 8, w=width, h=27, size=size, align="center", bottom=True, leading=1.4)
          for name, (left, width) in zip(names, columns, strict=True)),
        text("{日期}", x=last, y=high + 21, w=wide, h=8, size=size - 1.5, align="center"),
        *(drawing("picture", left + width / 2 - 20, high - 5, 40, 40, slot=f"seal{rank}", preprinted=True)
          for rank, (left, width) in enumerate(columns, 1)),
    ]


def _one_issuer(shape: Shape) -> Foot:
    wide, size, above = shape.issuer
    return [(shape.width - shape.left - wide, wide)], shape.foot - above, shape.foot, size, 56


def _two_issuers(shape: Shape) -> Foot:
    if shape.suffix == "portrait":
        # Above the code: beside it there is no room for two seals.
        return [(28, 77), (105, 77)], 207, 242, 13.5, 56
    return [(131, 63), (194, 63)], shape.foot, shape.foot, 13, 50


READY: dict[str, Ready] = {
    kind: Ready(
        f"{words.label}（横版）", f"{words.label_english}, landscape", designed(kind), words.kind, (words.label, words.label_english))
    for kind, words in WORDS.items()
}
