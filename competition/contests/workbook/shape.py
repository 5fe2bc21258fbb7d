"""Which sheets and columns of a workbook are those of a rulebook, which are missing, and which are somebody's own. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from competition.contests.workbook.tables import GUIDE, LISTS, MARKED, SYSTEM, Table, tables
from competition.core.errors import RuleBroken
from competition.core.grids import Grid
from competition.core.words import say as _

_LOOKED_AT = 8


@dataclass
class Sheet:
    """A table as it stands in a workbook. ``columns``: by head; ``head``: the row of the heads."""

    table: Table
    grid: Grid
    head: int
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def row_numbers(self) -> list[int]:
        """The rows that say something in columns of the table."""
        found = range(self.head + 1, max([len(self.grid.rows), *(row + 1 for row, _column in self.grid.odd)]))
        return [row for row in found if any(self.grid.text(row, at) or (row, at) in self.grid.odd for at in self.columns.values())]


def head_row(grid: Grid, table: Table) -> tuple[int, dict[str, int]]:
    """The row of the heads: the one of the first that has most of them; and the columns by head."""
    best: tuple[int, dict[str, int]] = (0, {})
    heads = {"".join(head.split()): head for head in table.heads}
    for number, row in enumerate(grid.rows[:_LOOKED_AT]):
        at: dict[str, int] = {}
        for column, text in enumerate(row):
            head = heads.get("".join(text.split()))
            if head is not None:
                at.setdefault(head, column)
        if len(at) > len(best[1]):
            best = number, at
    return best


def sheets_of(grids: list[Grid]) -> list[Sheet]:
    """The tables in their order. Raises RuleBroken that names everything that is missing."""
    by_title = {grid.title.strip(): grid for grid in reversed(grids)}
    found, missing = [], []
    for table in tables():
        grid = by_title.get(table.title)
        if grid is None:
            missing.append(_("工作表“%(title)s”", title=table.title))
            continue
        row, columns = head_row(grid, table)
        missing += [_("工作表“%(title)s”的列“%(head)s”", title=table.title, head=head) for head in table.heads if head not in columns]
        found.append(Sheet(table, grid, row, columns))
    if not any(sheet.columns for sheet in found):
        raise RuleBroken(_("这不是评分规则的工作簿。请先导出，再在导出的工作簿里修改。"), code="no_rulebook_workbook", status=422,
                         field="file")
    if missing:
        raise RuleBroken(_("工作簿缺少下面的内容，没有读取。请重新导出，工作表和列都要保留，可以空着：%(what)s",
                           what=_("；").join(missing)), code="workbook_incomplete", status=422, field="file")
    return found


def ignored(grids: list[Grid]) -> list[str]:
    """Sheets and columns that are no part of a rulebook: they are named and not read."""
    known = {table.title: table for table in tables()}
    found = []
    for grid in grids:
        table = known.get(grid.title.strip())
        if table is None and grid.title.strip() not in (GUIDE, LISTS, MARKED, SYSTEM) and grid.rows:
            found.append(_("工作表“%(title)s”", title=grid.title))
        if table is not None:
            found += _columns(grid, table)
    return found


def _columns(grid: Grid, table: Table) -> Iterator[str]:
    row, columns = head_row(grid, table)
    for column in range(max((len(one) for one in grid.rows[row:]), default=0)):
        if column in columns.values() or not any(grid.text(number, column) for number in range(row, len(grid.rows))):
            continue
        head = grid.text(row, column) or str(_("第 %(n)s 列，没有表头", n=column + 1))
        yield _("工作表“%(title)s”的列“%(head)s”", title=grid.title, head=head)
