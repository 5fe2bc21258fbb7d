"""The facts behind contests' homes and desks: of many contests at once, by a constant number of statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from competition.arena.models import CodeOpening, Draw
from competition.arena.queries_day import kinds_held
from competition.arena.queries_draw import entered
from competition.certificates.models import Batch
from competition.certificates.queries_winners import winners_of
from competition.certificates.service import has_address
from competition.contests import rules as contest_rules
from competition.contests.models import Contest, OrgBody, Round
from competition.contests.queries import rules_of
from competition.contests.rules_fit import fit
from competition.core.database import db
from competition.core.formats import in_zone
from competition.counting.queries import facts_of_contests, last_finished
from competition.home.queries_staff import requests_of, staff_of
from competition.home.rules_facts import CourseFacts, EventFacts, Queue, Request, ScopeFacts, Staff, SumFacts, WinnersFacts
from competition.judging import queries as judging
from competition.judging import queries_lacking as lacking
from competition.notices.models import Notice
from competition.registration import queries_work as registration
from competition.registration.models import Entry
from competition.results import queries as results
from competition.results import queries_course as sums
from competition.results.rules import scopes_of
from competition.scoring.model import Rulebook

Ids = Collection[uuid.UUID]
KINDS = (("theory", "marks"), ("time_s", "time"))


def course_facts(contests: Sequence[Contest], at: datetime) -> dict[uuid.UUID, CourseFacts]:
    """Everything that decides where these contests stand at ``at``; their events are loaded."""
    ids = [contest.id for contest in contests]
    books, rounds = rules_of(ids), _rounds(ids)
    known = _Known(contests, rounds, books, at)
    staff, requests = staff_of(contests, at), requests_of(ids, at)
    return {contest.id: known.facts(contest, staff[contest.id], tuple(requests.get(contest.id, ()))) for contest in contests}


def _rounds(ids: Ids) -> list[Round]:
    query = select(Round).join(Round.event).where(Round.contest_id.in_(ids))
    return list(db.session.scalars(query.order_by(Round.position)))


def _set(query: Any) -> set[uuid.UUID]:
    return set(db.session.scalars(query))


def _counts(query: Any) -> dict[uuid.UUID, dict[str, int]]:
    found: dict[uuid.UUID, dict[str, int]] = {}
    for key, name, count in db.session.execute(query):
        found.setdefault(key, {})[name] = count
    return found


class _Known:
    """What one reading of the database gave about all these contests."""

    def __init__(self, contests: Sequence[Contest], rounds: Sequence[Round], books: Mapping[uuid.UUID, Rulebook], at: datetime) -> None:
        ids, round_ids = [contest.id for contest in contests], [round_.id for round_ in rounds]
        self.at, self.books, self.rounds = at, books, rounds
        self.named = _set(select(OrgBody.contest_id).where(OrgBody.contest_id.in_(ids), OrgBody.org_role == "organiser"))
        self.noticed = _set(select(Notice.topic_id).where(Notice.topic_kind == "contest", Notice.topic_id.in_(ids),
                                                          Notice.state == "published"))
        self.entries, self.leaderless = registration.state_counts_of(ids), registration.leaderless_of(ids)
        self.queues: dict[uuid.UUID, list[Queue]] = {}
        by_id = {contest.id: contest for contest in contests}
        for one in registration.waiting_in(Entry.contest_id.in_(ids)):
            queue = Queue(one.union_id, one.union, one.count, one.since, registration.is_last_step(by_id[one.contest_id], one))
            self.queues.setdefault(one.contest_id, []).append(queue)
        self.arena = _Arena.read(ids)
        self.progress = judging.progress_of(round_ids)
        self.missing = {kind: lacking.works_without(key, round_ids) for key, kind in KINDS}
        self.aside = lacking.set_aside(round_ids)
        self.sampled, self.published = sums.sampled(ids), sums.first_published(ids)
        self.batches = _counts(select(Batch.contest_id, Batch.state, func.count()).where(Batch.contest_id.in_(ids))
                               .group_by(Batch.contest_id, Batch.state))
        self.winners = winners_of(ids)
        self.counted = facts_of_contests(ids)
        self.run = last_finished()

    def facts(self, contest: Contest, staff: Staff, requests: tuple[Request, ...]) -> CourseFacts:
        """One contest."""
        book = self.books.get(contest.id)
        lacks = contest_rules.lacking(
            contest, kind=contest.kind, has_organiser=contest.id in self.named, has_events=bool(contest.events),
            has_rulebook=book is not None, has_notice=contest.id in self.noticed,
            unfit=fit(book, {event.key: event.name for event in contest.events}).sentences if book else ())
        return CourseFacts(
            id=contest.id, at=self.at, zone=contest.zone, phase=contest.phase, condition=contest.condition, starts_on=contest.starts_on,
            ends_on=contest.ends_on, registration_opens_at=contest.registration_opens_at,
            registration_closes_at=contest.registration_closes_at, public_notice_days=contest.public_notice_days, missing=tuple(lacks),
            has_address=has_address(contest),
            entries=self.entries[contest.id], queues=tuple(self.queues.get(contest.id, ())),
            leaderless=self.leaderless.get(contest.id, 0), events=self._events(contest, book), scopes=self._scopes(contest, book),
            batches=self.batches.get(contest.id, {}),
            winners=tuple(WinnersFacts(one.name, one.due, one.issued, one.left) for one in self.winners.get(contest.id, ())),
            counted=self.counted.get(contest.id, 0),
            counted_at=self.run.finished_at if self.run else None, staff=staff, requests=requests)

    def _events(self, contest: Contest, book: Rulebook | None) -> tuple[EventFacts, ...]:
        order = {event.id: event for event in contest.events}
        mine = [round_ for event_id in order for round_ in self.rounds if round_.event_id == event_id]
        return tuple(self._event(contest, round_, book) for round_ in mine)

    def _event(self, contest: Contest, round_: Round, book: Rulebook | None) -> EventFacts:
        event = next(event for event in contest.events if event.id == round_.event_id)
        rule = next((rule for rule in book.events if rule.key == event.key), None) if book else None
        needed = {"marks": rule is not None and rule.imported is not None, "time": rule is not None and rule.time is not None}
        progress, entered = self.progress[round_.id], self.arena.entered.get(event.id, 0)
        held = sum(self.arena.held.get(event.id, {}).values())
        is_judged, (day, starts_at) = rule is not None and rule.judged, _when(contest, event.starts_at)
        return EventFacts(
            id=event.id, round=round_.id, name=event.name, day=day, starts_at=starts_at, is_judged=is_judged, entered=entered,
            is_drawn=round_.id in self.arena.drawn, left_out=self.arena.uncoded.get(event.id, 0),
            not_checked_in=max(0, entered - held), seats=progress.seats, state=progress.info.state, handed_in=progress.handed_in,
            needed=progress.needed if is_judged else 0,
            missing={kind: self.missing[kind].get(round_.id, 0) for kind, is_needed in needed.items() if is_needed},
            set_aside=self.aside.get(round_.id, 0), sums=self._sums(event.id, progress.info.locked_at),
            is_opened=event.id in self.arena.opened)

    def _sums(self, event_id: uuid.UUID, locked_at: datetime | None) -> SumFacts:
        found = self.sampled.get(event_id)
        if found is None or not sums.still_fits(found, locked_at):
            return SumFacts()
        return SumFacts(found.total, found.checked, found.errors, found.must_check_all, found.is_signed)

    def _scopes(self, contest: Contest, book: Rulebook | None) -> tuple[ScopeFacts, ...]:
        """The rankings that can be published: made of events that the contest has."""
        ids = {event.key: event.id for event in contest.events}
        scopes = scopes_of(book).values() if book else ()
        return tuple(
            ScopeFacts(scope.name, frozenset(ids[key] for key in scope.events), self.published.get((contest.id, scope.scope)))
            for scope in scopes if all(key in ids for key in scope.events))


def _when(contest: Contest, starts_at: datetime | None) -> tuple[date, datetime | None]:
    """The event's day on the contest's clock, and its hour. A day outside of the contest is one from before a postponement."""
    day = in_zone(starts_at, contest.zone).date() if starts_at else None
    return (day, starts_at) if day is not None and contest.starts_on <= day <= contest.ends_on else (contest.starts_on, None)


@dataclass(frozen=True)
class _Arena:
    """By event: who takes part, what holds about them, who has no code, whether the codes are opened; the drawn rounds."""

    entered: Mapping[uuid.UUID, int]
    held: Mapping[uuid.UUID, Mapping[str, int]]
    uncoded: Mapping[uuid.UUID, int]
    drawn: set[uuid.UUID]
    opened: set[uuid.UUID]

    @classmethod
    def read(cls, ids: Ids) -> "_Arena":
        """Five statements."""
        drawn = _set(select(Draw.round_id).where(Draw.contest_id.in_(ids), Draw.void_at.is_(None)))
        opened = _set(select(CodeOpening.event_id).where(CodeOpening.contest_id.in_(ids)))
        return cls(entered(ids), kinds_held(ids), results.uncoded(ids), drawn, opened)
