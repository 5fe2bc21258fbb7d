"""``create_app()``: the only module that knows every feature."""

from importlib import import_module
from types import ModuleType

from flask import Flask, Response, current_app, g, has_request_context, make_response, redirect, request, url_for
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_login import current_user

from competition.accounts.access import ROLES
from competition.accounts.signin import init_signin
from competition.accounts.views import sign_in_again
from competition.core import expiry as expiry
from competition.core import languages, templating
from competition.core.access import check_every_address, current_actor, init_access, public_act
from competition.core.cli import init_cli
from competition.core.clock import now
from competition.core.config import ROOT, Settings, load_settings
from competition.core.counted import init_counting
from competition.core.crypto import init_crypto
from competition.core.database import init_database
from competition.core.foreign import init_foreign
from competition.core.jobs import init_jobs
from competition.core.limits import init_limits
from competition.core.logs import init_logs
from competition.core.menu import init_menu
from competition.core.refusals import init_refusals
from competition.core.web import answer_error, init_web, wants_json
from competition.doctor import init_doctor

FEATURES = (
    "organisations", "accounts", "notices", "contests", "rosters", "activities", "registration", "arena", "judging", "results",
    "displays", "certificates", "counting", "returns", "participation", "evaluation", "auditing", "operations", "home", "demo",
)
TRANSLATIONS = ROOT / "competition" / "translations"
CORE_ACTS = (public_act("core.static", _("静态文件")), public_act("core.health", _("健康检查")))


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, ready for any WSGI server.

    Raises :class:`~competition.core.config.ConfigError` when the settings contradict each other and
    RuntimeError when an address names no act.
    """
    settings = settings or load_settings()
    init_logs(as_json=settings.json_logs)
    app = Flask("competition", root_path=str(ROOT / "competition"), template_folder=str(ROOT / "templates"),
                static_folder=None, instance_path=str(settings.instance))
    app.secret_key = settings.secret_key
    app.extensions["settings"] = settings
    # A rehearsal has an application of its own, beside this one.
    app.extensions["create_app"] = create_app
    init_crypto(app, settings)
    init_database(app, settings)
    init_jobs(app, settings)
    init_web(app, settings)
    init_limits(app, settings)
    init_signin(app)
    Babel(app, default_locale=languages.SOURCE, default_timezone=settings.zone, locale_selector=choose_locale,
          default_translation_directories=str(TRANSLATIONS))
    init_counting(app)
    languages.init_languages(app, TRANSLATIONS)
    templating.register(app)
    init_foreign(app)
    features = [feature(name) for name in FEATURES]
    init_access(app, ROLES, [*CORE_ACTS, *(act for module in features for act in module.ACTS)])
    init_refusals(app)
    app.register_error_handler(401, sign_in_first)
    for module in features:
        module.init_app(app)
    init_menu(app, [item for module in features for item in module.MENU])
    init_cli(app)
    init_doctor(app)
    app.context_processor(page_context)
    check_every_address(app)
    return app


def feature(name: str) -> ModuleType:
    """A feature's ``feature.py``: its ACTS and its ``init_app``."""
    return import_module(f"competition.{name}.feature")


def choose_locale() -> str:
    """The language of the account, else of the browser; a program says its own, and without a request it is Chinese."""
    if not has_request_context():
        return languages.SOURCE
    if wants_json():
        return languages.of_program()
    if current_user.is_authenticated:
        return languages.known(current_user.account.locale)
    return languages.of_browser()


def sign_in_first(_error: Exception) -> Response:
    """Not signed in: a page goes to the sign-in and comes back afterwards; a program gets a 401."""
    if wants_json():
        return answer_error(401, "sign_in", _("请先登录。"))
    if request.method != "GET":
        g.refusal = "sign_in"
        return make_response(sign_in_again(), 401)
    return make_response(redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303))


def page_context() -> dict[str, object]:
    """What every template may use."""
    return {"demo_mode": _settings().demo, "actor": current_actor(), "now": now()}


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found

