"""Restoring: the same data, or nothing changed and a sentence that says why."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from competition.accounts.models import Account
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db
from competition.core.files import StoredFile
from competition.operations import service, service_restore
from competition.operations.sealing import BackupBroken
from competition.operations.service_restore import Allowed, Restored
from competition.operations.snapshot import Facts, engine_for, read_facts
from tests.cast import Cast
from tests.operations.conftest import behind, settings_of

Fresh = Callable[..., Flask]


def restore(app: Flask, path: Path, **allowed: bool) -> Restored:
    with app.app_context():
        return service_restore.restore(path, allowed=Allowed(**allowed), actor=SYSTEM, at=now())


def refused(app: Flask, path: Path, **allowed: bool) -> BackupBroken:
    with pytest.raises(BackupBroken) as caught:
        restore(app, path, **allowed)
    return caught.value


def facts(app: Flask) -> Facts:
    settings = settings_of(app)
    with engine_for(settings, settings.database_url) as engine, engine.connect() as connection:
        return read_facts(connection)


def names(app: Flask) -> list[str]:
    with app.app_context():
        found = sorted(db.session.scalars(select(Account.display_name)))
        db.session.remove()
    return found


# What the kind of database makes no difference for is tried on one.
one_is_enough = pytest.mark.parametrize("any_app", ["sqlite"], indirect=True)


@pytest.fixture
def saved(house: Flask, any_cast: Cast, paper: StoredFile) -> Path:
    """A backup with three accounts and a file."""
    for role in ("clerk", "judge", "administrator"):
        any_cast.account(role)
    made = service.back_up(why="manual", actor=SYSTEM, at=now())
    return settings_of(house).backup_folder / made.name


@pytest.fixture
def used(house: Flask, saved: Path, fresh: Fresh) -> Flask:
    """Another installation with data of its own."""
    app = fresh(house)
    with app.app_context():
        db.create_all()
        db.session.execute(text("SELECT 1"))
        with service.atomic() as session:
            session.add(Account(login="other", display_name="另一处的账号", password_hash="x", created_at=now()))
            audit.record("test.account", actor=SYSTEM, subject=("account", "other"), at=now())
        db.session.remove()
        db.engine.dispose()
    return app


def test_a_fresh_installation_becomes_the_old_one(house: Flask, any_cast: Cast, saved: Path, paper: StoredFile, fresh: Fresh) -> None:
    app = fresh(house)
    any_cast.account("organizer")  # after the backup: not in it
    done = restore(app, saved)
    assert done.aside == [] or not settings_of(app).is_sqlite
    assert facts(app).tables["account"] == 3
    with app.app_context():
        row = db.session.scalars(select(StoredFile)).one()
        assert row.read() == b"%PDF test"
        assert list(audit.verify()) == []
        last = db.session.scalars(select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.seq.desc())).first()
        assert last.act == "operations.restored"
        assert last.details["sha256"] == done.sha256
        db.session.remove()
    assert not list(settings_of(app).instance.glob(".restore-*"))


@one_is_enough
def test_data_that_is_there_is_not_replaced_without_being_told(used: Flask, saved: Path) -> None:
    assert refused(used, saved).code == "not_empty"
    assert names(used) == ["另一处的账号"]


def test_what_was_there_is_put_aside_whole(used: Flask, saved: Path) -> None:
    settings = settings_of(used)
    (settings.instance / "files").mkdir(exist_ok=True)
    (settings.instance / "files" / "own").write_text("own")
    done = restore(used, saved, replace=True)
    assert len(names(used)) == 3
    assert not (settings.instance / "files" / "own").exists()
    (folder,) = settings.instance.glob("before-restore-*")
    assert str(folder) in done.aside
    assert (folder / "files" / "own").read_text() == "own"
    old = settings.database_url.rsplit("/", 1)
    url = f"sqlite:///{folder / 'test.db'}" if settings.is_sqlite else f"{old[0]}/{done.aside[0].split()[-1]}"
    with engine_for(settings, url) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT display_name FROM account")) == "另一处的账号"


def test_never_under_a_running_system(used: Flask, saved: Path) -> None:
    settings = settings_of(used)
    with engine_for(settings, settings.database_url) as engine, engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM account"))
        refusal = refused(used, saved, replace=True)
        connection.rollback()
        # Connected and idle is running too.
        idle = refused(used, saved, replace=True)
    assert (refusal.code, idle.code) == ("running", "running")
    assert names(used) == ["另一处的账号"]


@one_is_enough
def test_another_key_changes_nothing(used: Flask, saved: Path) -> None:
    (settings_of(used).instance / "backup.key").unlink()
    assert refused(used, saved, replace=True).code == "backup_key"
    with used.app_context():
        service.get_keys(settings_of(used))
    assert refused(used, saved, replace=True).code == "backup_key"
    assert names(used) == ["另一处的账号"]


@one_is_enough
@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_damaged_backup_changes_nothing(used: Flask, saved: Path, harm: str) -> None:
    data = saved.read_bytes()
    half = len(data) // 2
    saved.write_bytes(data[:half] if harm == "cut" else data[:half] + bytes([data[half] ^ 255]) + data[half + 1:])
    assert refused(used, saved, replace=True).code == "backup_damaged"
    assert names(used) == ["另一处的账号"]
    assert [p.name for p in settings_of(used).instance.iterdir() if p.name.startswith((".restore", "before"))] == []


@one_is_enough
def test_field_keys_that_are_others_are_refused(house: Flask, saved: Path, fresh: Fresh) -> None:
    app = fresh(house, COMP_FIELD_KEYS="t1:" + "C" * 43 + "=")
    refusal = refused(app, saved)
    assert refusal.code == "field_keys"
    assert "secrets.json" in refusal.message
    assert restore(app, saved, without_keys=True).manifest.tables["account"] == 3


@one_is_enough
def test_field_keys_with_a_newer_one_in_front_fit(house: Flask, saved: Path, fresh: Fresh) -> None:
    app = fresh(house, COMP_FIELD_KEYS="t2:" + "C" * 43 + "=,t1:" + "A" * 43 + "=")
    assert restore(app, saved).manifest.tables["account"] == 3


@one_is_enough
def test_a_newer_program_is_asked_for(house: Flask, any_cast: Cast, fresh: Fresh) -> None:
    any_cast.account("clerk")
    with behind(house) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    try:
        made = service.back_up(why="manual", actor=SYSTEM, at=now())
    finally:
        with behind(house) as connection:
            connection.execute(text("DROP TABLE alembic_version"))
    assert made.heads == ["9999"]
    assert refused(fresh(house), settings_of(house).backup_folder / made.name).code == "backup_newer"


def test_a_broken_chain_is_taken_only_when_said(house: Flask, any_cast: Cast, fresh: Fresh) -> None:
    any_cast.account("clerk")
    with behind(house) as connection:
        connection.execute(text("UPDATE audit_row SET act = 'forged' WHERE seq = 2"))
    with pytest.raises(BackupBroken):
        service.back_up(why="manual", actor=SYSTEM, at=now())
    (path,) = settings_of(house).backup_folder.glob("*.age")
    app = fresh(house)
    assert refused(app, path).code == "backup_chain"
    assert restore(app, path, broken_chains=True).manifest.tables["account"] == 1


def test_counts_that_do_not_agree_are_found(house: Flask, saved: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy with fewer rows than the manifest says, sealed with the right key, does not pass."""
    told = service.describe

    def more(*arguments: object) -> object:
        found = told(*arguments)
        return replace(found, tables={**found.tables, "account": found.tables["account"] + 1})

    monkeypatch.setattr(service, "describe", more)
    with pytest.raises(BackupBroken, match="account（4 ≠ 3）"):
        service.back_up(why="manual", actor=SYSTEM, at=now())
    path = max(settings_of(house).backup_folder.glob("*.age"), key=lambda p: p.stat().st_mtime_ns)
    assert refused(fresh(house), path).code == "backup_counts"


def test_the_other_kind_of_database_is_refused(bare: Flask, cast: Cast, fresh: Fresh, postgres_app: Flask) -> None:
    cast.account("clerk")
    made = service.back_up(why="manual", actor=SYSTEM, at=now())
    app = fresh(postgres_app)
    shutil.copy(settings_of(bare).instance / "backup.key", settings_of(app).instance / "backup.key")
    assert refused(app, settings_of(bare).backup_folder / made.name).code == "backup_kind"


def test_a_database_that_cannot_be_opened_is_put_aside(bare: Flask, cast: Cast, fresh: Fresh) -> None:
    cast.account("clerk")
    made = service.back_up(why="manual", actor=SYSTEM, at=now())
    path = settings_of(bare).backup_folder / made.name
    app = fresh(bare)
    (settings_of(app).instance / "test.db").write_bytes(b"this was a database once" * 1000)
    refusal = refused(app, path)
    assert refusal.code == "not_empty"
    assert "--replace" in refusal.message
    restore(app, path, replace=True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1
        db.session.remove()
    (folder,) = settings_of(app).instance.glob("before-restore-*")
    assert (folder / "test.db").read_bytes().startswith(b"this was")


class TestCommands:
    def test_backup_list_verify_key_restore(self, bare: Flask, cast: Cast, fresh: Fresh) -> None:
        cast.account("clerk")
        db.session.remove()
        run = bare.test_cli_runner().invoke
        made = run(args=["backup"])
        assert made.exit_code == 0, made.output
        assert "已备份并检验" in made.output
        assert "抄存到别处" in made.output
        assert "AGE-SECRET-KEY" not in made.output
        assert "抄存到别处" not in run(args=["backup", "make"]).output
        listed = run(args=["backup", "list"]).output
        assert listed.count("已检验") == 2
        name = listed.split()[0]
        assert "完好" in run(args=["backup", "verify", name]).output
        assert "完好" in run(args=["backup", "verify"]).output
        assert "保险柜" in run(args=["backup", "key", "--kept", "测试保险柜"]).output
        app = fresh(bare)
        path = str(settings_of(bare).backup_folder / name)
        with app.app_context():
            done = app.test_cli_runner().invoke(args=["restore", path])
        assert done.exit_code == 0, done.output
        assert "已恢复到" in done.output
        assert "db upgrade" in done.output  # the tests' tables carry no revision
        with app.app_context():
            again = app.test_cli_runner().invoke(args=["restore", path])
        assert again.exit_code == 1
        assert "--replace" in again.output
        with app.app_context():
            db.engine.dispose()

    @pytest.mark.parametrize("arguments", [("backup", "verify"), ("backup", "verify", "nothing"), ("restore", "nothing")])
    def test_refusals_are_sentences(self, bare: Flask, cast: Cast, arguments: tuple[str, ...]) -> None:
        db.session.remove()
        done = bare.test_cli_runner().invoke(args=list(arguments))
        assert done.exit_code == 1
        assert done.output.startswith("Error: ")
        assert "Traceback" not in done.output

    def test_a_list_without_backups(self, bare: Flask) -> None:
        assert "还没有备份" in bare.test_cli_runner().invoke(args=["backup", "list"]).output


@one_is_enough
def test_a_receipt_is_plain_json(house: Flask, saved: Path) -> None:
    said = json.loads(saved.with_name(saved.name + ".json").read_text())
    assert said["verified"]
    assert said["rows"] > 3
