"""What the second person is shown of a publication, a correction, and a check of sums. Reads only."""

import uuid
from collections.abc import Sequence
from typing import Any

from competition.contests.queries import wording_of
from competition.core.approvals import Approval
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.formats import duration, joined
from competition.core.shown import Behind, Shown, Table
from competition.core.words import say as _
from competition.results import book, queries, rules
from competition.results.drafting import Draft, DraftRow, draft
from competition.results.for_pages import compute_for_page
from competition.results.models import PublishedRow, SumSample
from competition.results.rules import Change, Column
from competition.results.standing import Computed
from competition.scoring import exact
from competition.scoring.wording import Wording


def publication(approval: Approval) -> Shown:
    """Every ranking as it is to be published, or was: names, teams, figures, awards; what is different from the version before."""
    contest_id = uuid.UUID(approval.payload["contest"])
    if approval.state != "asked":
        return _published(contest_id, approval.payload["scopes"])
    computed = compute_for_page(contest_id, explained=True)
    agreed = {one["scope"]: one for one in approval.payload["scopes"]}
    made = draft(computed, [scope for scope in agreed if scope in computed.scopes])
    moved = [scope for scope, one in agreed.items() if scope not in made or made[scope].digest != one["digest"]]
    names = [computed.wording.name(agreed[scope]["name"]) for scope in moved]
    warnings = [_("“%(name)s”在提出申请之后又有变化，批准会被拒绝；请退回，由申请人重新申请。", name=name) for name in names]
    if approval.payload["unchecked"]:
        warnings += [_("“%(name)s”的统分抽查还没有完成。", name=name) for name in approval.payload["unchecked"]]
    before = {one.scope: one for one in queries.current_with_rows(contest_id)}
    tables = []
    for scope, one in agreed.items():
        if scope not in made:
            continue
        tables.append(_ranking(made[scope], one["version"], _columns(computed, scope), computed.wording))
        if scope in before:
            tables.append(_changes(made[scope].name, rules.changes(before[scope].rows, made[scope].rows), computed.wording))
    links = [Behind(_("查看“%(name)s”的计算", name=computed.wording.name(made[scope].name)), "results.ranking",
                    {"contest_id": contest_id, "scope": scope}) for scope in agreed if scope in made]
    return Shown(tables=tables, links=[*links, *_behind(contest_id)], warnings=warnings)


def _behind(contest_id: uuid.UUID) -> list[Behind]:
    return [Behind(_("成绩办理情况"), "results.overview", {"contest_id": contest_id})]


def _columns(computed: Computed, scope: str) -> list[Column]:
    return rules.columns(computed.scopes, scope, computed.wording)


def _published(contest_id: uuid.UUID, scopes: Sequence[Any]) -> Shown:
    tables, links = [], _behind(contest_id)
    for one in scopes:
        try:
            found = queries.get_publication(contest_id, one["scope"], one["version"])
        except NotFound:
            continue
        to = wording_of(found.rulebook_id)
        tables.append(_ranking(found, found.version, book.columns_of(found, to), to))
        links.append(Behind(_("已发布的“%(name)s”", name=to.name(found.scope_name)), "results.published",
                            {"contest_id": contest_id, "scope": found.scope, "version": found.version}))
    return Shown(tables=tables, links=links)


def _ranking(made: Any, version: int, columns: Sequence[Column], to: Wording) -> Table:
    """One ranking, a draft's or a publication's."""
    name = made.name if isinstance(made, Draft) else made.scope_name
    heads = [_("名次"), _("姓名或代表队"), _("代表队、代表团"), *(column.label for column in columns), _("成绩"), _("奖项"), _("情况")]
    rows = [_line(row, columns, to) for row in made.rows]
    return Table(_("%(name)s（第 %(n)s 版，%(rows)s 行）", name=to.name(name), n=version, rows=len(rows)), heads, rows,
                 figures=frozenset({0, *range(3, 4 + len(columns))}))


def _line(row: DraftRow | PublishedRow, columns: Sequence[Column], to: Wording) -> list[str]:
    sides = [side for side in (row.team_name, row.delegation_name) if side and side != row.public_name]
    if row.members:
        sides.append(_("队员：%(names)s", names=joined(row.members)))
    figures = [_figure(row.figures.get(column.figure), column.kind) for column in columns]
    return [str(row.rank or "—"), row.public_name, " · ".join(sides) or "—", *figures, row.value or "—",
            rules.award_read(row.award_name or "", to) or "—", "" if row.status == "OK" else to.status(row.status)]


def _figure(text: str | None, kind: str) -> str:
    if not text:
        return "—"
    return duration(exact.parse(text)) if kind == "time" else text  # type: ignore[arg-type]


def _changes(name: str, found: Sequence[Change], to: Wording) -> Table:
    words = {"rank": _("名次"), "value": _("成绩"), "award": _("奖项"), "status": _("情况"), "name": _("名称"), "added": _("新列入"),
             "removed": _("不再列入")}
    rows = [[one.name, words[one.what], one.said("before", to) or "—", one.said("after", to) or "—"] for one in found]
    return Table(_("%(name)s：和上一版的不同", name=to.name(name)), [_("参赛者"), _("内容"), _("原来"), _("现在")], rows,
                 note="" if rows else _("名次、成绩和奖项都没有变化，变化的是计算说明。"))


def sums(approval: Approval) -> Shown:
    """Every checked work of the sample: right, or what was found, and by whom."""
    sample = get(SumSample, uuid.UUID(approval.payload["sample"]))
    checks = queries.checks_of([sample.id]).get(sample.id, {})
    rows = []
    for item in sample.works:
        check = checks.get(uuid.UUID(item["work"]))
        said = _("没有核对") if check is None else _("相符") if check.is_right else _("不符：%(found)s", found=check.found)
        rows.append([item["code"], said, check.by_name if check else "—"])
    rows.sort(key=lambda row: row[1] == _("相符"))
    at = {"contest_id": sample.contest_id, "event_id": sample.event_id}
    return Shown(
        facts=[(_("项目"), approval.payload["event"]), (_("核对"), _("%(n)s 份", n=approval.payload["checked"])),
               (_("发现错误"), _("%(n)s 份", n=approval.payload["errors"])), (_("抽取人"), sample.by_name or "—")],
        tables=[Table(_("抽查名单"), [_("作品"), _("核对结果"), _("核对人")], rows)],
        links=[Behind(_("抽查名单和各份评分表"), "results.sums", at)])
