"""System packages: looked for as files and libraries, so that any way of installing them counts."""

import ctypes
import ctypes.util
import importlib.util
import os
import re
import shutil
import sys
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from competition.bootstrap.steps import SetupFailed, Step, log_path, run_quietly, say

SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")


@dataclass(frozen=True)
class Need:
    """Something the operating system must have: Debian's package, what for, and how to see it."""

    package: str
    purpose: str
    present: Callable[[], bool]


def library(soname: str) -> Callable[[], bool]:
    """A shared library the loader can open."""

    def present() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return ctypes.util.find_library(soname.removeprefix("lib").split(".so")[0]) is not None
        return True

    return present


def font(*patterns: str) -> Callable[[], bool]:
    """A font file whose name matches; with several patterns, each of them."""

    def present() -> bool:
        names = font_files()
        return all(any(re.fullmatch(pattern, name) for name in names) for pattern in patterns)

    return present


def program(*names: str) -> Callable[[], bool]:
    """One of these programs."""
    return lambda: any(shutil.which(name, path=search_path()) for name in names)


def search_path() -> str:
    """PATH with the system folders that ``su`` leaves out."""
    known = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join([*known, *(folder for folder in SBIN if folder not in known)])


@cache
def font_files() -> frozenset[str]:
    """The names of all font files where fontconfig looks by default."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share"))
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), data / "fonts", home / ".fonts")
    return frozenset(name for folder in folders for _, _, names in os.walk(folder) for name in names)


def _has_venv() -> bool:
    return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


def _has_time_zones() -> bool:
    return any((Path(folder) / "Asia/Shanghai").is_file() for folder in zoneinfo.TZPATH)


RUN_NEEDS = (
    Need(f"python3.{sys.version_info.minor}-venv", "虚拟环境", _has_venv),
    Need("tzdata", "时区", _has_time_zones),
    Need("libpango-1.0-0", "PDF 排版", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "PDF 排版", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "PDF 字体子集", library("libharfbuzz-subset.so.0")),
    Need("fonts-noto-cjk", "宋体、黑体", font(*(rf"Noto{k}CJK(sc)?-(Regular|VF)\..*" for k in ("Serif", "Sans")))),
    Need("fonts-lxgw-wenkai", "楷体", font(r"LXGWWenKai-Regular\.ttf")),
    Need("fonts-hanazono", "生僻字", font(r"HanaMinA\.[ot]tf", r"HanaMinB\.[ot]tf")),
    Need("fonts-ddc-uchen", "藏文", font(r"DDC_Uchen\.ttf|NotoSerifTibetan.*")),
)


def missing(needs: Sequence[Need]) -> list[Need]:
    """Those that are not on this machine."""
    font_files.cache_clear()
    importlib.invalidate_caches()
    return [need for need in needs if not need.present()]


def system_step(needs: Sequence[Need]) -> Step:
    """Look for the system packages; install them, ask, or say which line an administrator needs."""

    def pending() -> str | None:
        lacking = missing(needs)
        return f"安装 {_listed(lacking)}" if lacking else None

    def act() -> None:
        install(missing(needs))
        still = missing(needs)
        if still:
            raise SetupFailed(
                f"安装后仍然找不到 {_listed(still)}。",
                f"请查看 {log_path()}；确认软件源里有这些包：{' '.join(n.package for n in still)}。",
            )

    return Step("系统组件", pending, act)


def _listed(needs: Sequence[Need]) -> str:
    return "、".join(f"{need.package}（{need.purpose}）" for need in needs)


def admin_line(needs: Sequence[Need]) -> str:
    """The line that an administrator types."""
    names = " ".join(need.package for need in needs)
    return f"apt-get update && apt-get install -y --no-install-recommends {names}"


def install(needs: Sequence[Need]) -> None:
    """With apt, as far as this person may; else :class:`SetupFailed` with the exact line."""
    path = search_path()
    if not shutil.which("apt-get", path=path):
        raise SetupFailed(
            f"本系统没有 apt-get，缺少 {_listed(needs)}。",
            "请用本系统的软件包管理器安装以上组件（括号前是 Debian 的包名），再重新运行。",
        )
    prefix = _right_to_install(needs, path)
    setting = {"DEBIAN_FRONTEND": "noninteractive", "PATH": path}
    # sudo clears the environment, so there it is said on the line.
    words = [*prefix, "env", *(f"{name}={value}" for name, value in setting.items())] if prefix else []
    apt = [*words, "apt-get", "-q"]
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    todo = f"请检查网络和软件源（/etc/apt），然后由管理员执行：\n    {admin_line(needs)}\n再重新运行。"
    names = [need.package for need in needs]
    env = {**os.environ, **setting}
    run_quietly([*apt, *wait, "update"], todo, env=env)
    run_quietly([*apt, *wait, "install", "-y", "--no-install-recommends", *names], todo, env=env)


def _right_to_install(needs: Sequence[Need], path: str) -> list[str]:
    """The prefix to become root: nothing, or sudo after a yes."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo", path=path)
    if sudo and os.environ.get("CI"):
        return [sudo, "-n"]
    if sudo and sys.stdin.isatty():
        say(f"\n将执行：\n    sudo sh -c '{admin_line(needs)}'")
        answer = input("现在执行吗？[y/N] ").strip().lower()
        if answer in ("y", "yes", "是"):
            return [sudo]
    raise SetupFailed(
        f"缺少系统组件：{_listed(needs)}。",
        f"请管理员执行以下命令，然后重新运行：\n    {admin_line(needs)}",
    )
