"""What a request of a tablet is decided by, read under its locks: four statements that are made once, whatever the number of events.

Marks come by the thousand and each answer waits for them: plain rows, no objects of the session. Who loaded such
rows as objects before finds them expired afterwards.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, or_, select

from competition.arena.works import Work
from competition.contests.models import Event, Round, RulebookVersion
from competition.contests.queries import load_rules
from competition.core.database import HOLD, UtcDateTime, db, get
from competition.core.errors import NotFound
from competition.core.statements import Statement
from competition.judging import rules
from competition.judging.models import Device, DeviceReport, Excusal, MarkEvent, Panel, RoundPanel, RoundState, Seat, Sheet, Sitter
from competition.judging.queries import rules_of_round
from competition.judging.queries_seats import judges_by
from competition.judging.rules_evidence import EVIDENCE
from competition.judging.rules_spread import Part, parts_of
from competition.scoring.model import Criterion


@dataclass
class Tablet:
    """The tablet that sends, held until the commit, with its seat; ``said``: its last report, by column, or None."""

    id: uuid.UUID
    seat_id: uuid.UUID
    seat_number: int
    panel_id: uuid.UUID
    contest_id: uuid.UUID
    criteria: list[str]
    last_seq: int
    missing: list[int]
    replaced_at: datetime | None
    end_code: str | None
    end_reason: str | None
    is_barred: bool
    needs_signature: bool
    said: dict[str, Any] | None = None


@dataclass
class Taken:
    """An event that the server has."""

    id: uuid.UUID
    device_id: uuid.UUID
    device_seq: int
    kind: str
    value: str
    seq: int
    state: str
    payload_digest: str
    quarantine_code: str | None


@dataclass
class NewEvent(Taken):
    """An event that is taken now: a row of its table."""

    round_id: uuid.UUID
    seat_id: uuid.UUID
    work_id: uuid.UUID
    criterion: str
    attempt: int
    base_version: int
    client_at: datetime | None
    received_at: datetime


@dataclass
class HeldRound:
    """Where a round stands, held until the commit. ``is_known``: somebody has opened it once."""

    round_id: uuid.UUID
    state: str = "closed"
    version: int = 0
    rulebook_id: uuid.UUID | None = None
    first_mark_at: datetime | None = None
    away_at: datetime | None = None
    is_known: bool = False


@dataclass(frozen=True)
class HeldRules:
    """By what a round is marked: the version's key and digest, what the panel marks by it, what it compares."""

    rulebook_id: uuid.UUID
    digest: str
    criteria: tuple[Criterion, ...]
    parts: tuple[Part, ...]


@dataclass
class Paper:
    """A seat's sheet for a work, as it is held; ``id`` None: there is none yet. What ``project`` changes."""

    id: uuid.UUID | None = None
    state: str = "none"
    marks: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    moved_seq: int = 0
    handed_in_at: datetime | None = None
    check_code: str | None = None


@dataclass
class Place:
    """A work that the seat judges, with its sheet. ``event_key``: of the round's event."""

    id: uuid.UUID
    round_id: uuid.UUID
    code: str
    is_away: bool
    event_key: str
    is_excused: bool
    sheet: Paper


_D, _S, _P, _R, _E = (cast(Table, model.__table__) for model in (Device, Seat, Panel, DeviceReport, MarkEvent))
_W, _O, _H, _X = (cast(Table, model.__table__) for model in (Work, RoundState, Sheet, Excusal))
_SITTER, _ROUND, _EVENT, _OF = (cast(Table, model.__table__) for model in (Sitter, Round, Event, RoundPanel))

_SAID = tuple(column.name for column in _R.c)
_BARRED = select(_SITTER.c.id).where(
    _SITTER.c.seat_id == _S.c.id, _SITTER.c.to_at.is_(None), _SITTER.c.account_id.is_not(None),
    ~judges_by(bindparam("at", type_=UtcDateTime()), _SITTER.c.account_id, _P.c.contest_id, _P.c.event_id).correlate(_SITTER, _P).exists(),
).correlate(_S, _P).exists()
_OF_TABLET: dict[str, ColumnElement[Any]] = {
    "id": _D.c.id, "seat_id": _D.c.seat_id, "seat_number": _S.c.number, "panel_id": _S.c.panel_id, "contest_id": _P.c.contest_id,
    "criteria": _P.c.criteria, "last_seq": _D.c.last_seq, "missing": _D.c.missing, "replaced_at": _D.c.replaced_at,
    "end_code": _D.c.end_code, "end_reason": _D.c.end_reason, "is_barred": _BARRED, "needs_signature": _P.c.needs_signature,
}
_TABLET = Statement(
    select(*(column.label(name) for name, column in _OF_TABLET.items()), *(_R.c[name].label(f"said_{name}") for name in _SAID))
    .select_from(_D.join(_S, _S.c.id == _D.c.seat_id).join(_P, _P.c.id == _S.c.panel_id).outerjoin(_R, _R.c.device_id == _D.c.id))
    .where(_D.c.id == bindparam("device")).with_for_update(of=_D, **HOLD)
)
_EXCUSED = select(_X.c.id).where(
    _X.c.round_id == _W.c.round_id, _X.c.ended_at.is_(None), or_(_X.c.seat_id.is_(None), _X.c.seat_id == bindparam("seat")),
    or_(_X.c.work_id.is_(None), _X.c.work_id == _W.c.id)).correlate(_W).exists()


def _among(column: Any, name: str, one: bool) -> Any:
    """Most requests bring one event: then no list has to be spelled out every time."""
    return column == bindparam(name) if one else column.in_(bindparam(name, expanding=True))


def _values(given: Collection[Any]) -> Any:
    return next(iter(given)) if len(given) == 1 else list(given)


@cache
def _taken(one: bool) -> Statement:
    mine = and_(_E.c.device_id == bindparam("device"), _among(_E.c.device_seq, "seqs", one))
    return Statement(select(*(_E.c[each.name] for each in fields(Taken))).where(or_(_among(_E.c.id, "ids", one), mine)))


def _here(one: bool) -> ColumnElement[bool]:
    return and_(_among(_W.c.id, "works", one), _W.c.round_id.in_(select(_OF.c.round_id).where(_OF.c.panel_id == bindparam("panel"))))


@cache
def _rounds(one: bool) -> Statement:
    wanted = (_O.c[each.name] for each in fields(HeldRound) if each.name in _O.c)
    mine = select(_W.c.round_id).where(_here(one))
    return Statement(select(*wanted).where(_O.c.round_id.in_(mine)).order_by(_O.c.round_id).with_for_update(**HOLD))


@cache
def _places(one: bool) -> Statement:
    return Statement(
        select(_W.c.id, _W.c.round_id, _W.c.code, _W.c.away.is_not(None).label("is_away"), _EVENT.c.key, _EXCUSED.label("is_excused"),
               *(_H.c[each.name].label(f"sheet_{each.name}") for each in fields(Paper)))
        .select_from(_W.join(_ROUND, _ROUND.c.id == _W.c.round_id).join(_EVENT, _EVENT.c.id == _ROUND.c.event_id)
                     .outerjoin(_H, and_(_H.c.work_id == _W.c.id, _H.c.seat_id == bindparam("seat")))).where(_here(one))
    )


_MOST_KEPT = 256
_fixed: dict[tuple[uuid.UUID, str, tuple[str, ...]], HeldRules] = {}


def hold_tablet(connection: Connection, device_id: uuid.UUID, at: datetime) -> Tablet:
    """The tablet, held; raises NotFound."""
    row = _TABLET.row(connection, {"device": device_id, "at": at})
    if row is None:
        raise NotFound(_("没有找到这台平板，它可能不属于本座位。"))
    held, said = dict(zip(_OF_TABLET, row, strict=False)), dict(zip(_SAID, row[len(_OF_TABLET):], strict=True))
    return Tablet(**held, said=said if said["device_id"] is not None else None)


def taken_before(connection: Connection, device_id: uuid.UUID, ids: Collection[uuid.UUID], seqs: Collection[int]) -> list[Taken]:
    """The events that the server has by these ids, or by these numbers of the tablet."""
    wanted = {"device": device_id, "ids": _values(ids), "seqs": _values(seqs)}
    return [Taken(*row) for row in _taken(len(ids) == 1).rows(connection, wanted)]


def hold_rounds(connection: Connection, panel_id: uuid.UUID, work_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, HeldRound]:
    """The rounds of these works that the panel judges, held; those nobody opened are missing."""
    found = _rounds(len(work_ids) == 1).rows(connection, {"panel": panel_id, "works": _values(work_ids)})
    return {row[0]: HeldRound(*[*row, True]) for row in found}


def places(connection: Connection, tablet: Tablet, work_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Place]:
    """These works with the seat's sheets; works that the panel does not judge are missing. After the rounds are held."""
    wanted = {"panel": tablet.panel_id, "seat": tablet.seat_id, "works": _values(work_ids)}
    return {row[0]: _place(*row) for row in _places(len(work_ids) == 1).rows(connection, wanted)}


def _place(
    id_: uuid.UUID, round_id: uuid.UUID, code: str, is_away: bool, event_key: str, is_excused: bool, *sheet: Any,
) -> Place:
    return Place(id_, round_id, code, is_away, event_key, is_excused, Paper(*sheet) if sheet[0] is not None else Paper())


def is_on_paper(connection: Connection, marks: Mapping[str, Mapping[str, Any]]) -> bool:
    """Were marks of a sheet keyed from paper? Asked of refused events only."""
    sources = {uuid.UUID(mark["device"]) for mark in marks.values()}
    return bool(sources) and connection.execute(
        select(_D.c.id).where(_D.c.id.in_(sources), _D.c.kind == "paper").limit(1)).one_or_none() is not None


def notes_aside(connection: Connection, device_id: uuid.UUID) -> int:
    """How many comments and photos of a tablet lie aside. Asked of such events only."""
    query = select(func.count()).where(_E.c.device_id == device_id, _E.c.state == "quarantined", _E.c.kind.in_(EVIDENCE))
    return connection.execute(query).scalar_one()


def rules_held(held: HeldRound, place: Place, tablet: Tablet) -> HeldRules:
    """By what the round of a work is marked. What the first mark has fixed is read once for each version."""
    if held.first_mark_at is None or held.rulebook_id is None:
        version, event = rules_of_round(db.session.get_one(Round, place.round_id), None)
        return HeldRules(version.id, version.digest, rules.sheet_criteria(event, tablet.criteria), parts_of(event))
    key = (held.rulebook_id, place.event_key, tuple(tablet.criteria))
    if key not in _fixed:
        if len(_fixed) >= _MOST_KEPT:
            _fixed.clear()
        version = get(RulebookVersion, held.rulebook_id)
        event = load_rules(version).event(place.event_key)
        _fixed[key] = HeldRules(version.id, version.digest, rules.sheet_criteria(event, tablet.criteria), parts_of(event))
    return _fixed[key]


def sheet_by(digest: str, place: Place, tablet: Tablet) -> dict[str, Criterion]:
    """What the tablet's panel marks by another version of the contest's rulebook, by key; nothing where there is no such version."""
    versions = select(RulebookVersion).where(RulebookVersion.contest_id == tablet.contest_id, RulebookVersion.digest == digest)
    version = db.session.scalars(versions.limit(1)).first()
    events = load_rules(version).events if version is not None else ()
    event = next((one for one in events if one.key == place.event_key), None)
    return {one.key: one for one in rules.sheet_criteria(event, tablet.criteria)} if event is not None else {}
