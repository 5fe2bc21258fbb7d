"""Rounds go to an arena machine and come back: nothing is judged in two places, and what came back is proved equal.

Home marks its rounds as away, the arena machine judges them with its own cards, and its rows come home with its audit chain.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.accounts.models import Account
from competition.contests.models import Contest, Round
from competition.contests.queries import rounds_of
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.crypto import blind_index
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.judging import queries_trips as trips
from competition.judging import rules_trips as rules
from competition.judging.models_trips import ArenaTrip, ArenaTripRound
from competition.judging.queries_trips import Load
from competition.judging.service_rounds import hold_anywhere, hold_round
from competition.judging.service_trip_rows import check_equal, check_sums, file_content, keep_files, rounds_in, write_rows
from competition.judging.shown import round_behind

TAKE_BACK = "judging.take_back"


@dataclass(frozen=True)
class Done:
    """What a file did: its trip, and rows and hash of each table. ``again``: it had been read before, nothing changed."""

    trip: ArenaTrip
    sums: dict[str, Any]
    again: bool = False


def find_target(target: str) -> tuple[Contest, list[Round]]:
    """``CONTEST``, ``CONTEST/EVENT`` or ``CONTEST/EVENT/3`` (the event's third round): the contest and the rounds that are meant, in
    their order."""
    code, _sep, rest = target.partition("/")
    key, _sep, number = rest.partition("/")
    contest = find(Contest, code=code.upper())
    if contest is None:
        raise RuleBroken(_("没有代号为 %(code)s 的赛事。", code=code), code="no_contest", status=404)
    found = [round_ for round_ in rounds_of(contest.id) if key in ("", round_.event.key)]
    if not found:
        raise RuleBroken(_("赛事 %(code)s 没有这个项目。", code=target), code="no_event", status=404)
    chosen = found if not number else [round_ for n, round_ in enumerate(found, 1) if str(n) == number]
    if not chosen:
        raise RuleBroken(_("这个项目只有 %(n)s 轮，请写 1 到 %(n)s 中的一个数，或不写轮次。", n=len(found)), code="no_round", status=404)
    return contest, chosen


# ---- away ------------------------------------------------------------------------------------------------------


def lend_rounds(contest: Contest, rounds: Sequence[Round], *, machine: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """At home: hand rounds that nobody has opened yet to an arena machine; from now on they are not judged here.

    What the machine's file is made of. Asked again for the same rounds and machine, it is the same trip.
    """
    if not machine.strip():
        raise RuleBroken(_("请写明赛场主机的名称。"), code="machine_required", status=422)
    with atomic() as session:
        load = Load.of(contest, rounds)
        known = [trip for r in rounds if (trip := trips.trip_of(r.id)) is not None]
        if known and (len(known) != len(rounds) or {(t.id, t.machine) for t in known} != {(known[0].id, machine.strip())}):
            raise RuleBroken(_("其中有的轮次已交给赛场主机“%(name)s”。", name=known[0].machine), code="round_away")
        trip = known[0] if known else _lend(load, rounds, machine.strip(), actor, at)
        session.flush()
        # The sign of this office: an arena machine takes the files of one office only.
        return file_content(rules.OUT, trip, load, trips.lent_rows(load), home=blind_index("arena-home", ""))


def _lend(load: Load, rounds: Sequence[Round], machine: str, actor: Actor, at: datetime) -> ArenaTrip:
    states = [hold_round(round_.id) for round_ in rounds]
    for round_, state in zip(rounds, states, strict=True):
        if state.state != "closed":
            raise RuleBroken(_("“%(name)s”已在这里开放评分，不能再交给赛场主机。", name=round_.title), code="round_not_closed")
    trip = set_out(load, machine, rules.sums(trips.kept_rows(load)), "home", at)
    for state in states:
        state.away_at = at
        state.reshape()
    audit.record("judging.lend_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                 details={"trip": str(trip.id), "machine": trip.machine, "rounds": [str(r) for r in load.rounds]})
    return trip


def set_out(load: Load, machine: str, base: dict[str, Any], side: str, at: datetime, key: uuid.UUID | None = None) -> ArenaTrip:
    """The trip's row on either side. Inside an act."""
    trip = ArenaTrip(id=key or uuid.uuid4(), contest_id=load.contest.id, side=side, machine=machine, base=base, sums={}, at=at)
    db.session.add(trip)
    db.session.flush()
    db.session.add_all(ArenaTripRound(trip_id=trip.id, round_id=r, side=side) for r in load.rounds)
    return trip


def take_in(content: dict[str, Any], *, actor: Actor, at: datetime) -> Done:
    """On the arena machine: make what is needed to judge. A second time changes nothing."""
    try:
        return _take_in(content, actor, at)
    except IntegrityError as error:
        raise RuleBroken(_("本机已有同名而不同的账号、赛事或工会，没有写入。赛场主机请用空的数据库。"), code="trip_occupied") from error


def _take_in(content: dict[str, Any], actor: Actor, at: datetime) -> Done:
    check_sums(content)
    trip_id = uuid.UUID(content["trip"])
    with atomic() as session:
        known = session.get(ArenaTrip, trip_id)
        if known is not None:
            if known.side == "home":
                raise RuleBroken(_("这份文件是从本机交出去的，请在赛场主机上读取。"), code="trip_own")
            return Done(known, known.sums, again=True)
        _check_free(content)
        for name in (*trips.SETTING, "stored_file", *trips.judged_tables()):
            write_rows(name, content["tables"].get(name, []))
        keep_files(content)
        load = Load.of(get(Contest, uuid.UUID(content["contest"])), rounds_in(content))
        trip = set_out(load, content["machine"], content["base"], "arena", at, trip_id)
        trip.sums, trip.home = content["sums"], content["home"]
        audit.record("judging.take_in_rounds", actor=actor, subject=("contest", load.contest.id), at=at, chain=load.contest.id,
                     details={"trip": content["trip"], "machine": trip.machine, "sums": trip.sums})
        check_equal(content["sums"], trips.lent_rows(load))
    return Done(trip, trip.sums)


def _check_free(content: dict[str, Any]) -> None:
    """This machine is nobody's yet, or took in files of the same office before: a file makes accounts and gives roles, so it
    never comes among those of another house. What was made here since the first file was made by people of that house."""
    homes = set(db.session.scalars(select(ArenaTrip.home).where(ArenaTrip.side == "arena")))
    if not homes and (db.session.scalar(select(Account.id).limit(1)) or db.session.scalar(select(Contest.id).limit(1))):
        raise RuleBroken(_("本机已有账号或赛事，没有写入。赛场主机请用空的数据库，读取之后再启动系统。"), code="trip_occupied")
    if homes - {content["home"]}:
        raise RuleBroken(_("本机是另一家办公室的赛场主机，没有写入。请换一个空的数据库。"), code="trip_occupied")
    if any(row["role"] not in trips.STAFF for row in content["tables"].get("grant", [])):
        raise RuleBroken(_("文件里有赛场上用不到的角色，没有写入。"), code="trip_foreign", status=422)


def end_trip(trip: ArenaTrip, code: str, at: datetime) -> None:
    """Inside an act: its rounds are judged here again."""
    trip.ended_at, trip.end_code = at, code
    for row in db.session.scalars(select(ArenaTripRound).where(ArenaTripRound.trip_id == trip.id)):
        row.ended_at = at
        state = hold_anywhere(row.round_id)
        state.away_at = None
        state.reshape()


# ---- taken back without a file ---------------------------------------------------------------------------------


def ask_take_back(round_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to take the rounds of a trip back without a file: what the arena machine holds will not count."""
    with atomic():
        trip = trips.trip_of(round_id)
        if trip is None:
            raise RuleBroken(_("本轮没有交给赛场主机，不用收回。"), code="round_here")
        return approvals.ask(TAKE_BACK, subject=("round", round_id), reason=reason, actor=actor, at=at, chain=trip.contest_id,
                             payload={"round": str(round_id), "trip": str(trip.id), "machine": trip.machine})


def open_take_back(round_id: uuid.UUID, at: datetime) -> Approval | None:
    """The request that somebody can still decide."""
    return approvals.open_request(TAKE_BACK, round_id, at=at)


def _take_back(approval: Approval, actor: Actor, at: datetime) -> None:
    with atomic():
        trip = get(ArenaTrip, uuid.UUID(approval.payload["trip"]), lock=True)
        if trip.ended_at is not None:
            raise RuleBroken(_("这些轮次已经取回，不用收回。"), code="trip_over")
        end_trip(trip, "taken_back", at)
        audit.record("judging.take_back", actor=actor, subject=("contest", trip.contest_id), at=at, chain=trip.contest_id,
                     reason=approval.reason, details={"trip": str(trip.id), "machine": trip.machine})


def _describe(payload: dict[str, Any]) -> str:
    return str(_("从赛场主机“%(name)s”收回轮次：那里的评分不再计入", name=payload["machine"]))


approvals.register(approvals.Kind(
    TAKE_BACK, lazy_gettext("从赛场主机收回轮次"), "judging.approve_unlock", _describe, _take_back, show=round_behind))
