"""The contestant's own entry: where it stands, its papers, taking it back."""

import uuid

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.forms import BaseForm, try_verb
from competition.registration import forms, hooks, queries, queries_places, rules, service
from competition.registration.models import Entry
from competition.registration.pages import Answer, blueprint, load_own, page, upload
from competition.registration.printing import entry_pdf, entry_sheet
from competition.registration.service_entries import change_refusal


@blueprint.get("/my/entries/<uuid:entry_id>")
@act("registration.own")
def show(entry_id: uuid.UUID) -> Answer:
    """The own entry: where it stands, what happens next, why not."""
    entry = load_own(entry_id)
    if entry.state == "draft":
        return redirect(url_for(".begin", contest_id=entry.contest_id), 303)
    return _own_page(entry, forms.ScanForm())


def _own_page(entry: Entry, scan: BaseForm) -> Answer:
    mine = entry.account_id == current_actor().id
    refusal = change_refusal(entry.contest, entry, now())
    answer = page(
        "own", contest=entry.contest, entry=entry, outlook=hooks.outlook_of(entry, now()), history=queries.history_of(entry),
        scan=scan, certificates=hooks.papers_of(entry, current_actor(), own=True),
        may_edit=mine and refusal is None, why_not=refusal if mine and entry.state in rules.SETTLED else None,
        unsent=queries.draft_saved_at(entry) if mine else None,
        may_withdraw=rules.withdraw_refusal(entry.state, entry.contest.phase) is None, full=queries_places.full_words(entry),
    )
    return (answer, scan.status) if scan.errors else answer


@blueprint.post("/my/entries/<uuid:entry_id>/change/discard")
@act("registration.own")
def discard_change(entry_id: uuid.UUID) -> Response:
    """Forget what was changed and not handed in."""
    entry = load_own(entry_id)
    if entry.account_id != current_actor().id:
        raise NotFound(queries.NOT_FOUND)
    service.discard_draft(entry.id)
    flash(_("没有提交的修改已清除，报名保持原样。"), "success")
    return redirect(url_for(".show", entry_id=entry.id), 303)


@blueprint.route("/my/entries/<uuid:entry_id>/withdraw", methods=["GET", "POST"])
@act("registration.own")
def withdraw(entry_id: uuid.UUID) -> Answer:
    """Take the own entry back, after seeing what that means."""
    entry = load_own(entry_id)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.withdraw_entry(entry.id, form.reason.data or "", actor=current_actor(), at=now()))
        if done:
            flash(_("报名已撤回。"), "success")
            return redirect(url_for("home.my_entries"), 303)
    answer = page("withdraw", contest=entry.contest, entry=entry, form=form, back=url_for(".show", entry_id=entry.id),
                  action=url_for(".withdraw", entry_id=entry.id),
                  refusal=rules.withdraw_refusal(entry.state, entry.contest.phase))
    return (answer, form.status) if form.errors else answer


@blueprint.post("/my/entries/<uuid:entry_id>/scan")
@act("registration.own")
def upload_scan(entry_id: uuid.UUID) -> Answer:
    """Keep the stamped form."""
    entry = load_own(entry_id)
    form = forms.ScanForm(MultiDict())
    if try_verb(form, lambda: _keep_scan(entry)):
        flash(_("已上传盖章的报名表。"), "success")
        return redirect(url_for(".show", entry_id=entry.id), 303)
    return _own_page(queries.get_entry(entry.id), form)


def _keep_scan(entry: Entry) -> Entry:
    sent = upload(request.files.get("scan")) or (b"", "")
    return service.attach(entry.id, "scan", sent[0], sent[1], actor=current_actor(), at=now())


@blueprint.get("/my/entries/<uuid:entry_id>/files/<kind>")
@act("registration.own")
def own_file(entry_id: uuid.UUID, kind: str) -> Answer:
    """The own photo or stamped form."""
    return send_stored(queries.file_of(load_own(entry_id), kind), download=False)


@blueprint.get("/my/entries/<uuid:entry_id>/form")
@act("registration.own")
def own_sheet(entry_id: uuid.UUID) -> str:
    """The entry as a page to print and stamp."""
    return entry_sheet(load_own(entry_id), url_for(".own_file", entry_id=entry_id, kind="photo"),
                       back_href=url_for(".show", entry_id=entry_id), pdf_href=url_for(".own_pdf", entry_id=entry_id))


@blueprint.get("/my/entries/<uuid:entry_id>/form.pdf")
@act("registration.own")
def own_pdf(entry_id: uuid.UUID) -> FlaskResponse:
    """The same as PDF."""
    return pdf_answer(load_own(entry_id))


def pdf_answer(entry: Entry) -> FlaskResponse:
    """The form as PDF; the file's name says nothing of the person."""
    answer = make_response(entry_pdf(entry))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f"attachment; filename=entry-{entry.number or str(entry.id)[:8]}.pdf"
    return answer
