"""How the board says things: by shape and word, never by colour alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel import gettext as _

from competition.contests.naming import named
from competition.core.formats import joined, together
from competition.judging.board_rows import Board, Cell, WorkRow
from competition.judging.models import Excusal, LockChange
from competition.judging.rules import slot, value_of
from competition.judging.rules_figures import FigureKey, shown
from competition.scoring import exact
from competition.scoring.model import Criterion, Event

CHANGES = {"open": lazy_gettext("开放评分"), "lock": lazy_gettext("锁定"), "unlock": lazy_gettext("解锁（两人办理）")}

AWAY = {"ABSENT": lazy_gettext("缺考"), "WITHDRAWN": lazy_gettext("弃权")}
# Why a work has no marks on the printed sheet of a seat.
SHEET_STATES = {"none": lazy_gettext("未评分"), "scoring": lazy_gettext("未提交"), "disputed": lazy_gettext("已退回"),
                "excused": lazy_gettext("免评"), "absent": AWAY["ABSENT"], "withdrawn": AWAY["WITHDRAWN"]}
# Why a tablet is live no more, in a word.
ENDINGS = {"taken_over": lazy_gettext("已被另一台接管"), "reassigned": lazy_gettext("座位已换人"), "stopped": lazy_gettext("已停用"),
           "barred": lazy_gettext("裁判员的账号或角色已结束"), "came_home": lazy_gettext("在赛场主机上评分，已带回")}
# Where the keying of a sheet of paper stands.
PAPER = {"waiting": lazy_gettext("等待第二人录入"), "differs": lazy_gettext("两人录入不一致"), "taken": lazy_gettext("两遍一致，已计入"),
         "aside": lazy_gettext("两遍一致，与平板上的评分并存"), "dropped": lazy_gettext("作废重录")}
# Why an event was kept aside.
ASIDE = {"seat.taken_over": lazy_gettext("平板已被接管"), "seat.reassigned": lazy_gettext("座位已换人"),
         "device.stopped": lazy_gettext("平板已停用"), "judge.barred": lazy_gettext("裁判员的账号或角色已结束"),
         "device.came_home": lazy_gettext("在赛场主机上评分，已带回"),
         "round.locked": lazy_gettext("本轮已锁定"), "paper.conflict": lazy_gettext("纸质评分表与平板上的评分不同"),
         "rulebook.other": lazy_gettext("按原来的评分规则评的，现在的评分表不同")}

# What the shapes on the board say.
CELLS = {"none": lazy_gettext("○ 未评分"), "excused": lazy_gettext("— 免评"), "absent": lazy_gettext("— 缺考"),
         "withdrawn": lazy_gettext("— 弃权"), "disputed": lazy_gettext("↩ 已退回"), "remarking": lazy_gettext("↻ 重新评分"),
         "handed_in": lazy_gettext("● 已提交评分"), "locked": lazy_gettext("■ 已锁定")}
LEGEND = (CELLS["none"], lazy_gettext("◌ 只在平板上"), lazy_gettext("◐ 评分中，已收到几项/应评几项"), CELLS["handed_in"],
          CELLS["remarking"], CELLS["disputed"], CELLS["locked"], lazy_gettext("— 不用评"))


def part_names(event: Event) -> dict[str, str]:
    """What the criteria and groups of an event are called, by key."""
    names = {item.key: item.name for item in event.criteria} | {group.key: group.name for group in event.groups}
    return {key: named(name) for key, name in names.items()}


def cell_words(cell: Cell, sees: bool) -> str:
    """One sheet on the board; the sum only for who may see sheets. Two thousand of them make a board: each is said once."""
    if cell.state == "scoring":
        return f"◐ {cell.done}/{cell.needed}"
    if cell.state == "held":
        return str(_("◌ 平板上 %(n)s 项", n=cell.held))
    if cell.is_given and sees and cell.total:
        return f"{'■' if cell.state == 'locked' else '●'} {cell.total}"
    return str(CELLS[cell.state])


def figure_words(row: WorkRow, key: FigureKey) -> str:
    """A figure of a work on the board."""
    value = next((value for name, value in row.figures if name == key.key), None)
    if value is None:
        return "—" if row.is_excused else str(_("未录入"))
    return shown("time", value) if key.kind == "time" else value


def marks_words(marks: Mapping[str, Any], criteria: Iterable[Criterion]) -> str:
    """The marks of a sheet by the names of their criteria, in the rulebook's order."""
    return joined(f"{named(criterion.name)} {value_words(criterion, value_of(marks[key]))}" for criterion in criteria
                  for n in range(1, criterion.attempts + 1) if (key := slot(criterion.key, n)) in marks)


def value_words(criterion: Criterion, value: str) -> str:
    """An entry as people say it: counts by the kind of fault, a grade by its name, a question by yes or no."""
    if criterion.kind == "veto":
        return str(_("出现了") if value == "1" else _("没有出现"))
    names = [named(level) for level in criterion.levels]
    if criterion.kind == "grades" and value.isdecimal() and 1 <= int(value) <= len(names):
        return names[int(value) - 1]
    if criterion.kind == "faults" and len(names) == value.count(",") + 1:
        return joined(f"{name} {count}" for name, count in zip(names, value.split(","), strict=True))
    return value


# What came of asking a judge to look again, and what the chief judge decided.
ANSWERS = {"remark": lazy_gettext("重新评分"), "keep": lazy_gettext("维持原分"), "void": lazy_gettext("不用再答复"),
           None: lazy_gettext("还没有答复")}
DECISIONS = {"accept": lazy_gettext("认可现有评分"), "together": lazy_gettext("全组重新评分")}


def fault_words(row: Mapping[str, Any]) -> str:
    """What is wrong with a line of a workbook, from what was kept of it."""
    said: str = gettext(row["error"], **row.get("facts", {})) if row["error"] else ""
    return said


def excusal_words(excusal: Excusal, board: Board) -> str:
    """Which seat does not mark which work."""
    seat = next((s.number for s in board.seats if s.id == excusal.seat_id), None)
    work = next((w.code for w in board.works if w.id == excusal.work_id), None)
    who = _("%(n)s 号裁判", n=seat) if seat is not None else _("全部裁判")
    return f"{who} · {work or _('全部作品')}"


def change_words(changes: list[LockChange]) -> list[dict[str, Any]]:
    """The opening, locking and unlocking of a round, as a history."""
    return [{"at": c.at, "act": CHANGES[c.change], "text": c.reason or None} for c in changes]


def limits_words(criterion: Criterion) -> str:
    """What may be entered for a criterion, as the tablet says it."""
    marking, each = criterion.marking, getattr(getattr(criterion.marking, "each", None), "size", 1)
    facts = {"max": exact.text(criterion.max), "each": each, "step": exact.text(criterion.step or exact.ZERO),
             "n": getattr(marking, "places", None) or 0,
             "per": exact.text(getattr(marking, "per", exact.ZERO)), "unit": named(criterion.unit),
             "top": exact.text(criterion.input_max or exact.ZERO)}
    said = {
        "points": _("最高 %(max)s 分，每档 %(step)s 分", **facts),
        "deduct": _("满分 %(max)s 分，填错误次数，每 %(each)s 次扣 %(per)s 分", **facts) if each > 1
        else _("满分 %(max)s 分，填错误次数，每次扣 %(per)s 分", **facts),
        "counts": _("最高 %(max)s 分，填个数，每个 %(per)s 分", **facts),
        "measured": together(_("满分 %(max)s 分，填 %(n)s 处测量值", **facts), named(criterion.unit) or None),
        "faults": _("满分 %(max)s 分，各类错误分别计数", **facts),
        "veto": _("不计分：出现填 1，没有出现填 0"),
        "pass_fail": _("%(max)s 分：合格填 1，不合格填 0", **facts),
        "judgement": _("最高 %(max)s 分，填档次 0 至 %(top)s", **facts),
        "grades": _("最高 %(max)s 分，填等级 1 至 %(top)s", **facts),
        "timed": _("满分 %(max)s 分，填用时（秒）", **facts),
    }.get(criterion.kind, together(_("满分 %(max)s 分，填读数", **facts), named(criterion.unit) or None))
    return str(said)


def levels_words(criterion: Criterion) -> list[str]:
    """The levels or grades that a figure stands for, each with its text."""
    first = {"judgement": 0, "grades": 1}.get(criterion.kind)
    return [] if first is None else [f"{n} {named(level)}".strip() for n, level in enumerate(criterion.levels, first)]
