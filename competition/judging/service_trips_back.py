"""Rounds come back from an arena machine: merged once, proved equal table by table, its audit chain beside ours."""

import uuid
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests import service as contests
from competition.contests.models import Contest, Round, RulebookVersion
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.judging import queries_trips as trips
from competition.judging import rules_trips as rules
from competition.judging.models import RoundState
from competition.judging.models_trips import ArenaTrip, ArenaTripRound
from competition.judging.queries_trips import Load
from competition.judging.service_rounds import hold_round
from competition.judging.service_trip_rows import check_equal, check_sums, file_content, keep_files, rounds_in, write_rows
from competition.judging.service_trips import Done, end_trip


def return_rounds(trip: ArenaTrip) -> dict[str, Any]:
    """On the arena machine: everything that was judged here, and the audit chain of it."""
    load = Load.of(get(Contest, trip.contest_id), list(db.session.scalars(
        select(Round).join(ArenaTripRound, ArenaTripRound.round_id == Round.id).where(ArenaTripRound.trip_id == trip.id))))
    rows = trips.judged_rows(load) | {
        "sitter": trips.setting_rows(load)["sitter"], "approval": trips.approval_rows(load), **trips.chain_rows(load.contest.id)}
    return file_content(rules.BACK, trip, load, rows, here=rules.sums(trips.base_of(load)),
                    versions={str(r): state.version for r in load.rounds if (state := db.session.get(RoundState, r)) is not None})


def open_trip(contest: Contest) -> ArenaTrip | None:
    """The trip for which this machine judges the contest."""
    query = select(ArenaTrip).where(ArenaTrip.contest_id == contest.id, ArenaTrip.side == "arena").order_by(ArenaTrip.at.desc())
    return db.session.scalars(query).first()


def take_home(content: dict[str, Any], *, actor: Actor, at: datetime) -> Done:
    """At home: merge what came back, prove it equal table by table, and open the rounds here again. Once only."""
    check_sums(content)
    file_digest = rules.digest([content])
    with atomic() as session:
        trip = session.get(ArenaTrip, uuid.UUID(content["trip"]), with_for_update=True)
        if trip is None or trip.side != "home":
            raise RuleBroken(_("这些轮次不是从本机交出去的，没有写入。"), code="trip_unknown")
        if trip.end_code == "returned" and trip.file_digest == file_digest:
            return Done(trip, trip.sums, again=True)
        if trip.ended_at is not None:
            raise RuleBroken(_("这些轮次已经取回，另一份文件不能再写入。") if trip.end_code == "returned"
                             else _("这些轮次已由两人办理收回，文件没有写入。"), code="trip_over")
        rounds = rounds_in(content)
        load = Load.of(get(Contest, trip.contest_id), rounds)
        held = {r.id: hold_round(r.id) for r in rounds}
        _check_unchanged(trip, load, content)
        _merge(content, load, held, at)
        end_trip(trip, "returned", at)
        trip.sums, trip.file_digest = content["sums"], file_digest
        audit.record("judging.return_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                     details={"trip": content["trip"], "machine": trip.machine, "sums": trip.sums})
    return Done(trip, trip.sums)


def _check_unchanged(trip: ArenaTrip, load: Load, content: dict[str, Any]) -> None:
    """Neither side changed what both must have alike, and home judged nothing meanwhile."""
    now = rules.sums({**trips.base_of(load), **trips.judged_rows(load)})
    moved = [name for name in rules.unequal(trip.base, now) if name != "round_state"]
    moved += [name for name in rules.unequal({k: trip.base[k] for k in content["here"]}, content["here"]) if name not in moved]
    if moved:
        raise RuleBroken(_("交出之后，本机的内容又有变化（%(tables)s），没有写入。", tables=joined(moved)), code="trip_changed")
    versions = {v.id: v.digest for v in db.session.scalars(select(RulebookVersion).where(RulebookVersion.contest_id == load.contest.id))}
    states = content["tables"]["round_state"]
    if any(row["rulebook_id"] and uuid.UUID(row["rulebook_id"]) not in versions for row in states):
        raise RuleBroken(_("赛场主机上用的评分规则版本，本机没有，没有写入。"), code="trip_rulebook")


def _merge(content: dict[str, Any], load: Load, held: dict[uuid.UUID, RoundState], at: datetime) -> None:
    session, tables = db.session(), content["tables"]
    for name in ("stored_file", *trips.judged_tables(), "approval", "sitter"):
        if name != "round_state":
            write_rows(name, tables.get(name, []), renew=name not in ("stored_file", "device"))
    for row in tables["round_state"]:
        read, state = trips.read_row("round_state", row), held[uuid.UUID(row["round_id"])]
        for key, value in read.items():
            if key not in ("round_id", "version", "shape_version"):
                setattr(state, key, value)
        # Later than anything that happened in either place, so that every tablet and board asks anew.
        state.version = max(state.version, content["versions"][row["round_id"]])
        state.reshape()
    keep_files(content)
    _attach_chain(content)
    session.flush()
    if any(row["first_mark_at"] for row in tables["round_state"]):
        contests.freeze_rulebook(load.contest.id, at=at)
    rows = trips.judged_rows(load)
    check_equal({name: content["sums"][name] for name in rows}, rows)


def _attach_chain(content: dict[str, Any]) -> None:
    """The arena machine's audit chain stands beside ours, whole and provable, under the trip's id."""
    chain, rows = content["trip"], content["tables"]["audit_row"]
    for name in ("audit_row", "audit_salt"):
        write_rows(name, [row | {"chain": chain} for row in content["tables"][name]])
    if rows:
        last = max(rows, key=lambda row: row["seq"])
        db.session.add(audit.AuditChain(chain=chain, seq=last["seq"], digest=last["digest"]))
