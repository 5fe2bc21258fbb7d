"""What the application needs to know of this feature: its acts, its pages."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core import audit
from competition.core.menu import MenuItem
from competition.displays import jobs as jobs
from competition.displays import service, views, views_screen
from competition.displays.access import ACTS as ACTS

MENU = [MenuItem("contest", _("大屏"), "displays.desk", "displays.desk", 650, whole=True)]


def init_app(app: Flask) -> None:
    """Hang the feature's pages on the application, and follow what becomes public."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views_screen.blueprint)
    audit.listen(service.follow)
