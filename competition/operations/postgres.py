"""PostgreSQL's own tools: pg_dump, pg_restore, and databases made, renamed and dropped beside ours."""

import glob
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from flask_babel import gettext as _
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from competition.operations.sealing import BackupBroken

PACKAGE = "postgresql-client"


def program(name: str) -> str | None:
    """The newest of this program here: Debian keeps them out of PATH, one folder for each version."""
    found = [path for path in glob.glob(f"/usr/lib/postgresql/*/bin/{name}") if os.access(path, os.X_OK)]
    newest = sorted(found, key=lambda path: int(re.sub(r"\D", "", path.split("/")[4]) or 0))
    return newest[-1] if newest else shutil.which(name)


def dump(url: str, path: Path, snapshot: str) -> None:
    """The database as pg_dump's own format, of the state that another transaction exported."""
    _run("pg_dump", url, ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--no-password",
                          f"--snapshot={snapshot}", f"--file={path}", f"--dbname={_without_password(url)}"])


def load(url: str, path: Path) -> None:
    """Everything of a dump into an empty database, or nothing."""
    _run("pg_restore", url, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password",
                             f"--dbname={_without_password(url)}", str(path)])


def _run(name: str, url: str, arguments: list[str]) -> None:
    command = program(name)
    if command is None:
        raise BackupBroken(_("没有找到 %(name)s。请安装 %(package)s（版本不低于数据库服务器）。", name=name, package=PACKAGE),
                           code="backup_tools", status=500)
    # Never on the command line: others on this machine can read that.
    env = {**os.environ, "PGPASSWORD": make_url(url).password or os.environ.get("PGPASSWORD", ""), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([command, *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[0]
        raise BackupBroken(_("%(name)s 没有成功：%(said)s", name=name, said=said[:300]), code="backup_tools", status=500)


def _without_password(url: str) -> str:
    made = make_url(url)
    query = {key: value for key, value in made.query.items() if isinstance(value, str)}
    return make_conninfo(host=made.host, port=made.port, user=made.username, dbname=made.database, **query)


def _connect(url: str, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    made = make_url(url)
    place = _without_password(str_of(made.set(database=database or made.database)))
    return psycopg.connect(make_conninfo(place, password=made.password), autocommit=True)


def str_of(url: URL) -> str:
    """With the password in it, as engines want it."""
    return url.render_as_string(hide_password=False)


def others(url: str) -> int:
    """How many other connections there are to this database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with _connect(url) as connection:
        row = connection.execute(query).fetchone()
    return int(str(row[0])) if row else 0


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """The address of an empty database beside ours, with its sort order; dropped at the end if it still has its name."""
    ours = make_url(url)
    name = f"{(ours.database or 'competition')[:40]}_check_{secrets.token_hex(4)}"
    with _connect(url, "postgres") as connection:
        row = connection.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [ours.database]).fetchone()
        order, kind = (str(row[0]), str(row[1])) if row else ("C.UTF-8", "C.UTF-8")
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}")
        try:
            connection.execute(make.format(sql.Identifier(name), sql.Literal(order), sql.Literal(kind)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupBroken(_("数据库账号不能建立临时数据库，无法检验备份。请由数据库管理员执行：ALTER ROLE %(role)s CREATEDB",
                                 role=ours.username or ""), code="backup_scratch", status=500) from error
    try:
        yield str_of(ours.set(database=name))
    finally:
        with _connect(url, "postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def swap(url: str, fresh: str, at: datetime) -> str:
    """``fresh`` takes the name of our database, which keeps another one; returns that. Both are without connections."""
    ours, made = str(make_url(url).database), str(make_url(fresh).database)
    aside = f"{ours[:40]}_before_{at:%Y%m%d%H%M%S}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _connect(url, "postgres") as connection:
        connection.execute(rename.format(sql.Identifier(ours), sql.Identifier(aside)))
        try:
            connection.execute(rename.format(sql.Identifier(made), sql.Identifier(ours)))
        except psycopg.Error:
            connection.execute(rename.format(sql.Identifier(aside), sql.Identifier(ours)))
            raise
    return aside
