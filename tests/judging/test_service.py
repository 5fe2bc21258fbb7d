"""The protocol on real databases: every answer, once each, whatever the order of things."""


import pytest

from competition.contests.models import Contest, Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.judging import queries, service
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, criteria_of, judge_round, make_panel, round_of, sit_down, works


@pytest.fixture
def contest(any_cast: Cast) -> Contest:
    return make_contest(any_cast, phase="running", events=("theory", "broth"))


@pytest.fixture
def broth(contest: Contest, any_cast: Cast) -> Round:
    """An open round with two works and three seats."""
    found = round_of(contest, "broth")
    works(found, 2, at=any_cast.at)
    make_panel(found, 3, at=any_cast.at)
    service.open_round(found.id, actor=SYSTEM, at=any_cast.at)
    return found


@pytest.fixture
def judge(broth: Round, any_cast: Cast) -> Judge:
    return sit_down(queries.seats_of_round(broth.id)[0], at=any_cast.at)


def test_a_whole_round_is_marked_locked_and_read(broth: Round, any_cast: Cast) -> None:
    judge_round(broth, at=any_cast.at, lock=True)
    marks = queries.marks_of_event(broth.event_id)
    assert len(marks) == 2 * 3 * len(criteria_of(broth))
    assert {seat for _work, seat, *_ in marks} == {1, 2, 3}
    assert queries.round_state(broth.id).state == "locked"
    assert len(queries.figures_of_event(broth.event_id)) == 2
    assert not list(audit.verify())
