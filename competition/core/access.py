"""Who may do what: the mechanism. Each feature declares its acts, ``app.py`` joins them to one table.

An address without an act keeps the application from starting. The coarse question (is somebody
signed in, does he hold one of the roles at all?) is asked for every request before the view; the
fine one (does he hold it *for this thing*?) by the function that loads the thing, with ``check``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import UUID

from flask import Flask, abort, current_app, g, has_request_context, request
from flask_babel import lazy_gettext as _
from flask_login import current_user

from competition.core.actors import ANONYMOUS, Actor
from competition.core.errors import Forbidden

# A scope is what a thing belongs to: its contest, its event, the unions above it.
Scope = frozenset[tuple[str, UUID | None]]
NO_SCOPE: Scope = frozenset()

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Act:
    """One thing that can be done. ``who``: anyone, signed_in (the loader asks for more: the own
    entry, say), roles (one of ``roles`` in a scope of the thing), device (a judge's tablet), token (another
    system)."""

    name: str
    title: Any
    who: Literal["anyone", "signed_in", "roles", "device", "token"] = "roles"
    roles: frozenset[str] = field(default_factory=frozenset)


def roles_act(name: str, title: Any, *roles: str) -> Act:
    """An act of one of ``roles``."""
    return Act(name, title, "roles", frozenset(roles))


def public_act(name: str, title: Any) -> Act:
    """An act of anyone, signed in or not."""
    return Act(name, title, "anyone")


def signed_in_act(name: str, title: Any) -> Act:
    """An act of whoever is signed in; what exactly he may touch is the loader's question."""
    return Act(name, title, "signed_in")


def device_act(name: str, title: Any) -> Act:
    """An act of a judge's tablet with its own token."""
    return Act(name, title, "device")


def token_act(name: str, title: Any) -> Act:
    """An act of another system with its own token."""
    return Act(name, title, "token")


class AccessTable:
    """All acts of the application, by name; ``roles`` maps codes to words."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self.roles = roles
        self.acts: dict[str, Act] = {}

    def join(self, acts: Iterable[Act]) -> None:
        """Add a feature's acts; a name is declared once, its roles are known ones."""
        for each in acts:
            if each.name in self.acts:
                raise ValueError(f"act {each.name!r} declared twice")
            if unknown := each.roles - self.roles.keys():
                raise ValueError(f"act {each.name!r} names unknown roles {sorted(unknown)}")
            if (each.who == "roles") != bool(each.roles):
                raise ValueError(f"act {each.name!r}: roles belong to who='roles' and only there")
            self.acts[each.name] = each

    def __getitem__(self, name: str) -> Act:
        return self.acts[name]


def act(name: str) -> Callable[[View], View]:
    """Name the act of a view."""

    def mark(view: View) -> View:
        view.__act__ = name  # type: ignore[attr-defined]
        return view

    return mark


def table(app: Flask) -> AccessTable:
    """The application's access table."""
    found: AccessTable = app.extensions["access"]
    return found


def init_access(app: Flask, roles: Mapping[str, str], acts: Iterable[Act]) -> None:
    """Join the acts and ask the coarse question before every request."""
    joined = AccessTable(roles)
    joined.join(acts)
    app.extensions["access"] = joined
    app.before_request(_ask)


def check_every_address(app: Flask) -> None:
    """Refuse to start with an address whose act nobody declared."""
    for rule in app.url_map.iter_rules():
        name = act_of(app, rule.endpoint)
        if name not in table(app).acts:
            raise RuntimeError(f"address {rule.rule} ({rule.endpoint}) names no declared act: {name!r}")


def act_of(app: Flask, endpoint: str) -> str | None:
    """The name of the act of an endpoint."""
    return getattr(app.view_functions[endpoint], "__act__", None)


def _ask() -> None:
    if request.endpoint is None:
        return
    wanted = table(current_app)[str(act_of(current_app, request.endpoint))]
    if must_sign_in():
        abort(401)
    if wanted.who == "roles" and not current_actor().holds(*wanted.roles):
        raise Forbidden(_("您的账号没有这项操作的权限。"))


def must_sign_in() -> bool:
    """Is this request for people with an account, made by nobody?"""
    if request.endpoint is None or table(current_app)[str(act_of(current_app, request.endpoint))].who not in ("signed_in", "roles"):
        return False
    return not current_user.is_authenticated


def current_actor() -> Actor:
    """Who makes this request."""
    if not current_user.is_authenticated:
        return ANONYMOUS
    if "actor" not in g:
        g.actor = current_user.to_actor()
    found: Actor = g.actor
    return found


def once(name: str, find: Callable[[], Scope]) -> Scope:
    """A scope that a page asks for again and again: found once in a request. Outside of one it is found each time."""
    if not has_request_context():
        return find()
    if name not in g:
        setattr(g, name, find())
    found: Scope = g.get(name)
    return found


def may(actor: Actor, name: str, scope: Scope = NO_SCOPE) -> bool:
    """Does ``actor`` hold a role of the act, for the whole system or for something in ``scope``?"""
    wanted = table(current_app)[name]
    if wanted.who == "anyone":
        return True
    if wanted.who == "signed_in":
        return actor.kind == "account"
    return any(
        h.role in wanted.roles and (h.scope_kind == "system" or (h.scope_kind, h.scope_id) in scope)
        for h in actor.held
    )


def may_open(endpoint: str, scope: Scope = NO_SCOPE) -> bool:
    """Whether the page of this name exists and the reader may open it for a thing of this scope: for links."""
    name = act_of(current_app, endpoint) if endpoint in current_app.view_functions else None
    return name is not None and may(current_actor(), name, scope)


def check(actor: Actor, name: str, scope: Scope = NO_SCOPE) -> None:
    """Raise :class:`Forbidden` unless ``actor`` may do the act on a thing of this scope."""
    if not may(actor, name, scope):
        raise Forbidden(_("您没有对这项内容进行此操作的权限。"))


def scopes_of(actor: Actor, kind: str, *roles: str) -> list[UUID]:
    """The ids of the unions, contests or events for which ``actor`` holds one of ``roles``."""
    return [h.scope_id for h in actor.held if h.role in roles and h.scope_kind == kind and h.scope_id]


def holds_everywhere(actor: Actor, *roles: str) -> bool:
    """True when one of ``roles`` is held for the whole system."""
    return any(h.role in roles and h.scope_kind == "system" for h in actor.held)
