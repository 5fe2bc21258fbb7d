"""The workbook of formulas of a contest: marks, judges, totals, ranks and prizes, each over the cells before."""

from collections.abc import Callable, Collection, Iterable, Sequence

from competition.core.live_sheets import Column, Page
from competition.results.live.events import EventPages
from competition.results.live.inputs import Book, Scope
from competition.results.live.totals import TeamPage, TotalPage
from competition.scoring.inputs import Decision, Entry
from competition.scoring.intake import Told, take_in
from competition.scoring.model import Rulebook
from competition.scoring.scores import Scores

GUIDE = "说明"
_WORDS = (
    "黄底的格子是记录下来的数（裁判填写、计时、扣分）或照录的数；其余数字都是公式，点开可以看到怎么来的。",
    "打开后如不见数字，请按 F9 重新计算。本表不保存任何算好的成绩。",
    "先看“评分 …”（每位裁判的原始分），再看“成绩 …”（合成、时间、扣分、取舍、名次、奖项），最后看“总 …”和“团体 …”。",
    "公式里的 1E-9 用来抵消二进制小数的尾差，使恰好为 5 的尾数按规则取舍；它小于任何两个不同成绩之间的差距。",
    "本表只供复核。正式成绩以系统发布的为准；在本表中改动数字不会改动系统。",
)


def live_pages(
    rulebook: Rulebook, entries: Sequence[Entry], told: Told, decisions: Iterable[Decision], scores: Scores, *,
    label: Callable[[str], str], facts: Sequence[str] = (), only: Collection[str] | None = None,
) -> Book:
    """The pages of the workbook. ``label`` names an entrant or team as far as the reader may know it.

    ``facts`` stand first on the page of explanations; ``only`` names the rankings that are written.
    """
    book = Book(rulebook, scores, take_in(rulebook, entries, told), entries, list(decisions), label, titles={GUIDE})
    scopes: tuple[Scope, ...] = (*rulebook.events, *rulebook.totals, *rulebook.teams)
    wanted = {scope.key for scope in scopes} if only is None else set(only)
    for event in rulebook.events:
        if event.key in wanted:
            EventPages(book, event).write()
    for total in rulebook.totals:
        if total.key in wanted:
            TotalPage(book, total).write()
    for team in rulebook.teams:
        if team.key in wanted:
            TeamPage(book, team).write()
    book.pages.insert(0, _guide(book, facts))
    return book


def _guide(book: Book, facts: Sequence[str]) -> Page:
    page = Page(GUIDE, [Column("where", "所在", width=24), Column("what", "说明", width=100)])
    page.rows += [{"where": "本表", "what": one} for one in (*facts, *_WORDS)]
    page.rows += [{"where": where, "what": f"不是公式：{why}"} for where, why in book.given]
    return page
