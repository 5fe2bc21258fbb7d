"""Which rows travel with rounds, and which rounds are away."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, and_, or_, select

from competition.arena.works import Work
from competition.contests.models import Contest, Event, Round
from competition.core.database import Model, UtcDateTime, db
from competition.core.errors import RuleBroken
from competition.judging.models import RoundPanel, RoundState, Seat
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
HANGING = {"device": ("seat_id", "seat"), "handover": ("device_id", "device"), "device_report": ("device_id", "device"),
           "sheet_return": ("sheet_id", "sheet"), "paper_keying": ("sheet_id", "paper_sheet"), "signature": ("event_id", "mark_event"),
           "photo": ("event_id", "mark_event")}
# They hang on seats, and a seat may judge another round at home meanwhile: each side has its own, and those of the arena come beside ours.
SOURCES = ("device", "device_report", "handover")
# Tables of judging that never travel, and why.
LEFT = {
    "figure_import": "a workbook that was looked at",
    "answer_key": "right answers are not needed to judge, and no tablet may hold them",
    "arena_trip": "each side keeps its own", "arena_trip_round": "each side keeps its own",
}
# Never the same on both sides: the home's cards and tokens open nothing there, and the other way round.
BLANK: Mapping[str, Row] = {
    "seat": {"card_hash": None, "pin_hash": None, "card_made_at": None, "failed_count": 0, "locked_until": None},
    "account": {"phone_sealed": None, "phone_masked": None, "person_id": None, "failed_count": 0, "locked_until": None,
                "totp_sealed": None, "totp_since": None, "totp_step": 0},
    "contest": {"series_id": None}, "device": {"token_hash": ""},
    "round_state": {"version": 0, "shape_version": 0, "away_at": None},
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


def rows_where(name: str, which: ColumnElement[bool]) -> list[Row]:
    """Rows of a table as they travel."""
    columns, over = table(name), BLANK.get(name, {})
    return [{key: over.get(key, plain(value)) for key, value in row.items()}
            for row in db.session.execute(select(columns).where(which)).mappings()]


def rows_of_keys(name: str, rows: Sequence[Row]) -> list[Row]:
    """The rows that are here by the keys of these."""
    key = next(iter(table(name).primary_key))
    return rows_where(name, key.in_([uuid.UUID(row[key.name]) for row in rows]))


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
    unions = rows_where("union", table("union").c.id.in_(above))
    codes = {row["region_code"] for row in unions} | {load.contest.region_code}
    grants = rows_where("grant", _staff(load, above))
    accounts = {uuid.UUID(row["account_id"]) for row in grants}
    found: Tables = {
        "region": _regions({code for code in codes if code}), "union": unions,
        "union_closure": rows_where("union_closure", table("union_closure").c.descendant_id.in_(above)),
        "contest": rows_where("contest", table("contest").c.id == load.contest.id),
        "org_body": rows_where("org_body", table("org_body").c.contest_id == load.contest.id),
        "event": rows_where("event", table("event").c.contest_id == load.contest.id),
        "stage": rows_where("stage", table("stage").c.event_id.in_(select(Event.id).where(Event.contest_id == load.contest.id))),
        "round": rows_where("round", table("round").c.id.in_(load.rounds)),
        "rulebook_version": rows_where("rulebook_version", table("rulebook_version").c.contest_id == load.contest.id),
        "account": rows_where("account", table("account").c.id.in_(accounts)), "grant": grants,
        "work": rows_where("work", table("work").c.round_id.in_(load.rounds)),
        "panel": rows_where("panel", table("panel").c.id.in_(load.panels)),
        "round_panel": rows_where("round_panel", table("round_panel").c.round_id.in_(load.rounds)),
        "seat": rows_where("seat", table("seat").c.id.in_(load.seats)),
        "sitter": sitter_rows(load),
    }
    known = {row["id"] for row in found["account"]}
    found["sitter"] = [row | {"account_id": row["account_id"] if row["account_id"] in known else None} for row in found["sitter"]]
    return found


def _regions(codes: set[str]) -> list[Row]:
    found: dict[str, Row] = {}
    while codes:
        rows = rows_where("region", table("region").c.code.in_(codes))
        found = {row["code"]: row for row in rows} | found
        codes = {row["parent_code"] for row in rows if row["parent_code"]} - found.keys()
    # Those above come first: a row is written after the one that it names.
    return sorted(found.values(), key=lambda row: (len(row["code"].rstrip("0")), row["code"]))


def judged_rows(load: Load) -> Tables:
    """What judging has made of these rounds, without the tablets that it came from."""
    return {name: rows_where(name, hangs(name, load)) for name in judged_tables() if name not in SOURCES}


def source_rows(load: Load) -> Tables:
    """The tablets that had these seats, what each last said of itself, and what they handed over."""
    return {name: rows_where(name, hangs(name, load)) for name in SOURCES}


def lent_rows(load: Load) -> Tables:
    """What leaves home: of the tablets only those that something names."""
    judged = judged_rows(load)
    named = {uuid.UUID(row["device_id"]) for rows in judged.values() for row in rows if row.get("device_id")}
    return {**setting_rows(load), **judged, "device": rows_where("device", table("device").c.id.in_(named))}


def returned_rows(load: Load) -> Tables:
    """What leaves an arena machine, with its audit chain."""
    return {**judged_rows(load), **source_rows(load), "sitter": sitter_rows(load), "approval": approval_rows(load),
            **chain_rows(load.contest.id)}


def hangs(name: str, load: Load) -> ColumnElement[bool]:
    """Which rows of a table are of these rounds."""
    columns = table(name).c
    if name == "seat":
        return columns.id.in_(load.seats)
    if name not in HANGING:
        return columns.round_id.in_(load.rounds)
    column, other = HANGING[name]
    return columns[column].in_(select(table(other).c.id).where(hangs(other, load)))


def sitter_rows(load: Load) -> list[Row]:
    """Who sat in the seats."""
    return rows_where("sitter", table("sitter").c.seat_id.in_(load.seats))


def approval_rows(load: Load) -> list[Row]:
    """What two people asked for and decided about these rounds, seats and handovers; an open request stays where it is."""
    columns = table("approval").c
    handed = db.session.scalars(select(table("handover").c.id).where(hangs("handover", load)))
    about = or_(*(and_(columns.subject_kind == kind, columns.subject_id.in_([str(one) for one in ids]))
                  for kind, ids in (("round", load.rounds), ("seat", load.seats), ("handover", list(handed)))))
    return rows_where("approval", and_(about, columns.kind.like("judging.%"), columns.state != "asked"))


def chain_rows(contest_id: uuid.UUID) -> Tables:
    """The audit chain of a contest, with the salts of personal values."""
    return {name: rows_where(name, table(name).c.chain == str(contest_id)) for name in ("audit_row", "audit_salt")}


def files_of(rows: Tables) -> list[Row]:
    """The rows of the stored files that judging's rows name."""
    wanted = {uuid.UUID(row["file_id"]) for row in rows.get("photo", ()) if row.get("file_id")}
    return rows_where("stored_file", table("stored_file").c.id.in_(wanted))


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


def why_away(round_id: uuid.UUID) -> RuleBroken:
    """Why a round that is judged on another machine is not judged here: it would be lost, or contradict what is done there."""
    trip = trip_of(round_id)
    if trip is not None:
        return RuleBroken(_("本轮已交给赛场主机“%(name)s”，在那里评分；取回之前，这里不能评分、录入或登记免评。", name=trip.machine),
                          code="round_away")
    return RuleBroken(_("本轮的评分已装好，要带回办公室，本机不再评分、录入或登记免评。文件遗失的，请赛场技术员恢复评分。"),
                      code="round_away")


def check_seats_here(panel_id: uuid.UUID) -> None:
    """Raise on an arena machine once the panel's rounds are packed for the way home: who sits down then would not be on record there."""
    packed = select(RoundPanel.round_id).join(RoundState, RoundState.round_id == RoundPanel.round_id).join(
        ArenaTripRound, ArenaTripRound.round_id == RoundPanel.round_id).where(
        RoundPanel.panel_id == panel_id, RoundState.away_at.is_not(None), ArenaTripRound.side == "arena")
    round_id = db.session.scalars(packed).first()
    if round_id is not None:
        raise why_away(round_id)


def rounds_away(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those that are on an arena machine."""
    query = select(ArenaTripRound.round_id).where(ArenaTripRound.round_id.in_(list(round_ids)), ArenaTripRound.side == "home",
                                                  ArenaTripRound.ended_at.is_(None))
    return set(db.session.scalars(query))


def begun_or_away(round_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those in which judging has begun, here or elsewhere: they are drawn no more."""
    return begun_rounds(round_ids) | rounds_away(round_ids)


def base_of(load: Load) -> dict[str, Any]:
    """What must be alike on both sides while the rounds are away: works at their stations, panels, seats."""
    works = [{"id": str(w.id), "code": w.code, "batch": w.batch, "station": w.station}
             for w in db.session.scalars(select(Work).where(Work.round_id.in_(load.rounds)))]
    seats = [{"id": str(s.id), "number": s.number, "panel": str(s.panel_id)}
             for s in db.session.scalars(select(Seat).where(Seat.id.in_(load.seats)))]
    panels = [{"round": str(r.round_id), "panel": str(r.panel_id)}
              for r in db.session.scalars(select(RoundPanel).where(RoundPanel.round_id.in_(load.rounds)))]
    return {"work": works, "seat": seats, "round_panel": panels}


def kept_rows(load: Load) -> Tables:
    """What home must still have as it was when the rounds come back. Who sits in the seats may change meanwhile: their panel may
    judge another round at home; it is only noted whether somebody did."""
    return {**base_of(load), **judged_rows(load), "sitter": sitter_rows(load)}
