"""The linters are tests too: strict types on the program, one style for everything."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [("ruff", "check", "--no-cache", "."), ("mypy", "--no-error-summary")], ids=["ruff", "mypy"])
def test_linter_finds_nothing(command: tuple[str, ...]) -> None:
    # mypy keeps its cache in .mypy_cache: the second run takes seconds.
    found = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]
