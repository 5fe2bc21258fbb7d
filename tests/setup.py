"""What the tests need beyond the system itself; the standard library only, like the set-up.

``ensure(argv)`` is for every command in this folder: it sets up what is missing and, when it runs
outside the virtual environment, starts the same command again inside it.
"""

import glob
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from competition.bootstrap.command import become, only_one, run_steps, tell
from competition.bootstrap.frontend import packages_step
from competition.bootstrap.python_env import VENV, lock_step
from competition.bootstrap.steps import ROOT, SetupFailed, Step, carry_out, keep_bytecode, use_utf8
from competition.bootstrap.system import RUN_NEEDS, Need, library, program, search_path, system_step

CHROMIUM = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
READY = "COMP_TESTS_READY"
# Of every character: which lists it stands in.
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")


def postgres_program(name: str) -> str | None:
    """A program of the newest PostgreSQL on this machine (Debian keeps them out of PATH)."""
    found = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    newest = sorted(found, key=lambda path: int(path.split("/")[4]))
    return newest[-1] if newest else shutil.which(name)


def chromium_path() -> str | None:
    """The browser that the tests drive."""
    if os.environ.get("COMP_TEST_CHROMIUM"):
        return os.environ["COMP_TEST_CHROMIUM"]
    return next((path for name in CHROMIUM if (path := shutil.which(name, path=search_path()))), None)


TEST_NEEDS = (
    Need("chromium", "浏览器测试", lambda: chromium_path() is not None),
    Need("poppler-utils", "读取 PDF", program("pdftotext")),
    Need("libatomic1", "浏览器驱动", library("libatomic.so.1")),
    Need("postgresql", "数据库测试", lambda: postgres_program("initdb") is not None),
    Need("redis-server", "队列测试", program("redis-server")),
    Need("caddy", "赛场内网的 https", program("caddy")),
    Need("age", "备份格式", program("age")),
    Need("unicode-data", "通用规范汉字", UNIHAN.exists),
    Need("libreoffice-calc-nogui", "复算成绩工作簿", program("soffice")),
)


def steps_for_tests(more: Sequence[Need] = ()) -> list[Step]:
    """The set-up of the system, with what only tests need, but without the database in use. ``more``: what one command needs."""
    steps = [step for step in run_steps() if step.title not in ("系统组件", "前端依赖", "数据库")]
    at = next(index for index, step in enumerate(steps) if step.title == "Python 包") + 1
    steps[at:at] = [lock_step("测试用包", "tests"), packages_step(always=True)]
    return [system_step((*RUN_NEEDS, *TEST_NEEDS, *more)), *steps]


def ensure(argv: Sequence[str], more: Sequence[Need] = ()) -> None:
    """Set up, and be inside the virtual environment afterwards.

    ``argv``: the module to run and its arguments, as after ``python -m``.
    """
    if os.environ.get(READY) == "1" and sys.prefix == str(VENV):
        return
    use_utf8()
    keep_bytecode()
    os.chdir(ROOT)
    try:
        with only_one():
            carry_out(steps_for_tests(more))
    except SetupFailed as failure:
        raise SystemExit(tell(failure)) from failure
    os.environ[READY] = "1"
    os.environ["COMP_TEST_CHROMIUM"] = chromium_path() or ""
    # Playwright brings no browser of its own: the system's one is used.
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    become(*argv)
