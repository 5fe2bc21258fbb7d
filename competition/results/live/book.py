"""The workbook of formulas of a contest: marks, judges, totals, ranks and prizes, each over the cells before."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from competition.core.live_sheets import Column, Page
from competition.results.live.events import EventPages
from competition.results.live.inputs import Book, Scope
from competition.results.live.teams import TeamPage
from competition.results.live.totals import TotalPage
from competition.scoring.inputs import Decision, Entry
from competition.scoring.intake import Told, take_in
from competition.scoring.model import Event, Rulebook, Total
from competition.scoring.scores import Scores

GUIDE, FORMULAS = "说明", "公式一览"
_WORDS = (
    "黄底的格子是记录下来的数（裁判填写、计时、扣分）或照录的数；其余数字都是公式，点开可以看到怎么来的。",
    "打开后如不见数字，请按 F9 重新计算。本表不保存任何算好的成绩。",
    "“公式一览”列出每张工作表的每一列怎样算，并照抄第一行的公式，其余各行照此类推。手算时从这里对照。",
    "先看“评分 …”（每位裁判的原始分），再看“成绩 …”（合成、时间、扣分、取舍、名次、奖项），最后看“总 …”和“团体 …”。",
    "公式里的 1E-9 用来抵消二进制小数的尾差，使恰好为 5 的尾数按规则取舍；它小于任何两个不同成绩之间的差距。",
    "本表只供复核。正式成绩以系统发布的为准；在本表中改动数字不会改动系统。",
)


def live_book(
    rulebook: Rulebook, entries: Sequence[Entry], told: Told, decisions: Iterable[Decision], scores: Scores, *, label: Callable[[str], str],
) -> Book:
    """A workbook in the making. ``label`` names an entrant or team as far as the reader may know it."""
    return Book(rulebook, scores, take_in(rulebook, entries, told), entries, list(decisions), label, titles={GUIDE, FORMULAS})


def live_pages(book: Book, *, facts: Sequence[str] = (), only: Collection[str] | None = None) -> Iterator[Page]:
    """The pages one after another; what a page holds is forgotten when the next one is asked for, but for the first.

    ``facts`` stand first on the page of explanations, which comes first and is filled last; ``only`` names the rankings
    that are written.
    """
    guide = Page(GUIDE, [Column("where", "所在", width=24), Column("what", "说明", width=110)], is_last_filled=True)
    formulas = Page(FORMULAS, [Column("page", "工作表", width=24), Column("letter", "列", width=6), Column("title", "名称", width=26),
                               Column("how", "怎样算", width=40), Column("formula", "第一行的公式", width=90)], is_last_filled=True)
    yield from (guide, formulas)
    for scope in _scopes(book.rulebook):
        if only is None or scope.key in only:
            for page in _pages_of(book, scope):
                formulas.rows += [{"page": page.title, "letter": page.letter(column.key), "title": column.title, "how": column.how,
                                   "formula": text} for column, text in page.formulas()]
                yield page
                page.rows.clear()
    guide.rows += [{"where": "本表", "what": one} for one in (*facts, *_WORDS)]
    guide.rows += [{"where": where, "what": f"不是公式：{why}"} for where, why in book.given]


def count_pages(rulebook: Rulebook, only: Collection[str]) -> int:
    """How many pages that makes."""
    marks = sum(event.judged for event in rulebook.events if event.key in only)
    return 2 + marks + sum(scope.key in only for scope in _scopes(rulebook))


def _scopes(rulebook: Rulebook) -> tuple[Scope, ...]:
    return (*rulebook.events, *rulebook.totals, *rulebook.teams)


def _pages_of(book: Book, scope: Scope) -> Iterator[Page]:
    if isinstance(scope, Event):
        return EventPages(book, scope).write()
    return TotalPage(book, scope).write() if isinstance(scope, Total) else TeamPage(book, scope).write()
