"""What is pinned is pinned by hash and names no place to fetch it from."""

import json
import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from competition.bootstrap.steps import ROOT

LOCKS = [*sorted((ROOT / "requirements").glob("*")), ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_address(path: Path) -> None:
    assert re.findall(r"https?://\S+|file:\S+|\"resolved\"", path.read_text()) == []


@pytest.mark.parametrize("name", ["run", "tests", "uv"])
def test_every_python_package_has_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert lines
    assert [line for line in lines if not re.match(r"[\w.\-\[\]]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_two_python_locks_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return dict(re.findall(r"^([\w.\-\[\]]+)==(\S+)", text, re.MULTILINE))

    run, tests = pins("run"), pins("tests")
    assert {name: (version, tests.get(name)) for name, version in run.items() if tests.get(name) != version} == {}


def test_every_npm_package_is_checked_by_hash_and_pinned_exactly() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 10
    assert [name for name, entry in packages.items() if name and "sha512-" not in entry.get("integrity", "")] == []
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_npm_settings_are_kept() -> None:
    parser = ConfigParser()
    parser.read_string("[npm]\n" + (ROOT / ".npmrc").read_text())
    assert dict(parser["npm"]) == {
        "omit-lockfile-registry-resolved": "true",
        "ignore-scripts": "true",
        "save-exact": "true",
        "audit": "false",
        "fund": "false",
    }
