"""Is a backup good? Opened, checked by the database itself, counted, its audit chains proved row by row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from competition.core import audit
from competition.core.config import Settings
from competition.core.formats import joined
from competition.operations import postgres, rules
from competition.operations.archive import DUMPS, Manifest, unpack
from competition.operations.sealing import BackupBroken, Keys, opening
from competition.operations.snapshot import engine_for, read_facts


@dataclass(frozen=True)
class Opened:
    """A backup whose parts lie in a folder and whose database answers at ``url``."""

    manifest: Manifest
    url: str
    folder: Path


def never(_bytes: int) -> None:
    """Nobody watches."""


@contextmanager
def opened(
    settings: Settings, path: Path, keys: Keys, folder: Path, *, keep_files: bool,
    accept: Callable[[Manifest], None], tick: Callable[[int], None] = never,
) -> Iterator[Opened]:
    """Decrypt ``path`` into ``folder`` and give its database an address of its own, apart from ours."""
    with opening(path, keys) as source:
        manifest = unpack(source, folder, keep_files=keep_files, tick=tick, accept=accept)
    dump = folder / DUMPS[manifest.database]
    if settings.is_sqlite:
        yield Opened(manifest, f"sqlite:///{dump}", folder)
        return
    with postgres.scratch(settings.database_url) as url:
        postgres.load(url, dump)
        dump.unlink()
        yield Opened(manifest, url, folder)


def same_kind(settings: Settings) -> Callable[[Manifest], None]:
    """Refuses a backup of the other kind of database before anything of it is written."""

    def accept(manifest: Manifest) -> None:
        if (manifest.database == "sqlite") != settings.is_sqlite:
            raise BackupBroken(_("这份备份来自 %(kind)s 数据库，与现在的 COMP_DATABASE_URL 不是同一种。", kind=manifest.database),
                               code="backup_kind", status=422)

    return accept


def prove(settings: Settings, found: Opened) -> None:
    """Raises :class:`BackupBroken` with the first thing that is not as it should be."""
    with engine_for(settings, found.url) as engine:
        _intact(settings, engine)
        _counted(engine, found.manifest)


def prove_chains(settings: Settings, found: Opened) -> None:
    """Raises :class:`BackupBroken` naming the first broken row."""
    with engine_for(settings, found.url) as engine, Session(engine) as session:
        broken = next(audit.verify(session), None) if found.manifest.chains else None
        if broken:
            raise BackupBroken(_("审计链 %(chain)s 在第 %(seq)s 行断裂。运行 flask --app wsgi audit verify 查看现在的数据库是否也这样。",
                                 chain=broken.chain, seq=broken.seq), code="backup_chain", status=422)


def _intact(settings: Settings, engine: Engine) -> None:
    # PostgreSQL has read, parsed and indexed every row while loading, and checked every foreign key.
    if not settings.is_sqlite:
        return
    with engine.connect() as connection:
        said = connection.scalars(text("PRAGMA integrity_check(1)")).first()
        loose = connection.execute(text("PRAGMA foreign_key_check")).first()
    if said != "ok" or loose:
        raise BackupBroken(_("备份里的数据库没有通过完整性检查（%(why)s）。", why=said if said != "ok" else loose[0] if loose else ""),
                           code="backup_damaged", status=422)


def _counted(engine: Engine, manifest: Manifest) -> None:
    with engine.connect() as connection:
        facts = read_facts(connection)
    wrong = rules.differences(manifest.tables, facts.tables)
    if facts.chains != manifest.chains:
        wrong.append(_("审计链的末端"))
    if facts.heads != manifest.heads:
        wrong.append(_("数据库结构的版本"))
    if set(facts.files) != set(manifest.files) | set(manifest.missing):
        wrong.append(_("文件清单"))
    if wrong:
        raise BackupBroken(_("备份里的数据与登记的不一致：%(what)s。", what=joined(wrong[:5])), code="backup_counts", status=422)
