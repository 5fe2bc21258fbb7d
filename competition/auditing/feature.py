"""What the application needs to know of this feature: its acts, its pages, its jobs."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.auditing import jobs as jobs
from competition.auditing import views_security as views_security
from competition.auditing.access import ACTS as ACTS
from competition.auditing.views import blueprint, trail_href
from competition.contests.queries import contest_scope
from competition.core.menu import MenuItem
from competition.registration.queries import entry_scope

MENU: list[MenuItem] = [
    MenuItem("system", _("审计记录"), "auditing.index", "auditing.chains", 92),
    MenuItem("system", _("安全记录"), "auditing.security", "auditing.security", 93),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages on the application, and the links that other pages show to who may follow them."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(trail_href=trail_href, contest_scope=contest_scope, entry_scope=entry_scope)
