"""An open round with two works and three seats, on each database in turn."""

import pytest

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core.actors import SYSTEM
from competition.judging import queries, service
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, make_panel, round_of, sit_down, works
from tests.judging.hall import hall as hall


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return make_contest(any_cast, phase="running", events=("theory", "broth"))


@pytest.fixture
def broth(contest: Contest, any_cast: Cast) -> Round:
    found = round_of(contest, "broth")
    works(found, 2, at=any_cast.at)
    make_panel(found, 3, at=any_cast.at)
    service.open_round(found.id, actor=SYSTEM, at=any_cast.at)
    return found


@pytest.fixture
def judge(broth: Round, any_cast: Cast) -> Judge:
    return sit_down(queries.seats_of_round(broth.id)[0], at=any_cast.at)


@pytest.fixture
def work(broth: Round) -> Work:
    return list_works(broth.id)[0]
