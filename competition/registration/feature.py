"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from competition.core.menu import MenuItem
from competition.registration import for_accounts as for_accounts
from competition.registration import for_contests
from competition.registration import jobs as jobs
from competition.registration.access import ACTS as ACTS
from competition.registration.views import blueprint

MENU: list[MenuItem] = [
    MenuItem("office", _("报名审核"), "registration.desk", "registration.desk", 40),
    MenuItem("contest", _("报名"), "registration.review_list", "registration.entries", 20, anywhere=True, pages=("registration.export",)),
    MenuItem("contest", _("代为报名"), "registration.register", "registration.register_for", 21, anywhere=True),
    MenuItem("contest", _("导入名单"), "registration.roster", "registration.register_for", 22, anywhere=True),
    MenuItem("contest", lazy_pgettext("plural", "代表队"), "registration.teams", "registration.teams", 23, anywhere=True),
    MenuItem("contest", lazy_pgettext("plural", "代表团"), "registration.delegations", "registration.delegations", 24),
    MenuItem("contest", _("报名条件"), "registration.conditions", "registration.conditions", 25),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    for_contests.fill()
    app.register_blueprint(blueprint)
