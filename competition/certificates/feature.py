"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from competition.certificates import cli
from competition.certificates import jobs as jobs
from competition.certificates import service as service
from competition.certificates import views as views
from competition.certificates import views_designer as views_designer
from competition.certificates import views_fonts as views_fonts
from competition.certificates import views_keys as views_keys
from competition.certificates import views_numbers as views_numbers
from competition.certificates import views_outs as views_outs
from competition.certificates import views_outs_paper as views_outs_paper
from competition.certificates import views_overprint as views_overprint
from competition.certificates import views_prepare as views_prepare
from competition.certificates import views_public as views_public
from competition.certificates import views_register as views_register
from competition.certificates import views_scan as views_scan
from competition.certificates import views_telling as views_telling
from competition.certificates import views_templates as views_templates
from competition.certificates.access import ACTS as ACTS
from competition.certificates.entry_papers import papers_of
from competition.certificates.pages import blueprint
from competition.core.menu import MenuItem
from competition.registration import hooks

MENU: list[MenuItem] = [
    MenuItem("contest", _("证书"), "certificates.index", "certificates.look", 610, whole=True),
    MenuItem("contest", _("证书登记簿"), "certificates.register", "certificates.look", 611, whole=True),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(blueprint)
    hooks.add(hooks.papers, papers_of)
    cli.init_app(app)
