"""What both held contests share: people entered, lots drawn, check-in at the door, marks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert

from competition.arena.models import Outcome
from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Event, Round
from competition.contests.queries import current_rulebook, load_rules
from competition.core import audit
from competition.core.actors import Actor
from competition.core.audit import Entry as AuditEntry
from competition.core.database import atomic
from competition.demo.entries import Entered, add_delegations, add_entries, add_teams
from competition.demo.marks import mark_round, open_tablets, seat_round
from competition.demo.people import new_id
from competition.demo.setting import Setting, states
from competition.judging import service as judging
from competition.judging.queries_spread import open_spreads
from competition.judging.rules_spread import ACCEPT

TEAMS = 86
JUDGES = 5


def enter(setting: Setting, contest: Contest, count: int, *, key: str, ago: float) -> list[Entered]:
    """``count`` approved contestants in 86 teams of 31 delegations; the first has the account ``key``."""
    actor, at = setting.actor("organizer"), setting.ago(ago)
    senders = add_delegations(contest, setting.random, actor, at)
    teams = add_teams(contest, senders, min(TEAMS, count), setting.random, actor, at)
    people, ids = setting.people(count, at)
    account = setting.contestant_account(key, people[0], ids[people[0].serial], at)
    return add_entries(contest, people, ids, states([("approved", count)]), senders=senders, teams=teams,
                       random=setting.random, actor=actor, at=at, accounts={people[0].serial: account.id}, numbered=True)


def seed_of(random: Random) -> str:
    """64 hexadecimal digits for the draw."""
    return f"{random.getrandbits(256):064x}"


def check_in(contest: Contest, event: Event, loaded: list[Entered], key: str, random: Random, actor: Actor, at: datetime) -> None:
    """Everybody comes: a row and an audit row each, as at the door."""
    rows = [{"id": new_id(random), "contest_id": contest.id, "event_id": event.id, "entrant_id": one.entrants[key],
             "kind": "CHECKED_IN", "reason": "", "by_id": actor.id, "by_name": actor.name, "at": at + timedelta(seconds=20 * n)}
            for n, one in enumerate(loaded)]
    with atomic() as session:
        session.execute(insert(Outcome), rows)
        audit.record_many(
            [AuditEntry("arena.checked_in", actor, "entrant", str(one.entrants[key]), at + timedelta(seconds=20 * n),
                        {"event": str(event.id)}, {}, None) for n, one in enumerate(loaded)],
            chain=contest.id)


def judge(setting: Setting, contest: Contest, round_: Round, key: str, at: datetime, share: float = 1.0) -> None:
    """Theory marks or judges' marks and times for a share of the works."""
    version = current_rulebook(contest.id)
    event = next(e for e in load_rules(version).events if e.key == key)
    random = setting.random
    seats = seat_round(round_, JUDGES, setting.actor("chief_judge"), at) if event.judged else []
    devices = open_tablets(seats, setting.actor("chief_judge"), at) if seats else []
    judging.open_round(round_.id, actor=setting.actor("chief_judge"), at=at)
    works = list_works(round_.id)
    done = works[:round(len(works) * share)]
    if not event.judged:
        figures = {(work.id, "theory"): f"{random.randint(62, 99)}" for work in done}
        judging.record_many(round_.id, figures, source="imported", actor=setting.actor("scorekeeper"), at=at)
        return
    take_times(setting, round_, done, at)
    mark_round(round_, event, version.digest, devices, random=random, at=at, share=share)
    judging.look_for_spreads(round_.id, at=at)


def take_times(setting: Setting, round_: Round, works: Sequence[Work], at: datetime) -> None:
    """The timekeeper writes down how long each work took; a few are over time."""
    limit = round_.event.time_limit_s or 1800
    figures = {(work.id, "time_s"): clock(int(limit * setting.random.uniform(0.72, 1.03))) for work in works}
    judging.record_many(round_.id, figures, source="timed", actor=setting.actor("timekeeper"), at=at)


def accept_spreads(setting: Setting, round_: Round, at: datetime) -> None:
    """The chief judge has looked at every work whose judges lie apart, and accepts what they gave."""
    for one in open_spreads(round_.id):
        judging.decide_spread(round_.id, one.work_id, one.part, decision=ACCEPT, reason="裁判长与相关裁判核对作品后认可（演示）。",
                              actor=setting.actor("chief_judge"), at=at)


def clock(seconds: int) -> str:
    """As a timekeeper writes it."""
    return f"{seconds // 60}:{seconds % 60:02d}"
