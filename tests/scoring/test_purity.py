"""The package is pure: exact numbers, standard library, no clock, no chance."""

import ast
from pathlib import Path

import pytest

import competition.scoring.engine

FOLDER = Path(competition.scoring.engine.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
ALLOWED = {
    "abc",
    "bisect",
    "collections",
    "dataclasses",
    "decimal",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "types",
    "typing",
}
EXACT_MATH = {"lcm", "gcd", "prod", "isqrt"}


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 15
    assert (FOLDER / "__init__.py").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_binary_fraction_touches_a_mark(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex), (path.name, node.lineno)
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            assert name not in {"float", "from_float", "limit_denominator"}, (path.name, node.lineno)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_itself_and_the_standard_library(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            if node.module == "math":
                assert {alias.name for alias in node.names} <= EXACT_MATH
        else:
            continue
        for module in modules:
            assert module.startswith("competition.scoring") or module.split(".")[0] in ALLOWED, module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300
