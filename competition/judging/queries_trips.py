"""Which rows travel with rounds, and which rounds are away."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, and_, or_, select

from competition.arena.works import Work
from competition.contests.models import Contest, Event, Round
from competition.core.database import Model, UtcDateTime, db
from competition.core.errors import RuleBroken
from competition.judging.models import RoundPanel, Seat
from competition.judging.models_trips import ArenaTrip, ArenaTripRound
from competition.judging.queries import begun_rounds
from competition.judging.rules_trips import Row, Tables, plain, read_value
from competition.organisations.models import UnionClosure

# Who may sign in on an arena machine: those who judge, keep scores, watch over it, and the contest's office.
STAFF = ("organizer", "chief_judge", "supervisor", "scorekeeper", "timekeeper", "judge")
# What an arena machine needs to judge, beside what judging makes; in the order in which it is written.
SETTING = ("region", "union", "union_closure", "contest", "org_body", "event", "stage", "round", "rulebook_version", "account", "grant",
           "work", "panel", "round_panel", "seat", "sitter")
# What judging makes comes back. Each table hangs on a round, or by a column on a row of another table.
HANGING = {"device": ("seat_id", "seat"), "handover": ("device_id", "device"), "sheet_return": ("sheet_id", "sheet"),
           "paper_keying": ("sheet_id", "paper_sheet"), "signature": ("event_id", "mark_event"), "photo": ("event_id", "mark_event")}
# Tables of judging that never travel, and why.
LEFT = {
    "device_report": "what a tablet said of itself every few seconds", "figure_import": "a workbook that was looked at",
    "answer_key": "right answers are not needed to judge, and no tablet may hold them",
    "arena_trip": "each side keeps its own", "arena_trip_round": "each side keeps its own",
}
# Never the same on both sides: the home's cards and tokens open nothing there, and the other way round.
BLANK: Mapping[str, Row] = {
    "seat": {"card_hash": None, "pin_hash": None, "card_made_at": None, "failed_count": 0, "locked_until": None},
    "account": {"phone_sealed": None, "phone_masked": None, "person_id": None, "failed_count": 0, "locked_until": None,
                "totp_sealed": None, "totp_since": None, "totp_step": 0},
    "contest": {"series_id": None}, "device": {"token_hash": ""}, "round_state": {"version": 0, "shape_version": 0},
}


@dataclass(frozen=True)
class Load:
    """Rounds with everything that hangs on them."""

    contest: Contest
    rounds: tuple[uuid.UUID, ...]
    events: tuple[uuid.UUID, ...]
    panels: tuple[uuid.UUID, ...]
    seats: tuple[uuid.UUID, ...]

    @classmethod
    def of(cls, contest: Contest, rounds: Collection[Round]) -> "Load":
        """The panels that judge these rounds, and their seats."""
        ids = tuple(sorted(r.id for r in rounds))
        panels = tuple(db.session.scalars(select(RoundPanel.panel_id).where(RoundPanel.round_id.in_(ids)).distinct()))
        seats = tuple(db.session.scalars(select(Seat.id).where(Seat.panel_id.in_(panels))))
        return cls(contest, ids, tuple(sorted({r.event_id for r in rounds})), panels, seats)


def table(name: str) -> Table:
    """A table of ours."""
    return Model.metadata.tables[name]


def judged_tables() -> list[str]:
    """The tables that judging fills while it judges, in the order in which their rows may be written."""
    own = {str(m.local_table.name) for m in Model.registry.mappers if m.class_.__module__.startswith("competition.judging.")}  # type: ignore[attr-defined]
    found = own - {*SETTING, *LEFT}
    return [t.name for t in Model.metadata.sorted_tables if t.name in found]


def _rows(name: str, which: ColumnElement[bool]) -> list[Row]:
    columns, over = table(name), BLANK.get(name, {})
    return [{key: over.get(key, plain(value)) for key, value in row.items()}
            for row in db.session.execute(select(columns).where(which)).mappings()]


def _above(load: Load) -> Collection[uuid.UUID]:
    query = select(UnionClosure.ancestor_id).where(UnionClosure.descendant_id == load.contest.host_union_id)
    return list(db.session.scalars(query))


def _staff(load: Load, above: Collection[uuid.UUID]) -> ColumnElement[bool]:
    grant = table("grant").c
    scopes = or_(and_(grant.scope_kind == "contest", grant.scope_id == load.contest.id),
                 and_(grant.scope_kind == "event", grant.scope_id.in_(load.events)),
                 and_(grant.scope_kind == "union", grant.scope_id.in_(above)))
    return and_(scopes, grant.role.in_(STAFF), grant.valid_to.is_(None))


def setting_rows(load: Load) -> Tables:
    """What an arena machine needs: no entry, no person, no code's owner, no key, no card."""
    above = _above(load)
    unions = _rows("union", table("union").c.id.in_(above))
    codes = {row["region_code"] for row in unions} | {load.contest.region_code}
    grants = _rows("grant", _staff(load, above))
    accounts = {uuid.UUID(row["account_id"]) for row in grants}
    found: Tables = {
        "region": _regions({code for code in codes if code}), "union": unions,
        "union_closure": _rows("union_closure", table("union_closure").c.descendant_id.in_(above)),
        "contest": _rows("contest", table("contest").c.id == load.contest.id),
        "org_body": _rows("org_body", table("org_body").c.contest_id == load.contest.id),
        "event": _rows("event", table("event").c.contest_id == load.contest.id),
        "stage": _rows("stage", table("stage").c.event_id.in_(select(Event.id).where(Event.contest_id == load.contest.id))),
        "round": _rows("round", table("round").c.id.in_(load.rounds)),
        "rulebook_version": _rows("rulebook_version", table("rulebook_version").c.contest_id == load.contest.id),
        "account": _rows("account", table("account").c.id.in_(accounts)), "grant": grants,
        "work": _rows("work", table("work").c.round_id.in_(load.rounds)),
        "panel": _rows("panel", table("panel").c.id.in_(load.panels)),
        "round_panel": _rows("round_panel", table("round_panel").c.round_id.in_(load.rounds)),
        "seat": _rows("seat", table("seat").c.id.in_(load.seats)),
        "sitter": _rows("sitter", table("sitter").c.seat_id.in_(load.seats)),
    }
    known = {row["id"] for row in found["account"]}
    found["sitter"] = [row | {"account_id": row["account_id"] if row["account_id"] in known else None} for row in found["sitter"]]
    return found


def _regions(codes: set[str]) -> list[Row]:
    found: dict[str, Row] = {}
    while codes:
        rows = _rows("region", table("region").c.code.in_(codes))
        found = {row["code"]: row for row in rows} | found
        codes = {row["parent_code"] for row in rows if row["parent_code"]} - found.keys()
    # Those above come first: a row is written after the one that it names.
    return sorted(found.values(), key=lambda row: (len(row["code"].rstrip("0")), row["code"]))


def judged_rows(load: Load) -> Tables:
    """What judging has made of these rounds."""
    return {name: _rows(name, _hangs(name, load)) for name in judged_tables()}


def _hangs(name: str, load: Load) -> ColumnElement[bool]:
    columns = table(name).c
    if name == "seat":
        return columns.id.in_(load.seats)
    if name not in HANGING:
        return columns.round_id.in_(load.rounds)
    column, other = HANGING[name]
    return columns[column].in_(select(table(other).c.id).where(_hangs(other, load)))


def approval_rows(load: Load) -> list[Row]:
    """What two people asked for and decided about these rounds."""
    columns = table("approval").c
    return _rows("approval", and_(columns.subject_kind == "round", columns.subject_id.in_([str(r) for r in load.rounds])))


def chain_rows(contest_id: uuid.UUID) -> Tables:
    """The audit chain of a contest, with the salts of personal values."""
    return {name: _rows(name, table(name).c.chain == str(contest_id)) for name in ("audit_row", "audit_salt")}


def files_of(rows: Tables) -> list[Row]:
    """The rows of the stored files that judging's rows name."""
    wanted = {uuid.UUID(row["file_id"]) for row in rows.get("photo", ()) if row.get("file_id")}
    return _rows("stored_file", table("stored_file").c.id.in_(wanted))


def read_row(name: str, row: Row) -> Row:
    """A row from a file with the values that its columns take. Raises RuleBroken for what is no row of this table."""
    columns = table(name).c
    try:
        if row.keys() != {c.name for c in columns}:
            raise KeyError(name)
        return {c.name: read_value(datetime if isinstance(c.type, UtcDateTime) else c.type.python_type, row[c.name]) for c in columns}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise RuleBroken(_("文件里的“%(table)s”与本机的程序版本不符，没有写入。两边请用同一版本的程序。", table=name),
                         code="trip_version", status=422) from error


def trip_of(round_id: uuid.UUID) -> ArenaTrip | None:
    """The trip on which a round is away from here."""
    query = select(ArenaTrip).join(ArenaTripRound, ArenaTripRound.trip_id == ArenaTrip.id).where(
        ArenaTripRound.round_id == round_id, ArenaTripRound.side == "home", ArenaTripRound.ended_at.is_(None))
    return db.session.scalars(query).one_or_none()


def check_here(round_id: uuid.UUID) -> None:
    """Raise while the round is judged on an arena machine: what is written here would be lost or contradict it."""
    trip = trip_of(round_id)
    if trip is not None:
        raise RuleBroken(_("本轮已交给赛场主机“%(name)s”，在那里评分；取回之前，这里不能评分、录入或登记免评。", name=trip.machine),
                         code="round_away")


def rounds_away(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those that are on an arena machine."""
    query = select(ArenaTripRound.round_id).where(ArenaTripRound.round_id.in_(list(round_ids)), ArenaTripRound.side == "home",
                                                  ArenaTripRound.ended_at.is_(None))
    return set(db.session.scalars(query))


def begun_or_away(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those in which judging has begun, here or elsewhere: they are drawn no more."""
    return begun_rounds(round_ids) | rounds_away(round_ids)


def base_of(load: Load) -> dict[str, Any]:
    """What must not change at home while the rounds are away: works at their stations, panels, seats."""
    works = [{"id": str(w.id), "code": w.code, "batch": w.batch, "station": w.station}
             for w in db.session.scalars(select(Work).where(Work.round_id.in_(load.rounds)))]
    seats = [{"id": str(s.id), "number": s.number, "panel": str(s.panel_id)}
             for s in db.session.scalars(select(Seat).where(Seat.id.in_(load.seats)))]
    panels = [{"round": str(r.round_id), "panel": str(r.panel_id)}
              for r in db.session.scalars(select(RoundPanel).where(RoundPanel.round_id.in_(load.rounds)))]
    return {"work": works, "seat": seats, "round_panel": panels}
