"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import lazy_pgettext

from competition.accounts.outgoing import TELLERS
from competition.core.menu import MenuItem
from competition.notices import jobs, views, views_staff
from competition.notices.access import ACTS as ACTS
from competition.notices.channels import init_channels
from competition.notices.mail import mail_gateway
from competition.notices.service import tell
from competition.organisations.queries import home_scope

MENU: list[MenuItem] = [MenuItem("office", lazy_pgettext("plural", "公告"), "notices.manage", "notices.edit", 60, scope=home_scope)]
PAGES = (jobs, views, views_staff)


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    init_channels(app, mail_gateway(app.extensions["settings"]))
    app.register_blueprint(views.blueprint)


def _tell(account_ids: Iterable[UUID], title: Any, body: Any, at: datetime) -> None:
    tell(account_ids, kind="account", title=title, body=body, link="/account", at=at)


TELLERS.append(_tell)
