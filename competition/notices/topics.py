"""What announcements can be about. Features above this one add the things that they know."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from competition.core.access import Scope
from competition.core.errors import NotFound
from competition.organisations.queries import home_scope


@dataclass(frozen=True)
class Topic:
    """One thing: its words, whose it is, its public page, and the object for the page's menu."""

    kind: str
    id: uuid.UUID | None
    title: str
    scope: Scope
    href: str = "/"
    contest: object = None


LOADERS: dict[str, Callable[[uuid.UUID], Topic]] = {}


def register(kind: str, loader: Callable[[uuid.UUID], Topic]) -> None:
    """Make a kind of topic known; the loader raises NotFound."""
    LOADERS[kind] = loader


def load_topic(kind: str, topic_id: uuid.UUID | None) -> Topic:
    """The thing that an announcement is about."""
    if topic_id is None:
        return Topic("system", None, _("全系统"), home_scope())
    if kind not in LOADERS:
        raise NotFound(_("没有找到公告所属的内容。"))
    return LOADERS[kind](topic_id)
