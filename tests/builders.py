"""Things that tests need ready made, one function each, built by the services themselves."""

import itertools
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from competition.accounts.identity import parse_document, parse_phone
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.organisations.models import Union
from competition.registration import service as registration
from competition.registration.models import Entry
from competition.registration.queries import events_of, get_entry
from competition.registration.rules_data import EntryData
from tests.cast import Cast, id_card, phone

_codes = itertools.count(1)
_people = itertools.count(1)
LAMIAN_EVENTS = ("theory", "basic", "broth", "bowl", "creative")


def make_contest(
    cast: Cast, *, phase: str = "announced", open: bool = True, events: Sequence[str] = LAMIAN_EVENTS,
    name: str = "测试拉面职工职业技能竞赛", host: Union | None = None, quota: int | None = None,
    quota_per_event: int | None = None, review_levels: Sequence[str] = ("county", "prefecture"), **more: Any,
) -> Contest:
    """A lamian contest in one of the phases; ``events`` are keys of its rulebook.

    Registration is ``open`` (or over) both at ``cast.at`` and at the present instant; the contest
    is five days after its end. Every event has one stage and one round of 2 batches at 4 stations.
    """
    early, late = min(cast.at, now()), max(cast.at, now())
    opens, closes = early - timedelta(days=30), (late + timedelta(days=30) if open else early - timedelta(days=1))
    first = closes.astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=5)
    values: dict[str, Any] = {
        "region_code": "630224", "trade": "拉面制作", "venue": "化隆县体育馆（测试）", "level": "province", "contest_class": 1,
        "registration_opens_at": opens, "registration_closes_at": closes, **more,
    }
    contest = contests.create_contest(
        code=f"LM{next(_codes):04d}", name_zh=name, host_union_id=(host or cast.province).id, starts_on=first,
        ends_on=first + timedelta(days=2), quota=quota, review_levels=list(review_levels), actor=SYSTEM, at=cast.at,
        bodies=[("organiser", "测试省总工会"), ("host", "测试县人民政府")], **values,
    )
    document = contests.ready_rulebooks()["lamian"]
    rules = {event["key"]: event for event in document["events"]}
    for key in events:
        contests.add_event(
            contest.id, key=key, kind=rules[key]["kind"], name_zh=rules[key]["name"]["zh"], quota=quota_per_event,
            is_compulsory=key == "theory", time_limit_s=rules[key].get("time", {}).get("limit_s"), batch_size=4, stations=4,
            actor=SYSTEM, at=cast.at,
        )
    contests.set_rulebook(contest.id, only_events(document, events), reason="", actor=SYSTEM, at=cast.at)
    for verb in {"draft": (), "announced": (contests.announce,), "running": (contests.announce, contests.start),
                 "finished": (contests.announce, contests.start, contests.finish)}[phase]:
        verb(contest.id, actor=SYSTEM, at=cast.at)
    return contest


def only_events(document: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The rulebook with these events alone; totals keep the parts that are left, weights scaled to 100."""
    kept, totals = set(keys), []
    for total in document.get("totals", []):
        parts = [part for part in total["parts"] if part["of"] in kept]
        if parts:
            weights = [int(part["weight"]) for part in parts]
            share, rest = 100 // len(parts), 100 % len(parts)
            if sum(weights) != 100:
                parts = [{**p, "weight": str(share + (rest if i == 0 else 0))} for i, p in enumerate(parts)]
            totals.append({**total, "parts": parts})
            kept.add(total["key"])
    return {**document, "events": [e for e in document["events"] if e["key"] in keys], "totals": _honest_ties(totals, kept)}


def _honest_ties(totals: list[dict[str, Any]], kept: set[str]) -> list[dict[str, Any]]:
    """Tie-breaks by what is not there any more are left out."""
    for total in totals:
        ties = [t for t in total["ranking"]["ties"] if t["figure"].split(".")[0] in kept | {"time", "judges"}]
        total["ranking"] = {**total["ranking"], "ties": ties}
    return totals

def entry_data(contest: Contest, *, serial: int | None = None, events: Iterable[uuid.UUID] | None = None, **more: Any) -> EntryData:
    """A good entry of an invented person: every event for persons, unless others are named."""
    number = next(_people) if serial is None else serial
    values: dict[str, Any] = {
        "name": f"试选手{number}", "document": parse_document("id_card", id_card(number)), "phone": parse_phone(phone(number)),
        "region_code": "630224", "employer": "测试拉面馆", "trade": "拉面制作", "skill_level": 3, "worker_group": "lamian",
        "events": frozenset(e.id for e in events_of(contest.id) if e.entrant_kind == "person") if events is None else frozenset(events),
    }
    return EntryData(**(values | more))


def approved_entries(cast: Cast, contest: Contest, n: int, *, union: Union | None = None, **more: Any) -> list[Entry]:
    """``n`` entries of invented people, handed in and approved by every union of the route.

    All of one union (the cast's county); the contest may already run.
    """
    phase = contest.phase
    _set_phase(contest, "announced")
    entries = [
        registration.register_for(contest.id, entry_data(contest, union_id=(union or cast.county).id, **more), actor=SYSTEM, at=cast.at)
        for _ in range(n)
    ]
    clerk = cast.actor("clerk")
    for entry in entries:
        while entry.state in ("submitted", "reviewing"):
            entry = registration.review_entry(entry.id, "approve", actor=clerk, at=cast.at)
    _set_phase(contest, phase)
    return [get_entry(entry.id) for entry in entries]


def _set_phase(contest: Contest, phase: str) -> None:
    if contest.phase != phase:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(update(Contest).where(Contest.id == contest.id).values(phase=phase))
        db.session.refresh(contest)
