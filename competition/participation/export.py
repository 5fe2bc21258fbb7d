"""The dashboard's table as a workbook."""

from flask_babel import lazy_gettext as _

from competition.core.formats import show_moment
from competition.core.sheets import write_table
from competition.core.taken import Taken, declare
from competition.participation import queries

FIGURES = declare("participation.figures", _("参赛人数"), is_personal=False, purpose=_("参赛统计和上报"))


def workbook(year: int, taken: Taken) -> bytes:
    """Every place with its year and months: persons and person-times side by side."""
    header = ["地区代码", "地区", f"{year}年人数", f"{year}年人次"]
    header += [f"{month}月{unit}" for month in range(1, 13) for unit in ("人数", "人次")]
    run = queries.last_finished()
    counted = show_moment(run.finished_at, taken.zone) if run and run.finished_at else "尚未汇总"
    note = f"参赛职工人数与人次。截至 {counted}。人数按人去重，各地人数不能相加。"
    rows = [[code, name, *figures] for code, name, figures in queries.table(year)]
    return write_table(f"{year}年参赛人数", header, rows, taken=taken, note=note)
