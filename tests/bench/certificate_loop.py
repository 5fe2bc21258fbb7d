"""WeasyPrint, one HTML to one PDF each: the page as anybody would write it."""

import base64
import html
import io
from pathlib import Path
from typing import Any

from PIL import Image
from weasyprint import HTML

from competition.core.config import PAPER_ASSETS
from tests.bench.certificate_page import COLOURS, TITLE, drawings, people, qr_rows, run, texts


def singles(count: int, folder: Path) -> None:
    for number, (data, address) in enumerate(people(count)):
        HTML(string=page(data, png(address))).write_pdf(folder / f"{number:05d}.pdf")


def png(address: str) -> bytes:
    rows = qr_rows(address)
    out = io.BytesIO()
    Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).convert("1").save(out, "PNG")
    return out.getvalue()


def page(data: dict[str, str], code: bytes) -> str:
    pictures = {"qr": "data:image/png;base64," + base64.b64encode(code).decode(),
                "border": (PAPER_ASSETS / "certificate-border.svg").as_uri(),
                "seal": (PAPER_ASSETS / "certificate-seal-demo.svg").as_uri()}
    images = [f'<img src="{pictures[kind]}" style="{_place(block)}">' for kind, block in drawings().items()]
    lines = [f'<div style="{_place(block)};{_type(block)}">{html.escape(text)}</div>' for block, text in texts(data)]
    style = ("@page{size:297mm 210mm;margin:0}body{margin:0;font-family:'LXGW WenKai','Noto Serif CJK SC'}"
             "div,img{position:absolute;white-space:pre-wrap}img{image-rendering:pixelated}")
    return f'<!doctype html><html lang="zh-CN"><title>{TITLE}</title><style>{style}</style><body>{"".join(images + lines)}'


def _place(block: dict[str, Any]) -> str:
    return ";".join(f"{name}:{block[key]}mm" for name, key in (("left", "x"), ("top", "y"), ("width", "w"), ("height", "h")))


def _type(block: dict[str, Any]) -> str:
    return (f"font-size:{block['size']}pt;line-height:{block.get('leading', 1.4)};text-align:{block.get('align', 'left')};"
            f"font-weight:{block.get('weight', 400)};color:{COLOURS[block.get('color') or 'ink']};"
            f"letter-spacing:{block.get('spacing', 0)}em;text-indent:{block.get('indent', 0)}em")


if __name__ == "__main__":
    run(singles)
