"""The migrations make exactly the tables that the models describe, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from competition.app import create_app
from competition.core.database import db
from tests.house import settings_for
from tests.services import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """The application on a database without any table."""
    url = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    return create_app(settings_for(tmp_path, url))


def differences() -> list[object]:
    """What the database lacks or has beyond the models."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def test_upgrade_makes_what_the_models_say_and_downgrade_leaves_nothing(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        assert differences() == []
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert differences() == []
        db.engine.dispose()
