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
    """Where things stand on A4, in millimetres from above: the title, the name, the sentence (``sentence``: from where to where),
    the award (from where, how high, how large its letters), the words in the other language, the QR code (``foot``).
    ``issuer``: how wide, how large its letters, how far above the QR code's line."""

    width: float
    height: float
    left: float
    top: float
    title: float
    body: float
    name: float
    sentence: tuple[float, float]
    award: tuple[float, float, float]
    other: float
    foot: float
    issuer: tuple[float, float, float]
    suffix: str

    @property
    def room(self) -> float:
        """How wide the text is."""
        return self.width - 2 * self.left


SHAPES = {
    "landscape": Shape(297, 210, 40, 26, 52, 19.5, 63, (87, 106), (108, 15, 32), 136, 149, (94, 16, 0), ""),
    "portrait": Shape(210, 297, 28, 40, 46, 18.5, 85, (112, 141), (147, 23, 27), 184, 230, (78, 14.5, 14), "portrait"),
}
# Without an award the sentence says all: in larger letters, with more air.
PLAIN = 1.12
# A team's members take a second line; what stands below moves down.
SECOND_LINE = 4.5


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
    blocks = [drawing("border", 0, 0, shape.width, shape.height, **({"style": style} if style else {}), preprinted=True),
              drawing("demo", middle - 40, shape.height - 25, 80, 7),
              _spaced(words.title, shape, y=shape.top, h=shape.title * 0.3528 * 1.35, size=shape.title, spacing=0.3, weight=700,
                      color=words.color, leading=1.3)]
    if language == "zh-en":
        blocks.append(_spaced(words.english, shape, y=under, h=7, size=11.5, spacing=0.24, color="soft", lang="en"))
    if language == "zh-bo":
        blocks.append(text("{赛事藏文}", x=shape.left, y=under - 1, w=shape.room, h=11, size=15, color="soft", align="center", lang="bo",
                           leading=1.8, lines=1, optional=True))
    return blocks


def _spaced(words: str, shape: Shape, *, size: float, spacing: float, **more: Any) -> dict[str, Any]:
    """A line in the middle whose letters stand apart. The last one has such a space behind it too: half of it is taken back."""
    x = shape.width / 2 - 85 + size * spacing * 0.3528 / 2
    return text(words, x=x, w=170, size=size, spacing=spacing, align="center", preprinted=True, **more)


def _body(words: Words, shape: Shape, language: str) -> Blocks:
    """The name, whose it is, the sentence, the award, the words in the other language; from the title downwards."""
    x, w = shape.left, shape.room
    more = SECOND_LINE if words.unit_lines > 1 else 0
    begin, end = shape.sentence[0] + more, shape.sentence[1] + more
    blocks = [text(words.name, x=x, y=shape.name, w=w, h=15.5, size=30, lines=1),
              text(*words.unit, x=x, y=shape.name + 15.5, w=w, h=7.5 if words.unit_lines == 1 else 12, size=13, color="soft",
                   lines=words.unit_lines, leading=1.35, optional=True)]
    if not words.award:
        blocks.append(text(*words.sentence, x=x, y=begin + 1, w=w, h=shape.other - begin - 3, size=shape.body * PLAIN, indent=2,
                           leading=1.75))
        return [*blocks, *_other_language(words, shape, language, shape.other)]
    top, high, size = shape.award
    return [
        *blocks,
        # It stands on the award, however many lines it has.
        text(*words.sentence, x=x, y=begin, w=w, h=end - begin, size=shape.body, indent=2, leading=1.35, bottom=True),
        text(*words.award, x=x, y=top + more, w=w, h=high, size=size, weight=700, color=words.color, align="center", leading=1.2),
        text(words.closing, x=x, y=top + high + 2 + more, w=w, h=9.5, size=shape.body, indent=2, preprinted=True),
        *_other_language(words, shape, language, shape.other + more / 2)]


def _other_language(words: Words, shape: Shape, language: str, y: float) -> Blocks:
    wide = shape.room if shape.suffix == "portrait" else 150
    if language == "zh-en":
        return [text(words.sentence_english, x=shape.left, y=y, w=wide, h=10.2, size=10, color="soft", lang="en",
                     lines=2, leading=1.4, optional=True)]
    if language == "zh-bo":
        return [text(*words.tibetan, x=shape.left, y=y, w=wide, h=10, size=13, color="soft", lang="bo",
                     lines=1, leading=1.8, optional=True)]
    return []


def _foot(words: Words, shape: Shape) -> Blocks:
    columns, high, y, size, room = _two_issuers(shape) if words.issuers == 2 else _one_issuer(shape)
    x = shape.left
    code = x + QR + 3
    last, wide = columns[-1]
    names = ["{颁证单位}"] if words.issuers == 1 else ["{颁证单位1}", "{颁证单位2}"]
    return [
        drawing("qr", x, y, QR, QR),
        text("证书编号", x=code, y=y + 4, w=room, h=4.4, size=8, color="soft", label=True, preprinted=True),
        text("{证书编号}", x=code, y=y + 8.2, w=room, h=5.4, size=9.5),
        text("验证码（扫码或在查验页输入）", x=code, y=y + 18, w=room, h=4.4, size=8, color="soft", label=True, preprinted=True),
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
        return [(28, 77), (105, 77)], 204, 241, 13.5, 56
    return [(131, 63), (194, 63)], shape.foot, shape.foot, 13, 50


READY: dict[str, Ready] = {
    kind: Ready(
        f"{words.label}（横版）", f"{words.label_english}, landscape", designed(kind), words.kind, (words.label, words.label_english))
    for kind, words in WORDS.items()
}
