"""What the application needs to know of this feature: its acts, its pages, its API, its jobs, what it answers to the count."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.contests.hooks import add
from competition.core.menu import MenuItem
from competition.counting import hooks
from competition.returns import api_returns as api_returns
from competition.returns import jobs as jobs
from competition.returns import jobs_import as jobs_import
from competition.returns import views_approvals as views_approvals
from competition.returns import views_import as views_import
from competition.returns import views_tokens as views_tokens
from competition.returns.access import ACTS as ACTS
from competition.returns.api import init_api
from competition.returns.for_counting import is_reported, origins_that_count
from competition.returns.service_erase import show_as_one
from competition.returns.service_sums import refresh_sums
from competition.returns.views import blueprint

MENU: list[MenuItem] = [
    MenuItem("office", _("活动上报"), "returns.returns", "participation.returns", 71,
             pages=("returns.months", "returns.close_month")),
]


def init_app(app: Flask) -> None:
    """Hang the room's pages on the application; the count asks which returns stand; sums and lists of people follow it."""
    app.register_blueprint(blueprint)
    add(hooks.origins, origins_that_count)
    add(hooks.reported, is_reported)
    add(hooks.followers, refresh_sums)
    add(hooks.joined, show_as_one)
    init_api(app)
