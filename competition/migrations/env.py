"""Runs migrations on the application's own engine: the same pragmas, the same driver as in use."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Uuid

from competition.core.database import UtcDateTime, db


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Our own types stand in migrations as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Uuid):
        return "sa.Uuid()"
    return False


def run() -> None:
    """Upgrade or downgrade in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect().execution_options(immediate=True, unguarded=True) as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, render_item=render_item, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
