"""The ranking as a workbook, with the points of each indicator."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _

from competition.core.sheets import write_table
from competition.core.taken import Taken, declare
from competition.evaluation import rules
from competition.evaluation.queries import Ranked

RANKING = declare("evaluation.ranking", _("竞赛绩效评估"), is_personal=False, purpose=_("竞赛绩效评估"))


def workbook(rows: Sequence[Ranked], document: rules.Document, year: int, taken: Taken) -> bytes:
    """A line for each subject."""
    indicators = document["indicators"]
    header = ["名次", "名称", "总分", "已知部分得分", "已知部分满分", "一票否决",
              *(f"{row['name']}（{row['weight']}）" for row in indicators)]
    lines = [[one.rank if one.rank is not None else "", one.subject.name, one.shown if one.shown is not None else "不完整",
              rules.rounded(one.score.so_far, 2), rules.rounded(one.score.of, 2), "；".join(one.score.vetoes),
              *(rules.rounded(line.points, 2) if line.points is not None else "缺数据" for line in one.score.lines)] for one in rows]
    return write_table(f"{year}年竞赛绩效评估", header, lines, taken=taken, widths=(8, 40, 10, 14, 14, 20),
                       note="缺数据的指标没有按 0 分计入总分，除非指标办法这样规定。")
