"""Layouts of certificates, format 2: what a design may hold, checked strictly; refusals say which block is wrong, and how.

A layout is data, never a language: a page and blocks with place and size in millimetres from the upper left corner of the
trimmed page. The first format (plain texts, no pictures) is still printed; :func:`upgraded` makes the second out of it.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from competition.certificates import rules
from competition.certificates.layout_words import FAULTS, KINDS, block_words, field_words
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.core.words import say as _

BLEED = 5.0
QR_LEAST = 35.0
SEALS = ("seal1", "seal2", "seal3", "seal4")
SIGNATURES = ("signature1", "signature2", "signature3", "signature4")
SLOTS = (*SEALS, *SIGNATURES, "logo", "photo")
BORDERS = ("", "portrait", "double", "double-portrait")
LANGUAGES = ("zh", "zh-en", "zh-bo")
COLORS = ("ink", "honour", "soft", "lake", "red", "gold")
MOST_BLOCKS = 60
Millimetres = Annotated[float, Field(ge=-BLEED, le=430, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0.1, le=430, allow_inf_nan=False)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Rich = Annotated[str, Field(min_length=1, max_length=600)]


class LayoutError(RuleBroken):
    """A layout that cannot be used; the message says why. ``block``: the number of the block, from 0; ``field``: its field."""

    code = "layout"
    status = 422

    def __init__(self, message: Any, block: int | None = None, field: str = "") -> None:
        super().__init__(message, field=field)
        self.block = block


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Page(_Strict):
    """The paper; ``bleed`` is what is printed beyond its edge and cut off, in millimetres."""

    size: Literal["A4", "A3"]
    orientation: Literal["landscape", "portrait"]
    bleed: float = Field(0, ge=0, le=BLEED, allow_inf_nan=False)


class _Block(_Strict):
    """``preprinted``: the paper has it already where only what varies is printed."""

    x: Millimetres
    y: Millimetres
    w: Length
    h: Length
    preprinted: bool = False


class TextBlock(_Block):
    """The first of ``texts`` whose placeholders are all known is printed; ``size`` in points."""

    kind: Literal["text"]
    texts: list[Rich] = Field(min_length=1, max_length=4)
    size: float = Field(ge=5, le=160, allow_inf_nan=False)
    align: Literal["left", "center", "right", "justify"] = "left"
    weight: Literal[400, 700] = 400
    color: Literal["ink", "honour", "soft", "lake", "red", "gold"] = "ink"
    spacing: float = Field(0, ge=0, le=2, allow_inf_nan=False)
    indent: float = Field(0, ge=0, le=8, allow_inf_nan=False)
    leading: float = Field(1.4, ge=0.9, le=3, allow_inf_nan=False)
    lang: Literal["", "zh", "en", "bo"] = ""
    lines: int | None = Field(None, ge=1, le=40)
    optional: bool = False
    bottom: bool = False
    label: bool = False
    font: str = Field("", max_length=60)


class PictureBlock(_Block):
    """A picture of the union (``asset``, its hash) or one that a batch is given (``slot``)."""

    kind: Literal["picture"]
    asset: Digest | None = None
    slot: Literal["seal1", "seal2", "seal3", "seal4", "signature1", "signature2", "signature3", "signature4", "logo", "photo"] | None = None


class BorderBlock(_Block):
    """A frame of ours."""

    kind: Literal["border"]
    style: Literal["", "portrait", "double", "double-portrait"] = ""


class LineBlock(_Block):
    """A rule."""

    kind: Literal["line"]
    color: Literal["ink", "honour", "soft", "lake", "red", "gold"] = "gold"


class MarkBlock(_Block):
    """The QR code; the words and the seal of a demonstration."""

    kind: Literal["qr", "demo", "seal"]


Block = Annotated[TextBlock | PictureBlock | BorderBlock | LineBlock | MarkBlock, Field(discriminator="kind")]


class Layout(_Strict):
    """A design."""

    format: Literal[2]
    page: Page
    language: Literal["zh", "zh-en", "zh-bo"] = "zh"
    blocks: list[Block] = Field(min_length=1, max_length=MOST_BLOCKS)


def checked(data: Any) -> dict[str, Any]:
    """A layout as it is kept, what is usual left out. Raises LayoutError."""
    try:
        layout = Layout.model_validate(data)
    except ValidationError as error:
        raise _sentence(error.errors(include_url=False)[0]) from error
    kept = {"format": 2, "language": layout.language, **layout.model_dump(exclude_defaults=True)}
    for number, block in enumerate(kept["blocks"]):
        if fault := _fault(block, kept):
            raise LayoutError(_("%(block)s：%(fault)s", block=block_words(number, block), fault=fault), number)
    if fault := _whole_fault(kept["blocks"]):
        raise LayoutError(fault)
    return kept


def _sentence(error: ErrorDetails) -> LayoutError:
    """What pydantic found first, as a sentence about the block and the field."""
    place = [part for part in error["loc"] if part not in KINDS]
    bounds = {name: f"{value:g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()}
    fault = FAULTS.get(error["type"], FAULTS["other"]) % bounds
    number = place[1] if len(place) > 1 and place[0] == "blocks" and isinstance(place[1], int) else None
    field = field_words(["kind"] if error["type"].startswith("union_tag") else place[2:] if number is not None else place)
    said = _("%(field)s%(fault)s", field=field, fault=fault)
    if number is not None:
        said = _("第 %(n)s 块：%(fault)s", n=number + 1, fault=said)
    return LayoutError(said, number, next((part for part in reversed(place) if isinstance(part, str)), ""))


def _fault(block: Mapping[str, Any], layout: Mapping[str, Any]) -> str | None:
    """What is wrong with a block that has the right shape."""
    width, height = rules.page_size(layout)
    bleed = layout["page"].get("bleed", 0) + 0.001
    if block["x"] < -bleed or block["y"] < -bleed or block["x"] + block["w"] > width + bleed or block["y"] + block["h"] > height + bleed:
        return _("超出纸面，请移回来或改小。")
    if block["kind"] == "picture" and ("asset" in block) == ("slot" in block):
        return _("请选择一张图片或一个位置，只能选一样。")
    if block["kind"] == "qr" and min(block["w"], block["h"]) < QR_LEAST:
        return _("二维码不能小于 %(least)s 毫米，否则手机扫不清。", least=f"{QR_LEAST:g}")
    if block.get("preprinted") and block["kind"] in ("qr", "demo"):
        return _("每份都不同或必须当场印出，不能事先印在纸上。")
    if block["kind"] == "text":
        if not block.get("font", "").isprintable():
            return _("字体名称里有看不见的控制字符。")
        return next(filter(None, map(text_fault, block["texts"])), None)
    return None


def text_fault(text: str) -> str | None:
    """What is wrong with a text of a template, in a sentence."""
    if unknown := [name for name in rules.placeholders(text) if name not in rules.PLACEHOLDERS]:
        return _("有未知的占位符：%(names)s", names=joined(unknown))
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        return _("花括号没有成对，占位符的左右各要一个。")
    if foreign := [tag for tag in re.findall(r"</?\s*([a-zA-Z][\w-]*)", text) if tag not in rules.RICH_TAGS]:
        return _("不能用 <%(tag)s>，只能用 <b>、<i>、<br>、<small>。", tag=foreign[0][:20])
    if re.search(r"<(?:b|i|br|small)\b[^>]*[^>\s/]\s*=", text):
        return _("标签里不能写属性。")
    if any(ord(char) < 0x20 and char != "\n" for char in text):
        return _("有看不见的控制字符，请删去后重新输入。")
    return None if rules.plain(text).strip() else _("没有文字。")


def _whole_fault(blocks: list[dict[str, Any]]) -> str | None:
    kinds = [block["kind"] for block in blocks]
    if kinds.count("qr") != 1:
        return _("每份证书要有一个二维码，也只能有一个。")
    if kinds.count("demo") != 1:
        return _("要有一处演示字样，只在演示时印出。")
    # What differs on every paper cannot be on it beforehand.
    named = {name for text in texts_of([b for b in blocks if not b.get("preprinted")]) for name in rules.placeholders(text)}
    if missing := [name for name in ("姓名", "证书编号", "验证码") if name not in named]:
        return _("证书上必须有：%(names)s", names=joined(missing))
    return None


def texts_of(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Every text of a layout."""
    return (text for block in blocks if block["kind"] == "text" for text in block["texts"])


def upgraded(layout: Mapping[str, Any]) -> dict[str, Any]:
    """A layout of either format as one of the second: plain texts stay what they say."""
    if layout["format"] > 1:
        return dict(layout)
    blocks = [{**block, "texts": [html.escape(text, quote=False) for text in block["texts"]]} if "texts" in block else dict(block)
              for block in layout["blocks"]]
    for block in blocks:
        if block["kind"] == "qr" and block["w"] < QR_LEAST:
            # Codes that carry a signature are read from this size on; upwards there is room in what the first format had.
            block.update(y=block["y"] + block["h"] - QR_LEAST, w=QR_LEAST, h=QR_LEAST)
    return {"format": 2, "language": "zh", "page": dict(layout["page"]), "blocks": blocks}
