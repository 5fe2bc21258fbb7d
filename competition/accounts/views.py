"""Signing in, up and out; one-time links; the language."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from competition.accounts import service, service_own, signin
from competition.accounts.forms import CodeForm, SignInForm
from competition.accounts.logins import login_of
from competition.accounts.models import SignIn
from competition.accounts.rules import name_device
from competition.accounts.service import SecondFactor
from competition.accounts.service_consent import is_due
from competition.core import languages
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
from competition.core.kept import came_from, carried, typed
from competition.core.limits import SIGN_IN, limiter
from competition.core.paths import local_path
from competition.core.web import csrf

blueprint = Blueprint("accounts", __name__)
Answer = Response | str | tuple[str, int]
SECOND_STEP_SECONDS = 300


def device_name() -> str:
    """The browser and its system in words: what the owner recognizes in the list of sign-ins."""
    return name_device(request.user_agent.string)


def second_step(due: SecondFactor, target: str | None) -> Response:
    """Keep in the signed cookie, for five minutes, that the password was right; ask for the code."""
    kept = carried()
    session["second"] = [str(due.details["account"]), due.details["password_version"], int(now().timestamp()) + SECOND_STEP_SECONDS]
    if kept:
        return make_response(render_template("accounts/code.html", form=CodeForm(formdata=None, data={"next": target or ""}), kept=kept))
    return redirect(url_for("accounts.second_factor", next=target or None), 303)


def enter(opened: tuple[SignIn, str], target: str | None) -> Response:
    """Give the browser its session and go on: to a form that was carried along, else to the target."""
    signin.begin(*opened)
    back = back_to_form()
    if back:
        return back
    goal = local_path(target, after_sign_in())
    if is_due(current_user.account):
        return redirect(url_for("accounts.consent", next=goal), 303)
    return redirect(goal, 303)


def back_to_form() -> Response | None:
    """The way back to what was typed elsewhere, when this form carried it along."""
    kept = carried()
    if kept is None or not kept.fields:
        return None
    return make_response(render_template("core/kept.html", kept=kept, at_once=True, reason="sign_in"))


def after_sign_in() -> str:
    """Where people begin: staff at their desk, all others at their entries."""
    for endpoint in ("home.begin", "home.start"):
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return "/"


def sign_in_again() -> str:
    """The sign-in is over: the form for it, which carries what was just typed elsewhere."""
    kept = typed()
    form = SignInForm(formdata=None, data={"next": kept.back if kept else came_from()})
    return render_template("accounts/sign_in.html", form=form, kept=kept, is_over=True)


@blueprint.get("/sign-in")
@act("accounts.sign_in")
def sign_in() -> Answer:
    """The form; whoever is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next"), after_sign_in()), 303)
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None, data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
@act("accounts.sign_in")
@limiter.limit(SIGN_IN)
def open_session() -> Answer:
    """Check login and password; the answer is the same for whatever was wrong."""
    form = SignInForm()
    if form.validate_on_submit():
        login, password = login_of(form.login.data or ""), form.password.data or ""
        try:
            opened = try_verb(form, lambda: service.sign_in(login, password, device=device_name(), at=now()))
        except SecondFactor as due:
            return second_step(due, form.next.data)
        if opened:
            return enter(opened, form.next.data)
    return render_template("accounts/sign_in.html", form=form, kept=carried()), form.status


@blueprint.post("/sign-out")
@act("accounts.sign_out")
def sign_out() -> Answer:
    """End this session, here and on the server."""
    if current_user.is_authenticated:
        service.sign_out(current_user.get_id(), at=now())
    signin.end()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/language")
@act("accounts.language")
def language() -> Answer:
    """Another language for the pages of this browser; whoever is signed in keeps it with the account.

    Visitors get no token on their pages: for them nothing but the language's own cookie changes.
    """
    if current_user.is_authenticated and current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    chosen = next((each.code for each in languages.offered() if each.code == request.form.get("locale")), None)
    if chosen is None:
        raise RuleBroken(_("没有这种语言，请从页面上的语言中选择。"), code="no_such_language", status=422)
    if current_user.is_authenticated:
        service_own.choose_locale(current_user.id, chosen, actor=current_actor(), at=now())
    answer = redirect(local_path(request.form.get("next"), "/"), 303)
    languages.remember(answer, chosen)
    return answer


csrf.exempt(language)
