"""What the application needs to know of this feature: its acts, its pages, its jobs."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core.menu import MenuItem
from competition.participation import api_figures as api_figures
from competition.participation import api_snapshots as api_snapshots
from competition.participation import jobs_behind as jobs_behind
from competition.participation import jobs_doubts as jobs_doubts
from competition.participation import views_behind as views_behind
from competition.participation import views_bulletin as views_bulletin
from competition.participation import views_doubts as views_doubts
from competition.participation import views_figures as views_figures
from competition.participation import views_lagging as views_lagging
from competition.participation import views_screen as views_screen
from competition.participation import views_snapshots as views_snapshots
from competition.participation import views_targets as views_targets
from competition.participation.access import ACTS as ACTS
from competition.participation.views import blueprint

MENU: list[MenuItem] = [
    MenuItem("office", _("参赛人数"), "participation.dashboard", "participation.view", 70),
    MenuItem("office", _("核查清单"), "participation.doubts", "participation.doubts", 74),
]


def init_app(app: Flask) -> None:
    """Hang the room's pages on the application."""
    app.register_blueprint(blueprint)
