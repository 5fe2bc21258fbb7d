"""The way back in: figures sent to the phone, or a clerk of the union; another phone; a disputed ID number."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from competition.accounts import service_help, service_phone
from competition.accounts.forms import ClaimForm, CodeForm, CodePasswordForm, DisputeForm, HelpForm, NewPhoneForm, PhoneForm
from competition.accounts.identity import DOCUMENTS, parse_document, parse_phone
from competition.accounts.logins import phone_login
from competition.accounts.models import HelpRequest, Person
from competition.accounts.outgoing import phone_channel
from competition.accounts.passphrase import suggest_passphrase
from competition.accounts.service_claim import claim_by_code
from competition.accounts.views import Answer, blueprint
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import choices, tried, try_verb
from competition.core.limits import SIGN_IN, SIGN_UP, limiter
from competition.organisations.queries import list_home_unions


@blueprint.get("/forgot")
@act("accounts.forgot")
def forgot() -> Answer:
    """Which ways there are."""
    return render_template("accounts/forgot.html", form=PhoneForm(formdata=None), by_phone=phone_channel() is not None)


@blueprint.post("/forgot")
@act("accounts.forgot")
@limiter.limit(SIGN_UP)
def ask_code() -> Answer:
    """Have figures sent; the answer is the same for every phone."""
    service_phone.check_channel()
    form = PhoneForm()
    if form.validate_on_submit():
        phone = parse_phone(form.phone.data or "")
        asked = tried(form, lambda: service_phone.ask_code(phone, "password", at=now()))
        if asked:
            session["forgot"] = phone_login(phone)
            return redirect(url_for("accounts.forgot_code"), 303)
    return render_template("accounts/forgot.html", form=form, by_phone=phone_channel() is not None), form.status


@blueprint.get("/forgot/code")
@act("accounts.forgot")
def forgot_code() -> Answer:
    """The form for the figures and the new password."""
    if "forgot" not in session:
        return redirect(url_for("accounts.forgot"), 303)
    return render_template("accounts/forgot_code.html", form=CodePasswordForm(formdata=None), passphrase=suggest_passphrase())


@blueprint.post("/forgot/code")
@act("accounts.forgot")
@limiter.limit(SIGN_IN)
def reset_by_code() -> Answer:
    """Set the new password; signing in comes afterwards, with the second factor where there is one."""
    form, login = CodePasswordForm(), session.get("forgot")
    if not login:
        return redirect(url_for("accounts.forgot"), 303)
    if form.validate_on_submit():
        done = tried(form, lambda: service_phone.reset_by_code(
            login, form.code.data or "", form.password.data or "", at=now()))
        if done:
            session.pop("forgot")
            flash(_("新密码已设置，所有设备上的登录已退出。请用新密码登录。"), "success")
            return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/forgot_code.html", form=form, passphrase=suggest_passphrase()), form.status


def with_choices(form: DisputeForm) -> DisputeForm:
    """Documents and unions to choose from."""
    form.document_kind.choices = choices(DOCUMENTS.items())
    form.union.choices = choices(((u.id, u.name) for u in list_home_unions()), empty=_("请选择"))
    if isinstance(form, HelpForm):
        form.kind.choices = choices((k, service_help.KINDS[k]) for k in ("password", "phone"))
    return form


def _ask(form: DisputeForm, kind: str, account_id: UUID | None) -> HelpRequest | None:
    return try_verb(form, lambda: service_help.ask_help(
        kind, name=form.name.data or "", document=parse_document(form.document_kind.data, form.document_number.data or ""),
        phone=parse_phone(form.phone.data or ""), union_id=UUID(form.union.data), note=form.note.data or "", at=now(),
        account_id=account_id))


@blueprint.get("/forgot/help")
@act("accounts.forgot")
def forgot_help() -> Answer:
    """The form for the clerk's help."""
    return render_template("accounts/help_ask.html", form=with_choices(HelpForm(formdata=None)))


@blueprint.post("/forgot/help")
@act("accounts.forgot")
@limiter.limit(SIGN_UP)
def ask_help() -> Answer:
    """Keep the request; the answer is the same for known and unknown people."""
    form = with_choices(HelpForm())
    if form.validate_on_submit():
        made = _ask(form, form.kind.data, None) if isinstance(form, HelpForm) else None
        if made:
            return render_template("accounts/help_asked.html", code=made.code, union=made.union.name)
    return render_template("accounts/help_ask.html", form=form), form.status


@blueprint.get("/account/dispute")
@act("accounts.own")
def dispute() -> Answer:
    """The form for who finds the own ID number used by somebody else, or (``?as=claim``) whom others have entered."""
    return _dispute_page(_dispute_form(formdata=None, data={"name": current_user.name}))


@blueprint.post("/account/dispute")
@act("accounts.own")
@limiter.limit(SIGN_UP)
def ask_dispute() -> Answer:
    """Keep the dispute or the claim for the clerk; who has the code of the contestant's card needs none."""
    form = _dispute_form()
    if form.validate_on_submit():
        if isinstance(form, ClaimForm) and form.code.data:
            if try_verb(form, lambda: _claim(form)):
                flash(_("报名已归到您的账号。"), "success")
                return redirect(url_for("home.my_entries"), 303)
        elif made := _ask(form, "claim" if isinstance(form, ClaimForm) else "document", current_user.id):
            return render_template("accounts/help_asked.html", code=made.code, union=made.union.name)
    return _dispute_page(form), form.status


def _dispute_form(**more: Any) -> DisputeForm:
    return with_choices((ClaimForm if request.args.get("as") == "claim" else DisputeForm)(**more))


def _dispute_page(form: DisputeForm) -> str:
    return render_template("accounts/claim.html" if isinstance(form, ClaimForm) else "accounts/dispute.html", form=form)


def _claim(form: ClaimForm) -> Person:
    document = parse_document(form.document_kind.data, form.document_number.data or "")
    return claim_by_code(current_user.id, name=form.name.data or "", document=document, code=form.code.data or "",
                         actor=current_actor(), at=now())


@blueprint.get("/account/phone")
@act("accounts.own")
def phone() -> Answer:
    """The form for another phone."""
    return render_template("accounts/phone.html", form=NewPhoneForm(formdata=None), by_phone=phone_channel() is not None)


@blueprint.post("/account/phone")
@act("accounts.own")
@limiter.limit(SIGN_UP)
def ask_phone() -> Answer:
    """Send figures to the new phone."""
    service_phone.check_channel()
    form = NewPhoneForm()
    if form.validate_on_submit():
        asked = tried(form, lambda: service_phone.ask_new_phone(
            current_user.id, form.password.data or "", parse_phone(form.phone.data or ""), at=now()))
        if asked:
            return redirect(url_for("accounts.phone_code"), 303)
    return render_template("accounts/phone.html", form=form, by_phone=phone_channel() is not None), form.status


@blueprint.get("/account/phone/code")
@act("accounts.own")
def phone_code() -> Answer:
    """The form for the figures."""
    return render_template("accounts/phone_code.html", form=CodeForm(formdata=None))


@blueprint.post("/account/phone/code")
@act("accounts.own")
def confirm_phone() -> Answer:
    """The new phone is proved."""
    form = CodeForm()
    if form.validate_on_submit():
        done = tried(form, lambda: service_phone.confirm_new_phone(
            current_user.id, form.code.data or "", actor=current_actor(), at=now()))
        if done:
            flash(_("登录手机号已更换，下次请用新手机号登录。"), "success")
            return redirect(url_for("accounts.own"), 303)
    return render_template("accounts/phone_code.html", form=form), form.status
