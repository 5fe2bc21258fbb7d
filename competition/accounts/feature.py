"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.accounts import jobs as jobs
from competition.accounts import (
    views,
    views_consent,
    views_factor,
    views_forgot,
    views_help,
    views_own,
    views_reset,
    views_sign_up,
    views_staff,
)
from competition.accounts.access import ACTS as ACTS
from competition.accounts.cli import init_cli
from competition.accounts.service_people import is_same_person
from competition.core.approvals import know_people
from competition.core.menu import MenuItem

MENU: list[MenuItem] = [
    MenuItem("office", _("账号协助"), "accounts.help_list", "accounts.help", 50),
    MenuItem("system", _("账号和角色"), "accounts.index", "accounts.list", 900),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(views.blueprint)
    app.before_request(views_own.force_new_password)
    app.before_request(views_factor.force_second_factor)
    know_people(is_same_person)
    init_cli(app)


PAGES = (views, views_consent, views_factor, views_forgot, views_help, views_own, views_reset, views_sign_up, views_staff)
