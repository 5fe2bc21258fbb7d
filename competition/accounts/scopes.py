"""Where a role can be held. Features above this one add the kinds of things that they know."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.core.database import find
from competition.organisations.models import Union
from competition.organisations.queries import list_home_unions


@dataclass(frozen=True)
class ScopeKind:
    """One kind of scope: its word, its things for a choice, the name of one thing (None: unknown)."""

    kind: str
    title: Any
    choices: Callable[[], list[tuple[uuid.UUID, str]]]
    name: Callable[[uuid.UUID], str | None]


KINDS: dict[str, ScopeKind] = {}


def register(kind: ScopeKind) -> None:
    """Make a kind of scope known; the last one of a name holds."""
    KINDS[kind.kind] = kind


def scope_choices() -> dict[str, list[tuple[str, str]]]:
    """Every scope, grouped, as ``kind:id`` and words: for a select with groups."""
    whole = gettext("全系统")
    groups = {whole: [("system:", whole)]}
    for kind in KINDS.values():
        found = [(f"{kind.kind}:{key}", name) for key, name in kind.choices()]
        if found:
            groups[str(kind.title)] = found
    return groups


def parse_scope(text: str) -> tuple[str, uuid.UUID | None]:
    """``kind:id`` taken apart; raises ValueError when it is neither."""
    kind, _, key = text.partition(":")
    if kind == "system" and not key:
        return kind, None
    if kind not in KINDS:
        raise ValueError(text)
    return kind, uuid.UUID(key)


def scope_name(kind: str, scope_id: uuid.UUID | None) -> Any:
    """A scope in words."""
    if kind == "system" or scope_id is None:
        return gettext("全系统")
    known = KINDS.get(kind)
    return (known.name(scope_id) if known else None) or gettext("（已不存在）")


def _union_name(union_id: uuid.UUID) -> str | None:
    union = find(Union, id=union_id)
    return union.name_zh if union else None


register(ScopeKind("union", _("工会"), lambda: [(u.id, u.name_zh) for u in list_home_unions()], _union_name))
