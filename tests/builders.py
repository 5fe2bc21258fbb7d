"""Things that tests need ready made, one function each, built by the services themselves."""

import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import update

from competition.accounts import service as accounts
from competition.accounts.identity import Document, parse_document, parse_phone
from competition.arena import service as arena
from competition.arena.models import Draw
from competition.arena.queries import decoded
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests import service as contests
from competition.contests.models import Contest, Round, RulebookPreview
from competition.contests.queries import current_rulebook, rounds_of
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.jobs import Job, run_job
from competition.judging import queries as judging_queries
from competition.judging import service as judging
from competition.judging.models import Seat
from competition.judging.rules_figures import figure_keys
from competition.organisations.models import Union
from competition.organisations.queries import list_unions
from competition.registration import service as registration
from competition.registration.models import Delegation, Entrant, Entry, Team
from competition.registration.queries import events_of, get_entry
from competition.registration.rules_data import EntryData
from competition.registration.service_numbers import number_entries
from competition.results import service as results
from competition.results.models import Publication, PublishedRow
from competition.results.queries import current_publications, current_with_rows
from competition.scoring.inputs import canonical_value
from competition.scoring.model import Criterion
from tests.cast import Cast, id_card, phone
from tests.judges import Marking, judge_round, make_panel
from tests.standing import built_once, plain

_codes = itertools.count(1)
_people = itertools.count(1)
LAMIAN_EVENTS = ("theory", "basic", "broth", "bowl", "creative")


def preview_rules(contest_id: uuid.UUID, document: dict[str, Any], *, reason: str, actor: Actor, at: datetime) -> RulebookPreview:
    """What a change of a frozen rulebook would do, as its job keeps it."""
    return preview_of(contests.preview_rulebook_change(contest_id, document, reason=reason, actor=actor, at=at).id)


def run_apart(job_id: uuid.UUID) -> None:
    """Do a job as its own process does it: what the test holds of the database stays its own."""
    with current_app.app_context():
        run_job(job_id)
    db.session.rollback()
    db.session.expire_all()


def preview_of(job_id: uuid.UUID) -> RulebookPreview:
    """What a job has kept, once it is done."""
    run_apart(job_id)
    job = get(Job, job_id)
    assert job.state == "done", job.error
    return get(RulebookPreview, uuid.UUID(job.payload["preview"]))


def ask_rules(contest_id: uuid.UUID, document: dict[str, Any], *, reason: str, actor: Actor, at: datetime) -> Approval:
    """A change of a frozen rulebook, looked at and asked for."""
    return contests.ask_rulebook_change(preview_rules(contest_id, document, reason=reason, actor=actor, at=at).id, actor=actor, at=at)


def once(build: Callable[..., Contest]) -> Callable[..., Contest]:
    """A contest that is built once for the same words, and put back from a copy where the test has written nothing else yet."""
    @wraps(build)
    def built(cast: Cast, *args: Any, **more: Any) -> Contest:
        def make() -> tuple[uuid.UUID, dict[str, uuid.UUID]]:
            return build(cast, *args, **more).id, cast.known()

        try:
            name = plain((build.__qualname__, cast.at, now().date(), args, more))
        except TypeError:
            return build(cast, *args, **more)
        contest_id, accounts = built_once(name, make)
        cast.know(accounts)
        return get(Contest, contest_id)

    return built


@once
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
    for verb in {"draft": (), "announced": (announce,), "running": (announce, contests.start),
                 "finished": (announce, contests.start, contests.finish)}[phase]:
        verb(contest.id, actor=SYSTEM, at=cast.at)
    return contest


def announce(contest_id: uuid.UUID, **by: Any) -> None:
    """Announced without a notice, and without anything else that is advisable only."""
    contests.announce(contest_id, despite=["contests.bodies", "contests.edit", "contests.rulebook", "contests.notices"], **by)


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

# On which paper somebody who is entered by others has agreed.
SIGNED = "同意书，存测试工会"


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
        with db.engine.execution_options(unguarded=True).begin() as connection:
            connection.execute(update(Contest).where(Contest.id == contest.id).values(phase=phase))
        db.session.refresh(contest)


def make_field(
    cast: Cast, contest: Contest, *, persons: int = 6, delegations: int = 3, per_team: int = 2, numbered: bool = False,
) -> list[Entry]:
    """Approved entries, ``persons`` of them, spread over delegations and teams, entered for every event.

    The state after registration and review, written as rows: tests of those steps have their own. For
    an event of teams each team is the entrant. Names are 选手001 …, delegations 第1代表团 ….
    """
    with atomic() as session:
        groups = [_delegation(contest, n) for n in range(delegations)]
        session.add_all(groups)
        session.flush()
        entries = [_approved(cast, contest, n, groups[n % delegations]) for n in range(persons)]
        for group in groups:
            own = [e for e in entries if e.delegation_id == group.id]
            for number, start in enumerate(range(0, len(own), per_team), start=1):
                team = Team(id=uuid.uuid4(), contest_id=contest.id, delegation_id=group.id, union_id=group.union_id,
                            name=f"{group.name}{number}队", leader_name=f"领队{number}", created_at=cast.at)
                session.add(team)
                session.flush()
                for entry in own[start:start + per_team]:
                    entry.team_id = team.id
                session.add_all(Entrant(contest_id=contest.id, event_id=event.id, team_id=team.id)
                                for event in contest.events if event.entrant_kind == "team")
        session.add_all(entries)
        session.flush()
        session.add_all(Entrant(contest_id=contest.id, event_id=event.id, entry_id=entry.id)
                        for entry in entries for event in contest.events if event.entrant_kind == "person")
        if numbered:
            number_entries(contest.id, actor=SYSTEM, at=cast.at)
        audit.record("test.field", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)
    return entries


def _delegation(contest: Contest, number: int) -> Delegation:
    unions = list_unions()
    return Delegation(id=uuid.uuid4(), contest_id=contest.id, union_id=unions[number % len(unions)].id,
                      name=f"第{number + 1}代表团", position=number)


def _approved(cast: Cast, contest: Contest, number: int, group: Delegation) -> Entry:
    card = id_card()
    person = accounts.get_or_create_person(
        name=f"选手{number + 1:03d}", document=Document("id_card", "CHN", card), phone=None, actor=SYSTEM, at=cast.at)
    return Entry(
        id=uuid.uuid4(), contest_id=contest.id, person_id=person.id, delegation_id=group.id, state="approved", name=person.name,
        employer=f"测试面馆{number % 5 + 1}", union_id=group.union_id, region_code="630224", trade="拉面制作",
        submitted_at=cast.at + timedelta(minutes=number), decided_at=cast.at, created_at=cast.at,
    )


def draw_contest(cast: Cast, contest: Contest) -> list[Draw]:
    """Lots drawn for every round of the contest, after ``make_field``."""
    actor = cast.actor("coding_judge", "contest", contest.id)
    return [arena.draw_round(round_.id, actor=actor, at=cast.at) for round_ in rounds_of(contest.id)]


def check_in_all(cast: Cast, contest: Contest) -> int:
    """Everybody who was drawn is checked in, for every event; returns how many check-ins that made."""
    actor = cast.actor("check_in_judge", "contest", contest.id)
    with atomic():
        entrants = [entrant.id for event in contest.events for entrant in decoded(event.id).values()]
        for entrant_id in entrants:
            arena.check_in(entrant_id, "CHECKED_IN", actor=actor, at=cast.at)
    return len(entrants)


@once
def judged_contest(
    cast: Cast, n: int = 12, *, events: Sequence[str] = ("theory", "basic", "broth"), seats: int = 3, lock: bool = True,
    marking: Marking | None = None, twist: Callable[[dict[str, Any]], dict[str, Any]] | None = None, **more: Any,
) -> Contest:
    """A running contest of ``n`` persons: drawn, checked in, every sheet handed in, times and theory marks written,
    every round locked (or all but that). Codes are closed still: ``open_codes``.

    A work's marks depend on its position in the draw alone: the first is the best, no two are equal (unless
    ``marking`` says otherwise). ``twist`` may change the rulebook's document.
    """
    contest = make_contest(cast, phase="running", open=False, events=events, **more)
    db.session.refresh(contest, ["events"])
    if twist is not None:
        document = twist(deepcopy(current_rulebook(contest.id).document))
        contests.set_rulebook(contest.id, document, reason="测试需要", actor=SYSTEM, at=cast.at)
    make_field(cast, contest, persons=n)
    draw_contest(cast, contest)
    check_in_all(cast, contest)
    for round_ in rounds_of(contest.id):
        if round_.event.kind != "theory":
            make_panel(round_, seats, at=cast.at)
        judging.open_round(round_.id, actor=SYSTEM, at=cast.at)
        with atomic():
            judge_round(round_, at=cast.at, marking=marking or falling_marks)
        figures = {(work.id, key): value for work in list_works(round_.id) for key, value in late_figures(round_, work).items()}
        judging.record_many(round_.id, figures, source="keyed", actor=SYSTEM, at=cast.at)
        if lock:
            judging.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=cast.at)
    return contest


def late_figures(round_: Round, work: Work) -> dict[str, str]:
    """The figures that a work needs: a theory mark, or a time in which nobody is late; the first work has the best."""
    _version, event = judging_queries.rules_of_round(round_, None)
    values = {"marks": str(90 - work.position % 60), "time": f"10:{work.position % 60:02d}"}
    return {key.key: values[key.kind] for key in figure_keys(event) if key.is_needed}


def falling_marks(seat: Seat, work: Work, criterion: Criterion) -> str:
    """One step less for each later work, from one criterion after the other; the second judge gives one step less."""
    _version, event = judging_queries.rules_of_round(work.round, None)
    place, count = [c.key for c in event.sheet_criteria].index(criterion.key), len(event.sheet_criteria)
    down = (work.position + count - 2 - place) // count + int(place == 0 and seat.number == 2)
    step = criterion.step or 1
    return canonical_value(criterion, str(max(criterion.max - down * step, step)))


def open_codes(cast: Cast, contest: Contest) -> None:
    """The codes of every event opened by two people."""
    asking, second = cast.actor("coding_judge", "contest", contest.id), cast.actor("supervisor", "contest", contest.id)
    for event in contest.events:
        asked = arena.ask_open_codes(event.id, "评分已全部锁定，申请解密。", actor=asking, at=cast.at)
        approvals.decide(asked.id, approve=True, actor=second, at=cast.at)


def publish_all(cast: Cast, contest: Contest) -> dict[str, Publication]:
    """Everything of a contest with opened codes published by two people; the publications by scope."""
    asking, second = cast.actor("organizer", "contest", contest.id), cast.actor("supervisor", "contest", contest.id)
    asked = results.ask_publish(contest.id, results.scopes(contest.id), "成绩核对无误，申请发布。", actor=asking, at=cast.at)
    approvals.decide(asked.id, approve=True, actor=second, at=cast.at)
    return current_publications(contest.id)


@once
def published_contest(cast: Cast, n: int = 12, **more: Any) -> Contest:
    """A judged contest with opened codes and published results."""
    contest = judged_contest(cast, n, **more)
    open_codes(cast, contest)
    publish_all(cast, contest)
    return contest


def lines_of(entry: Entry) -> list[PublishedRow]:
    """The lines of an entry in the versions that hold."""
    return [row for publication in current_with_rows(entry.contest_id) for row in publication.rows if row.entry_id == entry.id]
