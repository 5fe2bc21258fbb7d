"""What a changed rulebook does to the figures, as a workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext

from competition.contests.models import Contest
from competition.core import sheets
from competition.core.taken import Taken, declare
from competition.results.effects_words import Named

# Names stand in it once the codes are open, beside figures that nobody has published.
LIST = declare("results.rulebook_change", lazy_gettext("评分规则改动影响清单"), is_personal=True)
HEAD = ("名次表", "作品号或姓名", "内容", "原来", "改为")


def workbook(
    contest: Contest, number: int, lines: Sequence[Mapping[str, Any]], same: int, digest: str, named: Named, taken: Taken
) -> tuple[bytes, str]:
    """A row for each figure, rank, award and status that would be another one in version ``number``; and the file's name."""
    rows: list[list[object]] = [[named.to.name(line["name"]), named.label(line), *cells] for line in lines for cells in named.cells(line)]
    note = f"{contest.name_zh}：评分规则改为第 {number} 版的影响；另有 {same} 行不变；校验值 {digest[:16]}。"
    made = sheets.write_book([sheets.Sheet("影响清单", list(HEAD), rows, note)], taken=taken)
    return made, f"评分规则改动-{contest.code}-v{number}.xlsx"
