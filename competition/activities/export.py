"""The list of activities as a workbook."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from competition.activities import rules, rules_stages
from competition.activities.models import Declaration
from competition.contests.rules import KINDS, LEVELS
from competition.core.sheets import write_table
from competition.core.taken import Taken, declare
from competition.organisations.rules import INDUSTRIES

ACTIVITIES = declare("activities.list", _("竞赛活动清单"), is_personal=False, purpose=_("竞赛活动统计和上报"))
HEADER = ("代号", "活动名称", "类型", "级别", "引领性", "申报工会", "地区", "行业", "开始日期", "结束日期", "预计人数", "状态",
          "待审核的工会", "应交小结", "已收阅", "逾期未交")
WIDTHS = (12, 40, 14, 10, 8, 28, 20, 14, 12, 12, 10, 12, 24, 10, 10, 10)


def workbook(found: Sequence[Declaration], day: date, taken: Taken) -> bytes:
    """A line for each."""
    return write_table("竞赛活动", HEADER, [_row(one, day) for one in found], taken=taken, widths=WIDTHS,
                       note="预计人数是申报时的估计，不是参赛人数；参赛人数以上报并核准的为准。")


def _row(one: Declaration, day: date) -> list[object]:
    contest = one.contest
    read = sum(stage.state == rules_stages.ACKNOWLEDGED for stage in one.stages)
    late = sum(rules_stages.is_overdue(stage.state, stage.due_on, day) for stage in one.stages)
    return [contest.code, contest.name_zh, KINDS[contest.kind], LEVELS[contest.level], "是" if contest.is_flagship else "",
            contest.host_union.name_zh, contest.region.name if contest.region else "", INDUSTRIES[contest.industry],
            contest.starts_on.isoformat(), contest.ends_on.isoformat(), one.expected_heads, rules.STATES[one.standing],
            one.waits_for.name_zh if one.waits_for else "", len(one.stages), read, late]
