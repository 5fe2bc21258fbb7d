"""Dates and numbers are written in one place, `core/formats.py`: nothing else makes them into text for people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from competition.core.config import ROOT

FORMATTER = "core/formats.py"
# Texts for programs and files, not for readers.
FOR_MACHINES = {
    "core/clockwork.py": "the name of a firing of the clock",
    "core/paper.py": "the mark across a list that leaves the program, the same in every language",
    "registration/views_entries.py": "a file's name",
    "auditing/views.py": "a file's name",
    "operations/postgres.py": "a database's name",
    "operations/service_restore.py": "a folder's name",
    "operations/catalogue.py": "a file's name",
    "certificates/rules.py": "the days on a certificate, which is Chinese",
    "demo/year.py": "invented data",
    "demo/names.py": "invented data",
}
TEMPLATES_FOR_MACHINES = {"certificates/sheets.html": "the name of a style"}
FIELDS = ("year", "month", "day", "hour", "minute")
TEMPLATES = ROOT / "templates"


def own_formats(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module makes dates or long numbers into text by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
            yield node.lineno, "strftime"
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec)
            if re.search(r"%[A-Za-z]|,", spec):
                yield node.lineno, f"format {spec}"
        if isinstance(node, ast.JoinedStr):
            values = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
            used = {each.attr for each in values if isinstance(each, ast.Attribute)}
            if len(used.intersection(FIELDS)) > 1 or used & {"month", "hour"}:
                yield node.lineno, f"parts of a date: {sorted(used)}"


def test_code_formats_dates_and_numbers_in_one_place() -> None:
    found = []
    for file in sorted((ROOT / "competition").rglob("*.py")):
        name = str(file.relative_to(ROOT / "competition"))
        if name == FORMATTER or name in FOR_MACHINES or name.startswith("migrations"):
            continue
        found += [f"{name}:{line}: {what}" for line, what in own_formats(ast.parse(file.read_text("utf-8")))]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    idle = [name for name in FOR_MACHINES if not list(own_formats(ast.parse((ROOT / "competition" / name).read_text("utf-8"))))]
    assert idle == []


def calls(file: Path) -> Iterator[tuple[int, str]]:
    """Where a template formats by itself."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(file.read_text("utf-8"))
    # A month of participation is a number, which the filter writes.
    told = [used.node for used in tree.find_all(nodes.Filter) if used.name == "year_month"]
    for attribute in tree.find_all(nodes.Getattr):
        if not any(attribute is one for one in told) and attribute.attr in ("strftime", "isoformat", "month", "hour", "minute"):
            yield attribute.lineno, f".{attribute.attr}"
    for used in tree.find_all(nodes.Filter):
        if used.name in ("format", "round", "datetimeformat", "dateformat", "timeformat", "numberformat", "decimalformat", "percentformat"):
            yield used.lineno, f"|{used.name}"


def test_templates_format_dates_and_numbers_by_the_filters() -> None:
    found = []
    for file in sorted(TEMPLATES.rglob("*.html")):
        name = str(file.relative_to(TEMPLATES))
        found += [f"{name}:{line}: {what}" for line, what in calls(file) if name not in TEMPLATES_FOR_MACHINES]
    assert found == []
