"""What each page of a screen says: finished words, so that a screen computes nothing."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.contests.queries import wording_of
from competition.core.formats import joined
from competition.displays import queries, rules
from competition.displays.models import Display, DisplayCall
from competition.results.book import name_of
from competition.results.models import Publication
from competition.results.rules_public import PublicLine, public_lines

Slide = dict[str, Any]
STATES = {"before": "✓", "now": "▶", "after": ""}


@dataclass
class Shown:
    """Everything that the screens of a contest may show, read at most once."""

    contest: Contest
    call: DisplayCall

    @cached_property
    def rounds(self) -> list[Round]:
        """The rounds that are drawn."""
        return queries.drawn_rounds(self.contest.id)

    @cached_property
    def published(self) -> list[Publication]:
        """What is published."""
        return queries.published(self.contest.id)

    @cached_property
    def is_under_review(self) -> bool:
        """Is something published being looked at again?"""
        return queries.is_under_review(self.contest, self.published)

    @cached_property
    def called(self) -> Round | None:
        """The round whose batch is called."""
        return next((round_ for round_ in self.rounds if round_.id == self.call.round_id), None)

    def __post_init__(self) -> None:
        self._batches: dict[uuid.UUID, dict[int, list[Work]]] = {}

    def batches(self, round_: Round) -> dict[int, list[Work]]:
        """The stations of a round by batch."""
        if round_.id not in self._batches:
            self._batches[round_.id] = queries.works_by_batch(round_.id)
        return self._batches[round_.id]

    def numbers(self, round_: Round) -> dict[uuid.UUID, str]:
        """Numbers beside stations, where the organizers show them: of the round that is called, not of one drawn for later, whose
        judges would know their works by them."""
        return queries.numbers_of(round_.event_id) if self.call.with_numbers and round_ is self.called else {}


def slides_of(shown: Shown, display: Display) -> list[Slide]:
    """What a screen shows, one slide after the other."""
    pages: dict[str, Callable[[], list[Slide]]] = {
        rules.ORDER: lambda: _order(shown), rules.NOW: lambda: _now(shown), rules.RESULTS: lambda: _results(shown),
        rules.SENTENCE: lambda: [{"kind": "sentence", "title": display.sentence}], rules.BLACK: list,
    }
    return pages[display.page]()


def banner_of(shown: Shown, page: str) -> str:
    """What stands above the figures while they are looked at again."""
    if shown.contest.condition != "normal":
        return str(_("赛事已延期、中止或取消，请听现场通知。")) if page in (rules.ORDER, rules.NOW) else ""
    return str(_("成绩正在复核，以更正后公布的为准。")) if page == rules.RESULTS and shown.is_under_review else ""


def _order(shown: Shown) -> list[Slide]:
    # The round that is on comes first.
    found = [_round_order(shown, round_) for round_ in sorted(shown.rounds, key=lambda one: one is not shown.called)]
    return [slide for many in found for slide in many] or [_nothing(_("出场顺序还没有排定"))]


def _round_order(shown: Shown, round_: Round) -> list[Slide]:
    called = shown.call.batch if shown.called is round_ else None
    numbers = shown.numbers(round_)
    lines = [[STATES[rules.batch_state(batch, called)], _("第 %(n)s 批", n=batch), _stations(works, numbers)]
             for batch, works in shown.batches(round_).items()]
    head = ["", _("批次"), _("参赛编号") if numbers else _("工位")]
    return [_table(round_.title, head, part) for part in rules.slides(lines, rules.LINES)]


def _stations(works: Sequence[Work], numbers: dict[uuid.UUID, str]) -> str:
    if numbers:
        return joined(numbers.get(work.id) or _("%(n)s 号工位", n=work.station) for work in works)
    first, last = works[0].station, works[-1].station
    return str(_("%(n)s 号工位", n=first) if first == last else _("%(first)s–%(last)s 号工位", first=first, last=last))


def _now(shown: Shown) -> list[Slide]:
    round_ = shown.called
    works = shown.batches(round_).get(shown.call.batch, []) if round_ is not None else []
    if round_ is None or not works:
        return [_nothing(_("还没有叫到的批次"))]
    numbers = shown.numbers(round_)
    title = _("%(round)s · 第 %(n)s 批", round=round_.title, n=shown.call.batch)
    return [{"kind": "tiles", "title": title, "unit": _("工位"),
             "tiles": [[str(work.station), numbers.get(work.id, "")] for work in part]} for part in rules.slides(works, rules.TILES)]


def _results(shown: Shown) -> list[Slide]:
    found = [_ranking(publication) for publication in shown.published]
    return [slide for many in found for slide in many] or [_nothing(_("还没有发布的成绩"))]


def _ranking(publication: Publication) -> list[Slide]:
    to = wording_of(publication.rulebook_id)
    version = _("（第 %(n)s 版）", n=publication.version) if publication.version > 1 else ""
    lines = [_line(line) for line in public_lines(publication.rows, to)]
    head = [_("名次"), _("姓名或队名"), _("代表队"), _("奖项")]
    return [_table(f"{name_of(publication)}{version}", head, part) for part in rules.slides(lines, rules.LINES)]


def _line(line: PublicLine) -> list[str]:
    return [str(line.rank), line.name, next(iter(line.place), ""), line.award]


def _table(title: str, head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Slide:
    return {"kind": "table", "title": title, "head": [str(each) for each in head], "rows": [[str(each) for each in row] for row in rows]}


def _nothing(words: str) -> Slide:
    return {"kind": "sentence", "title": str(words)}


