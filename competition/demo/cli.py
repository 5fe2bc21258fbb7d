"""``flask --app wsgi demo load``."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.core.clock import now
from competition.demo.load import clear, is_loaded, load

group = AppGroup("demo", help="The demonstration's data.")


@group.command("load")
@click.option("--contestants", default=320, show_default=True, type=click.IntRange(12, 20_000),
              help="Contestants of the published contest.")
@click.option("--persons", default=100_000, show_default=True, type=click.IntRange(0, 2_000_000), help="Persons who took part this year.")
@click.option("--seed", default=2025, show_default=True, help="The same seed makes the same demonstration.")
def load_command(contestants: int, persons: int, seed: int) -> None:
    """Load the demonstration into an empty demonstration database."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("This is not the demonstration's database. Set COMP_DEMO=1 (python3 wsgi.py --demo does).")
    if is_loaded():
        click.echo("The demonstration is already loaded.")
        return
    clear()
    load(now(), contestants=contestants, persons=persons, seed=seed, say=click.echo)


def register(app: Flask) -> None:
    """Hang the group on the application."""
    app.cli.add_command(group)
