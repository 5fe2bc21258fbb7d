"""``python3 wsgi.py``: look, set up, then become the server."""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from competition.bootstrap import environment
from competition.bootstrap.database import migrations_step
from competition.bootstrap.frontend import build_step, catalogues_step, packages_step
from competition.bootstrap.python_env import PYTHON, lock_step, venv_step
from competition.bootstrap.steps import (
    ROOT,
    SetupFailed,
    Step,
    carry_out,
    instance_folder,
    keep_bytecode,
    look,
    say,
    use_utf8,
)
from competition.bootstrap.system import RUN_NEEDS, system_step


def run_steps() -> list[Step]:
    """Everything that running the system needs, in order."""
    return [
        system_step(RUN_NEEDS),
        venv_step(),
        lock_step("Python 包", "run"),
        packages_step(),
        build_step(),
        catalogues_step(),
        migrations_step(),
    ]


def run(argv: Sequence[str]) -> int:  # noqa: RET503  (the last call never returns)
    """The command; returns a status, or never when it turns into the server."""
    use_utf8()
    keep_bytecode()
    options = _parse(argv)
    os.chdir(ROOT)
    try:
        if options.demo:
            environment.use_demo()
        environment.read_address()
        if options.check:
            return 1 if look(run_steps()) else 0
        with only_one():
            carry_out(run_steps())
    except SetupFailed as failure:
        return tell(failure)
    except KeyboardInterrupt:
        say("\n已中断；再次运行会从中断处继续。")
        return 130
    if options.setup_only:
        say("准备完成。启动：python3 wsgi.py" + (" --demo" if options.demo else ""))
        return 0
    become("competition.serve", *(["--demo"] if options.demo else []))


def become(module: str, *arguments: str) -> NoReturn:
    """Go on as a module of the virtual environment."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])  # noqa: S606  (no shell is the point)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 wsgi.py", description="准备运行环境，然后启动竞赛管理系统。")
    parser.add_argument("--demo", action="store_true", help="使用演示数据（独立的数据库 instance/demo.db）")
    parser.add_argument("--setup-only", action="store_true", help="只做准备，不启动")
    parser.add_argument("--check", action="store_true", help="只查看缺少什么，不做任何改动")
    return parser.parse_args(argv)


def tell(failure: SetupFailed) -> int:
    """Say what went wrong and what to do; the exit status."""
    say("")
    print(f"未能完成：{failure.what}\n处理办法：{failure.todo}", file=sys.stderr, flush=True)
    return 1


@contextmanager
def only_one() -> Iterator[None]:
    """Two set-ups of one folder at the same time would trip over each other: the second waits."""
    folder = instance_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)  # keys and people's data: for the user of this installation alone
        lock = (folder / ".setup.lock").open("w")
    except OSError as error:
        raise SetupFailed(
            f"不能写入 {folder}：{error.strerror}",
            "请把文件夹的所有者改为运行本系统的用户，或用 COMP_INSTANCE 另指一处。",
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个准备过程正在进行，等待它结束 …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
