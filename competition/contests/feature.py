"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from competition.contests import hooks, queries
from competition.contests import jobs as jobs
from competition.contests import service as service
from competition.contests import views as views
from competition.contests import views_contests as views_contests
from competition.contests import views_course as views_course
from competition.contests import views_editor as views_editor
from competition.contests import views_editor_acts as views_editor_acts
from competition.contests import views_editor_file as views_editor_file
from competition.contests import views_editor_keys as views_editor_keys
from competition.contests import views_events as views_events
from competition.contests import views_notices as views_notices
from competition.contests import views_ready as views_ready
from competition.contests import views_rulebook as views_rulebook
from competition.contests import views_trial as views_trial
from competition.contests import views_workbook as views_workbook
from competition.contests.access import ACTS as ACTS
from competition.contests.naming import named
from competition.contests.pages import blueprint
from competition.core.menu import MenuItem

MENU: list[MenuItem] = [
    MenuItem("office", _("赛事管理"), "contests.manage", "contests.look", 30),
    MenuItem("contest", _("赛事概况"), "contests.overview", "contests.look", 10),
    MenuItem("contest", lazy_pgettext("plural", "项目"), "contests.events", "contests.look", 11),
    MenuItem("contest", _("评分规则"), "contests.rulebook", "contests.look", 12),
    MenuItem("contest", _("赛事通知"), "contests.notices", "contests.notice", 13),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["named"] = named
    hooks.add(hooks.concerned, queries.workers_of)
