"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask

from competition.certificates import jobs as jobs
from competition.certificates import service as service
from competition.certificates.access import ACTS as ACTS
from competition.core.menu import MenuItem

MENU: list[MenuItem] = []


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
