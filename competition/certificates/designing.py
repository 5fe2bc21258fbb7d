"""What a designer does to a layout: one change in, one new layout out. Pure; ``layout.checked`` judges what comes out."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from competition.certificates import rules
from competition.certificates.ready import drawing, text
from competition.core.errors import RuleBroken
from competition.core.words import say as _

Layout = dict[str, Any]
# Fields of a block by what is typed for them.
NUMBERS = ("x", "y", "w", "h", "size", "spacing", "indent", "leading")
WHOLE = ("lines", "weight")
YES_NO = ("preprinted", "optional", "bottom", "label")
WORDS = ("align", "color", "lang", "font", "asset", "slot", "style")
TEXTS = ("text1", "text2", "text3", "text4")
OWN = {
    "text": ("size", "align", "weight", "color", "spacing", "indent", "leading", "lang", "lines", "font", "optional", "bottom", "label"),
    "picture": ("asset", "slot"), "border": ("style",), "line": ("color",), "qr": (), "demo": (), "seal": (),
}
# As large on any paper.
REAL = ("picture", "qr", "seal")
PLACE = ("x", "y", "w", "h", "preprinted")
NEW: dict[str, Callable[[float, float], dict[str, Any]]] = {
    "text": lambda wide, high: text("{姓名}", x=wide / 2 - 60, y=high / 2 - 8, w=120, h=16, size=20, align="center"),
    "picture": lambda wide, high: drawing("picture", wide / 2 - 20, high / 2 - 20, 40, 40, slot="seal1"),
    "line": lambda wide, high: drawing("line", wide / 2 - 60, high / 2, 120, 0.4),
    "border": lambda wide, high: drawing("border", 0, 0, wide, high, **({} if wide > high else {"style": "portrait"})),
    "qr": lambda wide, high: drawing("qr", wide / 2 - 18, high / 2 - 18, 36, 36),
    "demo": lambda wide, high: drawing("demo", wide / 2 - 40, high - 25, 80, 7),
    "seal": lambda wide, high: drawing("seal", wide / 2 - 20, high / 2 - 20, 40, 40),
}


def block_of(layout: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A block by its number from 0. Raises RuleBroken: somebody may just have taken it away."""
    blocks: list[dict[str, Any]] = layout["blocks"]
    if not 0 <= number < len(blocks):
        raise RuleBroken(_("没有这一块，它可能刚被删除。"), code="no_block", status=404)
    return blocks[number]


def with_block(layout: Mapping[str, Any], number: int, typed: Mapping[str, str]) -> Layout:
    """The layout with a block as it was typed; what is no number stays text, for the check to name."""
    changed = copy.deepcopy(dict(layout))
    block = block_of(changed, number)
    changed["blocks"][number] = read_block(block["kind"], typed)
    return changed


def read_block(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """A block from the fields of a form."""
    block: dict[str, Any] = {"kind": kind}
    if kind == "text":
        block["texts"] = [words.replace("\r\n", "\n") for name in TEXTS if (words := typed.get(name, "")).strip()]
    for name in (*PLACE, *OWN[kind]):
        given = typed.get(name, "").strip()
        if name in YES_NO:
            block[name] = bool(given)
        elif given:
            block[name] = _number(given, whole=name in WHOLE) if name in (*NUMBERS, *WHOLE) else given
    return block


def _number(given: str, *, whole: bool) -> float | int | str:
    try:
        return int(given) if whole else float(given)
    except ValueError:
        return given


def typed_of(block: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form from a block: the other way round."""
    texts = dict(zip(TEXTS, block.get("texts", ()), strict=False))
    plain = {name: block[name] for name in (*PLACE, *OWN[block["kind"]]) if block.get(name, False) is not False and block[name] is not None}
    return {**texts, **{name: ("y" if value is True else f"{value:g}" if isinstance(value, float) else str(value))
                        for name, value in plain.items()}}


def added(layout: Mapping[str, Any], kind: str) -> Layout:
    """With a new block in the middle of the page, over all others."""
    if kind not in NEW:
        raise RuleBroken(_("没有这种内容块。"), code="kind", status=422)
    block = {key: round(value, 2) if isinstance(value, float) else value for key, value in NEW[kind](*rules.page_size(layout)).items()}
    return {**layout, "blocks": [*layout["blocks"], block]}


def copied(layout: Mapping[str, Any], number: int) -> Layout:
    """With the same block once more, a little lower."""
    block = block_of(layout, number)
    _width, height = rules.page_size(layout)
    again = {**copy.deepcopy(block), "y": min(block["y"] + 5, max(block["y"], height - block["h"]))}
    return {**layout, "blocks": [*layout["blocks"][:number + 1], again, *layout["blocks"][number + 1:]]}


def removed(layout: Mapping[str, Any], number: int) -> Layout:
    """Without a block."""
    block_of(layout, number)
    return {**layout, "blocks": [*layout["blocks"][:number], *layout["blocks"][number + 1:]]}


def shifted(layout: Mapping[str, Any], number: int, by: int) -> Layout:
    """With a block drawn, and read aloud, one turn earlier or later."""
    block, there = block_of(layout, number), number + by
    if not 0 <= there < len(layout["blocks"]):
        return dict(layout)
    blocks = list(layout["blocks"])
    blocks[number], blocks[there] = blocks[there], block
    return {**layout, "blocks": blocks}


def with_page(layout: Mapping[str, Any], size: str, orientation: str, bleed: str, language: str) -> Layout:
    """On other paper: what stood on the old keeps its place in proportion and its proportions."""
    page = {"size": size, "orientation": orientation, "bleed": _number(bleed.strip() or "0", whole=False)}
    if size not in ("A4", "A3") or orientation not in ("landscape", "portrait"):
        return {**layout, "page": page, "language": language}
    old, new = rules.page_size(layout), rules.page_size({"page": page})
    blocks = [_scaled(block, old, new) for block in layout["blocks"]] if old != new else layout["blocks"]
    return {**layout, "page": page, "language": language, "blocks": blocks}


def _scaled(block: Mapping[str, Any], old: tuple[float, float], new: tuple[float, float]) -> dict[str, Any]:
    across, down = new[0] / old[0], new[1] / old[1]
    wide, high = block["w"] * across, block["h"] * down
    more: dict[str, Any] = {}
    if block["kind"] in REAL:
        wide, high = block["w"], block["h"]
    elif block["kind"] in ("line", "demo"):
        high = block["h"]
    elif block["kind"] == "text":
        more["size"] = round(block["size"] * (across * down) ** 0.5, 2)
    elif block["kind"] == "border":
        style = block.get("style", "").removesuffix("portrait").rstrip("-")
        more["style"] = "-".join(filter(None, [style, "portrait" if new[0] < new[1] else ""]))
    x, y = min(block["x"] * across, new[0] - wide), min(block["y"] * down, new[1] - high)
    return {**block, "x": round(x, 2), "y": round(y, 2), "w": round(wide, 2), "h": round(high, 2), **more}
