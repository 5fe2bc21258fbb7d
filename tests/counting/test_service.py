"""From check-ins to facts to cells, on both databases."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from competition.arena import service as arena
from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.counting import queries, service
from competition.counting.models import REPORTED, Cell, Fact, RollUpRun
from competition.counting.service_facts import Told, activity_of, add
from competition.participation import service_targets
from competition.registration.models import Entrant
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast

EVENTS = ("theory", "basic")


def entrants_of(contest_id: object) -> list[Entrant]:
    return list(db.session.scalars(select(Entrant).where(Entrant.contest_id == contest_id).order_by(Entrant.entry_id, Entrant.event_id)))


def held(cast: Cast, persons: int = 6) -> tuple[object, list[Entrant]]:
    """A running contest with its draw; nobody is checked in yet."""
    contest = make_contest(cast, phase="running", events=EVENTS)
    make_field(cast, contest, persons=persons)
    draw_contest(cast, contest)
    return contest.id, entrants_of(contest.id)


def by_hand(year: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Persons and person-times counted in the plainest way."""
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for fact in db.session.scalars(select(Fact).where(Fact.withdrawn_at.is_(None))):
        place, day = fact.standing.place, fact.present_on
        if day.year == year:
            for code in {queries.WHOLE, place.region_code, place.prefecture_code, place.province_code}:
                for period in (str(year), f"{day:%Y-%m}"):
                    seen[code, period].append(fact.participant_id)
    return {key: (len(set(keys)), len(keys)) for key, keys in seen.items()}


def cells() -> dict[tuple[str, str], tuple[int, int]]:
    """Those of places, calendar years and months, of everybody."""
    wanted = ~Cell.scope_code.contains(":") & ~Cell.period.startswith("S") & (Cell.dimension == "")
    return {(c.scope_code, c.period): (c.persons, c.person_times) for c in db.session.scalars(select(Cell).where(wanted))}


def test_only_who_was_present_counts_and_once_for_each_contest(any_cast: Cast) -> None:
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    people = sorted({e.entry_id for e in entrants}, key=str)
    for entrant in entrants:
        # The first comes to both events, the second to one and stays away from the other, the third to none.
        which = people.index(entrant.entry_id)
        kind = {0: "CHECKED_IN", 1: "CHECKED_IN" if entrant.event.key == "theory" else "ABSENT", 2: "ABSENT"}.get(which)
        if kind:
            arena.check_in(entrant.id, kind, actor=door, at=any_cast.at)
    assert service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at) == {"added": 2, "withdrawn": 0, "restored": 0, "corrected": 0}
    service.roll_up(at=any_cast.at)
    cell = queries.cell(queries.WHOLE, str(any_cast.at.year))
    assert cell is not None
    assert (cell.persons, cell.person_times) == (2, 2)
    assert cells() == by_hand(any_cast.at.year)


def test_collecting_twice_changes_nothing_and_a_taken_back_check_in_withdraws(any_cast: Cast) -> None:
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    one = entrants[0]
    arena.check_in(one.id, "CHECKED_IN", actor=door, at=any_cast.at)
    assert service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at)["added"] == 1
    assert service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at) == {"added": 0, "withdrawn": 0, "restored": 0, "corrected": 0}
    arena.check_in(one.id, "CLEARED", actor=door, at=any_cast.at + timedelta(minutes=5))
    assert service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at)["withdrawn"] == 1
    service.roll_up(at=any_cast.at)
    assert queries.cell(queries.WHOLE, str(any_cast.at.year)) is None
    arena.check_in(one.id, "CHECKED_IN", actor=door, at=any_cast.at + timedelta(minutes=9))
    assert service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at)["restored"] == 1


def test_who_takes_part_in_two_contests_is_one_person_twice(any_cast: Cast) -> None:
    first, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge")
    arena.check_in(entrants[0].id, "CHECKED_IN", actor=door, at=any_cast.at)
    service.collect_facts(first, actor=SYSTEM, at=any_cast.at)
    fact = db.session.scalars(select(Fact)).one()
    second = make_contest(any_cast, phase="running", events=EVENTS)
    with atomic():
        told = Told(fact.participant.key, fact.present_on, region_code="630102")
        add(activity_of(second).id, REPORTED, [told], any_cast.at)
        service.audit.record("test", actor=SYSTEM, subject=("fact", "x"), at=any_cast.at)
    service.roll_up(at=any_cast.at)
    found = cells()
    year = str(any_cast.at.year)
    assert found[queries.WHOLE, year] == (1, 2)
    assert found["630100", year] == (1, 1)
    assert found == by_hand(any_cast.at.year)


def test_rolling_up_twice_gives_the_same_rows(any_cast: Cast) -> None:
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    for entrant in entrants:
        arena.check_in(entrant.id, "CHECKED_IN", actor=door, at=any_cast.at)
    service.collect_facts(contest_id, actor=SYSTEM, at=any_cast.at)
    service.roll_up(at=any_cast.at)
    once = cells()
    service.roll_up(at=any_cast.at)
    assert cells() == once
    assert [run.state for run in db.session.scalars(select(RollUpRun))] == ["done", "done"]


def test_the_day_is_the_contests_own(any_cast: Cast) -> None:
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    # 31 December 23:30 UTC is already the next year in the contest's zone.
    late = any_cast.at.replace(month=12, day=31, hour=23, minute=30)
    arena.check_in(entrants[0].id, "CHECKED_IN", actor=door, at=late)
    service.collect_facts(contest_id, actor=SYSTEM, at=late)
    fact = db.session.scalars(select(Fact)).one()
    assert fact.present_on == date(late.year + 1, 1, 1)


def test_the_clock_runs_a_slot_once(any_cast: Cast) -> None:
    slot = "2026-06-01T02:00"
    assert jobs.fire("participation.nightly", slot, any_cast.at) is not None
    assert jobs.fire("participation.nightly", slot, any_cast.at) is None
    assert len(jobs.latest(service.ROLL_UP)) == 1


def test_the_job_collects_and_counts(any_cast: Cast) -> None:
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    arena.check_in(entrants[0].id, "CHECKED_IN", actor=door, at=any_cast.at)
    job = service.ask_roll_up(actor=any_cast.actor("organizer"), at=any_cast.at)
    with pytest.raises(RuleBroken, match="汇总正在进行"):
        service.ask_roll_up(actor=any_cast.actor("organizer"), at=any_cast.at)
    jobs.run_job(job.id)
    done = jobs.latest(service.ROLL_UP)[0]
    assert (done.state, done.error) == ("done", None)
    cell = queries.cell(queries.WHOLE, str(any_cast.at.year))
    assert cell is not None
    assert cell.persons == 1


def test_target_is_checked_and_audited(any_cast: Cast) -> None:
    actor = any_cast.actor("organizer")
    service_targets.set_target(2021, 500_000, 400_000, actor=actor, at=any_cast.at)
    changed = service_targets.set_target(2021, 510_000, 400_000, reason="会议确定", actor=actor, at=any_cast.at)
    assert changed.persons == 510_000
    details = service.audit.history("target", changed.id)[0].details
    assert (details["before"], details["persons"]) == (500_000, 510_000)
    with pytest.raises(RuleBroken):
        service_targets.set_target(2021, 0, None, actor=actor, at=any_cast.at)


def test_a_first_presence_that_was_a_mistake_gives_way_to_the_real_one(any_cast: Cast) -> None:
    """Checked in on the last day of a year by mistake, taken back, and present two days later: the person belongs to the later year."""
    contest_id, entrants = held(any_cast)
    door = any_cast.actor("check_in_judge", "contest", contest_id)
    wrong = any_cast.at.replace(month=12, day=31)
    arena.check_in(entrants[0].id, "CHECKED_IN", actor=door, at=wrong)
    service.collect_facts(contest_id, actor=SYSTEM, at=wrong)
    service.roll_up(at=wrong)
    right = wrong + timedelta(days=2)
    arena.check_in(entrants[0].id, "CLEARED", actor=door, at=right)
    arena.check_in(entrants[0].id, "CHECKED_IN", actor=door, at=right + timedelta(minutes=1))
    assert service.collect_facts(contest_id, actor=SYSTEM, at=right)["corrected"] == 1
    assert service.roll_up(at=right).state == "done"
    assert queries.cell(queries.WHOLE, str(wrong.year)) is None
    found = queries.cell(queries.WHOLE, str(right.year))
    assert found is not None
    assert (found.persons, found.person_times) == (1, 1)
