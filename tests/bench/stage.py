"""A stage for measurements of judging: a real server process on a database of its own, with tablets at every seat."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.demo.rehearsal_server import Server
from competition.judging import queries, service
from competition.scoring.inputs import canonical_value
from competition.scoring.model import Criterion
from tests.builders import make_contest
from tests.cast import make_cast
from tests.house import build
from tests.judges import criteria_of, make_panel, round_of, works
from tests.services import free_port

# The same as tests.house gives its applications.
KEYS = {"COMP_SECRET_KEY": "test", "COMP_FIELD_KEYS": "t1:" + "A" * 43 + "=", "COMP_INDEX_KEY": "B" * 43 + "="}
EVENTS = ("basic", "broth", "bowl", "creative")


@dataclass
class Tablet:
    """A tablet that has opened its seat; ``slots``: work, criterion and a good mark for it."""

    token: str
    seat: str
    slots: list[tuple[str, str, str]]
    seq: int = 0


@dataclass(frozen=True)
class Stage:
    """An open round on a database, and its tablets."""

    app: Flask
    url: str
    instance: Path
    tablets: list[Tablet]


def prepare(folder: Path, url: str, *, seats: int, count: int) -> Stage:
    """A contest whose events are all being judged, ``count`` works each; ``seats`` judges in all at their tablets."""
    folder.mkdir(parents=True, exist_ok=True)
    app = build(folder, url)
    with app.app_context():
        cast = make_cast()
        contest, tablets = make_contest(cast, phase="running", events=EVENTS), list[Tablet]()
        for number, key in enumerate(EVENTS):
            round_ = round_of(contest, key)
            drawn = [str(work.id) for work in works(round_, count, at=cast.at)]
            make_panel(round_, seats // len(EVENTS) + (number < seats % len(EVENTS)), at=cast.at, sit=True)
            service.open_round(round_.id, actor=SYSTEM, at=cast.at)
            tablets += [open_tablet(seat.id, drawn, criteria_of(round_)) for seat in queries.seats_of_round(round_.id)]
        stage = Stage(app, url, folder, tablets)
        db.session.remove()
        db.engine.dispose()
    return stage


def open_tablet(seat_id: uuid.UUID, drawn: list[str], criteria: Sequence[Criterion]) -> Tablet:
    """A seat with its card, and the tablet that has scanned it."""
    card = service.make_cards([seat_id], actor=SYSTEM, at=now())[0]
    _device, token = service.open_seat(card.token, card.pin, label="bench", at=now())
    return Tablet(token, str(seat_id), [(work, criterion.key, canonical_value(criterion, str(int(criterion.max))))
                                       for work in drawn for criterion in criteria if criterion.kind == "points"])


@contextmanager
def served(stage: Stage, program: str = "wsgi:app", **more: str) -> Iterator[int]:
    """The server as it is in use (``competition.serve``), on a free port; ``program``: what gunicorn runs."""
    server = Server(free_port(), stage.instance, {**KEYS, "COMP_INSTANCE": str(stage.instance), "COMP_DATABASE_URL": stage.url, **more})
    server.command = [program if part == "wsgi:app" else part for part in server.command]
    try:
        server.start()
        yield server.port
    finally:
        server.kill()
