"""Sheets of labels: where each label lies on an A4 sheet, and how large its text may be. Pure; millimetres and points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from competition.certificates.rules import width_in_ems

WIDTH, HEIGHT = 210.0, 297.0
MOST_OFFSET = 20.0
MM = 25.4 / 72  # of a point
_PAD = 3.0
_STEPS = (1, 0.9, 0.8, 0.72, 0.64, 0.56, 0.5, 0.44)


@dataclass(frozen=True)
class LabelSheet:
    """How labels lie on A4: so many beside and below each other, their size, where the first begins, what is between them."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap_x: float = 0
    gap_y: float = 0

    @property
    def count(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    def moved(self, right: float, down: float) -> "LabelSheet":
        """The same for a printer that is off."""
        return replace(self, left=self.left + right, top=self.top + down)

    def place(self, number: int) -> tuple[float, float]:
        """Left and upper edge of a label, counted from 0, line by line."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.width + self.gap_x), self.top + row * (self.height + self.gap_y)


# As the trade sells them. The first is what is asked for most.
SHEETS: dict[str, LabelSheet] = {
    "14": LabelSheet(2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
    "21": LabelSheet(3, 7, 63.5, 38.1, 7.25, 15.15, 2.5),
    "24": LabelSheet(3, 8, 70, 37, 0, 0.5),
    "10": LabelSheet(2, 5, 99.1, 57, 4.65, 6, 2.5),
    "8": LabelSheet(2, 4, 105, 74.25, 0, 0),
}


def check_sheet(sheet: LabelSheet, right: float = 0, down: float = 0) -> None:
    """Raise ValueError with a sentence when the labels do not lie on the sheet; half a millimetre may be lost at an edge."""
    if not (1 <= sheet.columns <= 10 and 1 <= sheet.rows <= 30):
        raise ValueError(_("每行 1 到 10 个标签，共 1 到 30 行。"))
    if sheet.width < 20 or sheet.height < 10:
        raise ValueError(_("标签太小：至少宽 20 毫米、高 10 毫米。"))
    if min(sheet.left, sheet.top, sheet.gap_x, sheet.gap_y) < 0:
        raise ValueError(_("边距和间距不能小于 0。"))
    if max(abs(right), abs(down)) > MOST_OFFSET:
        raise ValueError(_("偏移应在 %(least)s 到 %(most)s 毫米之间。", least=f"{-MOST_OFFSET:g}", most=f"{MOST_OFFSET:g}"))
    last_x, last_y = sheet.place(sheet.count - 1)
    if last_x + sheet.width > WIDTH + 0.5 or last_y + sheet.height > HEIGHT + 0.5:
        raise ValueError(_("这些标签在 A4 纸上放不下：合计宽 %(wide)s、高 %(high)s 毫米。", wide=f"{last_x + sheet.width:g}",
                           high=f"{last_y + sheet.height:g}"))


def sizes(sheet: LabelSheet, lines: Sequence[tuple[str, float]]) -> list[float] | None:
    """The size in points of each line of a label (text, wanted size) so that all of them stay in it, shrunk together; None
    when even the smallest do not."""
    wide, high = sheet.width - 2 * _PAD, sheet.height - 2 * _PAD
    for scale in _STEPS:
        used = 0.0
        for text, size in lines:
            em = size * scale * MM
            used += -(-width_in_ems(text) * em // max(wide - em / 2, em)) * em * 1.3
        if used <= high:
            return [size * scale for _text, size in lines]
    return None
