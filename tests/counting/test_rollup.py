"""Any order of changes and roll-ups ends at the count of everything; what was broken off is taken up again."""

import uuid
from datetime import date
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.counting import queries, service
from competition.counting import queries_counting as reads
from competition.counting import service_rollup as rollup
from competition.counting.models import OWN, REPORTED, Cell, Counted, Fact, Mark, Participant, RollUpRun
from competition.counting.service_facts import Told, activity_of, add, become, mark_of
from competition.notices.models import Message
from tests.builders import make_contest, run_apart
from tests.cast import AT, Cast

REGIONS = ("630224", "630225", "630102", "440106")


def told(cast: Cast, number: int, day: date, chance: Random) -> Told:
    """Person ``number``, who stands somewhere."""
    union = chance.choice([cast.county, cast.prefecture, cast.province])
    return Told(f"key-{number}", day, union.id, chance.choice(REGIONS), sex=chance.choice("FM"), industry=chance.choice(("energy", "it")),
                birth_year=chance.choice((1970, 1990, None)), worker_group=chance.choice(("none", "lamian")))


def activities(cast: Cast, count: int) -> list[int]:
    """Contests that count, some of one kind and some of another."""
    ids = [make_contest(cast, phase="finished").id for _ in range(count)]
    with atomic():
        db.session.execute(update(Contest).where(Contest.id == ids[0]).values(kind="labour", is_flagship=True))
        audit.record("test", actor=SYSTEM, subject=("contest", "some"), at=AT)
        return [activity_of(get(Contest, one)).id for one in ids]


class Changes:
    """Whatever can happen to facts, drawn by chance."""

    def __init__(self, cast: Cast, chance: Random, contests: list[int]) -> None:
        self.cast, self.chance, self.contests = cast, chance, contests

    def step(self) -> None:
        """One change, or a part of a roll-up, or a whole one."""
        self.chance.choice((self.add, self.add, self.withdraw, self.move, self.part, rollup.settle))()

    def add(self) -> None:
        """Some people whom this origin has not named yet, each on a day of two calendar and three statistical years."""
        contest, origin = self.chance.choice(self.contests), self.chance.choice((OWN, REPORTED))
        known = set(db.session.scalars(select(Fact.participant_id).where(Fact.activity_id == contest, Fact.origin == origin)))
        numbers = {n for n in self.chance.sample(range(12), 4) if number_of(n) not in known}
        day = date(2025 + self.chance.randrange(2), self.chance.randint(1, 12), 1)
        with atomic():
            add(contest, origin, [told(self.cast, n, day, self.chance) for n in sorted(numbers)], AT)
            audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)

    def withdraw(self) -> None:
        """Some facts no longer hold, some hold again."""
        with atomic() as session:
            facts = list(session.scalars(select(Fact).order_by(Fact.id)))
            chosen = self.chance.sample(facts, min(3, len(facts)))
            for fact in chosen:
                fact.withdrawn_at = None if fact.withdrawn_at else AT
            mark_of(chosen)
            audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)

    def move(self) -> None:
        """Two numbers turn out to be one person's."""
        with atomic():
            become(f"key-{self.chance.randrange(12)}", f"key-{self.chance.randrange(12)}", AT)
            audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)

    def part(self) -> None:
        """A roll-up that does not get far: some of the people, and the marks stay."""
        people = list(db.session.scalars(select(Fact.participant_id).distinct()))
        if people:
            rollup.settle_people(sorted(self.chance.sample(people, (len(people) + 1) // 2)))


def number_of(number: int) -> int | None:
    """The number of a participant, if there is one."""
    return db.session.scalar(select(Participant.id).where(Participant.key == f"key-{number}"))


def test_any_order_of_changes_and_roll_ups_ends_at_the_full_count(any_cast: Cast) -> None:
    contests = activities(any_cast, 3)
    for seed in range(3):
        changes = Changes(any_cast, Random(seed), contests)
        for _each in range(15):
            changes.step()
        rollup.settle()
        assert reads.strays() == {}
        assert rollup.prove(AT) == {}
        assert rollup.settle() == 0
    assert not db.session.scalars(select(Mark)).all()
    # The proof is no proof of itself: persons counted by the database, for the whole and by union.
    of_2025 = Counted.month.between(2025 * 12, 2025 * 12 + 11)
    persons = db.session.scalar(select(func.count(Counted.participant_id.distinct())).where(of_2025))
    assert queries.cell(queries.WHOLE, "2025").persons == persons  # type: ignore[union-attr]
    assert db.session.get(Cell, (f"u:{any_cast.province.id.hex}", "2025", "", "")).persons == persons  # type: ignore[union-attr]


@pytest.fixture
def one(cast: Cast) -> int:
    """A contest with three people whom the cells know."""
    contest = activities(cast, 1)[0]
    with atomic():
        add(contest, REPORTED, [told(cast, n, AT.date(), Random(n)) for n in range(3)], AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)
    service.roll_up(at=AT)
    return contest


def test_a_person_named_twice_for_one_contest_counts_once(cast: Cast, one: int) -> None:
    with atomic():
        add(one, OWN, [told(cast, 0, AT.date(), Random(9))], AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)
    service.roll_up(at=AT)
    cell = queries.cell(queries.WHOLE, str(AT.year))
    assert cell is not None
    assert (cell.persons, cell.person_times, cell.new_persons) == (3, 3, 3)


def test_a_wrong_cell_is_found_mended_and_said(app: Flask, cast: Cast, one: int) -> None:
    with atomic() as session:
        session.execute(update(Cell).where(Cell.scope_code == "all", Cell.period == str(AT.year), Cell.dimension == "").values(persons=7))
    run = service.roll_up(at=AT)
    assert (run.state, (run.counts or {})["differences"]) == ("differs", 1)
    assert (run.counts or {})["differing"] == [["all", str(AT.year), "", "", [7, 3, 3, 0], [3, 3, 3, 0]]]
    assert service.roll_up(at=AT).state == "done"


def test_a_change_that_nobody_marked_is_found(app: Flask, cast: Cast, one: int) -> None:
    with atomic() as session:
        session.execute(update(Fact).where(Fact.activity_id == one).values(withdrawn_at=AT))
        audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)
    run = service.roll_up(at=AT)
    assert (run.state, (run.counts or {})["strays"], queries.cell(queries.WHOLE, str(AT.year))) == ("differs", 3, None)


def test_a_run_that_never_ended_is_said_and_told_once(app: Flask, cast: Cast) -> None:
    account = cast.account("administrator")
    with atomic() as session:
        session.add(RollUpRun(id=uuid.uuid4(), started_at=AT - service.LONGEST * 2))
    assert service.watch(at=AT) == 1
    assert service.watch(at=AT) == 0
    told_of = db.session.scalars(select(Message).where(Message.kind == "participation.late")).all()
    assert [message.account_id for message in told_of] == [account.id]
    assert db.session.scalars(select(RollUpRun)).one().state == "late"


def test_a_night_without_a_roll_up_is_told(app: Flask, cast: Cast, one: int) -> None:
    assert service.watch(at=AT + service.AT_THE_LATEST - service.WATCHED) == 0
    assert service.watch(at=AT + service.AT_THE_LATEST) == 1
    assert service.watch(at=AT + service.AT_THE_LATEST + service.WATCHED) == 0


def test_the_run_says_when_it_ended(app: Flask, cast: Cast) -> None:
    run = service.roll_up(at=AT, clock=now)
    assert run.finished_at is not None
    assert run.finished_at > run.started_at


def test_merging_with_somebody_whose_presence_was_taken_back_keeps_the_other_ones(cast: Cast, one: int) -> None:
    with atomic() as session:
        session.execute(update(Fact).where(Fact.participant_id == number_of(1)).values(withdrawn_at=AT))
        mark_of(session.scalars(select(Fact).where(Fact.participant_id == number_of(1))))
        become("key-0", "key-1", AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)
    assert service.roll_up(at=AT).state == "done"
    assert queries.cell(queries.WHOLE, str(AT.year)).persons == 2  # type: ignore[union-attr]


def test_counting_anew_finds_what_counts_wrongly(cast: Cast, one: int) -> None:
    """As if somebody had come between facts and what counts of them, and no proof could tell."""
    with atomic() as session:
        session.execute(delete(Counted).where(Counted.participant_id == number_of(0)))
    rollup.prove(AT)
    service.ask_anew(actor=SYSTEM, at=AT)
    run_apart(jobs.latest(service.ROLL_UP)[0].id)
    run = queries.runs(1)[0]
    assert (run.kind, run.state, (run.counts or {})["people"]) == ("anew", "done", 1)
    assert queries.cell(queries.WHOLE, str(AT.year)).persons == 3  # type: ignore[union-attr]


def test_another_begin_of_the_same_work_says_that_the_run_before_was_broken_off(cast: Cast) -> None:
    job = uuid.uuid4()
    with atomic() as session:
        session.add(RollUpRun(started_at=AT, job_id=job))
    service.roll_up(at=now(), job_id=job)
    assert [run.state for run in queries.runs()] == ["done", "broken"]
