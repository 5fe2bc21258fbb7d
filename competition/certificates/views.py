"""Batches of certificates: prepare, look at three of them, ask, watch the printing, take the files."""

import uuid
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import queries, service, shown, sources
from competition.certificates.forms import ReasonForm
from competition.certificates.models import Batch
from competition.certificates.pages import STAFF, Answer, answer_file, answer_picture, blueprint, load_batch, load_contest
from competition.certificates.preview import preview_of, preview_pdf
from competition.certificates.queries_winners import winners_of
from competition.certificates.rules import Problem, page_size
from competition.contests.models import Contest
from competition.contests.queries import contest_scope, names_of
from competition.core import jobs
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.core.paging import Page, paginate, slice_page

PREVIEWS = 3


def rights(contest: Contest) -> dict[str, bool]:
    """What the reader may do here, for the buttons."""
    names = ("prepare", "approve", "take", "design", "hand_out", "tell")
    return {name: may(current_actor(), f"certificates.{name}", contest_scope(contest)) for name in names}


@blueprint.get(STAFF)
@act("certificates.look")
def index(contest_id: uuid.UUID) -> str:
    """The batches of a contest."""
    contest = load_contest(contest_id, "certificates.look")
    page = paginate(queries.batches_of(contest.id), request.args.get("page", 1, int))
    ids = [batch.id for batch in page]
    return render_template("certificates/index.html", contest=contest, page=page, counts=queries.counts_of(ids), may=rights(contest),
                           waiting=queries.waiting_batches(ids), source_of=sources.source_of,
                           winners=winners_of([contest.id]).get(contest.id, []))


@blueprint.get(f"{STAFF}/<uuid:batch_id>")
@act("certificates.look")
def batch(contest_id: uuid.UUID, batch_id: uuid.UUID) -> str:
    """One batch: what it is, who is in it, who is left out, and what comes next."""
    return show_batch(load_batch(contest_id, batch_id, "certificates.look"), ReasonForm(formdata=None))


def _planned(found: Batch) -> tuple[list[str], Page[tuple[str, list[str]]], list[str]]:
    """Who is on the list of a batch that is not issued yet: the heads, the lines with the key of each, and what is left blank."""
    people = queries.plan_of(found, checks=False).people if found.state == "prepared" else []
    heads, lines = shown.listed([one.data for one in people])
    page = slice_page([(one.key, line) for one, line in zip(people, lines, strict=True)], request.args.get("page", 1, int))
    return heads, page, shown.blanks(found.template.layout, (one.data for one in people))


def show_batch(found: Batch, form: ReasonForm) -> str:
    """The page of a batch."""
    people = paginate(queries.register(found.contest_id, batch_id=found.id), request.args.get("page", 1, int))
    places = shown.places_of(found)
    heads, list_of, blanks = _planned(found)
    problems = [Problem(**kept) for kept in found.settings["problems"]]
    width, height = page_size(found.template.layout)
    empty = [place for place, name in places if not name]
    return render_template(
        "certificates/batch.html", contest=found.contest, batch=found, form=form, people=people, may=rights(found.contest),
        source=sources.source_of(found), waiting=queries.waiting_batches([found.id]).get(found.id),
        failed=queries.failed(found.id), job=found.job,
        names=names_of([found.prepared_by, found.approved_by]), problems=[one for one in problems if not one.holds],
        holders=[one for one in problems if one.holds], pictures=shown.stamped(places), empty=empty, list_of=list_of, blanks=blanks,
        picked=request.args.get("look", "")[:60], heads=heads, ratio=height / width,
        previews=range(min(PREVIEWS, len(found.settings["rows"]))), dated_on=date.fromisoformat(found.settings["dated_on"]))


@blueprint.get(f"{STAFF}/<uuid:batch_id>/preview-<int:page>.png")
@act("certificates.look")
def preview(contest_id: uuid.UUID, batch_id: uuid.UUID, page: int) -> Response:
    """One of three certificates as it would be, with a number and a code that are none."""
    return answer_picture(preview_pdf(load_batch(contest_id, batch_id, "certificates.look")), page)


@blueprint.get(f"{STAFF}/<uuid:batch_id>/preview/<key>.png")
@act("certificates.look")
def preview_picked(contest_id: uuid.UUID, batch_id: uuid.UUID, key: str) -> Response:
    """The certificate of one line that somebody picked."""
    return answer_picture(preview_of(load_batch(contest_id, batch_id, "certificates.look"), key))


@blueprint.get(f"{STAFF}/<uuid:batch_id>/preview.pdf")
@act("certificates.look")
def preview_file(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response:
    """The three as they would come from the printer."""
    data = preview_pdf(load_batch(contest_id, batch_id, "certificates.look"))
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "attachment; filename=preview.pdf"})


@blueprint.post(f"{STAFF}/<uuid:batch_id>/ask")
@act("certificates.prepare")
def ask(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Answer:
    """Ask a second person to issue it."""
    found, form = load_batch(contest_id, batch_id, "certificates.prepare"), ReasonForm()
    service.check_prepared(found)
    if form.validate_on_submit() and try_verb(
            form, lambda: service.ask_issue(found.id, form.reason.data or "", current_actor(), now())):
        flash(_("已提出申请。请另一位有权限的同事在“两人办理”中核对并批准。"), "success")
        return back(found)
    return show_batch(found, form), form.status


@blueprint.post(f"{STAFF}/<uuid:batch_id>/anew")
@act("certificates.prepare")
def anew(contest_id: uuid.UUID, batch_id: uuid.UUID) -> BaseResponse:
    """Read the list of a prepared batch again."""
    found = load_batch(contest_id, batch_id, "certificates.prepare")
    made = service.prepare_anew(found.id, actor=current_actor(), at=now())
    flash(_("已重新列出名单，原来那份已作废。请再核对一遍。"), "success")
    return back(made)


@blueprint.post(f"{STAFF}/<uuid:batch_id>/discard")
@act("certificates.prepare")
def discard(contest_id: uuid.UUID, batch_id: uuid.UUID) -> BaseResponse:
    """A prepared batch is not wanted."""
    found = load_batch(contest_id, batch_id, "certificates.prepare")
    service.discard_batch(found.id, actor=current_actor(), at=now())
    flash(_("已作废这份准备好的名单，没有签发任何证书。"), "success")
    return redirect(url_for("certificates.index", contest_id=contest_id), 303)


def back(found: Batch) -> BaseResponse:
    """To the page of the batch."""
    return redirect(url_for("certificates.batch", contest_id=found.contest_id, batch_id=found.id), 303)


@blueprint.get(f"{STAFF}/<uuid:batch_id>/progress")
@act("certificates.look")
def progress(contest_id: uuid.UUID, batch_id: uuid.UUID) -> str:
    """How far the printing is, for the page that asks every second."""
    found = load_batch(contest_id, batch_id, "certificates.look")
    return render_template("certificates/progress.html", contest=found.contest, batch=found, job=found.job, may=rights(found.contest))


@blueprint.post(f"{STAFF}/<uuid:batch_id>/stop")
@act("certificates.prepare")
def stop(contest_id: uuid.UUID, batch_id: uuid.UUID) -> BaseResponse:
    """Stop the printing; what is printed stays, and so does the register."""
    found = load_batch(contest_id, batch_id, "certificates.prepare")
    if found.job_id:
        jobs.cancel(found.job_id, actor=current_actor(), at=now())
    flash(_("已停止制作。已制作的都在，可以随时继续。"), "success")
    return back(found)


@blueprint.post(f"{STAFF}/<uuid:batch_id>/again")
@act("certificates.prepare")
def again(contest_id: uuid.UUID, batch_id: uuid.UUID) -> BaseResponse:
    """Go on with what is not printed."""
    found = load_batch(contest_id, batch_id, "certificates.prepare")
    service.restart_printing(found.id, actor=current_actor(), at=now())
    flash(_("已重新排队，已制作的证书不会重印。"), "success")
    return back(found)


@blueprint.get(f"{STAFF}/<uuid:batch_id>/certificates.pdf")
@act("certificates.take")
def merged(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response:
    """All certificates of the batch in the order of the ceremony."""
    found = load_batch(contest_id, batch_id, "certificates.take")
    return answer_file(found.merged, _("%(title)s 合订本.pdf", title=found.title))


@blueprint.get(f"{STAFF}/<uuid:batch_id>/certificates.zip")
@act("certificates.take")
def archive(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response:
    """One file each, in folders by delegation and team."""
    found = load_batch(contest_id, batch_id, "certificates.take")
    return answer_file(found.zip, _("%(title)s 按单位.zip", title=found.title))
