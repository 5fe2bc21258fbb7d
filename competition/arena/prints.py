"""What stands on the papers of the arena. Each shows no more of a person than its purpose needs."""

import io
import uuid
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.entrants import key_of
from competition.arena.queries import Placed, placed
from competition.contests.models import Round
from competition.contests.queries import rounds_of
from competition.core import pictures
from competition.core.config import ROOT
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile
from competition.registration.claims import claim_code
from competition.registration.models import Delegation, Entrant, Entry, Team

CSS = ROOT / "static" / "src" / "arena-paper" / "index.css"
PHOTO = (300, 400)
BADGES = 8


# ---- people ----------------------------------------------------------------------------------


def contestants(contest_id: uuid.UUID, delegation_id: uuid.UUID | None = None) -> list[Entry]:
    """Approved contestants with delegation, team, photo and events, in the order of the order book."""
    query = (
        select(Entry).outerjoin(Entry.delegation).outerjoin(Entry.team)
        .where(Entry.contest_id == contest_id, Entry.state == "approved")
        .order_by(Delegation.position, Delegation.name, Team.name, Entry.team_role, Entry.number, Entry.id)
        .options(joinedload(Entry.delegation), joinedload(Entry.team), joinedload(Entry.photo))
    )
    if delegation_id is not None:
        query = query.where(Entry.delegation_id == delegation_id)
    return list(db.session.scalars(query))


def events_of(entries: Sequence[Entry]) -> dict[uuid.UUID, list[str]]:
    """The names of the events of each entry, its own and its team's."""
    ids = [entry.id for entry in entries]
    teams = {entry.team_id for entry in entries if entry.team_id}
    query = select(Entrant).where(Entrant.entry_id.in_(ids) | Entrant.team_id.in_(teams)).options(joinedload(Entrant.event))
    entrants = sorted(db.session.scalars(query), key=lambda e: e.event.position)
    own: dict[uuid.UUID, list[str]] = {}
    of_team: dict[uuid.UUID, list[str]] = {}
    for entrant in entrants:
        if entrant.entry_id:
            own.setdefault(entrant.entry_id, []).append(entrant.event.name_zh)
        elif entrant.team_id:
            of_team.setdefault(entrant.team_id, []).append(entrant.event.name_zh)
    return {e.id: own.get(e.id, []) + (of_team.get(e.team_id, []) if e.team_id and e.team_role == "member" else [])
            for e in entries}


@dataclass
class Group:
    """A delegation or a team with what belongs to it; ``head`` is None for those without one."""

    head: Any
    members: list[Any] = field(default_factory=list)


def by_delegation(entries: Iterable[Entry]) -> list[Group]:
    """Delegations, each with its teams, each with its entries; the order is that of ``entries``."""
    delegations: list[Group] = []
    for entry in entries:
        if not delegations or delegations[-1].head != entry.delegation:
            delegations.append(Group(entry.delegation))
        teams = delegations[-1].members
        if not teams or teams[-1].head != entry.team:
            teams.append(Group(entry.team))
        teams[-1].members.append(entry)
    return delegations


# ---- batches ---------------------------------------------------------------------------------


def batches_of(round_: Round, *, members: bool = False) -> dict[int, list[Placed]]:
    """The places of a round by batch, in the order of stations."""
    found: dict[int, list[Placed]] = {}
    for place in placed(round_.id, members=members):
        found.setdefault(place.batch, []).append(place)
    return found


def batch_keys(contest_id: uuid.UUID) -> list[tuple[Round, dict[int, list[str]]]]:
    """For the order book: who is in which batch, by number, never in the order of stations."""
    made = []
    for round_ in rounds_of(contest_id):
        batches = {batch: sorted(key_of(p.entrant) for p in places) for batch, places in batches_of(round_).items()}
        made.append((round_, batches))
    return made


def sheets(items: Sequence[Any], per_sheet: int) -> list[Sequence[Any]]:
    """Items by sheet of paper."""
    return [items[start:start + per_sheet] for start in range(0, len(items), per_sheet)]


# ---- pictures --------------------------------------------------------------------------------


def photo(stored: StoredFile | None) -> bytes | None:
    """A portrait in the size of a badge, or None when there is none or it cannot be read."""
    if stored is None or not stored.media_type.startswith("image/"):
        return None
    try:
        with Image.open(io.BytesIO(stored.read())) as image:
            image.draft("RGB", PHOTO)
            small = ImageOps.fit(image.convert("RGB"), PHOTO)
    except (RuleBroken, OSError):
        return None
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()


def photos(entries: Iterable[Entry]) -> dict[str, bytes]:
    """The portraits of entries, as assets of a paper."""
    found = {f"photo-{entry.id}.jpg": photo(entry.photo) for entry in entries if entry.photo_id}
    return {name: data for name, data in found.items() if data}


# The sheets leave white around it themselves.
qr = partial(pictures.qr, border=0)


def badge_values(entries: Sequence[Entry], *, names: bool) -> dict[str, Any]:
    """What the sheets of badges are made of, without the pictures."""
    return {"sheets": sheets(entries, BADGES), "events": events_of(entries), "qr": qr, "names": names, "claim_code": claim_code}


def inline(data: bytes) -> str:
    """A picture inside the page itself."""
    return "data:image/jpeg;base64," + b64encode(data).decode()


def assets() -> dict[str, bytes]:
    """The style sheet of these papers, for the press."""
    return {"arena-paper.css": CSS.read_bytes()}
