"""Rounds come back from an arena machine: merged once, proved equal table by table, its audit chain beside ours."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.contests import service as contests
from competition.contests.models import Contest, RulebookVersion
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import HOLD, atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.judging import queries_trips as trips
from competition.judging import rules_trips as rules
from competition.judging.models import RoundState
from competition.judging.models_trips import ArenaTrip, ArenaTripRound
from competition.judging.queries_trips import SOURCES, Load
from competition.judging.rules_trips import Row, Tables
from competition.judging.service_rounds import hold_anywhere
from competition.judging.service_trip_rows import check_equal, check_sums, keep_files, rounds_in, write_rows
from competition.judging.service_trips import Done, end_trip
from competition.judging.service_trips_check import Scope, check_files, check_rows, foreign


def take_home(content: dict[str, Any], *, actor: Actor, at: datetime) -> Done:
    """At home: merge what came back, prove it equal table by table, and open the rounds here again. Once only."""
    try:
        return _take_home(content, actor, at)
    except IntegrityError as error:
        raise RuleBroken(_("文件里的内容与本机已有的内容冲突，全部撤销，没有写入。请把文件和这句话交给维护人员。"),
                         code="trip_conflict") from error


def _take_home(content: dict[str, Any], actor: Actor, at: datetime) -> Done:
    check_sums(content)
    check_rows(content["tables"])
    # One packing is one return, however often it was written: only the last words of the tablets may differ.
    packing = rules.digest([{"trip": content["trip"], "packed_at": content["packed_at"]}])
    with atomic() as session:
        trip = session.get(ArenaTrip, uuid.UUID(content["trip"]), with_for_update=HOLD)
        if trip is None or trip.side != "home":
            raise RuleBroken(_("这些轮次不是从本机交出去的，没有写入。"), code="trip_unknown")
        if trip.end_code == "returned" and trip.file_digest == packing:
            return Done(trip, trip.sums, again=True)
        if trip.ended_at is not None:
            raise RuleBroken(_("这些轮次已经取回，另一份文件不能再写入。") if trip.end_code == "returned"
                             else _("这些轮次已由两人办理收回，文件没有写入。"), code="trip_over")
        load = _load(trip, content)
        held = {round_id: hold_anywhere(round_id) for round_id in load.rounds}
        _check_unchanged(trip, load, content)
        _merge(trip, content, load, held, at)
        end_trip(trip, "returned", at)
        trip.sums, trip.file_digest = content["sums"], packing
        audit.record("judging.return_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                     details={"trip": content["trip"], "machine": trip.machine, "sums": trip.sums})
    return Done(trip, trip.sums)


def _load(trip: ArenaTrip, content: dict[str, Any]) -> Load:
    """What was lent on this trip; raises RuleBroken when the file speaks of other rounds."""
    lent = set(db.session.scalars(select(ArenaTripRound.round_id).where(ArenaTripRound.trip_id == trip.id)))
    named = ({uuid.UUID(key) for key in content["rounds"]}, {uuid.UUID(key) for key in content["versions"]},
             {uuid.UUID(row["round_id"]) for row in content["tables"].get("round_state", ())})
    if any(keys != lent for keys in named) or content["contest"] != str(trip.contest_id):
        raise foreign("round")
    return Load.of(get(Contest, trip.contest_id), rounds_in(content))


def _check_unchanged(trip: ArenaTrip, load: Load, content: dict[str, Any]) -> None:
    """Neither side changed what both must have alike, and home judged nothing meanwhile."""
    now = rules.sums(trips.kept_rows(load))
    free = {"round_state", "sitter"}
    moved = [name for name in rules.unequal({name: trip.base.get(name) for name in now}, now) if name not in free]
    shared = rules.sums(trips.base_of(load))
    moved += [name for name in rules.unequal(shared, content["here"]) if name not in moved]
    if moved:
        raise RuleBroken(_("交出之后，本机的内容又有变化（%(tables)s），没有写入。", tables=joined(moved)), code="trip_changed")
    versions = set(db.session.scalars(select(RulebookVersion.id).where(RulebookVersion.contest_id == load.contest.id)))
    if any(row["rulebook_id"] and uuid.UUID(row["rulebook_id"]) not in versions for row in content["tables"]["round_state"]):
        raise RuleBroken(_("赛场主机上用的评分规则版本，本机没有，没有写入。"), code="trip_rulebook")


def _merge(trip: ArenaTrip, content: dict[str, Any], load: Load, held: dict[uuid.UUID, RoundState], at: datetime) -> None:
    tables = content["tables"]
    check_files(content)
    scope = Scope.of(load, tables)
    came = tables | {"device": _ended(tables, content["packed_at"]), "sitter": _sitters(trip, load, tables.get("sitter", []), at)}
    written: Tables = {}
    for name in ("stored_file", *trips.judged_tables(), "approval", "sitter"):
        if name != "round_state":
            written[name] = write_rows(name, came.get(name, []), scope.guard(name))
    for row in tables["round_state"]:
        _set_state(held[uuid.UUID(row["round_id"])], row, content["versions"][row["round_id"]])
    keep_files(content)
    _attach_chain(content)
    db.session.flush()
    if any(row["first_mark_at"] for row in tables["round_state"]):
        contests.freeze_rulebook(load.contest.id, at=at)
    _prove(content, load, written)


def _ended(tables: Tables, packed_at: str) -> list[Row]:
    said = {row["device_id"]: row for row in tables.get("device_report", ())}
    all_locked = all(row["state"] in ("closed", "locked") for row in tables["round_state"])
    return [rules.ended_there(row, said.get(row["id"]), packed_at, all_locked=all_locked) for row in tables.get("device", ())]


def _sitters(trip: ArenaTrip, load: Load, rows: Sequence[Row], at: datetime) -> list[Row]:
    """Who sat there. Where home has seated somebody meanwhile, the one at home stays and those of the arena are history; an account
    that home does not know of the seat is not taken over."""
    here = {row["id"]: row for row in trips.sitter_rows(load)}
    staff = {row["id"] for row in trips.setting_rows(load)["account"]}
    moved = trip.base.get("sitter") not in (None, rules.sums({"sitter": list(here.values())})["sitter"])
    found = []
    for row in rows:
        old = here.get(row["id"])
        if old is None:
            known = {"account_id": row["account_id"] if row["account_id"] in staff else None}
            found.append(row | known | ({"to_at": row["to_at"] or rules.plain(at)} if moved else {}))
        elif not moved:
            found.append(old | {"to_at": row["to_at"]})
    return found


def _set_state(state: RoundState, row: Row, version: int) -> None:
    for key, value in trips.read_row("round_state", row).items():
        if key not in ("round_id", "version", "shape_version", "away_at"):
            setattr(state, key, value)
    # Later than anything that happened in either place, so that every tablet and board asks anew.
    state.version = max(state.version, version)
    state.reshape()


def _prove(content: dict[str, Any], load: Load, written: Tables) -> None:
    """What is here now is what came: the tables of judging whole, tablets and sitters as far as they were written."""
    rows = trips.judged_rows(load)
    check_equal({name: content["sums"].get(name, rules.sums({name: []})[name]) for name in rows} | {
        "stored_file": content["sums"]["stored_file"]}, rows)
    beside = {name: written[name] for name in (*SOURCES, "approval", "sitter")}
    check_equal(rules.sums(beside), {name: trips.rows_of_keys(name, rows) for name, rows in beside.items()})


def _attach_chain(content: dict[str, Any]) -> None:
    """The arena machine's audit chain stands beside ours, whole and provable, under the trip's id."""
    chain, tables = content["trip"], content["tables"]
    came = {name: [row | {"chain": chain} for row in tables.get(name, [])] for name in ("audit_row", "audit_salt")}
    rows = sorted((audit.AuditRow(**trips.read_row("audit_row", row)) for row in came["audit_row"]), key=lambda row: row.seq)
    if not rows or not audit.is_whole(rows):
        raise RuleBroken(_("文件里赛场主机的操作记录不完整或被改动过，没有写入。"), code="trip_chain", status=422)
    for name, lines in came.items():
        write_rows(name, lines)
    db.session.add(audit.AuditChain(chain=chain, seq=rows[-1].seq, digest=rows[-1].digest))
