"""The list of audit rows as a workbook."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from competition.auditing import rules
from competition.auditing.queries import Line
from competition.core.formats import show_moment
from competition.core.sheets import write_table
from competition.core.taken import Taken, declare

ROWS = declare("auditing.rows", _("审计记录"), is_personal=True)
MOST = 20_000
HEAD = ("时间", "办理人", "办理事项", "对象", "对象编号", "赛事", "理由", "链", "序号", "校验值")
WIDTHS = (20, 14, 20, 10, 38, 28, 40, 38, 8, 66)


def workbook(lines: Sequence[Line], taken: Taken) -> bytes:
    """One line for each row; personal values are in none of them."""
    rows = [[
        show_moment(line.row.at, taken.zone), line.who, rules.act_words(line.row.act), rules.thing_words(line.row.subject_kind),
        line.row.subject_id, line.contest, line.row.reason or "", line.row.chain, line.row.seq, line.row.digest,
    ] for line in lines]
    return write_table("审计记录", HEAD, rows, taken=taken, note="审计记录，个人信息以加密承诺保存。", widths=WIDTHS)
