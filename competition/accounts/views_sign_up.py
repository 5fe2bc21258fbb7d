"""A contestant's own account. Where words can be sent to phones the phone is proved first; elsewhere the sign-in follows.

Either way the pages are the same whether or not somebody signs in by the phone already.
"""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from competition.accounts import service, service_phone, service_sign_up
from competition.accounts.forms import SignInForm, SignUpCodeForm, SignUpForm, SignUpPhoneForm
from competition.accounts.identity import clean_name, parse_phone
from competition.accounts.logins import phone_login
from competition.accounts.outgoing import phone_channel
from competition.accounts.passphrase import suggest_passphrase
from competition.accounts.terms import CURRENT
from competition.accounts.views import Answer, after_sign_in, blueprint, device_name, enter
from competition.core import languages
from competition.core.access import act
from competition.core.clock import now
from competition.core.forms import BaseForm, tried, try_verb
from competition.core.limits import SIGN_IN, SIGN_UP, limiter
from competition.core.paths import local_path


@blueprint.get("/sign-up")
@act("accounts.sign_up")
def sign_up() -> Answer:
    """The form of a contestant's account; whoever is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next"), after_sign_in()), 303)
    asked = {"next": request.args.get("next", "")}
    return _page(SignUpPhoneForm(formdata=None, data=asked) if phone_channel() else SignUpForm(formdata=None, data=asked))


def _page(form: BaseForm) -> str:
    name = "sign_up_phone" if isinstance(form, SignUpPhoneForm) else "sign_up"
    return render_template(f"accounts/{name}.html", form=form, passphrase=suggest_passphrase())


@blueprint.post("/sign-up")
@act("accounts.sign_up")
@limiter.limit(SIGN_UP)
def create_own() -> Answer:
    """Have figures sent to the phone, or make the account and let its owner sign in."""
    return _ask_phone(SignUpPhoneForm()) if phone_channel() else _create_at_once(SignUpForm())


def _ask_phone(form: SignUpPhoneForm) -> Answer:
    if form.validate_on_submit():
        phone = parse_phone(form.phone.data or "")
        if tried(form, lambda: service_phone.ask_code(phone, "sign_up", at=now())):
            session["sign_up"] = phone_login(phone)
            return redirect(url_for("accounts.sign_up_code", next=form.next.data or None), 303)
    return _page(form), form.status


def _create_at_once(form: SignUpForm) -> Answer:
    if form.validate_on_submit() and tried(form, lambda: service_sign_up.sign_up(
            name=clean_name(form.name.data or ""), phone=parse_phone(form.phone.data or ""), password=form.password.data or "",
            purposes=tuple(CURRENT), locale=languages.of_browser(), at=now())):
        then = SignInForm(formdata=None, data={"login": form.phone.data, "next": form.next.data})
        return render_template("accounts/sign_in.html", form=then, signed_up=True)
    return _page(form), form.status


@blueprint.get("/sign-up/code")
@act("accounts.sign_up")
def sign_up_code() -> Answer:
    """The form for the figures, the name and the password."""
    if "sign_up" not in session:
        return redirect(url_for("accounts.sign_up", next=request.args.get("next")), 303)
    return _code_page(SignUpCodeForm(formdata=None, data={"next": request.args.get("next", "")}))


def _code_page(form: SignUpCodeForm) -> str:
    return render_template("accounts/sign_up_code.html", form=form, passphrase=suggest_passphrase())


@blueprint.post("/sign-up/code")
@act("accounts.sign_up")
@limiter.limit(SIGN_IN)
def finish_sign_up() -> Answer:
    """The phone is proved: make the account and sign in."""
    form, login = SignUpCodeForm(), session.get("sign_up")
    if not login:
        return redirect(url_for("accounts.sign_up", next=form.next.data or None), 303)
    if form.validate_on_submit():
        account = try_verb(form, lambda: service_sign_up.sign_up_by_code(
            login, form.code.data or "", name=clean_name(form.name.data or ""), password=form.password.data or "",
            purposes=tuple(CURRENT), locale=languages.of_browser(), at=now()))
        if account:
            flash(_("账号已建立。下次用手机号和密码登录。"), "success")
            return enter(service.open_session(account.id, device=device_name(), at=now()), form.next.data)
    return _code_page(form), form.status
