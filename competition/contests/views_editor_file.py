"""Staff pages of the draft: the whole of it as a file, and a file as the draft."""

import uuid
from pathlib import PurePosixPath

from flask import Response, flash, redirect, render_template
from flask_babel import gettext as _

from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk
from competition.contests.forms_rulebook import FileForm
from competition.contests.pages import Answer, blueprint
from competition.contests.rules_outline import Document
from competition.contests.rules_shape import misshapen, parsed
from competition.contests.views_editor import BASE, address_of, load_desk
from competition.contests.views_rulebook import json_answer
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb


@blueprint.get(f"{BASE}/draft.json")
@act("contests.rulebook")
def draft_file(contest_id: uuid.UUID) -> Response:
    """The draft as a document; the version in force while there is none."""
    desk = load_desk(contest_id)
    return json_answer(desk.given, f"rulebook-{desk.contest.code}-draft.json")


@blueprint.route(f"{BASE}/import", methods=["GET", "POST"])
@act("contests.rulebook")
def import_rulebook(contest_id: uuid.UUID) -> Answer:
    """A rulebook from a file becomes the draft, faulty or not; what no form could show is refused, every place of it."""
    desk, form = load_desk(contest_id), FileForm()
    faults: list[tuple[str, str]] = []
    if not form.is_submitted():
        form.seen.data = desk.seen
    elif form.validate():
        document = _read(form)
        faults = misshapen(document) if document is not None else []
        if faults:
            form.form_errors.append(_("文件中有 %(n)s 处无法读取，草稿没有改变。", n=len(faults)))
        elif document is not None and try_verb(form, lambda: _put(desk, form, document)):
            return redirect(address_of(desk), 303)
    page = render_template("contests/editor_import.html", contest=desk.contest, desk=desk, form=form, faults=faults, step=2)
    return (page, form.status) if form.errors else page


def _read(form: FileForm) -> Document | None:
    """What the file holds; a refusal stands at its field."""
    try:
        return parsed(form.file.data.read())
    except ValueError as error:
        form.file.errors = [str(error)]
        return None


def _put(desk: Desk, form: FileForm, document: Document) -> bool:
    name = PurePosixPath((form.file.data.filename or "").replace("\\", "/")).name[:80]
    draft = drafts.put_in_draft(desk.contest.id, document, act="import", about=_("导入文件 %(name)s", name=name),
                                seen=form.seen.data or "", actor=current_actor(), at=now())
    words = _("文件的内容已成为草稿，请核对。需要时可以撤销上一步。") if draft else _("文件和现在的规则相同，没有改动。")
    flash(words, "success" if draft else "info")
    return True
