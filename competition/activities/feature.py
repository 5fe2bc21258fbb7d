"""What the application needs to know of this feature: its acts, its pages."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.activities import queries
from competition.activities import views as views
from competition.activities import views_course as views_course
from competition.activities import views_results as views_results
from competition.activities import views_stages as views_stages
from competition.activities.access import ACTS as ACTS
from competition.activities.pages import blueprint
from competition.contests import hooks
from competition.core.menu import MenuItem

MENU: list[MenuItem] = [MenuItem("office", _("竞赛活动"), "activities.index", "activities.look", 35)]


def init_app(app: Flask) -> None:
    """Hang the feature's pages on the application."""
    app.register_blueprint(blueprint)
    hooks.add(hooks.kept_elsewhere, queries.declared_contests)
