"""The virtual environment and the hashed locks in it."""

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from competition.bootstrap.steps import (
    ROOT,
    SetupFailed,
    Step,
    digest,
    is_current,
    leave_stamp,
    run_quietly,
)

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".stamps"
NETWORK = (
    "请检查网络。需要代理或镜像时，按 pip 的常规方式设置（pip config set global.index-url …，"
    "或环境变量 PIP_INDEX_URL、HTTPS_PROXY），再重新运行。"
)


def venv_step() -> Step:
    """``.venv`` of the Python that runs this."""

    def act() -> None:
        # The interpreter's own module, started from outside the environment it may have to replace.
        base = getattr(sys, "_base_executable", None) or sys.executable
        run_quietly(
            [base, "-m", "venv", "--clear", VENV],
            f"请确认 {ROOT} 可写且磁盘未满；必要时删除 {VENV} 后重新运行。",
        )

    return Step("虚拟环境", _venv_due, act)


def _venv_due() -> str | None:
    if not PYTHON.exists():
        return "建立 .venv"
    described = (VENV / "pyvenv.cfg").read_text()
    values = dict(line.split(" = ", 1) for line in described.splitlines() if " = " in line)
    version = values.get("version", "")
    if version.split(".")[:2] != [str(part) for part in sys.version_info[:2]]:
        return f"重建 .venv（原为 Python {version}）"
    return None


def lock_step(title: str, lock: str) -> Step:
    """The packages of ``requirements/LOCK.txt``, each checked against its hash."""
    path = ROOT / "requirements" / f"{lock}.txt"
    installer = ROOT / "requirements" / "uv.txt"
    stamp = STAMPS / lock

    def fingerprint() -> str:
        return digest(path, installer, words=[sys.version])

    def pending() -> str | None:
        return None if is_current(stamp, fingerprint(), PYTHON) else f"按 requirements/{lock}.txt 安装 Python 包"

    def act() -> None:
        _install_lock(installer, path)
        leave_stamp(stamp, fingerprint())

    return Step(title, pending, act)


def _install_lock(installer: Path, path: Path) -> None:
    pip: list[str | Path] = [PYTHON, "-m", "pip", "-q", "install", "--require-hashes", "-r"]
    configured = pip_settings()
    try:
        run_quietly([*pip, installer, "--retries", "1"], NETWORK)
        links = [part for link in configured.get("find-links", "").split() for part in ("--find-links", link)]
        no_index = ["--no-index"] if configured.get("no-index") in ("1", "true", "yes", "on") else []
        uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--no-progress"]
        environ = uv_environment(configured, os.environ)
        run_quietly([*uv, *links, *no_index, "--require-hashes", "-r", path], NETWORK, env=environ)
    except SetupFailed:
        # The quick installer reads other settings than pip; what pip can reach is the measure.
        run_quietly([*pip, path], NETWORK)


def pip_settings() -> dict[str, str]:
    """pip's own configuration (files and environment) by option name; ``install.*`` and the environment win."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return read_pip_settings(listed.stdout)


def read_pip_settings(listed: str) -> dict[str, str]:
    """Parse the lines of ``pip config list``: ``section.option='value'``."""
    rank = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.partition(".")
        order = rank.get(section, -1)
        if order >= found.get(option, (0, ""))[0] and value:
            found[option] = (order, str(ast.literal_eval(value)))
    return {option: value for option, (_, value) in found.items()}


def uv_environment(configured: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """What pip is told about mirrors, proxies and certificates, in uv's words.

    The order of indexes does not matter for safety: every file must match a hash of the lock.
    """
    told = {
        "UV_DEFAULT_INDEX": configured.get("index-url"),
        "UV_INDEX": configured.get("extra-index-url"),
        "UV_INSECURE_HOST": configured.get("trusted-host"),
        "UV_HTTP_TIMEOUT": configured.get("timeout") or configured.get("default-timeout"),
        "SSL_CERT_FILE": configured.get("cert"),
        "SSL_CLIENT_CERT": configured.get("client-cert"),
        "HTTPS_PROXY": configured.get("proxy"),
        "HTTP_PROXY": configured.get("proxy"),
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    # An environment variable holds a list on several lines as a list with blanks.
    mine = {name: " ".join(value.split()) for name, value in told.items() if value}
    return {**mine, **environ}
