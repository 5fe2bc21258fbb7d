"""The own account: terms, password, sign-ins; one-time links."""

from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from competition.accounts import service, service_own, service_staff, signin
from competition.accounts.forms import FirstAdministratorForm, LinkPasswordForm, PasswordForm
from competition.accounts.identity import clean_name
from competition.accounts.logins import staff_login
from competition.accounts.models import Account
from competition.accounts.passphrase import suggest_passphrase
from competition.accounts.queries import live_sign_ins
from competition.accounts.service import SecondFactor
from competition.accounts.terms import terms
from competition.accounts.views import Answer, back_to_form, blueprint, device_name, enter, second_step
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.core.kept import Typed, carried, typed
from competition.core.pictures import qr


@blueprint.get("/terms/<purpose>")
@blueprint.get("/terms/<purpose>/<version>")
@act("accounts.read_terms")
def read_terms(purpose: str, version: str | None = None) -> Answer:
    """A text that people agree to, in its current or an older version."""
    try:
        found = terms(purpose, version)
    except KeyError:
        abort(404)
    return render_template("accounts/terms.html", terms=found)


@blueprint.get("/account")
@act("accounts.own")
def own() -> Answer:
    """The own account: facts and sign-ins."""
    return render_template("accounts/own.html", **_own_page())


def _own_page() -> dict[str, object]:
    return {"person": current_user.account, "this": current_user.row.id,
            "sign_ins": live_sign_ins(current_user.id, now())}


@blueprint.get("/account/password")
@act("accounts.own")
def password() -> Answer:
    """The form for a new password."""
    return _password_page(PasswordForm(formdata=None))


def _password_page(form: PasswordForm, kept: Typed | None = None) -> str:
    return render_template("accounts/password.html", form=form, passphrase=suggest_passphrase(), kept=kept)


@blueprint.post("/account/password")
@act("accounts.own")
def change_password() -> Answer:
    """A new password; all other sign-ins end."""
    form = PasswordForm()
    if form.validate_on_submit():
        opened = try_verb(form, lambda: service_own.change_password(
            current_user.id, form.old.data or "", form.password.data or "", device=device_name(), actor=current_actor(), at=now()))
        if opened:
            signin.begin(*opened)
            flash(_("密码已修改，其他设备上的登录已全部退出。"), "success")
            return back_to_form() or redirect(url_for("accounts.own"), 303)
    return _password_page(form, carried()), form.status


@blueprint.post("/account/sign-ins/<uuid:sign_in_id>/end")
@act("accounts.own")
def end_sign_in(sign_in_id: UUID) -> Answer:
    """End a sign-in on another device."""
    service_own.end_sign_in(sign_in_id, actor=current_actor(), at=now())
    flash(_("那次登录已退出。"), "success")
    return redirect(url_for("accounts.own"), 303)


@blueprint.post("/account/sign-ins/end-others")
@act("accounts.own")
def end_other_sign_ins() -> Answer:
    """End every sign-in but this one."""
    count = service_own.end_other_sign_ins(current_user.row.id, actor=current_actor(), at=now())
    flash(_("其他 %(n)s 次登录已全部退出。", n=count), "success")
    return redirect(url_for("accounts.own"), 303)


@blueprint.get("/setup/<token>")
@act("accounts.use_link")
def setup(token: str) -> Answer:
    """The form of the first administrator."""
    service_staff.check_link(token, "first_administrator", now())
    return render_template("accounts/setup.html", form=FirstAdministratorForm(formdata=None), passphrase=suggest_passphrase())


@blueprint.post("/setup/<token>")
@act("accounts.use_link")
def found_office(token: str) -> Answer:
    """Make the first two accounts; shows the second one's invitation once."""
    form = FirstAdministratorForm()
    service_staff.check_link(token, "first_administrator", now())
    if form.validate_on_submit():
        made = try_verb(form, lambda: _found(form, token))
        if made:
            signin.begin(*service.open_session(made[0].id, device=device_name(), at=now()))
            return invitation(made[1], form.second_name.data or "")
    return render_template("accounts/setup.html", form=form, passphrase=suggest_passphrase()), form.status


def _found(form: FirstAdministratorForm, token: str) -> tuple[Account, str]:
    login = staff_login(form.login.data or "")
    service_own.check_password(form.password.data or "", login, form.display_name.data or "")
    return service_staff.found_office(
        token, login=login, display_name=clean_name(form.display_name.data or ""), password=form.password.data or "",
        second_login=staff_login(form.second_login.data or ""), second_name=clean_name(form.second_name.data or ""), at=now())


def invitation(token: str, name: str, *, back: str | None = None, hours: int = service_staff.LINK_HOURS) -> str:
    """The page that shows an invitation link, this once."""
    href = url_for("accounts.invited", token=token, _external=True)
    return render_template("accounts/invitation.html", href=href, name=name, hours=hours,
                           back=back or url_for("accounts.index"), picture=qr(href))


@blueprint.get("/invited/<token>")
@act("accounts.use_link")
def invited(token: str) -> Answer:
    """The form for the first or a new password."""
    service_staff.check_link(token, "password", now())
    return render_template("accounts/invited.html", form=LinkPasswordForm(formdata=None), passphrase=suggest_passphrase())


@blueprint.post("/invited/<token>")
@act("accounts.use_link")
def accept_invitation(token: str) -> Answer:
    """Set the password and sign in."""
    form = LinkPasswordForm()
    service_staff.check_link(token, "password", now())
    if form.validate_on_submit():
        try:
            opened = try_verb(form, lambda: service_own.set_password_by_link(
                token, form.password.data or "", device=device_name(), at=now()))
        except SecondFactor as due:
            return second_step(due, None)
        if opened:
            return enter(opened, None)
    return render_template("accounts/invited.html", form=form, passphrase=suggest_passphrase()), form.status


def force_new_password() -> Response | None:
    """Whoever was given a password by somebody else chooses a new one before anything else; what was typed is carried along."""
    if not current_user.is_authenticated or not current_user.account.must_change_password:
        return None
    allowed = ("accounts.password", "accounts.change_password", "accounts.sign_out", "accounts.language")
    if request.endpoint is None or request.endpoint in allowed or request.endpoint.startswith("core."):
        return None
    flash(_("请先设置自己的新密码。"), "warning")
    kept = typed()
    return make_response(_password_page(PasswordForm(formdata=None), kept), 409) if kept else redirect(url_for("accounts.password"), 303)
