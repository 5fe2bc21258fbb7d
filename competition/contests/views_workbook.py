"""Staff pages: a rulebook as a workbook, to be edited in a spreadsheet."""

import uuid

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests import queries, service
from competition.contests.models import Contest
from competition.contests.pages import blueprint, load_contest
from competition.contests.rules_outline import Document
from competition.contests.service_drafts import seen_of
from competition.contests.views_editor import BASE, load_desk
from competition.contests.workbook.whole import origin_line, workbook_of
from competition.core.access import act
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.exports import file_answer
from competition.core.formats import show_moment
from competition.core.languages import on_record


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook/versions/<int:number>.xlsx")
@act("contests.look")
def version_workbook(contest_id: uuid.UUID, number: int) -> Response:
    """A version as a workbook."""
    contest = load_contest(contest_id, "contests.look")
    version = queries.get_rulebook(contest.id, number)
    return handed_out(contest, version.document, number, seen_of(None, version), f"v{number}")


@blueprint.get(f"{BASE}/workbook.xlsx")
@act("contests.rulebook")
def draft_workbook(contest_id: uuid.UUID) -> Response:
    """The draft as a workbook; the version in force while there is none."""
    desk = load_desk(contest_id)
    if desk.document is None:
        raise RuleBroken(_("这项赛事还没有评分规则，请先选择一套现成的规则，或从空白开始。"), code="no_rulebook")
    number = desk.version.number if desk.version and not desk.draft else None
    return handed_out(desk.contest, desk.document, number, desk.seen, f"v{number}" if number else "draft")


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook/ready/<key>.xlsx")
@act("contests.rulebook")
def ready_workbook(contest_id: uuid.UUID, key: str) -> Response:
    """A ready rulebook as a workbook."""
    contest, found = load_contest(contest_id, "contests.rulebook"), service.ready_rulebooks().get(key)
    if found is None:
        raise NotFound(_("没有找到这套评分规则，请重新选择。"))
    return handed_out(contest, found, 0, "", key)


def handed_out(contest: Contest, document: Document, number: int | None, seen: str, name: str) -> Response:
    """The file. ``number``: of the version, 0 of a ready rulebook, None of a draft; ``seen``: from which state of the draft it comes."""
    with on_record():
        at = show_moment(now(), contest.zone)
    data = workbook_of(document, [str(contest.id), seen], lines=[origin_line(contest.name_zh, number, at)])
    return file_answer(data, f"rulebook-{contest.code}-{name}.xlsx")
