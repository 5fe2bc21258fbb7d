"""The doctor finds what is wrong and says what to do; a healthy machine passes on both databases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from competition import doctor
from competition.app import create_app
from competition.bootstrap.system import Need
from competition.core.config import Settings, load_settings
from competition.core.database import db

KEYS = {"COMP_SECRET_KEY": "s" * 40, "COMP_FIELD_KEYS": "k1:" + "A" * 43 + "=", "COMP_INDEX_KEY": "B" * 43 + "="}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Flask]:
    """Applications on an instance folder of their own."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)

    def build(**environment: str) -> Flask:
        app = create_app(load_settings({"COMP_INSTANCE": str(folder), **environment}))
        with app.app_context():
            engine = db.engine
        engines.append(engine)
        return app

    engines = []
    yield build
    for engine in engines:
        engine.dispose()


def ask(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["doctor"])


def upgrade(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output


def settings_of(app: Flask) -> Settings:
    return app.extensions["settings"]


def said(app: Flask, check: doctor.Check, settings: Settings | None = None) -> list[tuple[str, str]]:
    with app.app_context():
        found = [(one.level, one.said + one.todo) for one in check(settings or settings_of(app))]
        db.session.remove()
    return found


def test_a_healthy_machine_passes_on_sqlite(make: Callable[..., Flask]) -> None:
    app = make(COMP_PUBLIC_URL="https://jingsai.example")
    upgrade(app)
    result = ask(app)
    assert result.exit_code == 0, result.output
    assert "没有发现问题" in result.output
    assert "journal_mode=wal，synchronous=2，foreign_keys=1" in result.output
    assert "[正常] PDF：排版正常" in result.output
    assert "处理办法" not in result.output


def test_a_healthy_machine_passes_on_postgresql_and_redis(
    make: Callable[..., Flask], postgres_url: str, redis_url: str
) -> None:
    app = make(COMP_DATABASE_URL=postgres_url, COMP_REDIS_URL=redis_url, **KEYS)
    upgrade(app)
    result = ask(app)
    assert result.exit_code == 0, result.output
    assert "PostgreSQL" in result.output
    assert "fsync=on，synchronous_commit=on" in result.output
    assert "Redis 可用" in result.output
    assert "COMP_PUBLIC_URL" in result.output  # a reminder, not a fault


def test_old_tables_are_a_fault(make: Callable[..., Flask]) -> None:
    result = ask(make())
    assert result.exit_code == 1
    assert "[问题] 数据库结构：当前 空，应为" in result.output
    assert "python3 wsgi.py --setup-only" in result.output
    assert "发现 1 个问题" in result.output


def test_a_database_that_is_away_is_a_fault(make: Callable[..., Flask]) -> None:
    app = make(COMP_DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none", **KEYS)
    assert [level for level, _ in said(app, doctor.check_database)] == ["wrong"]
    assert [level for level, _ in said(app, doctor.check_migrations)] == ["wrong"]


def test_a_queue_that_is_away_is_a_fault(make: Callable[..., Flask]) -> None:
    app = make(COMP_REDIS_URL="redis://127.0.0.1:1/0")
    ((level, text),) = said(app, doctor.check_queue)
    assert level == "wrong"
    assert "COMP_REDIS_URL" in text


def test_keys_that_others_can_read_are_a_fault(make: Callable[..., Flask]) -> None:
    app = make()
    settings = settings_of(app)
    assert [level for level, _ in said(app, doctor.check_instance)] == ["ok"]
    settings.instance.chmod(0o755)
    (settings.instance / "secrets.json").chmod(0o644)
    ((level, text),) = said(app, doctor.check_instance)
    assert level == "wrong"
    assert "secrets.json" in text
    assert f"chmod 700 {settings.instance}" in text


@pytest.mark.parametrize(
    ("url", "level"),
    [
        (None, "note"),
        ("https://jingsai.example", "ok"),
        ("http://127.0.0.1:8000", "ok"),
        ("http://jingsai.example", "wrong"),
        ("jingsai.example", "wrong"),
        ("https://jingsai.example/?a=1", "wrong"),
    ],
)
def test_the_public_address_must_be_safe(make: Callable[..., Flask], url: str | None, level: str) -> None:
    app = make()
    assert [found for found, _ in said(app, doctor.check_public_url, replace(settings_of(app), public_url=url))] == [level]


def test_a_missing_package_is_named_with_the_line_to_type(
    make: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make()
    monkeypatch.setattr(doctor, "RUN_NEEDS", (Need("fonts-noto-cjk", "宋体、黑体", lambda: False),))
    ((level, text),) = said(app, doctor.check_system)
    assert level == "wrong"
    assert "apt-get install -y --no-install-recommends fonts-noto-cjk" in text


def test_a_font_that_is_not_there_is_noticed(make: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    app = make()
    monkeypatch.setattr(doctor, "SAMPLES", {"Noto Serif CJK SC": "张", "No Such Font": "三"})
    ((level, text),) = said(app, doctor.check_paper)
    assert level == "wrong"
    assert "No Such Font" in text
    assert "Noto Serif" not in text
