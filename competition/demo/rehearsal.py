"""A rehearsal of an event: real servers, simulated judges over the public API, the mishaps of an arena, and what came of it.

It has a database, keys and files of its own in a temporary folder that is deleted afterwards: nothing of it can enter a
result or a statistic, and the report says that the instance's own database holds nothing of it.
"""

import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from flask import Flask

from competition.arena import service as arena
from competition.arena.work_queries import list_works
from competition.contests import service as contests
from competition.contests.models import Contest, Round
from competition.contests.queries import current_rulebook, load_rules
from competition.core.actors import Actor
from competition.core.database import db
from competition.demo.held import check_in, enter, seed_of, take_times
from competition.demo.marks import seat_round
from competition.demo.rehearsal_check import Hall, Outcome, close, compare, holds
from competition.demo.rehearsal_server import Ground, Server
from competition.demo.rehearsal_tablet import Chair, Judge, Mishaps
from competition.demo.setting import ZONE, Setting
from competition.demo.staff import add_staff
from competition.judging import service as judging
from competition.organisations.service import found_tree
from competition.scoring.model import Criterion

EVENTS = ("basic", "broth", "bowl", "creative")
MOST_SEATS = 15
MOST_TABLETS = MOST_SEATS * len(EVENTS)
CODE = "REHEARSAL"
SETTLE_SECONDS = 1800.0
Say = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """How large, for how many minutes judges tap (0: as fast as they can), and the dice."""

    tablets: int = 60
    works: int = 320
    minutes: float = 3.0
    seed: int = 1

    @property
    def kills(self) -> int:
        """How often the server loses its current."""
        return 3 if self.works >= 100 else 1


def rehearse(plan: Plan, build: Callable[[Ground], Flask], at: datetime, say: Say) -> Outcome:
    """Play the whole event; ``build`` makes an application on the rehearsal's own ground."""
    begun, outcome = time.monotonic(), Outcome()
    with tempfile.TemporaryDirectory(prefix="competition-rehearsal-", ignore_cleanup_errors=True) as folder:
        ground = Ground(Path(folder))
        app, server = build(ground), Server(ground.port, ground.folder, ground.environment)
        with app.app_context():
            db.create_all()
            say("演练：准备临时数据库、赛事、裁判和作品…")
            contest_id, halls, chief = stage(plan, at)
            db.session.remove()
            say(f"演练：启动服务器（{ground.environment['COMP_HOST']}:{ground.port}），{plan.tablets} 台平板开始评分…")
            try:
                server.start()
                play(plan, server, halls, outcome)
            finally:
                server.kill()
            say("演练：比对、锁定、计算…")
            compare(halls, outcome)
            close(contest_id, halls, chief, at, outcome)
            db.session.remove()
            db.engine.dispose()
    outcome.seconds = time.monotonic() - begun
    outcome.apart = not Path(folder).exists() and not holds(contest_id, [hall.round_id for hall in halls])
    return outcome


def stage(plan: Plan, at: datetime) -> tuple[uuid.UUID, list[Hall], Actor]:
    """A contest with entrants, draw, check-in, panels and cards, its rounds open; and who locks them."""
    home = found_tree(at)
    setting = Setting(at=at, today=at.astimezone(ZONE).date(), home=home, random=Random(plan.seed),  # noqa: S311
                      contestants=plan.works, staff=add_staff(at))
    contest = setting.contest(CODE, "演练（临时数据，不计入任何成绩和统计）", first_day=0, days=2, opens=-40, closes=-12, made=45)
    played = EVENTS[:max(1, -(-plan.tablets // MOST_SEATS))]
    loaded = enter(setting, contest, -(-plan.works // len(played)), key="contestant_running", ago=35)
    contests.start(contest.id, actor=setting.actor("organizer"), at=setting.ago(1.2))
    rounds, halls = setting.rounds(contest), list[Hall]()
    for number, key in enumerate(played):
        arena.draw_round(rounds[key].id, actor=setting.actor("coding_judge"), at=setting.ago(1.1), seed=seed_of(setting.random))
        check_in(contest, rounds[key].event, loaded, key, setting.random, setting.actor("organizer"), setting.ago(0.2))
        seats = plan.tablets // len(played) + (number < plan.tablets % len(played))
        halls.append(open_hall(setting, contest, rounds[key], seats))
    return contest.id, halls, setting.actor("chief_judge")


def open_hall(setting: Setting, contest: Contest, round_: Round, seats: int) -> Hall:
    """Judges with cards before an open round, the times of all works written."""
    chief, at = setting.actor("chief_judge"), setting.at
    event = load_rules(current_rulebook(contest.id)).event(round_.event.key)
    found = seat_round(round_, seats, chief, at)
    cards = judging.make_cards([seat.id for seat in found], actor=chief, at=at)
    judging.open_round(round_.id, actor=chief, at=at)
    works = list_works(round_.id)
    take_times(setting, round_, works, at)
    return Hall(round_.id, round_.name, event.key, [Chair(c.seat.number, str(c.seat.id), c.token, c.pin) for c in cards],
                [(str(work.id), {each.key: values_of(each, setting.random) for each in event.sheet_criteria}) for work in works],
                {str(work.id): work.code for work in works})


def values_of(criterion: Criterion, random: Random) -> list[str]:
    """Some of the marks that a criterion allows: first what the work deserves, then what is next to it. Judges who lie far apart
    would be asked again, and a round with open questions is not locked."""
    top = int(criterion.input_max or criterion.max)
    allowed = list(range(1, len(criterion.levels) + 1)) if criterion.levels else list(range(max(0, top // 2), top + 1))
    right = random.choice(allowed)
    return [str(value) for value in sorted(allowed, key=lambda value: abs(value - right))]


def play(plan: Plan, server: Server, halls: list[Hall], outcome: Outcome) -> None:
    """Everybody marks, the server dies some times in between; raises what went wrong in a judge."""
    random, lock = Random(plan.seed + 1), threading.Lock()  # noqa: S311
    taps = sum(len(values) + 1 for _work, values in halls[0].works) if halls else 0
    pause = plan.minutes * 60 / max(1, taps)
    end = time.monotonic() + plan.minutes * 60 + SETTLE_SECONDS
    judges = [Judge(server.port, chair, hall.works, Mishaps(Random(random.getrandbits(64)), outcome.faults, lock), pause, end)  # noqa: S311
              for hall in halls for chair in hall.chairs]
    for judge in judges:
        judge.start()
    for done in range(1, plan.kills + 1):
        # Somewhere in each part of the marking: after so many taps.
        wanted = random.uniform(done - 0.8, done - 0.2) / plan.kills * taps * len(judges)
        while made(judges) < wanted and any(judge.is_alive() for judge in judges):
            time.sleep(0.05)
        server.kill()
        outcome.faults["server_killed"] += 1
        time.sleep(random.uniform(0.1, 0.5))
        server.start()
    for judge in judges:
        judge.join()
        if judge.error is not None:
            raise judge.error


def made(judges: list[Judge]) -> int:
    """How many taps there have been."""
    return sum(len(taps) for judge in judges for taps in list(judge.chair.taps.values()))
