"""``flask --app wsgi demo load``."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.core.clock import now
from competition.demo.load import clear, is_loaded, load

group = AppGroup("demo", help="演示数据。")


@group.command("load", help="把演示数据载入空的演示数据库。")
@click.option("--contestants", default=320, show_default=True, type=click.IntRange(12, 20_000),
              help="已发布赛事的选手人数。")
@click.option("--persons", default=100_000, show_default=True, type=click.IntRange(0, 2_000_000), help="本年度参赛人数。")
@click.option("--seed", default=2025, show_default=True, help="种子相同，数据相同。")
def load_command(contestants: int, persons: int, seed: int) -> None:
    """Load the demonstration into an empty demonstration database."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("这不是演示数据库。请设置 COMP_DEMO=1（python3 wsgi.py --demo 会自动设置）。")
    if is_loaded():
        click.echo("演示数据已经载入。")
        return
    clear()
    load(now(), contestants=contestants, persons=persons, seed=seed, say=click.echo)


def register(app: Flask) -> None:
    """Hang the group on the application."""
    app.cli.add_command(group)
