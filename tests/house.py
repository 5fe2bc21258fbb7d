"""The application under test: a real database, fresh for every test, on SQLite or PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from competition.app import create_app
from competition.core.config import Settings, load_settings
from competition.core.database import db
from tests import standing
from tests.services import PostgresServer
from tests.writes import check_on_record, written


class Compiled(BytecodeCache):
    """The templates as they were compiled, for every application of this process."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


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
    keys = {"COMP_SECRET_KEY": "s" * 40, "COMP_FIELD_KEYS": "t1:" + "A" * 43 + "=", "COMP_INDEX_KEY": "B" * 43 + "="}
    return load_settings(env | keys | more)


def build(instance: Path, url: str | None = None, **more: str) -> Flask:
    """An application with an empty schema."""
    app = create_app(settings_for(instance, url, **more))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = TEMPLATES
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


def read_files(instance: Path) -> dict[Path, bytes]:
    """What every file of an installation in use holds, by its path in there.

    Another process reads: whoever closes a file gives up all locks of its own process on it, those of SQLite too, and
    then the next process to close the database takes the journal away from under the connections that are left here.
    """
    with TemporaryDirectory() as folder:
        subprocess.run(["cp", "-R", f"{instance}/.", folder], check=True)
        return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per test process; its file is put back to empty before each test."""
    yield from _to_begin_with(build(tmp_path_factory.mktemp("instance")))


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Flask]:
    """The same on PostgreSQL."""
    yield from _to_begin_with(build(tmp_path_factory.mktemp("instance-pg"), postgres_server.new_database()))


def _to_begin_with(app: Flask) -> Iterator[Flask]:
    standing.keep_empty(app)
    yield app
    assert _gone(app.extensions["settings"].instance / "queue.db") == [], "the queue is open, and its files were removed"
    with app.app_context():
        db.engine.dispose()


def _gone(path: Path) -> list[str]:
    """The files of a SQLite database that this process has open and that are nowhere in a folder any more."""
    names = [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return [name for name in names if name.startswith(str(path)) and name.endswith(" (deleted)")]


def emptied(app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty database, inside its context."""
    standing.empty(app, is_patched="monkeypatch" in request.fixturenames)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def app(sqlite_app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty SQLite database, inside its context."""
    yield from emptied(sqlite_app, request)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on each database in turn: for tests of services."""
    yield from emptied(request.getfixturevalue("postgres_app" if request.param == "postgresql" else "sqlite_app"), request)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without a sign-in."""
    return app.test_client()


@pytest.fixture(autouse=True)
def _no_proxy() -> None:
    os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
