"""The application under test: a real database, fresh for every test, on SQLite or PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from competition.app import create_app
from competition.core.config import Settings, load_settings
from competition.core.database import db
from tests.services import PostgresServer
from tests.writes import check_on_record, written


class Browser(FlaskClient):
    """A browser inside a test's application context: each request forgets who made the one before, and leaves an audit row
    when it changes something."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        if has_app_context():
            for name in list(g):
                g.pop(name)
        with written() as tables:
            answer = super().open(*args, **more)
        check_on_record(self.application, answer, tables)
        return answer


def settings_for(instance: Path, url: str | None = None, **more: str) -> Settings:
    """Settings of a throw-away installation."""
    env = {"COMP_INSTANCE": str(instance), "COMP_DATABASE_URL": url or f"sqlite:///{instance / 'test.db'}"}
    keys = {"COMP_SECRET_KEY": "test", "COMP_FIELD_KEYS": "t1:" + "A" * 43 + "=", "COMP_INDEX_KEY": "B" * 43 + "="}
    return load_settings(env | keys | more)


def build(instance: Path, url: str | None = None, **more: str) -> Flask:
    """An application with an empty schema."""
    app = create_app(settings_for(instance, url, **more))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return app


def build_to_be_asked(instance: Path, **more: str) -> Flask:
    """An application for many requests from outside: what nobody foresaw becomes a 500 as in use."""
    app = build(instance, **more)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False
    return app


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per test process; its file is put back to empty before each test."""
    instance = tmp_path_factory.mktemp("instance")
    app = build(instance)
    shutil.copy(instance / "test.db", instance / "empty.db")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Flask]:
    """The same on PostgreSQL."""
    app = build(tmp_path_factory.mktemp("instance-pg"), postgres_server.new_database())
    yield app
    with app.app_context():
        db.engine.dispose()


def reset_sqlite(app: Flask) -> None:
    """Back to the empty schema."""
    instance: Path = app.extensions["settings"].instance
    with app.app_context():
        db.engine.dispose()
    for left in instance.glob("test.db-*"):
        left.unlink()
    shutil.copy(instance / "empty.db", instance / "test.db")


def reset_postgres(app: Flask) -> None:
    """Back to empty tables: deleting a few rows is far quicker than truncating many tables."""
    names = [table.name for table in db.metadata.sorted_tables]
    with app.app_context(), db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in names:
            connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - our own table names


@pytest.fixture
def app(sqlite_app: Flask) -> Iterator[Flask]:
    """The application on an empty SQLite database, inside its context."""
    reset_sqlite(sqlite_app)
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on each database in turn: for tests of services."""
    if request.param == "postgresql":
        found: Flask = request.getfixturevalue("postgres_app")
        reset_postgres(found)
    else:
        found = request.getfixturevalue("sqlite_app")
        reset_sqlite(found)
    with found.app_context():
        yield found
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without a sign-in."""
    return app.test_client()


@pytest.fixture(autouse=True)
def _no_proxy() -> None:
    os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
