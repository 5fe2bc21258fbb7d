"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

from flask import Flask

from competition.core.menu import MenuItem
from competition.demo import cli, views
from competition.demo.access import ACTS as ACTS

MENU: list[MenuItem] = []


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    views.register(app)
    cli.register(app)
