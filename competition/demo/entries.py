"""Delegations, teams and entries of a demonstration contest, in bulk as registration writes them one by one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from competition.contests.models import Contest, Event
from competition.core import audit
from competition.core.actors import Actor
from competition.core.audit import Entry as AuditEntry
from competition.core.database import atomic, db
from competition.counting.rules import HOME_PROVINCE
from competition.demo.names import Invented
from competition.demo.people import new_id
from competition.organisations.models import Region
from competition.organisations.queries import list_unions, region_names
from competition.registration.models import Delegation, EligibilityReview, Entrant, Entry, Team

SHOPS = ("化隆拉面馆", "循化撒拉人家", "高原牛肉面", "河湟味道", "青海清真餐饮", "三江源酒店")


@dataclass
class Entered:
    """One entry as it was loaded."""

    id: uuid.UUID
    person: Invented
    team_id: uuid.UUID
    delegation: int
    state: str
    entrants: dict[str, uuid.UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Sender:
    """A delegation with the union of its people, the name of their place, its code, and who reviews them."""

    id: uuid.UUID
    union_id: uuid.UUID
    name: str
    region: str
    reviewers: tuple[uuid.UUID, ...] = ()


def add_delegations(contest: Contest, random: Random, actor: Actor, at: datetime) -> list[Sender]:
    """One delegation for each of the 31 provinces."""
    unions = [u for u in list_unions("province") if u.region_code and int(u.region_code[:2]) < 70][:31]
    names = region_names()
    senders = [Sender(new_id(random), u.id, names[u.region_code or ""], u.region_code or "") for u in unions]
    with atomic() as session:
        session.execute(insert(Delegation), [
            {"id": s.id, "contest_id": contest.id, "union_id": s.union_id, "name": f"{s.name}代表团", "position": n}
            for n, s in enumerate(senders)
        ])
        audit.record("demo.delegations", actor=actor, subject=("contest", contest.id), chain=contest.id, at=at,
                     details={"count": len(senders)})
    return senders


def add_local_delegations(contest: Contest, random: Random, actor: Actor, at: datetime) -> list[Sender]:
    """One delegation for each prefecture of the home province; people come from its counties."""
    unions = [u for u in list_unions() if u.region_code and u.branch == "region"]
    prefectures = [u for u in unions if u.level == "prefecture"]
    ids = {u.id: new_id(random) for u in prefectures}
    with atomic() as session:
        session.execute(insert(Delegation), [
            {"id": ids[u.id], "contest_id": contest.id, "union_id": u.id, "name": f"{u.name.removesuffix('总工会')}代表团", "position": n}
            for n, u in enumerate(prefectures)
        ])
        audit.record("demo.delegations", actor=actor, subject=("contest", contest.id), chain=contest.id, at=at,
                     details={"count": len(prefectures)})
    names = {u.id: u.name.removesuffix("总工会") for u in unions}
    return [
        Sender(ids[u.parent_id], u.id, names[u.id], u.region_code or "", (u.id, u.parent_id))
        for u in unions if u.level == "county" and u.parent_id in ids
    ]


def add_teams(
    contest: Contest, senders: Sequence[Sender], count: int, random: Random, actor: Actor, at: datetime,
    leader_id: uuid.UUID | None = None,
) -> list[tuple[uuid.UUID, int]]:
    """``count`` teams spread over the delegations: (team, index of its delegation)."""
    rows: list[dict[str, Any]] = []
    for number in range(count):
        which = number % len(senders)
        sender, order = senders[which], number // len(senders) + 1
        rows.append({
            "id": new_id(random), "contest_id": contest.id, "delegation_id": sender.id, "union_id": sender.union_id,
            "name": f"{sender.name}第{order}代表队", "leader_id": leader_id if number == 0 else None,
            "leader_name": f"领队演{order}", "coach_name": f"教练演{order}", "state": "active", "created_at": at,
        })
    with atomic() as session:
        session.execute(insert(Team), rows)
        audit.record("demo.teams", actor=actor, subject=("contest", contest.id), chain=contest.id, at=at,
                     details={"count": count})
    return [(row["id"], n % len(senders)) for n, row in enumerate(rows)]


def add_entries(
    contest: Contest, people: Sequence[Invented], person_ids: dict[int, uuid.UUID], states: Sequence[str], *,
    senders: Sequence[Sender], teams: Sequence[tuple[uuid.UUID, int]], random: Random, actor: Actor, at: datetime,
    accounts: dict[int, uuid.UUID] | None = None, numbered: bool = False,
) -> list[Entered]:
    """Entries in the given states, each with its audit row in the contest's chain."""
    events = list(db.session.scalars(select(Event).where(Event.contest_id == contest.id).order_by(Event.position)))
    counties = list(db.session.scalars(select(Region.code).where(Region.parent_code == "630200")))
    loaded, entries, entrants, reviews = [], [], [], []
    for number, (person, state) in enumerate(zip(people, states, strict=True)):
        team_id, which = teams[number % len(teams)]
        sender = senders[which]
        one = Entered(new_id(random), person, team_id, which, state)
        home = sender.region == HOME_PROVINCE
        when = at + timedelta(minutes=number)
        entries.append(_entry_row(one, contest, sender, random.choice(counties) if home else sender.region,
                                  person_ids[person.serial], number, when, accounts or {}, numbered, random))
        for event in events:
            one.entrants[event.key] = new_id(random)
            entrants.append({"id": one.entrants[event.key], "event_id": event.id, "contest_id": contest.id, "entry_id": one.id})
        reviews.extend(_review_rows(one, sender, when + timedelta(hours=30), random))
        loaded.append(one)
    _write(contest, entries, entrants, reviews, actor, at)
    return loaded


def _entry_row(
    one: Entered, contest: Contest, sender: Sender, region: str, person_id: uuid.UUID, number: int, when: datetime,
    accounts: dict[int, uuid.UUID], numbered: bool, random: Random,
) -> dict[str, Any]:
    decided = one.state in ("approved", "rejected", "returned", "waiting")
    reviewers = sender.reviewers or (sender.union_id, contest.host_union_id)
    waits_at = {"submitted": reviewers[0], "reviewing": reviewers[-1]}.get(one.state)
    return {
        "id": one.id, "contest_id": contest.id, "person_id": person_id, "account_id": accounts.get(one.person.serial),
        "registered_by": None, "delegation_id": sender.id, "team_id": one.team_id, "team_role": "member",
        "state": one.state, "number": f"{number + 1:04d}" if numbered and one.state == "approved" else None,
        "name": one.person.name, "employer": f"{random.choice(SHOPS)}（演示）", "employer_ownership": "non_public",
        "union_id": sender.union_id, "region_code": region, "trade": contest.trade, "skill_level": random.choice((5, 4, 4, 3, 3, 2)),
        "worker_group": "lamian", "review_union_id": waits_at,
        "waiting_since": when if one.state == "waiting" else None,
        "return_reason": "证件照片不清楚，请重新上传（演示）。" if one.state == "returned" else None,
        "submitted_at": None if one.state == "draft" else when, "decided_at": when + timedelta(hours=30) if decided else None,
        "created_at": when - timedelta(minutes=12), "version": 1,
    }


def _review_rows(one: Entered, sender: Sender, when: datetime, random: Random) -> list[dict[str, Any]]:
    words = {"approved": ("approve", ""), "waiting": ("approve", ""), "rejected": ("reject", "不属于本次竞赛的参赛范围（演示）。"),
             "returned": ("return", "证件照片不清楚，请重新上传（演示）。")}
    if one.state not in words:
        return []
    decision, reason = words[one.state]
    return [{"id": new_id(random), "entry_id": one.id, "union_id": sender.union_id, "decision": decision, "reason": reason,
             "by_id": None, "by_name": "审核员（演示）", "at": when}]


def _write(
    contest: Contest, entries: list[dict[str, Any]], entrants: list[dict[str, Any]], reviews: list[dict[str, Any]],
    actor: Actor, at: datetime,
) -> None:
    with atomic() as session:
        session.execute(insert(Entry), entries)
        session.execute(insert(Entrant), entrants)
        if reviews:
            session.execute(insert(EligibilityReview), reviews)
        audit.record_many(
            [AuditEntry("registration.submit_entry", actor, "entry", str(row["id"]), at, {"state": row["state"]},
                        {"name": row["name"]}, None) for row in entries],
            chain=contest.id,
        )
        audit.record_many(
            [AuditEntry(f"registration.{row['decision']}", actor, "entry", str(row["entry_id"]), row["at"], {}, {},
                        row["reason"] or None) for row in reviews],
            chain=contest.id,
        )


