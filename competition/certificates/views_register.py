"""The register: search, one certificate, its file, revoking and replacing by two people."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import queries, rules, service
from competition.certificates.forms import ReasonForm, ReplaceForm
from competition.certificates.models import Certificate
from competition.certificates.pages import KINDS, STAFF, Answer, answer_file, blueprint, load_certificate, load_contest, picture_answer
from competition.certificates.views import rights
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.core.paging import paginate


@blueprint.get(f"{STAFF}/register")
@act("certificates.look")
def register(contest_id: uuid.UUID) -> str:
    """Every certificate of a contest by number, found by name or number."""
    contest, args = load_contest(contest_id, "certificates.look"), request.args
    query = queries.register(contest.id, text=args.get("q", ""), kind=args.get("kind", ""), state=args.get("state", ""))
    return render_template("certificates/register.html", contest=contest, page=paginate(query, args.get("page", 1, int)), kinds=KINDS)


@blueprint.get(f"{STAFF}/register/<uuid:certificate_id>")
@act("certificates.look")
def certificate(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> str:
    """One certificate: what it says, its state, and what became of it."""
    found = load_certificate(contest_id, certificate_id, "certificates.look")
    return render_template(
        "certificates/certificate.html", contest=found.contest, certificate=found,
        facts_shown=rules.shown_facts(found.batch.template.layout, found.data), predecessor=queries.predecessor_of(found),
        requests=queries.open_requests(found), may=rights(found.contest), kinds=KINDS)


@blueprint.get(f"{STAFF}/register/<uuid:certificate_id>/certificate.pdf")
@act("certificates.take")
def certificate_file(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> Response:
    """The issued bytes as they are."""
    return answer_file(load_certificate(contest_id, certificate_id, "certificates.take").file)


@blueprint.get(f"{STAFF}/register/<uuid:certificate_id>/certificate.png")
@act("certificates.take")
def certificate_picture(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> Response:
    """The issued certificate as a picture."""
    return picture_answer(load_certificate(contest_id, certificate_id, "certificates.take"))


@blueprint.route(f"{STAFF}/register/<uuid:certificate_id>/revoke", methods=["GET", "POST"])
@act("certificates.prepare")
def revoke(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> Answer:
    """Ask a second person to revoke it."""
    found, form = load_certificate(contest_id, certificate_id, "certificates.prepare"), ReasonForm()
    if form.validate_on_submit() and try_verb(
            form, lambda: service.ask_revoke(found.id, form.reason.data or "", current_actor(), now())):
        return asked(found)
    page = render_template("certificates/revoke.html", contest=found.contest, certificate=found, form=form)
    return (page, form.status) if form.is_submitted() else page


@blueprint.route(f"{STAFF}/register/<uuid:certificate_id>/replace", methods=["GET", "POST"])
@act("certificates.prepare")
def replace(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> Answer:
    """Ask a second person to issue a corrected one in its place."""
    found = load_certificate(contest_id, certificate_id, "certificates.prepare")
    form = ReplaceForm(data={name: found.data.get(key, "") for name, key in ReplaceForm.FIELDS.items()})
    if form.validate_on_submit() and try_verb(
            form, lambda: service.ask_replace(found.id, form.changes(), form.reason.data or "", current_actor(), now())):
        return asked(found)
    page = render_template("certificates/replace.html", contest=found.contest, certificate=found, form=form)
    return (page, form.status) if form.is_submitted() else page


def asked(found: Certificate) -> BaseResponse:
    """To the certificate, which now waits for a second person."""
    flash(_("已提出申请。请另一位有权限的同事在“两人办理”中核对并批准。"), "success")
    return redirect(url_for("certificates.certificate", contest_id=found.contest_id, certificate_id=found.id), 303)
