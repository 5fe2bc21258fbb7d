"""One document of typst, which shares its work between cores; the people come as JSON, the QR codes as one file of pixels."""

import json
from pathlib import Path
from typing import Any

import typst

from competition.core.config import PAPER_ASSETS
from tests.bench.certificate_page import COLOURS, FAMILY, TITLE, drawings, people, qr_rows, run, texts


def merged(count: int, folder: Path) -> None:
    made = people(count)
    codes = [qr_rows(address) for _data, address in made]
    (folder / "qr.bin").write_bytes(b"".join(b"".join(rows) for rows in codes))
    (folder / "people.json").write_text(json.dumps(
        [{"texts": [text for _block, text in texts(data)], "sizes": [block["size"] for block, _text in texts(data)], "modules": len(rows)}
         for (data, _address), rows in zip(made, codes, strict=True)], ensure_ascii=False))
    for name in ("border", "seal-demo"):
        (folder / f"{name}.svg").write_bytes((PAPER_ASSETS / f"certificate-{name}.svg").read_bytes())
    (folder / "page.typ").write_text(_source(made[0][0]))
    typst.compile(str(folder / "page.typ"), output=str(folder / "merged.pdf"), root=str(folder))


def _source(data: dict[str, str]) -> str:
    lines = []
    for number, (block, _text) in enumerate(texts(data)):
        colour, align = COLOURS[block.get("color") or "ink"], block.get("align", "left")
        lines.append(
            f"place(top + left, dx: {block['x']}mm, dy: {block['y']}mm, box(width: {block['w']}mm, height: {block['h']}mm, align({align}, "
            f"par(first-line-indent: (amount: {block.get('indent', 0)}em, all: true), leading: {block.get('leading', 1.4) - 0.75}em, "
            f'text(size: p.sizes.at({number}) * 1pt, weight: {block.get("weight", 400)}, fill: rgb("{colour}"), '
            f"tracking: {block.get('spacing', 0)}em, p.texts.at({number}))))))")
    spots = drawings()
    images = [_place(spots[kind], f'image("{name}.svg", width: 100%)') for kind, name in (("border", "border"), ("seal", "seal-demo"))]
    code = _place(spots["qr"], 'image(codes.slice(at, at + n * n), format: (encoding: "luma8", width: n, height: n), width: 100%)')
    body = "\n  ".join([*lines, code])
    return f"""#set page(width: 297mm, height: 210mm, margin: 0mm, background: {{ {"; ".join(images)} }})
#set text(font: ("{FAMILY}", "Noto Serif CJK SC"), lang: "zh")
#set document(title: "{TITLE}")
#let codes = read("qr.bin", encoding: none)
#let at = 0
#for p in json("people.json") {{
  let n = p.modules
  {body}
  at += n * n
  pagebreak(weak: true)
}}
"""


def _place(block: dict[str, Any], what: str) -> str:
    return f"place(top + left, dx: {block['x']}mm, dy: {block['y']}mm, box(width: {block['w']}mm, height: {block['h']}mm, {what}))"


if __name__ == "__main__":
    run(None, merged)
