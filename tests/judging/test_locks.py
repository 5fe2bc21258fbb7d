"""Acts wait for one another's rows in one order, on PostgreSQL: nobody is thrown out because two wait for each other."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core import approvals
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_seats, service
from competition.judging.models import Device, RoundState
from competition.judging.service_sitters import Seating
from tests.builders import make_contest
from tests.cast import Cast, make_cast
from tests.house import emptied
from tests.judges import Judge, opened, round_of, sit_down

Act = Callable[[], object]


@pytest.fixture
def pg(postgres_app: Flask, request: pytest.FixtureRequest) -> Iterator[Flask]:
    yield from emptied(postgres_app, request)


@pytest.fixture
def hall(pg: Flask) -> tuple[Cast, Round, list[Judge]]:
    cast = make_cast()
    broth = opened(round_of(make_contest(cast, phase="running", events=("broth",)), "broth"), at=cast.at)
    return cast, broth, [sit_down(seat, at=cast.at) for seat in queries.seats_of_round(broth.id)]


def another_tablet(cast: Cast, _broth: Round, judges: list[Judge]) -> Act:
    card = service.make_cards([judges[-1].seat.id], actor=SYSTEM, at=cast.at)[0]
    return lambda: service.open_seat(card.token, card.pin, label="", at=cast.at)


def other_judges(cast: Cast, _broth: Round, judges: list[Judge]) -> Act:
    panel_id = judges[0].seat.panel_id
    seated = {one.seat_id: one.id for one in queries_seats.sitters_now([judge.seat.id for judge in judges]).values()}
    seatings = [Seating(judge.seat.id, f"测试接替{judge.seat.number}", "", seen=seated[judge.seat.id]) for judge in judges]
    return lambda: service.seat_judges(panel_id, seatings, actor=SYSTEM, at=cast.at)


def absence_signed(cast: Cast, broth: Round, judges: list[Judge]) -> Act:
    chief, second = (cast.actor(role, "contest", broth.contest_id) for role in ("chief_judge", "supervisor"))
    asked = service.ask_absence(broth.id, judges[-1].seat.id, reason="测试：平板联系不上", actor=chief, at=cast.at)
    return lambda: approvals.decide(asked.id, approve=True, actor=second, at=cast.at)


@pytest.mark.parametrize(("other", "row"), [(another_tablet, Device), (other_judges, Device), (absence_signed, Device),
                                            (absence_signed, RoundState)])
def test_a_mark_and_what_is_done_about_its_tablet_do_not_wait_for_each_other(
    pg: Flask, hall: tuple[Cast, Round, list[Judge]], other: Callable[[Cast, Round, list[Judge]], Act], row: type[Device | RoundState],
) -> None:
    """``row``: how far a request with a mark has come when the other act begins."""
    cast, broth, judges = hall
    act, judge, faults = other(cast, broth, judges), judges[-1], list[Exception]()
    refusals = list[str]()
    mark, device_id = judge.event(list_works(broth.id)[0], criterion="taste", value="30"), judge.device.id
    key = device_id if row is Device else broth.id
    db.session.remove()

    def run() -> None:
        try:
            with pg.app_context():
                act()
        except RuleBroken as refusal:
            refusals.append(refusal.code)
        except Exception as fault:
            faults.append(fault)

    beside = threading.Thread(target=run)
    with atomic():
        get(row, key, lock=True)
        beside.start()
        wait_until_it_waits(beside)
        receipt = service.accept_events(device_id, [mark], at=cast.at)
    beside.join(30)
    assert faults == []
    # Where the mark came first, what two people sign is another thing by now.
    assert refusals == (["tablets_moved"] if row is RoundState else [])
    assert [answer.result for answer in receipt.answers] == ["accepted"]


def wait_until_it_waits(thread: threading.Thread) -> None:
    """Until the other act waits for a lock, or is done."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + 30
    while thread.is_alive() and not db.session.scalar(waiting) and time.monotonic() < until:
        time.sleep(0.01)
