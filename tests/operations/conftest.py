"""Installations to back up and to restore into."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection

from competition.app import create_app
from competition.core import audit, files
from competition.core.actors import SYSTEM
from competition.core.config import Settings
from competition.core.database import atomic, db
from competition.operations.snapshot import engine_for
from tests.cast import Cast
from tests.house import settings_for
from tests.services import PostgresServer


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


def clear(app: Flask) -> None:
    """Nothing of another test's backups and files."""
    settings = settings_of(app)
    for name in ("backups", "files"):
        shutil.rmtree(settings.instance / name, ignore_errors=True)
    (settings.instance / "backup.key").unlink(missing_ok=True)


@contextmanager
def behind(app: Flask) -> Iterator[Connection]:
    """The database, written behind the application's back."""
    settings = settings_of(app)
    db.session.remove()
    with engine_for(settings, settings.database_url) as engine, engine.begin() as connection:
        yield connection


@pytest.fixture
def house(any_app: Flask) -> Flask:
    """The application on each database, without backups, keys and files."""
    clear(any_app)
    return any_app


@pytest.fixture
def bare(app: Flask) -> Flask:
    """The same on SQLite alone."""
    clear(app)
    return app


@pytest.fixture
def paper(any_cast: Cast) -> files.StoredFile:
    """A stored file in the cast's database."""
    return store_paper(any_cast)


def store_paper(cast: Cast, data: bytes = b"%PDF test") -> files.StoredFile:
    with atomic():
        row = files.store(data, name="t.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=cast.at)
        audit.record("test.file", actor=SYSTEM, subject=("file", row.id), at=cast.at)
    return row


@pytest.fixture
def fresh(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Flask]]:
    """Makes empty installations of the same kind, with the backup key of the first one."""
    with ExitStack() as after:

        def make(source: Flask, **more: str) -> Flask:
            folder = tmp_path / f"fresh-{len(list(tmp_path.iterdir()))}"
            folder.mkdir(mode=0o700)
            server: PostgresServer | None = None
            if not settings_of(source).is_sqlite:
                server = request.getfixturevalue("postgres_server")
            app = create_app(settings_for(folder, server.new_database() if server else None, **more))
            key = settings_of(source).instance / "backup.key"
            if key.exists():
                shutil.copy(key, folder / "backup.key")
            with app.app_context():
                engine = db.engine
            after.callback(engine.dispose)
            return app

        yield make
