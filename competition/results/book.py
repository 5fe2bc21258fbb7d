"""成绩册: what is published, put together for paper and workbook. Reads publications only."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests.models import Contest, RulebookVersion
from competition.contests.queries import load_rules, wording_of
from competition.core import sheets
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.formats import duration, show_moment
from competition.core.languages import on_record
from competition.core.taken import Taken, declare
from competition.results import queries, rules
from competition.results.drafting import draft
from competition.results.models import Publication, PublishedRow
from competition.results.rules import Change, Column
from competition.results.standing import Computed
from competition.scoring import exact
from competition.scoring.wording import CHINESE, Wording

# What stands in it has been published, names included.
BOOK = declare("results.book", lazy_gettext("成绩册"), is_personal=False, purpose=lazy_gettext("已发布成绩的使用和存档"))
HEAD = ("名次", "姓名", "代表队", "代表团", "地区")
TEAM_HEAD = ("名次", "代表队", "队员", "代表团")


@dataclass(frozen=True)
class Chapter:
    """One published ranking with its figures."""

    publication: Publication
    rows: Sequence[PublishedRow]
    columns: Sequence[Column]

    @property
    def name(self) -> str:
        """What the ranking is called where its reader looks for it on a page."""
        return name_of(self.publication)

    @property
    def is_of_teams(self) -> bool:
        """Does it rank teams?"""
        return is_of_teams(self.rows)


def name_of(publication: Publication) -> str:
    """What a ranking is called for whoever reads a page."""
    return wording_of(publication.rulebook_id).name(publication.scope_name)


def is_of_teams(rows: Sequence[PublishedRow]) -> bool:
    """Are these the lines of teams?"""
    return any(row.team_id for row in rows)


def whole_book(contest_id: uuid.UUID) -> list[Chapter]:
    """Every ranking in its version that holds, in the rulebook's order; raises NotFound when nothing is published."""
    current = queries.current_with_rows(contest_id)
    if not current:
        raise NotFound(_("还没有发布成绩，发布后才有成绩册。"))
    return [Chapter(p, p.rows, columns_of(p)) for p in sorted(current, key=lambda p: p.position)]


def one_chapter(contest_id: uuid.UUID, scope: str) -> Chapter:
    """One ranking in its version that holds; raises NotFound."""
    publication = queries.get_publication(contest_id, scope)
    return Chapter(publication, publication.rows, columns_of(publication))


def scopes_of(publication: Publication) -> dict[str, rules.Scope]:
    """The rankings of the rulebook by which it was computed."""
    return rules.scopes_of(load_rules(get(RulebookVersion, publication.rulebook_id)))


def columns_of(publication: Publication, to: Wording = CHINESE) -> list[Column]:
    """The figures that stand beside the value."""
    return rules.columns(scopes_of(publication), publication.scope, to)


def changes_now(computed: Computed, published: Mapping[str, Publication]) -> dict[str, list[Change]]:
    """What a correction would change, by scope; scopes that stay as they are are missing."""
    made = draft(computed, published)
    moved = [scope for scope, now in made.items() if scope in published and now.digest != published[scope].payload_digest]
    before = {p.scope: p for p in queries.current_with_rows(computed.contest.id)}
    return {scope: rules.changes(before[scope].rows, made[scope].rows) for scope in moved}


def workbook(contest: Contest, chapters: Sequence[Chapter], taken: Taken) -> bytes:
    """One sheet for each ranking: names as text, marks as numbers with two places, times as text."""
    with on_record():
        return sheets.write_book([_sheet(contest, chapter) for chapter in chapters], taken=taken)


def _sheet(contest: Contest, chapter: Chapter) -> sheets.Sheet:
    p = chapter.publication
    note = (f"{contest.name}：{p.scope_name}。第 {p.version} 版，{show_moment(p.published_at, contest.zone)} 发布；"
            f"评分规则校验值 {p.rulebook_digest[:16]}。")
    header = [*(TEAM_HEAD if chapter.is_of_teams else HEAD), *(column.label for column in chapter.columns), "成绩", "奖项", "情况"]
    return sheets.Sheet(p.scope_name, header, [_line(chapter, row) for row in chapter.rows], note)


def _line(chapter: Chapter, row: PublishedRow) -> list[object]:
    named: list[object] = [row.rank, row.public_name, row.team_name, row.delegation_name, row.region_name]
    if chapter.is_of_teams:
        named = [row.rank, row.public_name, "、".join(row.members), row.delegation_name]
    figures = [_cell(row.figures.get(column.figure), column.kind) for column in chapter.columns]
    status = "" if row.status == "OK" else CHINESE.status(row.status)
    return [*named, *figures, _cell(row.value, "mark"), row.award_name, status]


def _cell(text: str | None, kind: str) -> Decimal | str:
    if not text:
        return ""
    number = exact.parse(text)
    value = number if isinstance(number, Decimal) else Decimal(number.numerator) / number.denominator
    return duration(value) if kind == "time" else value
