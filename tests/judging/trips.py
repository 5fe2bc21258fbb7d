"""Rounds on their way to an arena machine and back: a home, a machine of its own, and a day of judging there."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.judging import queries, rules_trips, service, service_trips, service_trips_return
from competition.judging.models_trips import ArenaTrip
from tests.builders import make_contest
from tests.cast import Cast
from tests.house import build
from tests.judges import Judge, fill_figures, judge_round, make_panel, round_of, sit_down, works

PASSPHRASE = "测试用的密码，十二个字符以上"
REASON = "测试：赛场主机损坏"


def drawn(cast: Cast) -> Round:
    """A drawn round with a panel, that nobody has opened; its chief judge and a scorekeeper have accounts."""
    contest = make_contest(cast, phase="running", events=("broth", "bowl"))
    found = round_of(contest, "broth")
    works(found, 2, at=cast.at)
    make_panel(found, 3, at=cast.at)
    for role, name in (("chief_judge", "测试裁判长"), ("scorekeeper", "测试甲"), ("scorekeeper", "测试乙"), ("coding_judge", "测试加密")):
        cast.account(role, "contest", contest.id, name=name)
    return found


@pytest.fixture
def arena(tmp_path: Path) -> Flask:
    """A machine of its own, with other keys."""
    folder = tmp_path / "arena"
    folder.mkdir()
    return build(folder, COMP_SERVER="arena", COMP_FIELD_KEYS="a1:" + "C" * 43 + "=", COMP_INDEX_KEY="D" * 43 + "=")


def lend(broth: Round, cast: Cast, machine: str = "赛场一号") -> dict[str, Any]:
    return service_trips.lend_rounds(broth.contest, [broth], machine=machine, actor=SYSTEM, at=cast.at)


def carried(content: dict[str, Any]) -> dict[str, Any]:
    """Through the file and out of it."""
    return rules_trips.unseal(rules_trips.seal(content, PASSPHRASE), PASSPHRASE)


@contextmanager
def at_the_arena(arena: Flask) -> Iterator[None]:
    with arena.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def opened_there(content: dict[str, Any], cast: Cast) -> Round:
    """On the arena machine: the round is taken in and, five minutes ago, opened."""
    service_trips.take_in(content, actor=SYSTEM, at=cast.at)
    round_ = db.session.get_one(Round, uuid.UUID(content["rounds"][0]))
    service.open_round(round_.id, actor=SYSTEM, at=cast.at - timedelta(minutes=5))
    return round_


def seated_there(content: dict[str, Any], cast: Cast) -> tuple[Round, Judge]:
    """On the arena machine: the round is open, and a judge sits at a tablet."""
    round_ = opened_there(content, cast)
    return round_, sit_down(queries.seats_of_round(round_.id)[0], at=cast.at)


def packed(round_: Round, cast: Cast) -> dict[str, Any]:
    """On the arena machine: what comes home."""
    return carried(service_trips_return.return_rounds(trip_here(round_), actor=SYSTEM, at=cast.at + timedelta(minutes=5)))


def trip_here(round_: Round) -> ArenaTrip:
    """On the arena machine: the trip on which a round came."""
    trip = service_trips_return.open_trip([round_])
    assert trip is not None
    return trip


def judged_there(arena: Flask, content: dict[str, Any], cast: Cast, *, locked: bool = True) -> dict[str, Any]:
    """The whole day on the arena machine: two seats on tablets, one on paper, the lock; what comes home."""
    with at_the_arena(arena):
        round_ = opened_there(content, cast)
        judge_round(round_, at=cast.at, lock=False)
        if locked:
            fill_figures(round_, at=cast.at)
            service.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=cast.at)
        return packed(round_, cast)
