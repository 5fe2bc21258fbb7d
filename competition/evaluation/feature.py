"""What the application needs to know of this feature: its acts, its pages."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core.menu import MenuItem
from competition.evaluation.access import ACTS as ACTS
from competition.evaluation.views import blueprint

MENU: list[MenuItem] = [MenuItem("office", _("绩效评估"), "evaluation.index", "evaluation.look", 75)]


def init_app(app: Flask) -> None:
    """Hang the feature's pages on the application."""
    app.register_blueprint(blueprint)
