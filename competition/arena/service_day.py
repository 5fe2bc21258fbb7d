"""The day: who came, who did not, and what was ruled. Every fact is added, none is changed."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from competition.arena import gates, rules
from competition.arena.entrants import key_of, members_of, team_of
from competition.arena.models import Code, Outcome
from competition.arena.queries import facts_by_entrant, facts_of, placed, whole_entrant
from competition.arena.service_draw import check_contest
from competition.arena.works import Work
from competition.contests.models import Contest, Event, Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.notices.service import tell
from competition.registration.models import Entrant, Entry


def check_in(entrant_id: uuid.UUID, kind: str, *, actor: Actor, at: datetime) -> Outcome:
    """Record at the door that an entrant came (CHECKED_IN), did not (ABSENT), or take that back (CLEARED)."""
    with atomic():
        entrant, facts = _lock(entrant_id)
        if rules.is_ruling(rules.state_of(facts), kind):
            raise Forbidden(_("对这名参赛者已有裁定，或需要作出裁定：请由裁判长、监督仲裁或组委会办公室办理。"))
        check_contest(get(Contest, entrant.contest_id))
        _check_unlocked(entrant.event_id)
        return _add(entrant, facts, kind, "", actor, at)


def record_outcome(entrant_id: uuid.UUID, kind: str, reason: str, *, actor: Actor, at: datetime) -> Outcome:
    """Record any fact: a ruling (弃权, 取消资格, 取消成绩) or its lifting with a reason, or what the door may."""
    with atomic():
        entrant, facts = _lock(entrant_id)
        ruling = rules.is_ruling(rules.state_of(facts), kind)
        if not ruling:
            check_contest(get(Contest, entrant.contest_id))
            _check_unlocked(entrant.event_id)
        outcome = _add(entrant, facts, kind, reason, actor, at)
        if ruling:
            _tell_concerned(entrant, outcome)
    return outcome


def mark_absent(round_id: uuid.UUID, batch: int | None, *, actor: Actor, at: datetime) -> int:
    """Close the door of a batch (None: of the round): everybody about whom nothing holds is absent; returns how many."""
    with atomic() as session:
        round_ = get(Round, round_id, lock=True)
        check_contest(get(Contest, round_.contest_id))
        _check_unlocked(round_.event_id)
        places = placed(round_id, batch=batch)
        _hold([place.entrant.id for place in places])
        facts = facts_by_entrant(round_.contest_id, round_.event_id)
        entries: list[audit.Entry] = []
        for place in places:
            known = facts.get(place.entrant.id, [])
            if rules.current_outcome(known) is None:
                fact = _fact(place.entrant, known, rules.ABSENT, "", actor, at)
                session.add(fact)
                facts[place.entrant.id] = [*known, fact]
                entries.append(audit.Entry("arena.absent", actor, "entrant", str(place.entrant.id), at,
                                           {"event": str(round_.event_id), "batch": place.batch}, {}, None))
        if _note_away(facts):
            _check_unlocked(round_.event_id)
        audit.record_many(entries, chain=round_.contest_id)
    return len(entries)


def _hold(entrant_ids: Collection[uuid.UUID]) -> None:
    """Nobody is checked in at another door meanwhile."""
    db.session.scalars(select(Entrant.id).where(Entrant.id.in_(entrant_ids)).order_by(Entrant.id).with_for_update()).all()


def _note_away(facts: Mapping[uuid.UUID, Sequence[Outcome]]) -> bool:
    """Tell judging at whose stations nobody works, by work and without a name; was there anything new to tell?"""
    query = select(Code.entrant_id, Work).join(Work, Work.id == Code.work_id).where(Code.entrant_id.in_(facts), Code.layer == 1)
    changed = set()
    for entrant_id, work in db.session.execute(query):
        away = rules.away(facts[entrant_id])
        if work.away != away:
            work.away = away
            changed.add(work.round_id)
    db.session.flush()
    gates.touch(changed)
    return bool(changed)


def _lock(entrant_id: uuid.UUID) -> tuple[Entrant, list[Outcome]]:
    """The entrant, held until the commit, and the facts so far: two people at two doors do not pass each other."""
    entrant = get(Entrant, entrant_id, lock=True)
    return entrant, facts_of(entrant_id)


def _check_unlocked(event_id: uuid.UUID) -> None:
    rounds = list(db.session.scalars(select(Round.id).where(Round.event_id == event_id)))
    if gates.locked(rounds):
        raise RuleBroken(_("这一轮的评分已锁定，检录结果不能再改。"), code="round_locked")


def _add(entrant: Entrant, facts: Sequence[Outcome], kind: str, reason: str, actor: Actor, at: datetime) -> Outcome:
    rules.check_step(facts, kind, reason)
    outcome = _fact(entrant, facts, kind, reason.strip(), actor, at)
    db.session.add(outcome)
    db.session.flush()
    if _note_away({entrant.id: [*facts, outcome]}) and not rules.is_ruling(rules.state_of(facts), kind):
        # Held now: the round may have been locked since it was asked.
        _check_unlocked(entrant.event_id)
    audit.record(f"arena.{kind.lower()}", actor=actor, subject=("entrant", entrant.id), at=at, chain=entrant.contest_id,
                 details={"event": str(entrant.event_id), "before": rules.state_of(facts), "outcome": str(outcome.id)},
                 personal={"reason": reason.strip()} if reason.strip() else None)
    return outcome


def _fact(entrant: Entrant, facts: Sequence[Outcome], kind: str, reason: str, actor: Actor, at: datetime) -> Outcome:
    # The order of facts is the order of their instants: a clock that stands still must not mix them.
    last = max((fact.at for fact in facts), default=None)
    moment = at if last is None else max(at, last + timedelta(microseconds=1))
    return Outcome(contest_id=entrant.contest_id, event_id=entrant.event_id, entrant_id=entrant.id, kind=kind, reason=reason,
                   by_id=actor.id, by_name=actor.name, at=moment)


def _tell_concerned(entrant: Entrant, outcome: Outcome) -> None:
    """Whoever is concerned by a ruling learns of it with its reason."""
    query = select(Entrant).where(Entrant.id == entrant.id).options(*whole_entrant(members=True))
    whole = db.session.scalars(query.execution_options(populate_existing=True)).unique().one()
    team, event = team_of(whole), get(Event, whole.event_id)
    readers = [_account_of(entry) for entry in members_of(whole)] + ([team.leader_id] if team else [])
    tell(
        readers, kind="arena.outcome", title=lazy_gettext("%(event)s：%(word)s", event=event.name_zh, word=rules.WORDS[outcome.kind]),
        body=lazy_gettext("%(who)s 在“%(event)s”的记录现为“%(word)s”。理由：%(reason)s", who=key_of(whole), event=event.name_zh,
                          word=rules.WORDS[outcome.kind], reason=outcome.reason),
        link="/my/entries", at=outcome.at,
    )


def _account_of(entry: Entry) -> uuid.UUID | None:
    return entry.account_id
