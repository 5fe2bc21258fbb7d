"""An open round with two works and three seats, on each database in turn."""

import uuid

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core.database import get
from competition.judging import queries
from competition.judging.models import Device
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, opened, round_of, sit_down
from tests.judging.hall import hall as hall
from tests.judging.trips import arena as arena
from tests.standing import built_once


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return make_contest(any_cast, phase="running", events=("theory", "broth"))


@pytest.fixture
def broth(contest: Contest, any_cast: Cast) -> Round:
    return opened(round_of(contest, "broth"), at=any_cast.at)


@pytest.fixture
def judge(broth: Round, any_cast: Cast) -> Judge:
    seat = queries.seats_of_round(broth.id)[0]

    def make() -> tuple[uuid.UUID, str]:
        sitting = sit_down(seat, at=any_cast.at)
        return sitting.device.id, sitting.token

    device_id, token = built_once(("judge", seat.id), make)
    return Judge(get(Device, device_id), seat, token, any_cast.at)


@pytest.fixture
def work(broth: Round) -> Work:
    return list_works(broth.id)[0]
