"""An erasure outlives a restore: whom a backup brings back is erased once more; nobody else is."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition.accounts.models import Account
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db
from competition.home import service_rights
from competition.home.rules_rights import WORD
from competition.operations import erasures, service, service_restore
from competition.operations.service_restore import Allowed
from tests.cast import Cast
from tests.home import own
from tests.home.test_erase import AWARDED, found_in_tables
from tests.operations.conftest import settings_of

Fresh = Callable[..., Flask]


@pytest.fixture
def erased(house: Flask, any_cast: Cast) -> own.Story:
    """Somebody who had the own data erased after a backup was made."""
    story = own.certified(any_cast)
    service.back_up(why="manual", actor=SYSTEM, at=now())
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)
    return story


def backup_of(app: Flask) -> Path:
    folder = settings_of(app).backup_folder
    return next(path for path in folder.iterdir() if path.name.endswith(".age"))


def carried(house: Flask, folder: Path) -> Path:
    """The backup and the list, as they are copied to another place."""
    folder.mkdir()
    for path in (backup_of(house), settings_of(house).backup_folder / erasures.LIST):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder / backup_of(house).name


def test_whom_the_backup_brings_back_is_erased_once_more(house: Flask, erased: own.Story, fresh: Fresh, tmp_path: Path) -> None:
    app, path = fresh(house), carried(house, tmp_path / "carried")
    with app.app_context():
        done = service_restore.restore(path, allowed=Allowed(), actor=SYSTEM, at=now())
        assert done.erased == 1
        left = found_in_tables()
        assert {(table, word) for table, word in left if table not in AWARDED} == {("audit_row", "reason")}
        row = db.session.scalars(select(AuditRow).where(AuditRow.act == "account.erase")).one()
        assert (row.actor_kind, row.subject_id) == ("system", str(erased.account_id))
        assert list(audit.verify()) == []
        assert erased.account_id in erasures.listed(settings_of(app).backup_folder), "the new place keeps the list too"
        assert erasures.apply(settings_of(app), at=now()) == 0
        db.session.remove()


def test_the_list_says_nothing_of_who_it_was_and_takes_no_line_from_strangers(house: Flask, any_cast: Cast, erased: own.Story) -> None:
    settings, victim = settings_of(house), any_cast.account("judge", name="测试别人").id
    path = settings.backup_folder / erasures.LIST
    lines = json.loads(path.read_text())
    assert [set(line) for line in lines] == [{"account", "at", "seal"}]
    forged = [{**lines[0], "account": str(victim)}, {"account": str(victim)}, "x", {**lines[0], "seal": None}]
    path.write_text(json.dumps([*forged, *lines]))
    assert list(erasures.listed(settings.backup_folder)) == [erased.account_id]
    assert erasures.apply(settings, at=now()) == 0
    assert db.session.get_one(Account, victim, populate_existing=True).erased_at is None
    path.write_text("no list")
    assert erasures.listed(settings.backup_folder) == {}
    assert erasures.note(settings) == 1


def test_the_night_follows_the_list_too(bare: Flask, cast: Cast) -> None:
    account_id = own.sign_up(cast).id
    settings = settings_of(bare)
    settings.backup_folder.mkdir(exist_ok=True)
    at = now().isoformat()
    line = {"account": str(account_id), "at": at, "seal": erasures._seal(str(account_id), at)}
    gone = {"account": str(uuid.uuid4()), "at": at, "seal": "x"}
    (settings.backup_folder / erasures.LIST).write_text(json.dumps([line, gone]))
    job = jobs.fire("operations.nightly", "2026-06-01", now())
    assert job is not None
    jobs.run_job(job.id)
    found = db.session.get(Account, account_id, populate_existing=True)
    assert found is not None
    assert found.erased_at is not None
