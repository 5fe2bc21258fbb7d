"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.arena import gates
from competition.core.menu import MenuItem
from competition.judging import (
    api_evidence,
    queries,
    queries_trips,
    service,
    views_answers,
    views_board,
    views_close,
    views_evidence,
    views_figures,
    views_handover,
    views_moves,
    views_panels,
    views_paper,
    views_poll,
    views_sheets,
    views_sitters,
    views_tablet,
    views_trips,
)
from competition.judging.access import ACTS as ACTS
from competition.judging.api import init_api
from competition.judging.cli import init_cli
from competition.judging.pages import blueprint

GATE = gates.RoundGate(begun=queries_trips.begun_or_away, locked=queries.locked_rounds, touch=service.touch_rounds)
MENU = [
    MenuItem("contest", _("评分"), "judging.index", "judging.look", 50),
    MenuItem("contest", _("裁判组和座位卡"), "judging.panels", "judging.panels", 45, pages=("judging.seat",)),
    MenuItem("contest", _("离线交接"), "judging.handovers", "judging.handovers", 51,
             pages=("judging.handover", "judging.handover_camera")),
]
VIEWS = (
    api_evidence,
    views_answers,
    views_board,
    views_close,
    views_evidence,
    views_figures,
    views_handover,
    views_moves,
    views_panels,
    views_paper,
    views_poll,
    views_sheets,
    views_sitters,
    views_trips,
)


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    gates.register(GATE)
    init_api(app)
    init_cli(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(views_tablet.blueprint)
