"""What the application needs to know of this feature: its table. Pages are those of whoever takes rosters in."""

from flask import Flask

from competition.core.access import Act
from competition.core.menu import MenuItem
from competition.rosters import service as service

ACTS: tuple[Act, ...] = ()
MENU: list[MenuItem] = []


def init_app(_app: Flask) -> None:
    """Nothing to hang up."""
