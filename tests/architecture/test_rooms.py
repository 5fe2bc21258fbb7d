"""The rooms of the house: who may import whom, and what the pure ones may not touch."""

import ast
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from importlinter.application.use_cases import SUCCESS, lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "competition"
PURE = [*sorted((PACKAGE / "scoring").glob("*.py")), *sorted(PACKAGE.glob("*/rules*.py"))]
IMPURE = {"flask", "sqlalchemy", "flask_sqlalchemy", "random", "secrets", "time"}


def test_contracts_of_setup_cfg_hold(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    outcome = lint_imports(config_filename=str(ROOT / "setup.cfg"))
    assert outcome is SUCCESS or outcome is True or outcome == 0, capsys.readouterr().out


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_rooms_know_no_web_no_database_no_chance(path: Path) -> None:
    assert not imported(path) & IMPURE


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_rooms_ask_no_clock(path: Path) -> None:
    asked = [n.attr for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute)]
    assert not {"now", "utcnow", "today"} & set(asked)


def features() -> list[Path]:
    return [p for p in sorted(PACKAGE.iterdir()) if (p / "feature.py").exists()]


def layers() -> dict[str, int]:
    """The rooms in the order in which they may import one another, the lowest with the highest number."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    rooms = setup["importlinter:contract:features"]["layers"].split()
    return {room.removeprefix("competition."): place for place, room in enumerate(rooms) if room.startswith("competition.")}


def test_templates_take_from_their_own_room_and_from_below() -> None:
    depth = layers()
    upward = [
        f"{path.name} takes from {other}" for path in sorted((ROOT / "templates").rglob("*.html"))
        for other in re.findall(r'{%-?\s*(?:import|from|include|extends)\s+"(\w+)/', path.read_text(encoding="utf-8"))
        if depth.get(other, 99) < depth.get(path.relative_to(ROOT / "templates").parts[0], 99)
    ]
    assert upward == []


@pytest.mark.parametrize("feature", features(), ids=lambda p: p.name)
def test_imports_stand_at_the_top(feature: Path) -> None:
    for path in sorted(feature.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = [n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
                 for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not inner, f"{path.name}: line {inner[0].lineno} imports inside a function"


@pytest.mark.parametrize("feature", features(), ids=lambda p: p.name)
def test_files_stay_readable(feature: Path) -> None:
    long = {p.name: n for p in feature.rglob("*.py") if (n := p.read_text(encoding="utf-8").count("\n")) > 400}
    assert not long
