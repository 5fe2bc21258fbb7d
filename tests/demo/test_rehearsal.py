"""A small rehearsal with real servers: nothing lost, doubled or wrong; and what it would find if something were."""

import json
import uuid

from flask import Flask
from sqlalchemy import func, select

from competition.contests.models import Contest
from competition.core.database import db
from competition.demo.rehearsal_check import Outcome, compare_events, compare_sheets
from competition.demo.rehearsal_tablet import Chair, Tap


def test_a_small_rehearsal_ends_whole_and_leaves_nothing(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["rehearse", "--tablets", "4", "--works", "6", "--minutes", "0", "--seed", "5"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output.splitlines()[-1])
    assert (found["lost"], found["doubled"], found["wrong"], found["apart"]) == (0, 0, 0, True)
    assert found["marks"] == 4 * 6 * 11
    assert found["results"] == 6
    assert found["by_kind"]["server_killed"] == 1
    assert sum(kind > 0 for kind in found["by_kind"].values()) >= 5, found["by_kind"]
    assert "结论：可以使用。" in told.output
    assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


def test_what_is_not_there_is_found(app: Flask) -> None:
    work, device = str(uuid.uuid4()), str(uuid.uuid4())
    chair = Chair(1, str(uuid.uuid4()), "", "", notes={work: {"taste/1": "3"}})
    chair.taps[device] = [Tap(str(uuid.uuid4()), 1, work, "mark", "taste", "3", 0, "")]
    outcome = Outcome(apart=True)
    compare_events(chair, "试", outcome)
    compare_sheets(chair, "试", outcome)
    assert (outcome.marks, len(outcome.lost), len(outcome.wrong), outcome.is_good) == (1, 2, 1, False)
