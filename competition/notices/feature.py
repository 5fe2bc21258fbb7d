"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.core.menu import MenuItem
from competition.notices import jobs, views, views_staff
from competition.notices.access import ACTS as ACTS
from competition.notices.channels import init_channels
from competition.organisations.queries import home_scope

MENU: list[MenuItem] = [MenuItem("office", _("公告"), "notices.manage", "notices.edit", 60, scope=home_scope)]
PAGES = (jobs, views, views_staff)


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    init_channels(app)
    app.register_blueprint(views.blueprint)
