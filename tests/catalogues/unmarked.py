"""Chinese that nobody can translate: text of templates and strings of Python outside the marks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]")
MARKS = frozenset({"_", "N_", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"})


def in_template(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every piece of Chinese outside a mark, and of every mark that nothing can be looked up for."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(file.read_text("utf-8"))
    marked: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS:
            marked.update(id(each) for each in call.args)
            if isinstance(call.args[0], nodes.Concat | nodes.Add | nodes.Mod):
                yield call.lineno, "a mark round a text that is put together"
    # The name of a column or of a frozen value is data.
    marked.update(id(each.arg) for each in tree.find_all(nodes.Getitem))
    for text in tree.find_all((nodes.TemplateData, nodes.Const)):
        value = text.data if isinstance(text, nodes.TemplateData) else text.value
        if isinstance(value, str) and id(text) not in marked:
            for piece in re.finditer(r'[^<>"\n]+', value):
                if HAN.search(piece[0]):
                    yield text.lineno + value[:piece.start()].count("\n"), piece[0].strip(" ")[:60]


class _Strings(ast.NodeVisitor):
    """Collects Chinese strings; what a mark encloses is left out, and so are docstrings."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        """A mark takes a plain text; the values that fill it are looked at as usual."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
        if name not in MARKS:
            self.generic_visit(node)
            return
        for argument in node.args[:3]:
            if isinstance(argument, ast.JoinedStr | ast.BinOp):
                self.found.append((node.lineno, "a mark round a text that is put together"))
        for keyword in node.keywords:
            self.visit(keyword)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A typed `_` of a module's own hands on what it is given."""
        if node.name != "_":
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """The name of a column or of a frozen value is data."""
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A string that stands alone is a docstring."""
        if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A piece of text."""
        if isinstance(node.value, str) and HAN.search(node.value):
            self.found.append((node.lineno, node.value[:60]))


def in_python(file: Path) -> list[tuple[int, str]]:
    """Line and text of every Chinese string outside a mark."""
    strings = _Strings()
    strings.visit(ast.parse(file.read_text("utf-8")))
    return strings.found


class _AtImport(ast.NodeVisitor):
    """Collects calls outside of functions."""

    def __init__(self, names: set[str]) -> None:
        self.names, self.found = names, list[int]()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """What a function says, it says when it is called; its defaults are made at once."""
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """The same."""

    def visit_Call(self, node: ast.Call) -> None:
        """A call now."""
        if isinstance(node.func, ast.Name) and node.func.id in self.names:
            self.found.append(node.lineno)
        self.generic_visit(node)


def said_at_import(file: Path) -> list[int]:
    """Lines where a module renders words when it is imported."""
    tree = ast.parse(file.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"]
    marks = [each for node in imports for each in node.names if each.name in ("gettext", "ngettext", "pgettext")]
    visitor = _AtImport({each.asname or each.name for each in marks})
    visitor.visit(tree)
    return visitor.found
