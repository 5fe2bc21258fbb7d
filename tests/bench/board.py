"""What the chief judge's board costs that asks every two seconds, at 320 works × 7 judges × 10 criteria.

*Not modified* goes through the whole application; beside it stands a bare Flask application that looks the same sign-in up
by the same function and answers 304. *Changed* is the answer after one more mark, at two sizes of a round. All of it in
turns, in one process, by the processor's time.
"""

import random
import statistics
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, request
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import insert

from competition.accounts.signin import manager
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.database import atomic, db, get, init_database
from competition.judging import queries, rules, service
from competition.judging.models import RoundState, Sheet
from tests.bench.report import table
from tests.bench.scoring import seconds
from tests.builders import make_contest, only_events
from tests.cast import Cast, make_cast, sign_in
from tests.house import build, settings_for
from tests.judges import make_panel, round_of, sit_down, works

SEATS, CRITERIA, LARGE, SMALL = 7, 10, 320, 32
EVENTS = {LARGE: "broth", SMALL: "bowl"}


def rulebook() -> dict[str, Any]:
    """Both events with ten criteria of ten points."""
    document = only_events(contests.ready_rulebooks()["lamian"], list(EVENTS.values()))
    criteria = [{"key": f"c{n}", "name": {"zh": f"评分项{n}"}, "kind": "points", "max": "10", "step": "0.5"} for n in range(CRITERIA)]
    document["events"] = [{"key": each["key"], "kind": "practical", "name": each["name"], "full": "100", "criteria": criteria,
                           "panel": each["panel"], "spread": {"of": "sheet", "percent": "10", "then": "flag"}}
                          for each in document["events"]]
    return {**document, "totals": []}


@dataclass
class Hall:
    """A round in which everything but the last criterion is marked, the address of its board, and one judge."""

    app: Flask
    address: str
    works: list[uuid.UUID]
    seat: uuid.UUID
    device: uuid.UUID
    turn: int = 0

    def one_more(self) -> None:
        """The judge gives one more mark."""
        self.turn += 1
        work = self.works[self.turn % len(self.works)]
        event = rules.DeviceEvent(uuid.uuid4(), self.turn, self.seat, work, rules.MARK, "c9", value=str(self.turn % 10))
        with self.app.app_context():
            service.accept_events(self.device, [event], at=now())


def hall(app: Flask, contest: Contest, cast: Cast, count: int) -> Hall:
    """A round with sheets of every seat for every work."""
    found = round_of(contest, EVENTS[count])
    drawn = works(found, count, at=cast.at)
    make_panel(found, SEATS, at=cast.at)
    service.open_round(found.id, actor=SYSTEM, at=cast.at)
    judges = [sit_down(seat, at=cast.at) for seat in queries.seats_of_round(found.id)]
    chance = random.Random(count)
    marks = {str(judge.seat.id): str(judge.device.id) for judge in judges}
    rows = [{"id": uuid.uuid4(), "round_id": found.id, "seat_id": judge.seat.id, "work_id": work.id, "state": "scoring", "version": 1,
             "marks": {rules.slot(f"c{n}", 1): {"value": f"{chance.randrange(4, 10)}.5", "version": 1, "device": marks[str(judge.seat.id)],
                                                "seq": 0} for n in range(CRITERIA - 1)}} for judge in judges for work in drawn]
    with atomic() as session:
        session.execute(insert(Sheet), rows)
        get(RoundState, found.id, lock=True).version += 1
        audit.record("test.sheets", actor=SYSTEM, subject=("round", found.id), at=cast.at, chain=contest.id)
    return Hall(app, f"/manage/contests/{contest.id}/judging/rounds/{found.id}/board.json", [work.id for work in drawn],
                judges[0].seat.id, judges[0].device.id)


def bare(app: Flask, settings: Settings) -> Flask:
    """Nothing but the sign-in and a 304."""
    found = Flask("bare")
    found.secret_key = app.secret_key
    found.config.update({key: value for key, value in app.config.items() if key.startswith(("SESSION", "PERMANENT"))})
    init_database(found, settings)
    manager.init_app(found)

    @found.get("/board")
    def _board() -> Response:
        if not current_user.is_authenticated or not request.if_none_match.contains_weak("same"):
            raise SystemExit("the bare side is not signed in")
        answer = make_response("", 304)
        answer.set_etag("same", weak=True)
        return answer

    return found


@contextmanager
def stage() -> Iterator[tuple[FlaskClient, FlaskClient, dict[int, Hall]]]:
    """The chief judge's browser at both applications, which stand on one database, and both rounds."""
    with tempfile.TemporaryDirectory(prefix="competition-bench-") as folder:
        app = build(Path(folder))
        app.testing = False
        app.test_client_class = FlaskClient
        with app.app_context():
            cast = make_cast()
            contest = make_contest(cast, phase="draft", events=list(EVENTS.values()))
            contests.set_rulebook(contest.id, rulebook(), reason="bench", actor=SYSTEM, at=cast.at)
            contests.announce(contest.id, despite=["contests.bodies", "contests.edit", "contests.rulebook", "contests.notices"],
                              actor=SYSTEM, at=cast.at)
            contests.start(contest.id, actor=SYSTEM, at=cast.at)
            halls = {count: hall(app, contest, cast, count) for count in EVENTS}
            plain = bare(app, settings_for(Path(folder)))
            client = sign_in(app.test_client(), cast.account("chief_judge"))
            other = plain.test_client()
            with client.session_transaction() as mine, other.session_transaction() as session:
                session.update(mine)
            db.session.remove()
        # Outside of the context: each request has its own, as in use.
        yield client, other, halls


def measure(times: int = 60) -> dict[str, float]:
    """The ratios; the figures are printed."""
    with stage() as (client, other, halls):
        large = halls[LARGE]
        tag = client.get(large.address).headers["ETag"]
        sides: dict[str, Callable[[], int]] = {
            "304": lambda: client.get(f"{large.address}?since=5", headers={"If-None-Match": tag}).status_code,
            "bare": lambda: other.get("/board", headers={"If-None-Match": 'W/"same"'}).status_code,
        }
        asked = _in_turns(sides, times, 304)
        changed = {count: _changed(client, each, times) for count, each in halls.items()}
        whole = {count: statistics.median(seconds(lambda each=each: client.get(each.address)) for _ in range(3)) * 1000  # type: ignore[misc]
                 for count, each in halls.items()}
    table(["board", "ms"], [
        ("304 through the application", asked["304"]), ("304 of a bare Flask with the same sign-in", asked["bare"]),
        *((f"one more mark among {count} works", changed[count]) for count in halls),
        *((f"the whole board of {count} works", whole[count]) for count in halls)])
    return {"board_not_modified_vs_bare": asked["304"] / asked["bare"], "board_changed_large_vs_small": changed[LARGE] / changed[SMALL]}


def _in_turns(sides: dict[str, Callable[[], int]], times: int, status: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(times + 10):
        for name, ask in sides.items():
            answers: list[int] = []
            spent = seconds(lambda ask=ask, answers=answers: answers.append(ask()))  # type: ignore[misc]
            if answers != [status]:
                raise SystemExit(f"{name}: {answers}")
            if number >= 10:  # the first turns warm up
                taken[name].append(spent)
    return {name: statistics.median(each) * 1000 for name, each in taken.items()}


def _changed(client: FlaskClient, each: Hall, times: int) -> float:
    taken = []
    seen = client.get(each.address).get_json()["version"]
    for _number in range(times):
        each.one_more()
        answers: list[Any] = []
        taken.append(seconds(lambda: answers.append(client.get(f"{each.address}?since={seen}"))))  # noqa: B023
        told = answers[0].get_json()
        if told["whole"] or len(told["works"]) != 1:
            raise SystemExit(f"not one work: {told['whole']} {len(told['works'])}")
        seen = told["version"]
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    print(measure())
