"""An open round with two works and three seats, on each database in turn."""

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.judging import queries
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, opened, round_of, sit_down
from tests.judging.hall import hall as hall
from tests.judging.trips import arena as arena


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return make_contest(any_cast, phase="running", events=("theory", "broth"))


@pytest.fixture
def broth(contest: Contest, any_cast: Cast) -> Round:
    return opened(round_of(contest, "broth"), at=any_cast.at)


@pytest.fixture
def judge(broth: Round, any_cast: Cast) -> Judge:
    return sit_down(queries.seats_of_round(broth.id)[0], at=any_cast.at)


@pytest.fixture
def work(broth: Round) -> Work:
    return list_works(broth.id)[0]
