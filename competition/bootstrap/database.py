"""Migrations: looked at where that is cheap (SQLite), else left to Alembic."""

import ast
import os
import sqlite3
from pathlib import Path

from competition.bootstrap.environment import database_url
from competition.bootstrap.python_env import PYTHON
from competition.bootstrap.steps import ROOT, Step, log_path, run_quietly

VERSIONS = ROOT / "competition" / "migrations" / "versions"


def read_heads(folder: Path) -> set[str]:
    """The newest revisions, read from the migration files without running them."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in folder.glob("*.py"):
        values = _constants(path)
        revision, below = values.get("revision"), values.get("down_revision")
        if isinstance(revision, str):
            revisions.add(revision)
        parents.update([below] if isinstance(below, str) else below if isinstance(below, tuple) else [])
    return revisions - parents


def _constants(path: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in ("revision", "down_revision") and value is not None:
            found[target.id] = ast.literal_eval(value)
    return found


def read_applied(path: Path) -> set[str]:
    """The revisions that a SQLite database is at; empty when it has none or cannot be read."""
    if not path.is_file():
        return set()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.Error:
        return set()
    finally:
        connection.close()


def migrations_step() -> Step:
    """Bring the database in use to the newest form."""

    def pending() -> str | None:
        url = database_url()
        if not url.startswith("sqlite"):
            return "检查并更新数据库结构"
        path = Path(url.split("///", 1)[-1].split("?")[0])
        if not path.exists():
            return f"建立数据库 {path.name}"
        return None if read_applied(path) == read_heads(VERSIONS) else f"更新数据库结构（{path.name}）"

    def act() -> None:
        before = os.umask(0o077)
        try:
            run_quietly(
                [PYTHON, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
                f"数据没有被删除。请检查 COMP_DATABASE_URL 和磁盘空间，完整输出在 {log_path()}。",
            )
        finally:
            os.umask(before)

    return Step("数据库", pending, act)
