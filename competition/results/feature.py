"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.contests import hooks
from competition.core.menu import MenuItem
from competition.judging import hooks as judging_hooks
from competition.results import cli, effects_words, for_judging, previewing, views_preview
from competition.results import jobs as jobs
from competition.results import service as service
from competition.results import views as views
from competition.results import views_book as views_book
from competition.results import views_live as views_live
from competition.results import views_public as views_public
from competition.results import views_publish as views_publish
from competition.results import views_work as views_work
from competition.results.access import ACTS as ACTS
from competition.results.pages import blueprint

MENU: list[MenuItem] = [MenuItem("contest", _("成绩"), "results.overview", "results.look", 600)]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(blueprint)
    cli.init_app(app)
    hooks.add(hooks.public_pages, views_public.page_of)
    hooks.add(hooks.effects, previewing.effects)
    hooks.add(hooks.still, previewing.still)
    hooks.add(hooks.preview_pages, views_preview.address)
    hooks.add(hooks.preview_shown, effects_words.shown_effects)
    judging_hooks.add(for_judging.stands_on)
