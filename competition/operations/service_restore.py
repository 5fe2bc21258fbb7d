"""Putting a backup back: everything is opened and proved first, then changed over in a few renames."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from flask_babel import gettext as _
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DatabaseError

from competition.accounts.models import Account
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.config import Settings
from competition.core.crypto import keyring
from competition.core.database import atomic, db, migrate
from competition.core.formats import filesize, joined
from competition.operations import catalogue, erasures, postgres, proof, rules, snapshot
from competition.operations.archive import DUMPS, Manifest
from competition.operations.proof import Opened
from competition.operations.sealing import BackupBroken, find_keys
from competition.operations.service import SPARE, settings_here


@dataclass(frozen=True)
class Allowed:
    """What the person on the server agrees to: ``replace`` what is there (it is put aside), to do ``without_keys``
    for ID numbers, to take a backup whose audit chains are ``broken_chains``."""

    replace: bool = False
    without_keys: bool = False
    broken_chains: bool = False


@dataclass(frozen=True)
class Restored:
    """What was put back, where what stood here before lies now, and how many people were erased once more."""

    manifest: Manifest
    sha256: str
    aside: list[str]
    needs_upgrade: bool
    erased: int = 0


def restore(path: Path, *, allowed: Allowed, actor: Actor, at: datetime) -> Restored:
    """Put ``path`` in the place of this installation's data.

    Nothing is changed before the backup has been decrypted, proved and found to fit; what stands here is
    put aside, never removed. Raises :class:`BackupBroken` with what is in the way.
    """
    settings = settings_here()
    check_stopped(settings)
    if not allowed.replace and not is_empty(settings):
        raise BackupBroken(_("这里已经有数据。确实要用备份替换，请加 --replace；现有数据会移到一旁保存，不会删除。"),
                           code="not_empty", status=409)
    keys = find_keys(settings)
    if keys is None:
        raise BackupBroken(_("没有备份密钥。请先把保管的密钥放回 instance/backup.key（权限 600），或设置 COMP_BACKUP_KEY。"),
                           code="backup_key", status=422)
    for left in settings.instance.glob(".restore-*"):
        shutil.rmtree(left)
    with (
        catalogue.workshop(settings),
        tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.instance) as made,
        proof.opened(settings, path, keys, Path(made), keep_files=True, accept=fits(settings, allowed)) as found,
    ):
        proof.prove(settings, found)
        if not allowed.broken_chains:
            proof.prove_chains(settings, found)
        digest = snapshot.sum_of(path)
        check_stopped(settings)
        aside = _change_over(settings, found, at)
    _record(path, found.manifest, digest, aside, actor, at)
    heads = found.manifest.heads
    # In an older form our models cannot read it: then the list is followed by its command, or by the next backup.
    erased = erasures.apply(settings, path.parent, at=at) if heads in ([], _heads()) else 0
    return Restored(found.manifest, digest, aside, heads != _heads(), erased)


def check_stopped(settings: Settings) -> None:
    """Raises when anybody is connected to the database."""
    db.session.remove()
    db.engine.dispose()
    if snapshot.is_in_use(settings):
        raise BackupBroken(_("系统还在运行（有程序连着数据库）。请先停止网页服务、定时器和任务处理进程，再恢复。"),
                           code="running", status=409)


def is_empty(settings: Settings) -> bool:
    """Is there nothing yet that anybody would miss?"""
    if settings.is_sqlite and not snapshot.sqlite_path(settings).exists():
        return True
    try:
        names = set(inspect(db.engine).get_table_names())
        return not any(db.session.scalar(select(func.count()).select_from(model)) for model in (Account, Contest)
                       if model.__tablename__ in names)
    except DatabaseError as error:
        raise BackupBroken(_("现有的数据库打不开（%(why)s）。要用备份替换它，请加 --replace；它会移到一旁保存。", why=type(error).__name__),
                           code="not_empty", status=409) from error
    finally:
        db.session.remove()
        db.engine.dispose()


def fits(settings: Settings, allowed: Allowed) -> Callable[[Manifest], None]:
    """What can be said against a backup by its manifest alone."""

    def accept(manifest: Manifest) -> None:
        proof.same_kind(settings)(manifest)
        unknown = rules.unknown_revisions(manifest.heads, known_revisions())
        if unknown:
            raise BackupBroken(_("这份备份的数据库结构（%(heads)s）比现在的程序新。请先升级程序，再恢复。", heads=joined(unknown)),
                               code="backup_newer", status=422)
        if not allowed.without_keys:
            check_field_keys(manifest)
        free = shutil.disk_usage(settings.instance).free
        if free < manifest.bytes + SPARE:
            raise BackupBroken(_("磁盘只剩 %(free)s，恢复需要 %(need)s。", free=filesize(free), need=filesize(manifest.bytes + SPARE)),
                               code="backup_room", status=507)

    return accept


def known_revisions() -> set[str]:
    """Every form of the database that this program knows."""
    return {each.revision for each in ScriptDirectory(str(migrate.directory)).walk_revisions()}


def _heads() -> list[str]:
    return sorted(ScriptDirectory(str(migrate.directory)).get_heads())


def check_field_keys(manifest: Manifest) -> None:
    """Raises when this installation could not read the ID numbers of the backup."""
    ring = keyring()
    wrong = ring.index("backup", manifest.moment) != manifest.index
    for sealed in manifest.keys.values():
        try:
            wrong = wrong or ring.open(sealed, "backup") != manifest.moment
        except ValueError:
            wrong = True
    if wrong:
        raise BackupBroken(_("这里的字段密钥与备份的不同，恢复后将读不出证件号和手机号。请先把保管的 instance/secrets.json"
                             "（或 COMP_FIELD_KEYS、COMP_INDEX_KEY）放回原处；确实已经丢失的，加 --without-keys。"),
                           code="field_keys", status=422)


def _change_over(settings: Settings, found: Opened, at: datetime) -> list[str]:
    """Renames only: what was proved takes the place of what was here. Says where the latter went."""
    aside = settings.instance / f"before-restore-{at:%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    told = []
    files = settings.instance / "files"
    if files.exists():
        files.rename(aside / "files")
    if settings.is_sqlite:
        place = snapshot.sqlite_path(settings)
        # The log belongs to its database: it leaves with it, or the new one would read it.
        for old in (place, *(place.with_name(place.name + end) for end in ("-wal", "-shm", "-journal"))):
            if old.exists():
                shutil.move(old, aside / old.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        _put(found.folder / DUMPS["sqlite"], place)
    else:
        told.append(_("数据库 %(name)s", name=postgres.swap(settings.database_url, found.url, at)))
    (found.folder / "files").mkdir(exist_ok=True)
    (found.folder / "files").rename(files)
    snapshot.sync_folder(settings.instance)
    if not any(aside.iterdir()):
        aside.rmdir()
    else:
        told.append(str(aside))
    return told


def _put(copy: Path, place: Path) -> None:
    copy.chmod(0o600)
    try:
        copy.rename(place)
    except OSError:
        shutil.copyfile(copy, place)  # the database lies on another disk
    snapshot.sync_folder(place.parent)


def _record(path: Path, manifest: Manifest, digest: str, aside: list[str], actor: Actor, at: datetime) -> None:
    """The chain goes on from where the backup ends, and says for ever that it was put back."""
    if "audit_chain" not in manifest.tables:
        return
    with atomic():
        audit.record(
            "operations.restored", actor=actor, subject=("backup", path.name), at=at,
            details={"sha256": digest, "moment": manifest.moment, "rows": manifest.rows, "aside": len(aside)},
        )
