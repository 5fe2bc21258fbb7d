"""Staff pages: a rulebook as a workbook, to be edited in a spreadsheet."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests import queries, service
from competition.contests import service_drafts as drafts
from competition.contests import service_workbooks as workbooks
from competition.contests.editing import Desk, key_maker
from competition.contests.forms_rulebook import TakeWorkbookForm, WorkbookForm
from competition.contests.models import Contest, RulebookImport
from competition.contests.pages import Answer, blueprint, load_contest
from competition.contests.rules_outline import Document
from competition.contests.rules_told import Told
from competition.contests.shown import said_differences
from competition.contests.views_editor import BASE, load_desk
from competition.contests.workbook.reading import Place
from competition.contests.workbook.whole import Reading, origin_line, red_workbook, sent_line, workbook_of
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.exports import file_answer
from competition.core.formats import show_moment
from competition.core.forms import try_verb
from competition.core.languages import on_record


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook/versions/<int:number>.xlsx")
@act("contests.look")
def version_workbook(contest_id: uuid.UUID, number: int) -> Response:
    """A version as a workbook."""
    contest = load_contest(contest_id, "contests.look")
    version = queries.get_rulebook(contest.id, number)
    return handed_out(contest, version.document, number, drafts.seen_of(None, version), f"v{number}")


@blueprint.get(f"{BASE}/workbook.xlsx")
@act("contests.rulebook")
def draft_workbook(contest_id: uuid.UUID) -> Response:
    """The draft as a workbook; the version in force while there is none."""
    desk = load_desk(contest_id)
    number = desk.version.number if desk.version and not desk.draft else None
    return handed_out(desk.contest, desk.given, number, desk.seen, f"v{number}" if number else "draft")


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


@blueprint.route(f"{BASE}/workbook", methods=["GET", "POST"])
@act("contests.rulebook")
def rulebook_workbook(contest_id: uuid.UUID) -> Answer:
    """Take the workbook along, send it back, and see what it would change; nothing is changed yet."""
    desk, form = load_desk(contest_id), WorkbookForm()
    if form.validate_on_submit():
        sent = form.file.data
        if try_verb(form, lambda: workbooks.keep_workbook(contest_id, sent.read(), file_name=sent.filename or "", actor=current_actor(),
                                                          at=now())):
            return redirect(url_for("contests.rulebook_workbook", contest_id=contest_id), 303)
    kept = workbooks.find_workbook(contest_id, current_actor().id)
    reading = workbooks.read_workbook(desk, kept) if kept else None
    base, document = desk.document or {}, reading.document if reading else {}
    page = render_template(
        "contests/workbook.html", contest=desk.contest, desk=desk, form=form, kept=kept, reading=reading,
        ready=[(key, one["name"]["zh"]) for key, one in service.ready_rulebooks().items()],
        take=TakeWorkbookForm(formdata=None, data={"seen": desk.seen}), text_at=_text_at(kept), told=Told(document),
        differences=said_differences(base, document) if reading else [], is_same=not desk.document or document == base,
        since=_since(desk, reading) if reading else None)
    return (page, form.status) if form.errors else page


def _text_at(kept: RulebookImport | None) -> Callable[[Place], str]:
    """What stands in a cell."""
    by_title = {grid.title: grid for grid in (workbooks.grids_kept(kept) if kept else ())}
    return lambda place: by_title[place.sheet].text(place.row, place.column)


def _since(desk: Desk, reading: Reading) -> list[str] | None:
    """What was changed after the workbook was exported, as far as it is known; None where it is as new as the draft."""
    contest, seen = [*reading.stamp, "", ""][:2]
    if contest != str(desk.contest.id) or seen in (desk.seen, ""):
        return None
    before = drafts.document_seen(desk.draft, seen) if desk.draft else _version(desk, seen)
    return said_differences(before, desk.document) if before is not None else []


def _version(desk: Desk, seen: str) -> Document | None:
    number = seen.removeprefix("v")
    known = {str(one.number): one.document for one in queries.rulebook_versions(desk.contest.id)}
    return known.get(number)


@blueprint.post(f"{BASE}/workbook/take")
@act("contests.rulebook")
def take_workbook(contest_id: uuid.UUID) -> Response:
    """What the workbook says becomes the draft."""
    load_desk(contest_id)
    try:
        done = workbooks.take_workbook(contest_id, seen=request.form.get("seen", ""), actor=current_actor(), at=now())
    except (NotFound, Forbidden):
        raise
    except RuleBroken as error:
        flash(error.message, "error")
        return redirect(url_for("contests.rulebook_workbook", contest_id=contest_id), 303)
    flash(_("已存入草稿。需要时可以撤销上一步。") if done else _("没有改动。"), "success" if done else "info")
    return redirect(url_for("contests.edit_rulebook", contest_id=contest_id), 303)


@blueprint.post(f"{BASE}/workbook/drop")
@act("contests.rulebook")
def drop_workbook(contest_id: uuid.UUID) -> Response:
    """The workbook is not taken over."""
    load_desk(contest_id)
    workbooks.drop_workbook(contest_id, actor=current_actor())
    flash(_("没有导入，草稿没有变化。"), "info")
    return redirect(url_for("contests.rulebook_workbook", contest_id=contest_id), 303)


@blueprint.get(f"{BASE}/workbook/marked.xlsx")
@act("contests.rulebook")
def marked_workbook(contest_id: uuid.UUID) -> Response:
    """The workbook that was sent, with everything that has to be changed in red."""
    desk = load_desk(contest_id)
    kept = workbooks.find_workbook(contest_id, current_actor().id)
    if kept is None:
        raise NotFound(_("没有等待存入草稿的工作簿，请重新上传。"))
    with on_record():
        line = sent_line(kept.file_name, show_moment(kept.read_at, desk.contest.zone))
    data = red_workbook(workbooks.grids_kept(kept), key_maker(contest_id, desk.document or {}), lines=[line])
    return file_answer(data, f"rulebook-{desk.contest.code}-marked.xlsx")
