"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask

from competition.arena import gates
from competition.core.menu import MenuItem
from competition.judging import queries
from competition.judging.access import ACTS as ACTS
from competition.judging.api import init_api
from competition.judging.views_tablet import blueprint as tablet

GATE = gates.RoundGate(begun=queries.begun_rounds, locked=queries.locked_rounds)
MENU: list[MenuItem] = []


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    gates.register(GATE)
    init_api(app)
    app.register_blueprint(tablet)
