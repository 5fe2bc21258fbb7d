"""Where everything is tried: every address about a thing that exists, every form that a page shows, every name that is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import UnicodeConverter

from competition.accounts.models import Grant
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.config import ROOT
from competition.core.database import atomic
from tests.access_matrix import matrix
from tests.access_matrix.matrix import PROGRAMS, Address
from tests.access_matrix.people import COLUMNS
from tests.access_matrix.table import ANYONE
from tests.access_matrix.world import World, build_world

# The contestant of the world, who is given every role besides: no door is shut before what was sent is looked at.
EVERYBODY, NOBODY, TABLET, SYSTEM_TOKEN = "contestant", "nobody", "tablet", "token"
_READ = re.compile(r"""(?:args|values)\.get\(\s*["'](\w+)|uuid_arg\(["'](\w+)|request\.args\[["'](\w+)"""
                   r"""|["'](\w+)["']\s+(?:not\s+)?in\s+request\.args""")
_TAKEN = re.compile(r"""request\.(?:form|values)(?:\.get(?:list)?\(|\[)\s*["'](\w+)"""
                    r"""|["'](\w+)["']\s+(?:not\s+)?in\s+request\.form""")
# Who looks at a request: views, what they share, the mechanisms below them, and templates.
_READERS = (("competition", "*views*.py"), ("competition", "pages.py"), ("competition", "*api*.py"), ("competition/core", "*.py"),
            ("competition/home", "*.py"), ("templates", "*.html"))


def build_hostile_world(app: Flask) -> World:
    """The world of the access table, in which the contestant may do everything everywhere."""
    world, at = build_world(app), now()
    with app.app_context(), atomic() as session:
        session.add_all(
            Grant(account_id=world.accounts[EVERYBODY], role=role, scope_kind="system", scope_id=None, valid_from=at - timedelta(days=1))
            for role in sorted({c.role for c in COLUMNS if c.role}))
        audit.record("test.grants", actor=SYSTEM, subject=("account", world.accounts[EVERYBODY]), at=at)
    return world


@dataclass(frozen=True)
class Target:
    """One address about something of the world."""

    app: Flask
    address: Address
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.address.method} {self.address.rule.rule}"

    @cached_property
    def path(self) -> str:
        return self.address.path(self.app, self.values)

    @property
    def asker(self) -> str:
        """Who gets in: a tablet or another system with its token, or the person with every role."""
        return self.program if self.address.line.who in PROGRAMS else EVERYBODY

    @property
    def program(self) -> str:
        """The program that asks it, where it is asked by one."""
        return SYSTEM_TOKEN if "token" in self.address.line.who or "participation" in self.address.rule.rule else TABLET

    @property
    def is_public(self) -> bool:
        """May anybody ask it?"""
        return self.address.line.who == ANYONE

    def is_plain(self, part: str) -> bool:
        """Does a part hold any text, so that the program looks at whatever stands there? Else other texts are no address."""
        return isinstance(self.address.rule._converters[part], UnicodeConverter)

    def parts(self) -> Iterator[str]:
        """The names of what can be changed in the address."""
        yield from sorted(self.address.rule.arguments - set(self.address.rule.defaults or {}))

    def path_with(self, part: str, text: str) -> str:
        """The address with ``text``, as it is, in the place of one part."""
        pieces = []
        for is_dynamic, data in self.address.rule._trace:
            if not is_dynamic:
                pieces.append(data)
            elif data == part:
                pieces.append(text)
            else:
                pieces.append(str(self.values[data]))
        return "".join(pieces).lstrip("|")


def targets(app: Flask, world: World) -> list[Target]:
    """Every address and method once, about what the own side has."""
    found: dict[tuple[str, str], Target] = {}
    for address in matrix.addresses(app):
        values = world.own.get(address.line.about, {})
        if address.rule.arguments <= set(values) | set(address.rule.defaults or {}):
            found.setdefault((address.rule.rule, address.method), Target(app, address, values))
    return list(found.values())


@lru_cache
def parameters() -> tuple[str, ...]:
    """Every name that the program or a template reads from an address."""
    return _names(_READ)


@lru_cache
def taken_names() -> tuple[str, ...]:
    """Every name that a view takes from a body itself, without a form."""
    return _names(_TAKEN)


def _names(pattern: re.Pattern[str]) -> tuple[str, ...]:
    texts = [path.read_text("utf-8") for folder, kind in _READERS for path in sorted((ROOT / folder).rglob(kind))]
    return tuple(sorted({name for text in texts for found in pattern.findall(text) for name in found if name}))


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it is sent, its fields as they are filled, those that are typed by hand, those for files."""

    target: Target
    action: str
    fields: tuple[tuple[str, str], ...]
    typed: frozenset[str]
    files: tuple[str, ...]

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """The same form on two pages is one."""
        return self.target.name, frozenset(name for name, _value in self.fields) | set(self.files)


def forms_in(page: str, path: str, known: dict[str, Target], app: Flask) -> Iterator[Form]:
    """The forms of a page that send something; ``known`` by endpoint."""
    for form in html.fromstring(page).forms if page.strip() else ():
        action = urlsplit(form.action or path)
        target = _target_of(action.path or path, known, app)
        if form.method == "POST" and target is not None:
            inputs = [each for each in form.inputs if each.get("name") and each.get("name") != "csrf_token"]
            yield Form(target, (action.path or path) + (f"?{action.query}" if action.query else ""),
                       tuple(dict.fromkeys((each.get("name"), _value(each)) for each in inputs if each.get("type") != "file")),
                       frozenset(each.get("name") for each in inputs if _is_typed(each)),
                       tuple(dict.fromkeys(each.get("name") for each in inputs if each.get("type") == "file")))


def _value(each: Any) -> str:
    if each.tag == "select":
        options = [option.get("value") or "" for option in each.iter("option")]
        return str(each.value or next((option for option in options if option), ""))
    return str((each.get("value") if each.tag == "input" else each.text) or "")


def _is_typed(each: Any) -> bool:
    return each.tag == "textarea" or (each.tag == "input" and each.get("type", "text") in ("text", "search", "password", "tel", "email"))


def _target_of(path: str, known: dict[str, Target], app: Flask) -> Target | None:
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return None
    found = known.get(endpoint)
    return replace(found, values=dict(values)) if found else None
