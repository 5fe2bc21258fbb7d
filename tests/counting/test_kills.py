"""Roll-ups whose process is killed (SIGKILL) again and again, and two clocks at once: real processes on a real queue."""

import uuid
from collections import Counter
from contextlib import ExitStack
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.jobs import Job, JobSlot
from competition.counting import service
from competition.counting import service_rollup as rollup
from competition.counting.models import Counted, Mark, RollUpRun
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import Told
from competition.returns import service as returns
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.counting.plainly import by_hand, standing_cells
from tests.workers import let_minutes_pass, process, wait_until, worker

RETURNS, PEOPLE = 24, 400
# Shares of the marks after which the worker is killed, and the share of people of a count of everything anew.
WHILE_SETTLING = (0.2, 0.5, 0.8)


def reported(cast: Cast, number: int) -> None:
    """A return of the province, which counts at once: half of its people stand in the next one, too."""
    contest = make_contest(cast, phase="finished").id
    day = date(2025, 1 + number % 12, 1)
    made = returns.begin_return(cast.province.id, contest, month_number(day), "roster", actor=SYSTEM, at=AT)
    first = number * PEOPLE // 2
    told = [Told(f"key-{n}", day, (cast.county, cast.province)[n % 2].id, ("630224", "630102")[n % 2], sex="FM"[n % 2])
            for n in range(first, first + PEOPLE)]
    returns.put_roster(made.id, told, actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)


def left() -> int:
    return db.session.scalar(select(func.count()).select_from(Mark)) or 0


def nothing_is_half() -> None:
    """What is counted is in the cells, all of it and nothing else, wherever the roll-up stopped."""
    db.session.remove()
    with atomic():
        # Nobody counts meanwhile.
        rollup._hold()
        assert rollup.count_whole() == rollup.reads.all_cells()


def killed_while(app: Flask, job_id: uuid.UUID, most: int) -> int:
    """A worker takes the job up and is killed when at most so many marks are left; how many were left."""
    let_minutes_pass(job_id)
    with worker(app) as kill:
        wait_until(lambda: left() <= most or get(Job, job_id).is_over)
        kill()
    nothing_is_half()
    return left()


def ended(app: Flask, job_id: uuid.UUID) -> None:
    let_minutes_pass(job_id)
    with worker(app):
        wait_until(lambda: get(Job, job_id).is_over)
    db.session.remove()
    assert (get(Job, job_id).state, get(Job, job_id).error) == ("done", None)


@pytest.mark.slow
def test_a_roll_up_ends_whole_however_often_its_worker_is_killed(any_app: Flask, any_cast: Cast) -> None:
    for number in range(RETURNS):
        reported(any_cast, number)
    job_id, marked = service.ask_roll_up(actor=SYSTEM, at=now()).id, left()
    kept = [killed_while(any_app, job_id, int(marked * (1 - share))) for share in WHILE_SETTLING]
    assert 0 < kept[0] < marked
    ended(any_app, job_id)
    assert standing_cells() == by_hand()
    states = list(db.session.scalars(select(RollUpRun.state).order_by(RollUpRun.started_at)))
    assert states[-1] == "done"
    assert set(states[:-1]) == {"broken"}
    # The same of everything anew: killed somewhere among the people, who all stand already.
    anew = service.ask_anew(actor=SYSTEM, at=now()).id
    let_minutes_pass(anew)
    with worker(any_app) as kill:
        wait_until(lambda: get(Job, anew).started_at is not None)
        kill()
    nothing_is_half()
    ended(any_app, anew)
    assert standing_cells() == by_hand()
    assert rollup.prove(AT) == {}
    assert db.session.scalar(select(func.count()).select_from(Counted)) == RETURNS * PEOPLE
    assert [proof.broken for proof in audit.prove() if proof.broken] == []


def test_two_clocks_at_once_run_the_nightly_job_once(any_app: Flask, any_cast: Cast) -> None:
    """Both strike every second; what a clock claims, it claims for the minute."""
    with ExitStack() as stack:
        for _clock in range(2):
            stack.enter_context(process(any_app, "-m", "tests.counting.quick_clock"))
        wait_until(lambda: len({name for name, strokes in heard().items() if strokes >= 3}) == 2)
    db.session.remove()
    slots = list(db.session.scalars(select(JobSlot.slot).where(JobSlot.name == "participation.nightly")))
    made = [job.payload["slot"] for job in jobs.latest(service.ROLL_UP, 100)]
    assert 1 <= len(made) <= 3, "so many minutes began meanwhile, at the most"
    assert sorted(made) == sorted(slots)


def heard() -> Counter[str]:
    """How often each clock has struck."""
    return Counter(slot.partition("-")[0] for slot in db.session.scalars(select(JobSlot.slot).where(JobSlot.name == "heard")))
