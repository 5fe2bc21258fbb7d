"""A small chart as plain numbers, for paper and the big screen, where no script runs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 230, 64, 24, 14, 28


@dataclass(frozen=True)
class Line:
    """One line of the chart: its points as SVG writes them, and where its last one lies."""

    name: str
    points: str
    end: tuple[float, float] | None
    is_dashed: bool


@dataclass(frozen=True)
class Drawing:
    """``marks``: height and words of the lines across; ``labels``: place and words below; ``target``: the height of the target."""

    lines: Sequence[Line]
    marks: Sequence[tuple[float, int]]
    labels: Sequence[tuple[float, str]]
    target: float | None


def line_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None], bool]], target: int | None = None) -> Drawing:
    """Lines over the labels: name, values (None: nothing drawn), dashed or not."""
    highest = max([1, target or 0, *(value for _name, values, _dashed in series for value in values if value is not None)])
    top = _round_up(highest)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(labels) - 1)

    def across(index: int) -> float:
        return round(LEFT + step * index, 1)

    def up(value: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)

    lines = []
    for name, values, is_dashed in series:
        points = [(across(index), up(value)) for index, value in enumerate(values) if value is not None]
        lines.append(Line(name, " ".join(f"{x},{y}" for x, y in points), points[-1] if points else None, is_dashed))
    return Drawing(lines, [(up(top * part // 4), top * part // 4) for part in range(5)],
                   [(across(index), word) for index, word in enumerate(labels)], up(target) if target else None)


def _round_up(value: int) -> int:
    """To the next 4, 8, 12, 20, 40 … of its power of ten, so that quarters are whole."""
    unit = int(10 ** max(0, len(str(value)) - 2))
    return next(top for top in (4 * unit * factor for factor in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)) if top >= value)
