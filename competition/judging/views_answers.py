"""The key of a theory paper: typed or brought in from a workbook, and what another key would change."""

import hashlib
import uuid

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Round
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.judging import queries, queries_answers, service
from competition.judging.forms import ImportForm, KeyFields, key_form
from competition.judging.pages import Answer, blueprint, load_round
from competition.judging.rules_answers import lines_of
from competition.judging.views_figures import workbook
from competition.scoring.paper import ANSWERS, Paper


def load_paper(contest_id: uuid.UUID, round_id: uuid.UUID) -> tuple[Round, Paper]:
    """A round with the paper of its event; one without sections where the rulebook has none."""
    round_ = load_round(contest_id, round_id, "judging.answer_key")
    return round_, queries_answers.paper_of(round_) or Paper(())


@blueprint.get("/rounds/<uuid:round_id>/answer-key")
@act("judging.answer_key")
def answer_key(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """The key as it stands, in a form."""
    round_, paper = load_paper(contest_id, round_id)
    key = queries_answers.key_of(round_.event_id)
    held = {ANSWERS + one.key: lines_of(one, key[one.key]) for one in paper.sections if one.key in key}
    return key_page(round_, paper, key_form(paper)(formdata=None, data=held))


def key_page(round_: Round, paper: Paper, form: KeyFields, *, upload: ImportForm | None = None, changes: list[str] | None = None) -> str:
    """The form, how the key came to be what it is, and what another one would change."""
    fields = [(one, form[ANSWERS + one.key]) for one in paper.sections]
    return render_template(
        "judging/answer_key.html", contest=round_.contest, round=round_, fields=fields, form=form, changes=changes,
        upload=ImportForm(formdata=None) if upload is None else upload, info=queries.round_state(round_.id),
        in_use=queries_answers.has_answers(round_.event_id), waiting=service.open_change(round_.id, now()),
        versions=queries_answers.versions_of(round_.event_id))


@blueprint.post("/rounds/<uuid:round_id>/answer-key")
@act("judging.answer_key")
def set_key(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer | Response:
    """Put the key in; where answers are marked by one, show what changes, then ask a second person."""
    round_, paper = load_paper(contest_id, round_id)
    form = key_form(paper)()
    if not form.validate_on_submit():
        return key_page(round_, paper, form), form.status
    answers = {one.key: form[ANSWERS + one.key].data or "" for one in paper.sections}
    if queries_answers.has_answers(round_.event_id):
        return change_key(round_, paper, form, answers)
    done = try_verb(form, lambda: service.set_key(round_id, answers, reason=form.reason.data or "", actor=current_actor(), at=now()))
    if done is None:
        return key_page(round_, paper, form), form.status
    flash(_("标准答案已保存。") if done else _("标准答案没有变化。"), "success")
    return redirect(url_for("judging.answer_key", contest_id=contest_id, round_id=round_id), 303)


def change_key(round_: Round, paper: Paper, form: KeyFields, answers: dict[str, str]) -> Answer | Response:
    """Show what the typed key changes; ask when that has been seen."""
    changes = try_verb(form, lambda: service.preview_key(round_.id, answers))
    seen = hashlib.sha256("|".join(changes or ()).encode()).hexdigest()
    if changes is None or form.seen.data != seen:
        form.seen.data = seen
        return key_page(round_, paper, form, changes=changes), form.status if changes is None else 200
    if try_verb(form, lambda: service.ask_key(round_.id, answers, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已提出申请，等待另一人批准。"), "success")
        return redirect(url_for("judging.answer_key", contest_id=round_.contest_id, round_id=round_.id), 303)
    return key_page(round_, paper, form, changes=changes), form.status


@blueprint.get("/rounds/<uuid:round_id>/answer-key.xlsx")
@act("judging.answer_key")
def key_template(contest_id: uuid.UUID, round_id: uuid.UUID) -> FlaskResponse:
    """A workbook for the key."""
    load_paper(contest_id, round_id)
    return workbook(service.key_template(round_id), "answer-key.xlsx")


@blueprint.post("/rounds/<uuid:round_id>/answer-key/file")
@act("judging.answer_key")
def read_key(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Put what a workbook says into the form; nothing is kept before it is saved there."""
    round_, paper = load_paper(contest_id, round_id)
    upload = ImportForm()
    if upload.validate_on_submit():
        found = try_verb(upload, lambda: service.read_key(round_id, upload.file.data.read()))
        if found is not None:
            flash(_("已读入表格，请核对后保存。"), "info")
            return key_page(round_, paper, key_form(paper)(formdata=None, data={ANSWERS + key: text for key, text in found.items()}))
    return key_page(round_, paper, key_form(paper)(formdata=None), upload=upload), upload.status
