"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.arena import gates
from competition.core.menu import MenuItem
from competition.judging import api_evidence as api_evidence
from competition.judging import queries, queries_trips, service, views_tablet
from competition.judging import views_answers as views_answers
from competition.judging import views_board as views_board
from competition.judging import views_close as views_close
from competition.judging import views_evidence as views_evidence
from competition.judging import views_figures as views_figures
from competition.judging import views_handover as views_handover
from competition.judging import views_moves as views_moves
from competition.judging import views_panels as views_panels
from competition.judging import views_paper as views_paper
from competition.judging import views_poll as views_poll
from competition.judging import views_sheets as views_sheets
from competition.judging import views_sitters as views_sitters
from competition.judging import views_trips as views_trips
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


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    gates.register(GATE)
    init_api(app)
    init_cli(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(views_tablet.blueprint)
