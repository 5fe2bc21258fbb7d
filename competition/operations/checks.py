"""What can be wrong with the running house, in plain sentences: for ``doctor`` and for the page."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, text

from competition.bootstrap.environment import is_loopback
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.database import SQLITE, SQLITE_FLOOR, db, migrate
from competition.core.formats import filesize, joined
from competition.core.jobs import Job, last_beat

LEAST_FREE = 1 * 1024**3
OLDEST_POSTGRES = 130000
WAITING_TOO_LONG = timedelta(minutes=10)
SILENT_TOO_LONG = timedelta(minutes=3)


@dataclass(frozen=True)
class Finding:
    """One line: ``level`` is ok, note or wrong; ``todo`` says what to do unless it is ok."""

    level: str
    subject: str
    said: str
    todo: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def check_database(settings: Settings) -> Iterator[Finding]:
    """The database answers and keeps what it has confirmed."""
    try:
        yield from _sqlite() if settings.is_sqlite else _postgres()
    except Exception as error:
        db.session.rollback()
        said = _("不能使用（%(kind)s：%(why)s）", kind=type(error).__name__, why=str(error).splitlines()[0])
        yield Finding("wrong", _("数据库"), said, _("检查 COMP_DATABASE_URL 和磁盘。"))


def _sqlite() -> Iterator[Finding]:
    version = SQLITE.sqlite_version
    driver = SQLITE.__name__.split(".")[0]
    mode, level, keys = (_value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys"))
    said = f"SQLite {version}（{driver}），journal_mode={mode}，synchronous={level}，foreign_keys={keys}"
    if (mode, level, keys) != ("wal", 2, 1):
        yield Finding("wrong", _("数据库"), said, _("数据库应放在本机磁盘上（不要放在网络共享目录），然后重新启动。"))
    elif SQLITE.sqlite_version_info < SQLITE_FLOOR:
        said = _("%(said)s；低于 %(floor)s 的版本有写入缺陷", said=said, floor=".".join(map(str, SQLITE_FLOOR)))
        yield Finding("note", _("数据库"), said, _("Linux x86-64 会自动使用新版；其他平台请升级 SQLite 或改用 PostgreSQL。"))
    else:
        yield Finding("ok", _("数据库"), said)


def _postgres() -> Iterator[Finding]:
    number, version, encoding, sync, commit = (
        str(_value(f"SHOW {name}"))
        for name in ("server_version_num", "server_version", "server_encoding", "fsync", "synchronous_commit")
    )
    said = _("PostgreSQL %(version)s（psycopg），编码 %(encoding)s，fsync=%(sync)s，synchronous_commit=%(commit)s",
             version=version, encoding=encoding, sync=sync, commit=commit)
    if encoding != "UTF8":
        yield Finding("wrong", _("数据库"), said, _("请用 ENCODING 'UTF8' 重新建库。"))
    elif sync != "on" or commit == "off":
        yield Finding("wrong", _("数据库"), said, _("断电会丢失已确认的成绩：请打开 fsync 和 synchronous_commit。"))
    elif int(number) < OLDEST_POSTGRES:
        yield Finding("note", _("数据库"), said, _("请升级到 PostgreSQL 13 或更高版本。"))
    else:
        yield Finding("ok", _("数据库"), said)


def _value(statement: str) -> object:
    return db.session.execute(text(statement)).scalar_one()


def check_migrations(_settings: Settings) -> Iterator[Finding]:
    """The tables have the newest form."""
    todo = _("执行：python3 wsgi.py --setup-only（或 flask --app wsgi db upgrade）")
    heads = set(ScriptDirectory(str(migrate.directory)).get_heads())
    try:
        applied = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    except Exception as error:
        db.session.rollback()
        yield Finding("wrong", _("数据库结构"), _("无法查看（%(kind)s）", kind=type(error).__name__), todo)
        return
    if heads == applied:
        yield Finding("ok", _("数据库结构"), _("最新（%(heads)s）", heads=joined(sorted(heads)) or _("无迁移")))
    else:
        shown, wanted = joined(sorted(applied)) or _("空"), joined(sorted(heads))
        yield Finding("wrong", _("数据库结构"), _("当前 %(shown)s，应为 %(wanted)s", shown=shown, wanted=wanted), todo)


def check_queue(settings: Settings) -> Iterator[Finding]:
    """The queue answers, and somebody works on it."""
    kind = "Redis" if settings.redis_url else _("SQLite 文件")
    try:
        length = current_app.extensions["huey"].pending_count()
    except Exception as error:
        redis = _("检查 COMP_REDIS_URL 和 Redis 服务。")
        todo = redis if settings.redis_url else _("检查 %(path)s 是否可写。", path=settings.instance)
        yield Finding("wrong", _("任务队列"), _("%(kind)s 不能使用（%(why)s）", kind=kind, why=type(error).__name__), todo)
        return
    waiting = _waiting()
    if waiting:
        yield Finding(
            "wrong", _("任务队列"), _("%(n)s 个任务等待超过 10 分钟，可能没有进程在处理", n=waiting),
            _("用 python3 wsgi.py 启动整个系统，或单独启动 flask --app wsgi jobs work 和 jobs clock。"),
        )
    else:
        yield Finding("ok", _("任务队列"), _("%(kind)s 可用，队列中 %(n)s 个任务", kind=kind, n=length))


def _waiting() -> int:
    late = (Job.state == "queued") & (Job.created_at < now() - WAITING_TOO_LONG)
    try:
        return int(db.session.scalar(select(func.count()).select_from(Job).where(late)) or 0)
    except Exception:
        db.session.rollback()
        return 0  # without tables: the line about migrations says so


def check_clock(_settings: Settings) -> Iterator[Finding]:
    """The clock's process gives a sign of life every half minute."""
    beat, todo = last_beat(), _("用 python3 wsgi.py 启动整个系统，或单独启动 flask --app wsgi jobs clock。")
    if beat is None:
        yield Finding("wrong", _("定时器"), _("还没有运行过：夜间汇总和备份不会自动进行"), todo)
    elif now() - beat > SILENT_TOO_LONG:
        minutes = int((now() - beat).total_seconds()) // 60
        yield Finding("wrong", _("定时器"), _("已经 %(n)s 分钟没有动静：夜间汇总和备份不会自动进行", n=minutes), todo)
    else:
        yield Finding("ok", _("定时器"), _("正常（%(n)s 秒前）", n=max(0, int((now() - beat).total_seconds()))))


def check_instance(settings: Settings) -> Iterator[Finding]:
    """The folder can be written, others cannot read the keys in it, the disk has room."""
    folder = settings.instance
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("wrong", _("数据目录"), _("不能写入 %(path)s", path=folder), _("把所有者改为运行本系统的用户。"))
        return
    closed = stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    open_files = [
        path.name
        for pattern in ("secrets.json", "backup.key", "*.db")
        for path in sorted(folder.glob(pattern))
        if not closed and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_files:
        yield Finding("wrong", _("数据目录"), _("其他用户可以读取 %(names)s", names=joined(open_files)),
                      _("执行：chmod 700 %(path)s", path=folder))
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding("wrong", _("磁盘"), _("只剩 %(free)s", free=filesize(free)), _("请清理磁盘，至少留出 1 GB。"))
    if not open_files and free >= LEAST_FREE:
        yield Finding("ok", _("数据目录"), _("%(path)s，权限正确，剩余 %(free)s", path=folder, free=filesize(free)))


def check_public_url(settings: Settings) -> Iterator[Finding]:
    """The address that certificates carry for years."""
    subject, url = _("公开网址"), settings.public_url
    if settings.demo:
        yield Finding("ok", subject, _("演示不需要"))
    elif not url:
        yield Finding("note", subject, _("没有设置 COMP_PUBLIC_URL"),
                      _("正式签发证书前必须设置：用 COMP_PUBLIC_URL=https://竞赛系统的域名 重新启动系统。"))
    else:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        if safe and parts.hostname and not parts.query and not parts.fragment:
            yield Finding("ok", subject, url)
        else:
            yield Finding("wrong", subject, _("%(url)s 不是可用的 https 网址", url=url), _("改为 https:// 开头的网址，不带 ? 和 #。"))
