"""``flask org``: the foundation of the tree."""

import click
from flask.cli import AppGroup

from competition.core.clock import now
from competition.organisations import service

org = AppGroup("org", help="The tree of unions.")


@org.command("found")
def found() -> None:
    """Lay the divisions and the regional unions, unless they are there."""
    click.echo(service.found_tree(now()).name_zh)
