"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.activities import hooks
from competition.contests.hooks import add
from competition.core.menu import MenuItem
from competition.participation import api_figures as api_figures
from competition.participation import api_returns as api_returns
from competition.participation import for_accounts as for_accounts
from competition.participation import jobs as jobs
from competition.participation import jobs_behind as jobs_behind
from competition.participation import jobs_doubts as jobs_doubts
from competition.participation import jobs_import as jobs_import
from competition.participation import views_approvals as views_approvals
from competition.participation import views_behind as views_behind
from competition.participation import views_bulletin as views_bulletin
from competition.participation import views_doubts as views_doubts
from competition.participation import views_figures as views_figures
from competition.participation import views_import as views_import
from competition.participation import views_lagging as views_lagging
from competition.participation import views_returns as views_returns
from competition.participation import views_runs as views_runs
from competition.participation import views_screen as views_screen
from competition.participation import views_snapshots as views_snapshots
from competition.participation import views_targets as views_targets
from competition.participation import views_tokens as views_tokens
from competition.participation.access import ACTS as ACTS
from competition.participation.api import init_api
from competition.participation.queries import is_counted
from competition.participation.views import blueprint

MENU: list[MenuItem] = [
    MenuItem("office", _("参赛人数"), "participation.dashboard", "participation.view", 70),
    MenuItem("office", _("活动上报"), "participation.returns", "participation.returns", 71,
             pages=("participation.months", "participation.close_month")),
    MenuItem("office", _("核查清单"), "participation.doubts", "participation.doubts", 74),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(blueprint)
    add(hooks.counted, is_counted)
    init_api(app)
