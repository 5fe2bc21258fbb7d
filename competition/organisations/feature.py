"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core.menu import MenuItem
from competition.organisations import views
from competition.organisations.access import ACTS as ACTS
from competition.organisations.cli import org

MENU: list[MenuItem] = [MenuItem("system", _("工会组织"), "organisations.index", "organisations.look", 910)]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(views.blueprint)
    app.cli.add_command(org)
