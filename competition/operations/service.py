"""Making and proving backups. Restoring stands in ``service_restore``."""

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from competition.accounts.queries import holders
from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.crypto import Keyring, keyring
from competition.core.database import atomic
from competition.core.formats import filesize
from competition.core.jobs import Job
from competition.notices import service as notices
from competition.operations import catalogue, proof, rules, snapshot
from competition.operations.archive import DUMPS, Manifest, pack
from competition.operations.catalogue import Receipt
from competition.operations.keeping import key_name, note_kept
from competition.operations.sealing import BackupBroken, Keys, Sum, find_keys, get_keys, sealing
from competition.operations.snapshot import Snapshot

BACK_UP = "operations.back_up"
SPARE = 256 * 1024**2

# Done and total bytes, and what is happening.
Say = Callable[[int, int, str], None]


def quiet(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


def settings_here() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def back_up(*, why: str, actor: Actor, at: datetime, say: Say = quiet) -> Receipt:
    """Make a backup while the system works, prove it, and drop the ones that are not kept any longer.

    ``why`` is ``nightly``, ``contest`` or ``manual``. Raises :class:`BackupBroken` when it cannot be made
    or is not good; one that is not good is kept a week with the reason, and never counts as a backup.
    """
    settings = settings_here()
    with catalogue.workshop(settings) as folder:
        keys = get_keys(settings)
        receipt = _make(settings, keys, folder, why, at, say)
        say(receipt.size, 2 * receipt.size, _("正在解密并检验"))
        receipt = _prove(settings, keys, receipt, folder)
        _forget(settings, at)
    _record(receipt, actor)
    if receipt.fault:
        raise BackupBroken(_("备份已制作，但没有通过检验：%(why)s", why=receipt.fault), code="backup_unproved", status=500)
    return receipt


def _make(settings: Settings, keys: Keys, folder: Path, why: str, at: datetime, say: Say) -> Receipt:
    started = time.monotonic()
    _room(settings, snapshot.database_bytes(settings))
    say(0, 0, _("正在复制数据库"))
    copy = snapshot.take(settings, folder)
    good, lost = snapshot.split_files(settings.instance / "files", copy.facts.files)
    manifest = describe(copy, good, lost)
    _room(settings, manifest.bytes)
    name = catalogue.new_name(copy.moment)
    part = settings.backup_folder / f"{name}.part"
    total = _seal(settings, keys, part, manifest, copy.path, say)
    copy.path.unlink()
    part.replace(settings.backup_folder / name)
    snapshot.sync_folder(settings.backup_folder)
    return catalogue.write_receipt(settings, Receipt(
        name=name, size=total.size, sha256=total.digest, made_moment=manifest.moment, finished=now().isoformat(),
        seconds=round(time.monotonic() - started, 2), why=why, database=manifest.database, rows=manifest.rows,
        chains=len(manifest.chains), files=len(good), lost=len(lost), heads=manifest.heads, key=key_name(keys),
    ))


def _room(settings: Settings, need: int) -> None:
    free = shutil.disk_usage(settings.backup_folder).free
    if free < need + SPARE:
        raise BackupBroken(_("备份目录所在磁盘只剩 %(free)s，这次备份至少需要 %(need)s。请清理磁盘，或用 COMP_BACKUP_DIR 指到别的磁盘。",
                             free=filesize(free), need=filesize(need + SPARE)), code="backup_room", status=507)


def _seal(settings: Settings, keys: Keys, part: Path, manifest: Manifest, dump: Path, say: Say) -> Sum:
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        say(done, 2 * manifest.bytes, _("正在加密写入"))

    with sealing(part, keys) as (sink, total):
        pack(sink, manifest, dump, settings.instance / "files", tick)
    return total


def describe(copy: Snapshot, good: dict[str, int], lost: list[str]) -> Manifest:
    """The manifest of a copy, with what tells the right field keys from wrong ones."""
    ring, moment, facts = keyring(), copy.moment.isoformat(), copy.facts
    return Manifest(
        moment=moment, database=_kind(copy), dump_size=copy.size, dump_sha256=copy.sha256, heads=facts.heads, tables=facts.tables,
        chains=facts.chains, files=good, missing=lost, server=facts.server, index=ring.index("backup", moment),
        keys={kid: Keyring(kid, ring.keys, ring.index_key).seal(moment, "backup") for kid in ring.keys},
    )


def _kind(copy: Snapshot) -> str:
    return next(kind for kind, name in DUMPS.items() if name == copy.path.name)


def prove(name: str, *, actor: Actor, at: datetime) -> Receipt:
    """Open a backup again and prove it, however old it is; raises :class:`BackupBroken` when it is not good."""
    settings = settings_here()
    receipt, keys = catalogue.find(settings, name), find_keys(settings)
    if receipt is None or keys is None:
        raise BackupBroken(_("没有名为 %(name)s 的备份，或者没有备份密钥。", name=name), code="backup_missing", status=404)
    with catalogue.workshop(settings) as folder:
        receipt = _prove(settings, keys, receipt, folder)
    _record(receipt, actor)
    if receipt.fault:
        raise BackupBroken(receipt.fault, code="backup_unproved", status=422)
    return receipt


def _prove(settings: Settings, keys: Keys, receipt: Receipt, folder: Path) -> Receipt:
    path, fault = settings.backup_folder / receipt.name, None
    try:
        if snapshot.sum_of(path) != receipt.sha256:
            raise BackupBroken(_("备份文件在制作之后被改动或损坏。"), code="backup_damaged")
        with proof.opened(settings, path, keys, folder, keep_files=False, accept=proof.same_kind(settings)) as found:
            proof.prove(settings, found)
            proof.prove_chains(settings, found)
    except BackupBroken as error:
        fault = error.message
    return catalogue.judge(settings, receipt, at=now(), fault=fault)


def _forget(settings: Settings, at: datetime) -> None:
    for name in rules.to_remove(catalogue.receipts(settings), at, ZoneInfo(settings.zone)):
        catalogue.remove(settings, name)


def _record(receipt: Receipt, actor: Actor) -> None:
    """The chain says what was made and proved: a backup that is exchanged later does not match it."""
    with atomic():
        audit.record(
            "operations.back_up", actor=actor, subject=("backup", receipt.name), at=now(),
            details={"sha256": receipt.sha256, "size": receipt.size, "moment": receipt.made_moment, "rows": receipt.rows,
                     "verified": receipt.is_verified, "fault": receipt.fault},
        )


def ask(*, actor: Actor, at: datetime) -> Job:
    """Ask for a backup now; it is made by the worker."""
    with atomic():
        audit.record("operations.asked", actor=actor, subject=("backup", "new"), at=at)
        return jobs.start(BACK_UP, title=_("立即备份"), payload={"why": "manual"}, actor=actor, at=at)


def tell_administrators(fault: str, *, at: datetime) -> None:
    """A backup that failed in the night is nobody's unless somebody is told."""
    with atomic():
        notices.tell(holders(("administrator",), at), kind="operations.backup", title=_("备份没有成功"), at=at, link="/system/operations",
                     body=_("%(why)s 请打开“系统运行”页面，按提示处理后立即备份一次。", why=fault))


def keep_key(settings: Settings, where: str, actor: Actor, at: datetime) -> Keys:
    """Note where the keys are kept besides this machine; the key is made if there is none yet."""
    keys = get_keys(settings)
    note_kept(settings, keys, where=where, actor=actor, at=at)
    return keys
