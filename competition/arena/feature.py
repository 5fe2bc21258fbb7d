"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.arena import jobs as jobs
from competition.arena import service as service
from competition.arena import views_day as views_day
from competition.arena import views_draw as views_draw
from competition.arena import views_lineup as views_lineup
from competition.arena import views_outcomes as views_outcomes
from competition.arena import views_print as views_print
from competition.arena import views_public as views_public
from competition.arena.access import ACTS as ACTS
from competition.arena.pages import blueprint
from competition.arena.queries_draw import event_use, is_entry_drawn
from competition.contests import hooks
from competition.core.menu import MenuItem
from competition.registration import hooks as registration

MENU: list[MenuItem] = [
    MenuItem("contest", _("抽签编码"), "arena.draws", "arena.see_draw", 40),
    MenuItem("contest", _("检录"), "arena.check_in_index", "arena.check_in", 41),
    MenuItem("contest", _("检录与裁定记录"), "arena.outcomes", "arena.see_outcomes", 42, pages=("arena.entrant", "arena.lineup")),
    MenuItem("contest", _("打印秩序册和证件"), "arena.papers", "arena.print", 43),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(blueprint)
    hooks.add(hooks.public_pages, views_public.page_of)
    hooks.add(hooks.event_uses, event_use)
    registration.add(registration.drawn, is_entry_drawn)
