"""The clerk's work list: people who cannot sign in, and disputed ID numbers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.accounts import service_help
from competition.accounts.forms import HandleForm, ReasonForm
from competition.accounts.models import HelpRequest
from competition.accounts.queries import help_requests
from competition.accounts.service_correct import FIELDS, settle_correction, wanted_of
from competition.accounts.service_help import STATES
from competition.accounts.views import Answer, blueprint
from competition.accounts.views_own import invitation
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.forms import try_verb
from competition.core.paging import paginate


def load_request(request_id: UUID) -> HelpRequest:
    """A request to one of the reader's unions; others do not exist."""
    found = db.session.scalars(help_requests(current_actor()).where(HelpRequest.id == request_id)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份申请。"))
    return found


@blueprint.get("/manage/help")
@act("accounts.help")
def help_list() -> Answer:
    """Requests to the reader's unions."""
    state = request.args.get("state", "open")
    page = paginate(help_requests(current_actor(), state if state in STATES else ""), request.args.get("page", 1, int))
    return render_template("accounts/help_list.html", page=page, state=state, words=STATES, kinds=service_help.KINDS)


@blueprint.get("/manage/help/<uuid:request_id>")
@act("accounts.help")
def help_request(request_id: UUID) -> Answer:
    """One request, and what is found behind it."""
    return _page(load_request(request_id), HandleForm(formdata=None))


def _page(found: HelpRequest, form: ReasonForm, refusing: ReasonForm | None = None) -> str:
    behind = service_help.found_behind(found)
    if isinstance(form, HandleForm) and behind.accounts and not form.account.data:
        form.account.data = str(behind.accounts[0].id)
    wanted = wanted_of(found) if found.kind == "correction" else None
    if isinstance(form, HandleForm) and wanted is not None:
        form.number.flags.required = wanted.value("document") is not None
    return render_template("accounts/help_request.html", one=found, found=behind, form=form,
                           refusing=refusing or ReasonForm(formdata=None, prefix="refuse"), kinds=service_help.KINDS, words=STATES,
                           wanted=wanted, fields=FIELDS)


@blueprint.post("/manage/help/<uuid:request_id>/done")
@act("accounts.help")
def help_done(request_id: UUID) -> Answer:
    """The document was compared: a link shown once, or the disputed number settled."""
    found, form = load_request(request_id), HandleForm()
    service_help.check_settleable(found)
    if not form.validate_on_submit():
        return _page(found, form), form.status
    if found.kind in service_help.OWN:
        if try_verb(form, lambda: _settle(found, form)):
            flash(_("已办理，申请人会收到消息。"), "success")
            return redirect(url_for("accounts.help_request", request_id=request_id), 303)
        return _page(found, form), form.status
    token = try_verb(form, lambda: service_help.give_link(
        found.id, _account_id(form), form.reason.data or "", actor=current_actor(), at=now()))
    if token:
        return invitation(token, found.name, back=url_for("accounts.help_list"), hours=service_help.LINK_HOURS)
    return _page(found, form), form.status


def _settle(found: HelpRequest, form: HandleForm) -> HelpRequest:
    reason, actor, at = form.reason.data or "", current_actor(), now()
    if found.kind in service_help.LINKING:
        return service_help.settle_document(found.id, reason, actor=actor, at=at)
    return settle_correction(found.id, form.number.data or "", reason, actor=actor, at=at)


def _account_id(form: HandleForm) -> UUID:
    try:
        return UUID(form.account.data or "")
    except ValueError as error:
        raise NotFound(_("没有找到这个账号。")) from error


@blueprint.post("/manage/help/<uuid:request_id>/refuse")
@act("accounts.help")
def help_refuse(request_id: UUID) -> Answer:
    """Not done, and why."""
    found, form = load_request(request_id), ReasonForm(prefix="refuse")
    if form.validate_on_submit() and try_verb(
            form, lambda: service_help.refuse_help(found.id, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已记为未办理。"), "success")
        return redirect(url_for("accounts.help_list"), 303)
    return _page(found, HandleForm(formdata=None), form), form.status
