"""The second calculation imports nothing but Python, and knows no binary fractions."""

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "competition/recount"
FILES = sorted(FOLDER.glob("*.py"))
ALLOWED = {"abc", "collections", "dataclasses", "decimal", "fractions", "itertools", "typing"}


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 10
    assert (FOLDER / "__init__.py").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_stands_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [] if node.module == "math" and [alias.name for alias in node.names] == ["isqrt"] else [node.module or ""]
        for module in modules:
            assert f"{module}.".startswith("competition.recount.") or module.split(".")[0] in ALLOWED, module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_binary_fraction_touches_a_figure(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex), node.lineno
        if isinstance(node, ast.Name | ast.Attribute):
            assert (node.id if isinstance(node, ast.Name) else node.attr) not in {"float", "limit_denominator"}, node.lineno
