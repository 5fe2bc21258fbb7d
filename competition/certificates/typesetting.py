"""Texts and drawings of certificates set by WeasyPrint: each different one once for all sheets of a chunk.

A *piece* is what one block shows. All pieces of a chunk stand in one document of one page, each where its block
says, one over the other; the page is never shown. Its drawing is then cut apart, piece by piece, and ``composing``
puts the pieces of each sheet together. So a word that stands on every sheet is set once, and fonts are embedded once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from weasyprint.text.fonts import FontConfiguration

from competition.certificates import rules
from competition.certificates.design import Design, Sheet
from competition.certificates.fonts import STACK
from competition.core.config import PAPER_ASSETS
from competition.core.press import render

_GLYPH = re.compile(r'<img class="glyph" alt="(.)"')


@dataclass(frozen=True)
class Piece:
    """What a block shows: its number in the layout, its content as HTML, by how much its type shrinks."""

    block: int
    html: str
    fit: float = 1.0

    @property
    def glyphs(self) -> list[str]:
        """The characters that stand there as pictures, in order."""
        return _GLYPH.findall(self.html)


class SplitError(Exception):
    """The renderer's drawing does not part into the pieces that it was given."""


def piece_of(number: int, block: Mapping[str, Any], design: Design, sheet: Sheet) -> Piece | None:
    """What a block shows on a sheet, unless ``composing`` draws it or it stays empty."""
    match block["kind"]:
        case "text":
            return _text(number, block, design, sheet)
        case "border":
            return Piece(number, f'<img src="asset:{_border(block)}" alt="">')
        case "seal":
            return Piece(number, '<img src="asset:certificate-seal-demo.svg" alt="">')
        case "demo":
            return Piece(number, rules.DEMO)
        case "line":
            return Piece(number, "<hr>")
    return None


def _border(block: Mapping[str, Any]) -> str:
    style = block.get("style")
    return f"certificate-border-{style}.svg" if style else "certificate-border.svg"


def _text(number: int, block: Mapping[str, Any], design: Design, sheet: Sheet) -> Piece | None:
    text = rules.said(design.layout, block, sheet.data)
    if text is None:
        return None
    named = {name for line in block["texts"] for name in rules.placeholders(line)}
    values = {name: _value(sheet.data[name], sheet.glyphs) for name in named & sheet.data.keys()}
    html = rules.filled_html(block, sheet.data, values, rich=rules.is_rich(design.layout))
    return Piece(number, html, rules.fit(block, text) or rules.SMALLEST)


def _value(value: str, glyphs: Mapping[str, str]) -> str:
    """A value as HTML, with a picture for each character that needs one."""
    if glyphs.keys().isdisjoint(value):
        return escape(value)
    picture = Markup('<img class="glyph" alt="{}" src="asset:{}.png">')
    return Markup("").join(picture.format(char, glyphs[char]) if char in glyphs else escape(char) for char in value)


def set_pieces(pieces: Sequence[Piece], design: Design, fonts: FontConfiguration) -> bytes:
    """A PDF of one page with all pieces, not compressed, so that it can be cut."""
    blocks = design.layout["blocks"]
    body = Markup("").join(_element(piece, blocks[piece.block]) for piece in pieces)
    links = Markup("").join(Markup('<link rel="stylesheet" href="asset:{}">').format(name) for name in ("certificate.css", "layout.css"))
    # The first element is thrown away; with it there are always several to cut apart.
    page = Markup('<!doctype html><html lang="{}"><head>{}</head><body><div class="block">0</div>{}</body></html>')
    return render(page.format(design.language, links, body), _assets(design), fonts, uncompressed_pdf=True)


def _element(piece: Piece, block: Mapping[str, Any]) -> Markup:
    names = [f"b{piece.block}", block["kind"]]
    if block["kind"] == "line":
        names.append(block.get("color", "gold"))
    if block["kind"] == "text":
        names += [block.get("align", "left"), block.get("color", "ink"), *(["bottom"] if block.get("bottom") else [])]
    attributes = Markup('lang="{}" ').format(block["lang"]) if block.get("lang") else Markup("")
    if piece.fit < 1:
        attributes += Markup('style="font-size: {}pt"').format(round(block["size"] * piece.fit, 3))
    return Markup('<div class="block {}" {}>{}</div>').format(" ".join(names), attributes, Markup(piece.html))  # noqa: S704 - made by filled_html


def _assets(design: Design) -> dict[str, bytes]:
    drawings = {path.name: path.read_bytes() for path in PAPER_ASSETS.glob("certificate*")}
    fonts = {f"font{number}.ttf": font.data for number, font in enumerate(design.fonts)}
    pictures = {f"{digest}.png": data for digest, data in design.pictures.items()}
    return {**drawings, **fonts, **pictures, "layout.css": stylesheet(design).encode()}


def stylesheet(design: Design) -> str:
    """Where each block stands and how large its type is."""
    width, height = rules.page_size(design.layout)
    lines = [f'@font-face {{ font-family: {_name(font.family)}; src: url("asset:font{n}.ttf") }}' for n, font in enumerate(design.fonts)]
    lines.append(f"@page {{ size: {width}mm {height}mm }}")
    for number, block in enumerate(design.layout["blocks"]):
        down = f"bottom: {height - block['y'] - block['h']}mm" if block.get("bottom") else f"top: {block['y']}mm; height: {block['h']}mm"
        lines.append(f".b{number} {{ left: {block['x']}mm; width: {block['w']}mm; {down}; {_type(block, design)} }}")
    return "\n".join(lines)


def _type(block: Mapping[str, Any], design: Design) -> str:
    if block["kind"] != "text":
        return ""
    own = [block["font"]] if block.get("font") else []
    # A union's fonts come last where no block names them: for characters that ours lack.
    families = dict.fromkeys((*own, *STACK, *(font.family for font in design.fonts)))
    family = f"font-family: {', '.join(map(_name, families))}; " if own or design.fonts else ""
    return (f"{family}font-size: {block['size']}pt; line-height: {block.get('leading', 1.4)}; font-weight: {block.get('weight', 400)}; "
            f"letter-spacing: {block.get('spacing', 0)}em; text-indent: {block.get('indent', 0)}em")


def _name(family: str) -> str:
    # Any kind of line end would end the string, and what follows would be a style sheet.
    return '"' + "".join(c for c in family if c.isprintable() and c not in '"\\') + '"'


def cut(drawing: bytes, count: int) -> list[bytes]:
    """The drawing of each of ``count`` pieces. Raises SplitError when there are not as many."""
    lines = drawing.split(b"\n")
    found: dict[int, list[tuple[int, int]]] = {}
    for depth, start, end in _groups(lines):
        found.setdefault(depth, []).append((start, end))
    parts = next((found[depth] for depth in sorted(found) if len(found[depth]) > 1), [])
    if len(parts) != count + 1:
        raise SplitError(len(parts), count)
    return [b"\n".join(lines[start:end]) for start, end in parts[1:]]


def _groups(lines: Sequence[bytes]) -> Iterator[tuple[int, int, int]]:
    """How deep each group of operators between ``q`` and ``Q`` lies, where it begins and ends."""
    begun = []
    for number, line in enumerate(lines):
        if line == b"q":
            begun.append(number)
        elif line == b"Q":
            yield len(begun), begun.pop(), number + 1
