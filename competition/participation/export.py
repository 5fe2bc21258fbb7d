"""The dashboard's table and the targets as workbooks."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _

from competition.core.formats import percent, show_moment
from competition.core.sheets import write_table
from competition.core.taken import Taken, declare
from competition.participation import queries
from competition.participation.queries_parts import Ranked

FIGURES = declare("participation.figures", _("参赛人数"), is_personal=False, purpose=_("参赛统计和上报"))
TARGETS = declare("participation.targets", _("目标分解"), is_personal=False, purpose=_("目标分解和考核"))


def workbook(year: int, taken: Taken) -> bytes:
    """Every place with its year and months: persons and person-times side by side."""
    header = ["地区代码", "地区", f"{year}年人数", f"{year}年人次"]
    header += [f"{month}月{unit}" for month in range(1, 13) for unit in ("人数", "人次")]
    run = queries.last_finished()
    counted = show_moment(run.finished_at, taken.zone) if run and run.finished_at else "尚未汇总"
    note = f"参赛职工人数与人次。截至 {counted}。人数按人去重，各地人数不能相加。"
    rows = [[code, name, *figures] for code, name, figures in queries.table(year)]
    return write_table(f"{year}年参赛人数", header, rows, taken=taken, note=note)


def targets_workbook(name: str, year: int, rows: Sequence[Ranked], taken: Taken) -> bytes:
    """The parts of a place by attainment. The columns 代码 and 目标人数 are read when the table is sent back."""
    header = ["名次", "代码", "单位", f"{year - 1}年人数", "目标人数", "已完成", "完成率（%）", "截至当日应完成", "今后每周需新增"]
    lines = []
    for row in rows:
        stand = row.outlook
        done: tuple[object, ...] = ()
        if stand:
            share = Decimal(percent(stand.progress.attainment, 2).rstrip("%"))
            done = (stand.progress.persons, share, stand.expected, stand.needed)
        lines.append([row.place or "", row.part.scope, row.part.name, row.part.before, row.part.target or "", *done])
    note = f"{name}{year}年目标分解。目标可以相加；人数按人去重，各单位人数不能相加。填好“目标人数”可以传回系统。"
    return write_table(f"{year}年目标分解", header, lines, taken=taken, note=note)
