"""Who acts: an account, a judge's device, another system, or the system itself."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask_babel import lazy_gettext as _

from competition.core.errors import Forbidden


@dataclass(frozen=True)
class Held:
    """A role held in a scope: ``scope_id`` is empty for the whole system."""

    role: str
    scope_kind: Literal["system", "union", "contest", "event"]
    scope_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who does something, with what they hold. Built at the edge, passed down to services."""

    kind: Literal["account", "device", "token", "system", "anonymous"]
    id: UUID | None = None
    person_id: UUID | None = None
    name: str = ""
    held: tuple[Held, ...] = ()

    def holds(self, *roles: str) -> bool:
        """True when one of ``roles`` is held in any scope."""
        return any(h.role in roles for h in self.held)

    @property
    def own_id(self) -> UUID:
        """The account that acts; raises Forbidden when nobody is signed in."""
        if self.id is None:
            raise Forbidden(_("请先登录。"))
        return self.id


SYSTEM = Actor(kind="system", name="system")
ANONYMOUS = Actor(kind="anonymous")
