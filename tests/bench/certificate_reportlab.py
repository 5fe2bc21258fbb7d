"""The page drawn by reportlab: no shaping, lines broken by widths, the border without its corners."""

from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from competition.certificates.fonts import font_files
from tests.bench.certificate_page import COLOURS, FAMILY, TITLE, drawings, people, qr_rows, run, texts

HEIGHT = 210
LINES = (((28.5, 10.5, 268.5, 10.5), (28.5, 199.5, 268.5, 199.5), (10.5, 28.5, 10.5, 181.5), (286.5, 28.5, 286.5, 181.5)),
         ((28.5, 14.2, 268.5, 14.2), (28.5, 195.8, 268.5, 195.8), (14.2, 28.5, 14.2, 181.5), (282.8, 28.5, 282.8, 181.5)))


def singles(count: int, folder: Path) -> None:
    for number, one in enumerate(people(count)):
        draw([one], folder / f"{number:05d}.pdf")


def merged(count: int, folder: Path) -> None:
    draw(people(count), folder / "merged.pdf")


def draw(made: list[tuple[dict[str, str], str]], path: Path) -> None:
    """One file with a page for each."""
    regular = font_files()[FAMILY]
    pdfmetrics.registerFont(TTFont("body", str(regular)))
    pdfmetrics.registerFont(TTFont("bold", str(regular.with_name(regular.name.replace("Regular", "Bold")))))
    canvas = Canvas(str(path), pagesize=(297 * mm, HEIGHT * mm), lang="zh-CN")
    canvas.setTitle(TITLE)
    _base(canvas)
    spot = drawings()["qr"]
    for data, address in made:
        canvas.doForm("base")
        for block, text in texts(data):
            _text(canvas, block, text)
        rows = qr_rows(address)
        picture = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).convert("1")
        canvas.drawInlineImage(picture, spot["x"] * mm, (HEIGHT - spot["y"] - spot["h"]) * mm, spot["w"] * mm, spot["h"] * mm)
        canvas.showPage()
    canvas.save()


def _base(canvas: Canvas) -> None:
    canvas.beginForm("base", 0, 0, 297 * mm, HEIGHT * mm)
    canvas.setStrokeColor(HexColor("#b08a3c"))
    for width, lines in zip((1.1, 0.3), LINES, strict=True):
        canvas.setLineWidth(width * mm)
        canvas.lines([[value * mm for value in line] for line in lines])
    seal = drawings()["seal"]
    x, y = (seal["x"] + 20) * mm, (HEIGHT - seal["y"] - 20) * mm
    canvas.setStrokeColor(HexColor("#c0332b"))
    canvas.circle(x, y, 18.7 * mm)
    canvas.circle(x, y, 16.9 * mm)
    canvas.setFillColor(HexColor("#c0332b"))
    canvas.setFont("bold", 9.5 * mm)
    canvas.drawCentredString(x, y - 5 * mm, "演示")
    canvas.setFont("body", 3.2 * mm)
    canvas.drawCentredString(x, y - 13 * mm, "非正式印章")
    canvas.endForm()


def _text(canvas: Canvas, block: dict[str, Any], text: str) -> None:
    font, size = ("bold" if block.get("weight") == 700 else "body"), block["size"]
    canvas.setFont(font, size)
    canvas.setFillColor(HexColor(COLOURS[block.get("color") or "ink"]))
    y = (HEIGHT - block["y"]) * mm - size * 1.1
    for line in _broken(text, font, size, block["w"] * mm, block.get("indent", 0) * size):
        if block.get("align") == "center":
            canvas.drawCentredString((block["x"] + block["w"] / 2) * mm, y, line)
        else:
            canvas.drawString(block["x"] * mm, y, line)
        y -= size * block.get("leading", 1.4)


def _broken(text: str, font: str, size: float, width: float, used: float) -> list[str]:
    lines, line = [], ""
    for char in text:
        step = pdfmetrics.stringWidth(char, font, size)
        if char == "\n" or used + step > width:
            lines.append(line)
            line, used = "", 0.0
        if char != "\n":
            line, used = line + char, used + step
    return [*lines, line]


if __name__ == "__main__":
    run(singles, merged)
