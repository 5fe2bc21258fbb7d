"""``flask org``: the foundation of the tree."""

import click
from flask.cli import AppGroup

from competition.core.clock import now
from competition.organisations import service

org = AppGroup("org", help="工会组织树。")


@org.command("found", help="建立行政区划和各级总工会；已有时不变。")
def found() -> None:
    """Lay the divisions and the regional unions, unless they are there."""
    click.echo(service.found_tree(now()).name_zh)
