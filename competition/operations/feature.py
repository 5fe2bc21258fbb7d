"""What the application needs to know of this feature: its acts, its page, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core.menu import MenuItem
from competition.operations import cli
from competition.operations import jobs as jobs
from competition.operations.access import ACTS as ACTS
from competition.operations.views import blueprint

MENU: list[MenuItem] = [MenuItem("system", _("系统运行"), "operations.index", "operations.view", 95)]


def init_app(app: Flask) -> None:
    """Hang the feature's page and commands on the application."""
    app.register_blueprint(blueprint)
    cli.init_cli(app)
