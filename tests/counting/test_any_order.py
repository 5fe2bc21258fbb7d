"""Imports, corrections, withdrawals, merges of persons and roll-ups, through the services, in any order and as often as one likes:
the cells are what one plain count of everything says."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.counting import service
from competition.counting import service_rollup as rollup
from competition.counting.models import OWN, Cell, Counted, Fact, Ledger, Participant, Place
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import Told, activity_of, add, become, mark_of
from competition.returns import service as returns
from competition.returns.models import Return
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.counting.plainly import by_hand, standing_cells
from tests.drawing import examples

PEOPLE = 7
# Both sides of the ends of a statistical and of a calendar year.
DAYS = (date(2025, 9, 30), date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 1))
_numbers = count(1)
some = st.frozensets(st.integers(0, PEOPLE - 1), max_size=4)
chain = st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(DAYS))  # union, contest, day
steps = st.one_of(
    st.tuples(st.just("import"), chain, some), st.tuples(st.just("import"), chain, some), st.tuples(st.just("approve"), chain),
    st.tuples(st.just("correct"), chain, some), st.tuples(st.just("door"), st.integers(0, 1), some, st.sampled_from(DAYS)),
    st.tuples(st.just("withdraw"), st.integers(0, 1), some),
    st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("part"), some), st.tuples(st.just("settle")), st.tuples(st.just("everybody")))
Chain = tuple[int, int, date]


@dataclass
class House:
    """Two unions of different prefectures with two contests; everybody's name belongs to one example alone."""

    cast: Cast
    contests: list[uuid.UUID]
    name: int = field(default_factory=lambda: next(_numbers))

    def key(self, person: int) -> str:
        return f"{self.name}-{person}"

    def told(self, person: int, union: int, day: date) -> Told:
        """Person, who stands in another union for each that names it."""
        where = (self.cast.county, self.cast.province)[union]
        return Told(self.key(person), day, where.id, ("630224", "630102")[union], sex="FM"[person % 2], industry="energy", birth_year=1991)

    def do(self, step: tuple[object, ...]) -> None:
        """One step; what the rules refuse just now does not happen."""
        try:
            getattr(self, f"do_{step[0]}")(*step[1:])
        except RuleBroken:
            db.session.rollback()

    def _draft(self, chain: Chain) -> Return | None:
        """The version that its union can still change."""
        union, contest, day = chain
        activity = activity_id(self.contests[contest])
        query = select(Return).where(Return.union_id == (self.cast.county, self.cast.province)[union].id, Return.activity_id == activity,
                                     Return.month == month_number(day), Return.state.in_(("draft", "submitted")))
        return db.session.scalars(query.order_by(Return.number.desc()).limit(1)).first()

    def do_import(self, chain: Chain, people: frozenset[int]) -> None:
        """A roster into the draft that there is, or into a new one; then it is submitted."""
        union, contest, day = chain
        found = self._draft(chain)
        if found is not None and found.state == "submitted":
            returns.take_back_return(found.id, actor=SYSTEM, at=AT)
        if found is None:
            found = returns.begin_return((self.cast.county, self.cast.province)[union].id, self.contests[contest], month_number(day),
                                         "roster", actor=SYSTEM, at=AT)
        returns.put_roster(found.id, [self.told(n, union, day) for n in sorted(people)], actor=SYSTEM, at=AT)
        returns.submit_return(found.id, actor=SYSTEM, at=AT)

    def do_approve(self, chain: Chain) -> None:
        """Every union above."""
        found = self._draft(chain)
        while found is not None and found.waiting_at is not None:
            returns.approve_return(found.id, found.waiting_at, actor=SYSTEM, at=AT)

    def do_correct(self, chain: Chain, people: frozenset[int]) -> None:
        """A new version in place of what counts."""
        union, contest, day = chain
        query = select(Return.id).where(Return.union_id == (self.cast.county, self.cast.province)[union].id, Return.state == "counted",
                                        Return.activity_id == activity_id(self.contests[contest]), Return.month == month_number(day))
        for old in list(db.session.scalars(query)):
            new = returns.correct_return(old, "更正", actor=SYSTEM, at=AT)
            returns.put_roster(new.id, [self.told(n, union, day) for n in sorted(people)], actor=SYSTEM, at=AT)
            returns.submit_return(new.id, actor=SYSTEM, at=AT)

    def do_door(self, contest: int, people: frozenset[int], day: date) -> None:
        """The door of the contest itself names people whom it has not named."""
        activity = activity_id(self.contests[contest])
        keys = select(Participant.key).join(Fact, Fact.participant_id == Participant.id)
        known = set(db.session.scalars(keys.where(Fact.activity_id == activity, Fact.origin == OWN)))
        with atomic():
            add(activity, OWN, [self.told(n, 0, day) for n in sorted(people) if self.key(n) not in known], AT)
            recorded()

    def do_withdraw(self, contest: int, people: frozenset[int]) -> None:
        """A check-in is taken back, or holds again."""
        with atomic() as session:
            query = select(Fact).join(Participant, Participant.id == Fact.participant_id).where(
                Fact.activity_id == activity_id(self.contests[contest]), Fact.origin == OWN, Participant.key.in_(map(self.key, people)))
            facts = list(session.scalars(query))
            for fact in facts:
                fact.withdrawn_at = None if fact.withdrawn_at else AT
            mark_of(facts)
            recorded()

    def do_merge(self, one: int, other: int) -> None:
        """Two numbers were one person's."""
        with atomic():
            become(self.key(one), self.key(other), AT)
            recorded()

    def do_part(self, people: frozenset[int]) -> None:
        """A roll-up that was broken off after some of the people."""
        numbers = sorted(db.session.scalars(select(Participant.id).where(Participant.key.in_(map(self.key, people)))))
        rollup.settle_people(numbers)

    def do_settle(self) -> None:
        rollup.settle()

    def do_everybody(self) -> None:
        rollup.settle_everybody()


def recorded() -> None:
    audit.record("test", actor=SYSTEM, subject=("fact", "some"), at=AT)


def activity_id(contest: uuid.UUID) -> int:
    with atomic():
        recorded()
        return activity_of(db.session.get_one(returns.Contest, contest)).id


@pytest.fixture
def contests(any_cast: Cast) -> list[uuid.UUID]:
    return [make_contest(any_cast, phase="finished", region_code=code).id for code in ("630224", "630102")]


def is_as_counted_by_hand() -> None:
    """What stands, and what a count of everything finds."""
    assert standing_cells() == by_hand()
    assert rollup.prove(AT) == {}


quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(15))


@quick
@given(plan=st.lists(steps, min_size=4, max_size=14), chosen=st.data())
def test_any_order_and_any_repetition_end_at_the_full_count(
    any_cast: Cast, contests: list[uuid.UUID], plan: list[tuple[object, ...]], chosen: st.DataObject,
) -> None:
    house = House(any_cast, contests)
    again = chosen.draw(st.lists(st.sampled_from(plan), max_size=5))
    for step in (*plan, *again):
        house.do(step)
    rollup.settle()
    is_as_counted_by_hand()
    assert rollup.settle() == rollup.settle_everybody() == 0


@quick
@given(rosters=st.dictionaries(chain, st.lists(some.filter(bool), min_size=1, max_size=3), min_size=2, max_size=4), chosen=st.data())
def test_returns_and_their_corrections_interleaved_in_any_way_give_the_same_figures(
    any_cast: Cast, contests: list[uuid.UUID], rosters: dict[Chain, list[frozenset[int]]], chosen: st.DataObject,
) -> None:
    """Each chain's versions follow one another; how chains and roll-ups lie between each other makes no difference."""
    each = [chain for chain, versions in rosters.items() for _version in versions]
    found = []
    for _order in range(2):
        forget()
        house, left = House(any_cast, contests), {chain: list(versions) for chain, versions in rosters.items()}
        for chain in chosen.draw(st.permutations(each)):
            first = len(left[chain]) == len(rosters[chain])
            (house.do_import if first else house.do_correct)(chain, left[chain].pop(0))
            house.do_approve(chain)
            if chosen.draw(st.booleans()):
                rollup.settle()
        rollup.settle()
        is_as_counted_by_hand()
        found.append(standing_cells())
    assert found[0] == found[1]
    whole = {key[1:]: row for key, row in found[0].items() if key[0] == "all"}
    for key, row in whole.items():
        parts = [found[0].get((code, *key), (0, 0, 0, 0)) for code in ("630100", "630200")]
        assert max(part[0] for part in parts) <= row[0] <= sum(part[0] for part in parts)
        assert row[1] == sum(part[1] for part in parts)


def forget() -> None:
    """Nothing was ever said; places and activities keep their numbers."""
    with atomic() as session:
        for model in (Counted, Fact, Cell):
            session.execute(delete(model))
        session.execute(update(Return).values(state="superseded"))
        session.execute(update(Ledger).values(whole_at=None))
        recorded()


def test_a_place_is_named_once_for_the_same_union(any_cast: Cast, contests: list[uuid.UUID]) -> None:
    house = House(any_cast, contests)
    for _twice in range(2):
        house.do(("import", (0, 0, DAYS[0]), frozenset({1, 2})))
    house.do(("approve", (0, 0, DAYS[0])))
    assert service.roll_up(at=AT).state == "done"
    assert len(db.session.scalars(select(Place)).all()) == 1
