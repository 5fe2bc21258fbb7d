"""The child process of ``printing``: told a design, then chunks of sheets; answers with their files, each read again."""

from base64 import b64encode
from typing import Any

from weasyprint.text.fonts import FontConfiguration

from competition.certificates import rules
from competition.certificates.composing import compose
from competition.certificates.design import Design, Sheet
from competition.core.confined import Limits
from competition.core.pictures import text_of
from competition.core.press import check_pictures, serve


class Child:
    """Keeps the design between requests."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.design: Design | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """To ``design``: nothing. To ``sheets``: for each its ``pdf`` in base64, and the texts that are ``lost`` in it."""
        if "design" in request:
            self.design = Design.of(request["design"])
            check_pictures(self.design.pictures.values())
            return {}
        assert self.design is not None  # noqa: S101 - it comes first
        sheets = [Sheet(**sheet) for sheet in request["sheets"]]
        made = compose(self.design, sheets, self.fonts)
        return {"sheets": [{"pdf": b64encode(data).decode(), "lost": lost_texts(self.design, sheet, data)}
                           for sheet, data in zip(sheets, made, strict=True)]}


def lost_texts(design: Design, sheet: Sheet, data: bytes) -> list[str]:
    """What the sheet should say and its PDF, read again, does not. Blanks do not count: lines are broken anywhere."""
    layout = {**design.layout, "blocks": [block for block in design.layout["blocks"] if design.prints(block)]}
    inside = _without_blanks(text_of(data))
    return [text for text in rules.printed_texts(layout, sheet.data) if _without_blanks(text) not in inside]


def _without_blanks(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    serve(Child().answer, Limits.given())
