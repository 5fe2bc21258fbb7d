"""A list that leaves the program: who took it, when and what for, on record and on the list itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.errors import RuleBroken
from competition.core.formats import show_moment
from competition.core.languages import on_record

LEAST, MOST = 2, 100


@dataclass(frozen=True)
class Export:
    """One kind of list. ``is_personal``: it names people beyond what is public anyway, so its purpose is asked;
    else ``purpose`` is what it is for."""

    name: str
    title: Any
    is_personal: bool
    purpose: Any = ""


EXPORTS: dict[str, Export] = {}


def declare(name: str, title: Any, *, is_personal: bool, purpose: Any = "") -> Export:
    """Make a kind of list known; each name once."""
    made = Export(name, title, is_personal, purpose)
    if EXPORTS.setdefault(name, made) is not made:
        raise ValueError(f"export {name!r} declared twice")
    return made


@dataclass(frozen=True)
class Taken:
    """One taking of a list; ``line`` stands on every sheet and page of it."""

    export: Export
    who: str
    at: datetime
    zone: str
    purpose: str

    @property
    def line(self) -> str:
        """Who, when, what for: as it is printed."""
        return f"导出人：{self.who}　导出时间：{show_moment(self.at, self.zone)}　用途：{self.purpose}"


def take(
    export: Export, *, purpose: str, rows: int, subject: tuple[str, Any], actor: Actor, at: datetime, zone: str,
    chain: uuid.UUID | None = None, details: Mapping[str, Any] | None = None,
) -> Taken:
    """Put on record that ``actor`` takes a list of ``rows`` lines. Raises RuleBroken when a purpose is wanted and missing."""
    with on_record():
        said = " ".join(purpose.split()) if export.is_personal else str(export.purpose)
    if not LEAST <= len(said) <= MOST:
        words = _("请写明用途（%(least)s 至 %(most)s 个字）。用途会印在导出的文件上，并留痕。", least=LEAST, most=MOST)
        raise RuleBroken(words, code="purpose_required", status=422, field="purpose")
    with atomic():
        audit.record(f"export.{export.name}", actor=actor, subject=subject, at=at, chain=chain, reason=said,
                     details={"rows": rows, **(details or {})})
    return Taken(export, actor.name, at, zone, said)
