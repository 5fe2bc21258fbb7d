"""Backups of a database in use, proved, listed, dropped; what is not good never counts as one."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db
from competition.core.files import StoredFile
from competition.operations import catalogue, keeping, service, snapshot
from competition.operations.catalogue import Receipt
from competition.operations.sealing import BackupBroken, get_keys, opening
from tests.cast import Cast
from tests.operations.conftest import behind, settings_of, store_paper

# What the kind of database makes no difference for is tried on one.
one_is_enough = pytest.mark.parametrize("any_app", ["sqlite"], indirect=True)


def back_up() -> Receipt:
    return service.back_up(why="manual", actor=SYSTEM, at=now())


def newest(act: str) -> AuditRow:
    return db.session.scalars(select(AuditRow).where(AuditRow.act == act).order_by(AuditRow.seq.desc())).first()


def test_a_backup_is_made_proved_and_on_record(house: Flask, any_cast: Cast, paper: StoredFile) -> None:
    before = now()
    made = back_up()
    assert made.is_verified
    assert made.fault is None
    assert before <= made.moment <= now()
    assert made.files == 1
    assert made.lost == 0
    assert made.chains == 1
    assert made.database == ("sqlite" if settings_of(house).is_sqlite else "postgresql")
    folder = settings_of(house).backup_folder
    assert snapshot.sum_of(folder / made.name) == made.sha256
    assert sorted(p.name for p in folder.iterdir()) == [".lock", made.name, f"{made.name}.json"]
    assert catalogue.receipts(settings_of(house)) == [made]
    assert newest("operations.back_up").details["sha256"] == made.sha256
    assert list(audit.verify()) == []


@one_is_enough
def test_no_name_and_no_number_can_be_read_in_it(house: Flask, any_cast: Cast) -> None:
    any_cast.account("clerk", name="测试金丝雀")
    made = back_up()
    data = (settings_of(house).backup_folder / made.name).read_bytes()
    assert "金丝雀".encode() not in data
    assert b"test-clerk" not in data


@one_is_enough
def test_the_keys_of_the_fields_are_not_in_the_backup(house: Flask, any_cast: Cast) -> None:
    made, settings = back_up(), settings_of(house)
    with opening(settings.backup_folder / made.name, get_keys(settings)) as source:
        plain = source.read()
    assert settings.index_key.encode() not in plain
    assert settings.field_keys.encode() not in plain
    assert settings.secret_key.encode() not in plain


@one_is_enough
def test_a_lost_or_rotten_file_is_told_and_does_not_spoil_the_rest(house: Flask, any_cast: Cast, paper: StoredFile) -> None:
    rotten, lost = store_paper(any_cast, b"%PDF rotten"), store_paper(any_cast, b"%PDF lost")
    rotten.path.write_bytes(b"%PDF rottem")
    lost.path.unlink()
    made = back_up()
    assert made.is_verified
    assert (made.files, made.lost) == (1, 2)


def test_a_broken_chain_is_no_good_backup(house: Flask, any_cast: Cast) -> None:
    any_cast.account("clerk")
    with behind(house) as connection:
        connection.execute(text("UPDATE audit_row SET act = 'forged' WHERE seq = 2"))
    with pytest.raises(BackupBroken, match="审计链 system 在第 2 行断裂"):
        back_up()
    (kept,) = catalogue.receipts(settings_of(house))
    assert not kept.is_verified
    assert "第 2 行" in str(kept.fault)
    assert catalogue.newest_verified([kept]) is None


@one_is_enough
def test_a_backup_changed_afterwards_is_found_by_proving_it_again(house: Flask, any_cast: Cast) -> None:
    made = back_up()
    assert service.prove(made.name, actor=SYSTEM, at=now()).is_verified
    path = settings_of(house).backup_folder / made.name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BackupBroken, match="改动或损坏"):
        service.prove(made.name, actor=SYSTEM, at=now())
    (kept,) = catalogue.receipts(settings_of(house))
    assert not kept.is_verified


def test_an_unknown_backup_cannot_be_proved(bare: Flask, cast: Cast) -> None:
    with pytest.raises(BackupBroken, match="没有名为"):
        service.prove("../secrets.json", actor=SYSTEM, at=now())


def test_one_at_a_time(bare: Flask, cast: Cast) -> None:
    with catalogue.workshop(settings_of(bare)), pytest.raises(BackupBroken) as caught:
        back_up()
    assert caught.value.code == "backup_busy"


def test_what_a_killed_process_left_is_cleared_away(bare: Flask, cast: Cast) -> None:
    folder = settings_of(bare).backup_folder
    (folder / ".work-old").mkdir(parents=True)
    (folder / ".work-old" / "database.sqlite").write_text("plain")
    (folder / "backup-x.tar.gz.age.part").write_text("half")
    made = back_up()
    assert sorted(p.name for p in folder.iterdir()) == [".lock", made.name, f"{made.name}.json"]


def test_a_disk_without_room_is_a_sentence(bare: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SPARE", 1 << 62)
    with pytest.raises(BackupBroken, match="COMP_BACKUP_DIR"):
        back_up()


def test_old_ones_are_dropped_and_the_newest_good_one_stays(bare: Flask, cast: Cast) -> None:
    settings = settings_of(bare)
    made = back_up()
    old = [replace(made, name=f"old-{n}{catalogue.END}", made_moment=(now() - timedelta(days=40 + n)).isoformat()) for n in range(2)]
    for each in old:
        (settings.backup_folder / each.name).write_text("old")
        catalogue.write_receipt(settings, each)
    again = back_up()
    assert [r.name for r in catalogue.receipts(settings)] == [again.name, made.name]


def test_a_receipt_that_cannot_be_read_offers_nothing(bare: Flask, cast: Cast) -> None:
    made, folder = back_up(), settings_of(bare).backup_folder
    (folder / f"{made.name}.json").write_text('{"name": 1')
    assert catalogue.receipts(settings_of(bare)) == []
    (folder / f"{made.name}.json").write_text(json.dumps({"name": made.name, "foreign": True}))
    assert catalogue.receipts(settings_of(bare)) == []


def test_the_key_is_registered_as_kept_until_it_changes(bare: Flask, cast: Cast) -> None:
    settings = settings_of(bare)
    keys = service.keep_key(settings, "机要室保险柜（测试）", cast.actor("administrator", name="测试管理员"), now())
    kept = keeping.who_keeps(settings, keys)
    assert kept is not None
    assert (kept["who"], kept["where"]) == ("测试管理员", "机要室保险柜（测试）")
    assert newest("operations.key_kept").details == {"where": "机要室保险柜（测试）"}
    assert keeping.who_keeps(settings, replace(keys, public="age1other")) is None
