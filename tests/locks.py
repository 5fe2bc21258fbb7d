"""``python3 -m tests.locks``: resolve the locks anew after a change of ``requirements/*.in`` or ``package.json``.

With ``--upgrade`` the Python packages move to their newest versions. No address gets into a lock:
where packages come from is each machine's own affair.
"""

import json
import subprocess
import sys

from competition.bootstrap.frontend import node_environment, node_home
from competition.bootstrap.python_env import VENV
from competition.bootstrap.steps import ROOT, say
from tests.setup import ensure

COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header")


def lock_python(*options: str) -> None:
    """``uv.txt``, ``run.txt`` and ``tests.txt``; run before tests, so that the two agree."""
    for name in ("uv", "run", "tests"):
        say(f"requirements/{name}.txt")
        source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
        subprocess.run([VENV / "bin" / "uv", *COMPILE, *options, source, "-o", target], cwd=ROOT, check=True)


def lock_npm() -> None:
    """``package-lock.json``, without the addresses of sponsors that npm copies into it."""
    say("package-lock.json")
    home = node_home()
    npm = [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    subprocess.run([*npm, "install", "--package-lock-only"], cwd=ROOT, env=node_environment(), check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for entry in lock["packages"].values():
        entry.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    ensure(["tests.locks", *sys.argv[1:]])
    lock_python(*sys.argv[1:])
    lock_npm()
