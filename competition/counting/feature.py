"""What the application needs to know of this feature: its acts, its pages, its jobs, what it answers to rooms below."""

from flask import Flask

from competition.activities import hooks
from competition.contests.hooks import add
from competition.core.menu import MenuItem
from competition.counting import for_accounts as for_accounts
from competition.counting import jobs as jobs
from competition.counting.access import ACTS as ACTS
from competition.counting.queries import is_counted
from competition.counting.views import blueprint

MENU: list[MenuItem] = []


def init_app(app: Flask) -> None:
    """Hang the room's pages on the application; activities ask whether figures stand on one."""
    app.register_blueprint(blueprint)
    add(hooks.counted, is_counted)
