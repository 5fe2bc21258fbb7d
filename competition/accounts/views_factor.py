"""The second factor: asked for at the sign-in; set up, renewed and taken away by its owner."""

from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from competition.accounts import service_factor
from competition.accounts.forms import CodeForm, OwnerForm, OwnPasswordForm
from competition.accounts.rules_totp import address
from competition.accounts.views import Answer, blueprint, device_name, enter
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
from competition.core.kept import Typed, carried, typed
from competition.core.limits import SIGN_IN, limiter
from competition.core.pictures import qr

# How long the secret is shown, and may be confirmed, after the password.
SET_UP_SECONDS = 900


def pending() -> tuple[UUID, int] | None:
    """Whose password was right a moment ago in this browser, and its version."""
    found = session.get("second")
    if not found or found[2] < now().timestamp():
        return None
    return UUID(found[0]), int(found[1])


@blueprint.get("/sign-in/code")
@act("accounts.sign_in")
def second_factor() -> Answer:
    """The form of the second step."""
    if pending() is None:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")), 303)
    return render_template("accounts/code.html", form=CodeForm(formdata=None, data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in/code")
@act("accounts.sign_in")
@limiter.limit(SIGN_IN)
def finish_sign_in() -> Answer:
    """Check the code and sign in."""
    form, who = CodeForm(), pending()
    if who is None:
        flash(_("时间太久了，请重新输入密码。"), "warning")
        return redirect(url_for("accounts.sign_in", next=form.next.data or None), 303)
    if form.validate_on_submit():
        opened = try_verb(form, lambda: service_factor.finish_sign_in(*who, form.code.data or "", device=device_name(), at=now()))
        if opened:
            return enter(opened, form.next.data)
    return render_template("accounts/code.html", form=form, kept=carried()), form.status


@blueprint.get("/account/second-factor")
@act("accounts.own")
def own_factor() -> Answer:
    """What it is, whether it is in force, how to set it up."""
    return _factor_page()


def _factor_page(form: CodeForm | OwnPasswordForm | None = None, kept: Typed | None = None) -> str:
    account, secret = current_user.account, None
    if account.totp_since is None and _has_begun():
        secret = service_factor.waiting_secret(account)
    owner = _("劳动和技能竞赛")
    label = _("选手") if account.login.startswith("phone:") else account.login
    return render_template(
        "accounts/factor.html", form=form or _empty_form(account.totp_since is not None, secret), person=account, secret=secret,
        picture=qr(address(secret, label, owner)) if secret else None, kept=kept,
        left=service_factor.count_recovery_codes(account.id), is_required=must_have_factor())


def _empty_form(in_force: bool, secret: str | None) -> CodeForm | OwnPasswordForm:
    return OwnerForm(formdata=None) if in_force else CodeForm(formdata=None) if secret else OwnPasswordForm(formdata=None)


def _has_begun() -> bool:
    """Was the password given in this sign-in a moment ago? The secret is shown to nobody who comes later."""
    until = session.get("factor")
    return isinstance(until, int) and until > now().timestamp()


def _check_begun() -> None:
    service_factor.check_off(current_user.account)
    if not _has_begun():
        raise RuleBroken(_("请先开始设置两步验证。"), code="factor_not_prepared")


@blueprint.post("/account/second-factor/begin")
@act("accounts.own")
def begin_factor() -> Answer:
    """Make a secret for the authenticator, for who knows the password."""
    service_factor.check_off(current_user.account)
    form, kept = OwnPasswordForm(), carried()
    if form.validate_on_submit() and try_verb(
            form, lambda: service_factor.prepare(current_user.id, form.password.data or "", actor=current_actor(), at=now())):
        session["factor"] = int(now().timestamp()) + SET_UP_SECONDS
        return _factor_page(kept=kept) if kept else redirect(url_for("accounts.own_factor"), 303)
    return _factor_page(form, kept), form.status


@blueprint.post("/account/second-factor")
@act("accounts.own")
def confirm_factor() -> Answer:
    """The authenticator's first figures; shows the recovery codes once."""
    _check_begun()
    form = CodeForm()
    if form.validate_on_submit():
        codes = try_verb(form, lambda: service_factor.confirm(
            current_user.id, form.code.data or "", keep=current_user.row.id, actor=current_actor(), at=now()))
        if codes:
            session.pop("factor")
            return render_template("accounts/recovery.html", codes=codes, first=True, kept=carried())
    return _factor_page(form, carried()), form.status


@blueprint.post("/account/second-factor/recovery")
@act("accounts.own")
def renew_recovery() -> Answer:
    """New recovery codes, shown once."""
    service_factor.check_in_force(current_user.account)
    form = OwnerForm()
    if form.validate_on_submit():
        codes = try_verb(form, lambda: service_factor.renew_recovery_codes(
            current_user.id, form.password.data or "", form.code.data or "", actor=current_actor(), at=now()))
        if codes:
            return render_template("accounts/recovery.html", codes=codes, first=False)
    return _factor_page(form), form.status


@blueprint.get("/account/second-factor/off")
@act("accounts.own")
def confirm_take_away() -> Answer:
    """What switching it off means."""
    return render_template("accounts/factor_off.html", form=OwnerForm(formdata=None))


@blueprint.post("/account/second-factor/off")
@act("accounts.own")
def take_away() -> Answer:
    """Switch it off."""
    form = OwnerForm()
    if form.validate_on_submit():
        account = try_verb(form, lambda: service_factor.take_away(
            current_user.id, form.password.data or "", form.code.data or "", actor=current_actor(), at=now()))
        if account:
            flash(_("两步验证已停用。"), "success")
            return redirect(url_for("accounts.own_factor"), 303)
    return render_template("accounts/factor_off.html", form=form), form.status


def must_have_factor() -> bool:
    """Does this installation ask working accounts for a second factor, and is this one of them?"""
    return current_app.extensions["settings"].second_factor == "required" and bool(current_actor().held)


def force_second_factor() -> Response | None:
    """A working account without the second factor that is asked of it sets it up before anything else; what it typed is
    carried along."""
    if not current_user.is_authenticated or current_user.account.totp_since is not None or not must_have_factor():
        return None
    if request.endpoint is None or request.endpoint in ALLOWED or request.endpoint.startswith("core."):
        return None
    flash(_("工作账号需要两步验证，请先设置。"), "warning")
    kept = typed()
    return make_response(_factor_page(kept=kept), 409) if kept else redirect(url_for("accounts.own_factor"), 303)


ALLOWED = ("accounts.own_factor", "accounts.begin_factor", "accounts.confirm_factor", "accounts.sign_out", "accounts.language",
           "accounts.password", "accounts.change_password")
