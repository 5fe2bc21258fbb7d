"""The figures of a year and its targets as workbooks; and what a bulletin is taken as."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from competition.activities.rules import MEASURES, in_units
from competition.core.database import db
from competition.core.formats import percent, show_moment
from competition.core.sheets import Sheet, write_book, write_table
from competition.core.taken import Taken, declare
from competition.counting import queries
from competition.counting.models import Cell, Place
from competition.counting.rules import HOME_PROVINCE
from competition.counting.rules_periods import month_code
from competition.counting.rules_scopes import WHOLE
from competition.organisations.models import Union
from competition.organisations.queries import region_names
from competition.participation.models_doubts import Doubt
from competition.participation.queries_behind import every_contest
from competition.participation.queries_parts import Ranked
from competition.participation.rules_bulletin import title_of
from competition.participation.rules_doubts import KINDS
from competition.participation.rules_questions import Question
from competition.participation.rules_words import DIMENSIONS, value_word
from competition.returns.models import Return
from competition.returns.queries import is_summed
from competition.returns.rules import BULK, VOID

FIGURES = declare("participation.figures", _("参赛人数"), is_personal=False, purpose=_("参赛统计和上报"))
DOUBTS = declare("participation.doubts", _("核查清单"), is_personal=False, purpose=_("核查上报数字"))
STATES = {"open": "待核查", "given": "已交工会改正", "accepted": "已作为例外", "gone": "已消除"}
TARGETS = declare("participation.targets", _("目标分解"), is_personal=False, purpose=_("目标分解和考核"))
BULLETIN = declare("participation.bulletin", _("职工参赛情况通报"), is_personal=False, purpose=_("参赛情况通报"))


def _order(code: str) -> tuple[bool, bool, str]:
    """The whole, the own province, all others."""
    return code != WHOLE, not code.startswith(HOME_PROVINCE[:2]), code


def workbook(question: Question, taken: Taken) -> bytes:
    """Four sheets of one year; persons and person-times side by side. Nobody is named."""
    title, run, names = title_of(question.year), queries.last_finished(), {WHOLE: "全部", **region_names()}
    counted = show_moment(run.finished_at, taken.zone) if run and run.finished_at else "尚未汇总"
    note = f"{title}参赛职工人数与人次。截至 {counted}。人数按人去重，各地、各月、各组的人数不能相加。"
    months = [f"{month % 12 + 1}月{unit}" for month in question.months for unit in ("人数", "人次")]
    return write_book([
        Sheet(f"{title}参赛人数", ["地区代码", "地区", f"{title}人数", f"{title}人次", *months], by_place(question, names), note),
        Sheet("分组", ["地区代码", "地区", "分组", "值", "人数", "人次"], by_dimension(question, names), note),
        Sheet("上报与成效", ["地区代码", "地区", "工会", "月份", "上报数", "按总数上报人数", "其中已实名",
                        *(str(measure.label) for measure in MEASURES.values())],
              by_return(question, names), "已核准计入的上报，按工会和月份合计；经济效益以万元计。这些数字可以相加。"),
        Sheet("竞赛", ["竞赛", "举办单位", "类型", "级别", "引领性", "人数", "人次"], by_contest(question), note),
    ], taken=taken)


def by_place(question: Question, names: dict[str, str]) -> Iterable[Sequence[Any]]:
    """Every place that has figures: the year and its months."""
    periods = [question.year, *map(month_code, question.months)]
    found: dict[str, dict[str, tuple[int, int]]] = {}
    query = select(Cell.scope_code, Cell.period, Cell.persons, Cell.person_times)
    query = query.where(Cell.period.in_(periods), Cell.dimension == "", ~Cell.scope_code.contains(":"))
    for code, period, persons, times in db.session.execute(query):
        found.setdefault(code, {})[period] = persons, times
    for code in sorted(found, key=_order):
        yield code, names.get(code, code), *(figure for period in periods for figure in found[code].get(period, (0, 0)))


def by_dimension(question: Question, names: dict[str, str]) -> Iterable[Sequence[Any]]:
    """Every place by every dimension."""
    query = select(Cell.scope_code, Cell.dimension, Cell.value, Cell.persons, Cell.person_times).where(
        Cell.period == question.year, Cell.dimension.in_(DIMENSIONS), ~Cell.scope_code.contains(":"))
    order = list(DIMENSIONS)
    rows = sorted(db.session.execute(query), key=lambda row: (_order(row[0]), order.index(row[1]), -row[3]))
    for code, dimension, value, persons, times in rows:
        yield code, names.get(code, code), str(DIMENSIONS[dimension]), str(value_word(dimension, value, names)), persons, times


def by_return(question: Question, names: dict[str, str]) -> Iterable[Sequence[Any]]:
    """What counts of returns, by union and month."""
    query = select(Place.region_code, Union.name_zh, Return.month, Return.kind, Return.heads, Return.overlap, Return.measures).join(
        Place, Place.id == Return.place_id).join(Union, Union.id == Return.union_id).where(
        is_summed(*question.span), Return.kind != VOID)
    found: dict[tuple[str, str, int], list[int | Decimal]] = {}
    for code, union, month, kind, heads, overlap, measures in db.session.execute(query):
        sums = found.setdefault((code, union, month), [0] * (3 + len(MEASURES)))
        said = [1, *((heads or 0, overlap or 0) if kind == BULK else (0, 0)), *(in_units(name, measures.get(name, 0)) for name in MEASURES)]
        sums[:] = [before + more for before, more in zip(sums, said, strict=True)]
    for (code, union, month), sums in sorted(found.items()):
        yield code, names.get(code, code), union, month_code(month), *sums


def by_contest(question: Question) -> Iterable[Sequence[Any]]:
    """The contests that people took part in."""
    for activity, contest, union, persons, times in every_contest(question):
        yield (contest, union, str(value_word("kind", activity.kind, {})), str(value_word("level", activity.level, {})),
               "是" if activity.is_flagship else "否", persons, times)


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


def doubts_workbook(rows: Sequence[Doubt], seen: Collection[UUID], taken: Taken) -> bytes:
    """The doubts with both sides; a union that the taker may not see is another union, and so is its activity."""
    header = ["种类", "状态", "工会", "活动", "月份", "对方工会", "对方活动", "对方月份", "人数", "对方人数", "相同的人", "会员数",
              "以往中位数"]
    lines = []
    for row in rows:
        both = ((row.union, row.of), (row.other_union, row.other))
        sides = [_side(union, found, seen) if found else ["", "", ""] for union, found in both]
        figures = [row.figures.get(name, "") for name in ("people", "other_people", "both", "members", "usual")]
        lines.append([str(KINDS[row.kind]), STATES[row.state], *sides[0], *sides[1], *figures])
    return write_table("核查清单", header, lines, taken=taken, note="只列人数，不列姓名。")


def _side(union: Union | None, found: Return, seen: Collection[UUID]) -> list[str]:
    if union is None or union.id not in seen:
        return ["另一个工会", "—", month_code(found.month)]
    return [union.name, found.activity.contest.name, month_code(found.month)]
