"""``flask --app wsgi doctor``: what is right on this machine, what is not, and what to do about it."""

import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import click
import pikepdf
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select, text

from competition.bootstrap.system import RUN_NEEDS, admin_line, missing
from competition.core.clock import now
from competition.core.config import ROOT, Settings, is_loopback
from competition.core.database import SQLITE, SQLITE_FLOOR, db, migrate
from competition.core.errors import RuleBroken
from competition.core.jobs import Job
from competition.core.paper import Press

MARKS = {"ok": "正常", "note": "提醒", "wrong": "问题"}
LEAST_FREE = 1 * 1024**3
OLDEST_POSTGRES = 130000
WAITING_TOO_LONG = timedelta(minutes=10)
SAMPLES = {
    "Noto Serif CJK SC": "张三𬀩䶮",
    "Noto Sans CJK SC": "青海省总工会",
    "LXGW WenKai": "荣誉证书",
    "HanaMinB": "𠅤",
    "DDC Uchen": "བཀྲ་ཤིས་བདེ་ལེགས།",
}


@dataclass(frozen=True)
class Finding:
    """One line: ``level`` is ok, note or wrong; ``todo`` says what to do unless it is ok."""

    level: str
    subject: str
    said: str
    todo: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def check_system(_settings: Settings) -> Iterator[Finding]:
    """Libraries and fonts, as the set-up looks for them."""
    lacking = missing(RUN_NEEDS)
    for need in lacking:
        yield Finding("wrong", "系统组件", f"缺少 {need.package}（{need.purpose}）", f"由管理员执行：{admin_line([need])}")
    if not lacking:
        yield Finding("ok", "系统组件", f"{len(RUN_NEEDS)} 项齐备")


def check_paper(_settings: Settings) -> Iterator[Finding]:
    """A small certificate in every script, really printed."""
    body = "".join(f'<p style="font-family:\'{font}\'">{sample}</p>' for font, sample in SAMPLES.items())
    started = time.monotonic()
    try:
        with Press() as press:
            pdf = press.print(f"<!doctype html><meta charset=utf-8>{body}")
    except RuleBroken as error:
        yield Finding("wrong", "PDF", error.message, f"检查字体和 pango：{admin_line(RUN_NEEDS)}")
        return
    # A family that is not there is replaced in silence: the names inside the file tell.
    used = fonts_inside(pdf)
    lost = [font for font in SAMPLES if not any(_plain(font) in name for name in used)]
    if lost:
        yield Finding("wrong", "PDF", f"排版没有用上这些字体：{'、'.join(lost)}", "执行 fc-cache -f 后再试；仍不行请重装字体包。")
    else:
        yield Finding("ok", "PDF", f"排版正常（{len(pdf) // 1024} KB，{time.monotonic() - started:.1f} 秒）")


def fonts_inside(pdf: bytes) -> set[str]:
    """The names of the fonts in a PDF, without blanks and signs."""
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for page in document.pages for font in page.obj.Resources.Font.values()]
        return {_plain(str(font.BaseFont).split("+")[-1]) for font in fonts}


def _plain(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()


def check_pages(_settings: Settings) -> Iterator[Finding]:
    """The bundles for browsers."""
    if (ROOT / "static" / "build" / "manifest.json").is_file():
        yield Finding("ok", "页面文件", "已生成")
    else:
        yield Finding("wrong", "页面文件", "static/build 里没有页面脚本和样式", "执行：python3 wsgi.py --setup-only")


def check_database(settings: Settings) -> Iterator[Finding]:
    """The database answers and keeps what it has confirmed."""
    try:
        yield from _sqlite() if settings.is_sqlite else _postgres()
    except Exception as error:
        db.session.rollback()
        yield Finding(
            "wrong", "数据库", f"不能使用（{type(error).__name__}：{str(error).splitlines()[0]}）", "检查 COMP_DATABASE_URL 和磁盘。"
        )


def _sqlite() -> Iterator[Finding]:
    version = SQLITE.sqlite_version
    driver = SQLITE.__name__.split(".")[0]
    mode, level, keys = (_value(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys"))
    said = f"SQLite {version}（{driver}），journal_mode={mode}，synchronous={level}，foreign_keys={keys}"
    if (mode, level, keys) != ("wal", 2, 1):
        yield Finding("wrong", "数据库", said, "数据库应放在本机磁盘上（不要放在网络共享目录），然后重新启动。")
    elif SQLITE.sqlite_version_info < SQLITE_FLOOR:
        floor = ".".join(map(str, SQLITE_FLOOR))
        todo = "Linux x86-64 会自动使用新版；其他平台请升级 SQLite 或改用 PostgreSQL。"
        yield Finding("note", "数据库", f"{said}；低于 {floor} 的版本有写入缺陷", todo)
    else:
        yield Finding("ok", "数据库", said)


def _postgres() -> Iterator[Finding]:
    number, version, encoding, sync, commit = (
        str(_value(f"SHOW {name}"))
        for name in ("server_version_num", "server_version", "server_encoding", "fsync", "synchronous_commit")
    )
    said = f"PostgreSQL {version}（psycopg），编码 {encoding}，fsync={sync}，synchronous_commit={commit}"
    if encoding != "UTF8":
        yield Finding("wrong", "数据库", said, "请用 ENCODING 'UTF8' 重新建库。")
    elif sync != "on" or commit == "off":
        yield Finding("wrong", "数据库", said, "断电会丢失已确认的成绩：请打开 fsync 和 synchronous_commit。")
    elif int(number) < OLDEST_POSTGRES:
        yield Finding("note", "数据库", said, "请升级到 PostgreSQL 13 或更高版本。")
    else:
        yield Finding("ok", "数据库", said)


def _value(statement: str) -> object:
    return db.session.execute(text(statement)).scalar_one()


def check_migrations(_settings: Settings) -> Iterator[Finding]:
    """The tables have the newest form."""
    todo = "执行：python3 wsgi.py --setup-only（或 flask --app wsgi db upgrade）"
    heads = set(ScriptDirectory(str(migrate.directory)).get_heads())
    try:
        applied = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    except Exception as error:
        db.session.rollback()
        yield Finding("wrong", "数据库结构", f"无法查看（{type(error).__name__}）", todo)
        return
    if heads == applied:
        yield Finding("ok", "数据库结构", f"最新（{'、'.join(sorted(heads)) or '无迁移'}）")
    else:
        shown = "、".join(sorted(applied)) or "空"
        yield Finding("wrong", "数据库结构", f"当前 {shown}，应为 {'、'.join(sorted(heads))}", todo)


def check_queue(settings: Settings) -> Iterator[Finding]:
    """The queue answers, and somebody works on it."""
    kind = "Redis" if settings.redis_url else "SQLite 文件"
    try:
        length = current_app.extensions["huey"].pending_count()
    except Exception as error:
        todo = "检查 COMP_REDIS_URL 和 Redis 服务。" if settings.redis_url else f"检查 {settings.instance} 是否可写。"
        yield Finding("wrong", "任务队列", f"{kind} 不能使用（{type(error).__name__}）", todo)
        return
    waiting = _waiting()
    if waiting:
        yield Finding(
            "wrong", "任务队列", f"{waiting} 个任务等待超过 10 分钟，可能没有进程在处理",
            "用 python3 wsgi.py 启动整个系统，或单独启动 flask --app wsgi jobs work 和 jobs clock。",
        )
    else:
        yield Finding("ok", "任务队列", f"{kind} 可用，队列中 {length} 个任务")


def _waiting() -> int:
    late = (Job.state == "queued") & (Job.created_at < now() - WAITING_TOO_LONG)
    try:
        return int(db.session.scalar(select(func.count()).select_from(Job).where(late)) or 0)
    except Exception:
        db.session.rollback()
        return 0  # without tables: the line about migrations says so


def check_instance(settings: Settings) -> Iterator[Finding]:
    """The folder can be written, others cannot read the keys in it, the disk has room."""
    folder = settings.instance
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("wrong", "数据目录", f"不能写入 {folder}", "把所有者改为运行本系统的用户。")
        return
    closed = stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    open_files = [
        path.name
        for pattern in ("secrets.json", "*.db")
        for path in sorted(folder.glob(pattern))
        if not closed and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_files:
        yield Finding("wrong", "数据目录", f"其他用户可以读取 {'、'.join(open_files)}", f"执行：chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield Finding("wrong", "磁盘", f"只剩 {free // 1024**2} MB", "请清理磁盘，至少留出 1 GB。")
    if not open_files and free >= LEAST_FREE:
        yield Finding("ok", "数据目录", f"{folder}，权限正确，剩余 {free // 1024**3} GB")


def check_public_url(settings: Settings) -> Iterator[Finding]:
    """The address that certificates carry for years."""
    subject, url = "公开网址", settings.public_url
    if settings.demo:
        yield Finding("ok", subject, "演示不需要")
    elif not url:
        yield Finding("note", subject, "没有设置 COMP_PUBLIC_URL", "正式签发证书前必须设置，例如 COMP_PUBLIC_URL=https://竞赛系统的域名")
    else:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        if safe and parts.hostname and not parts.query and not parts.fragment:
            yield Finding("ok", subject, url)
        else:
            yield Finding("wrong", subject, f"{url} 不是可用的 https 网址", "改为 https:// 开头的网址，不带 ? 和 #。")


CHECKS: tuple[Check, ...] = (
    check_system, check_paper, check_pages, check_database, check_migrations, check_queue, check_instance,
    check_public_url,
)


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which things build on each other."""
    return [finding for check in CHECKS for finding in check(settings)]


@click.command("doctor", help="检查字体、组件、数据库、任务队列和目录权限，并说明如何处理。")
@with_appcontext
def doctor() -> None:
    """Print the findings; status 1 when something is wrong."""
    settings: Settings = current_app.extensions["settings"]
    findings = examine(settings)
    for finding in findings:
        click.echo(f"[{MARKS[finding.level]}] {finding.subject}：{finding.said}")
        if finding.todo:
            click.echo(f"       处理办法：{finding.todo}")
    wrong = sum(finding.level == "wrong" for finding in findings)
    click.echo(f"发现 {wrong} 个问题。" if wrong else "没有发现问题。")
    if wrong:
        raise click.exceptions.Exit(1)


def init_doctor(app: Flask) -> None:
    """Hang the command on the application."""
    app.cli.add_command(doctor)
