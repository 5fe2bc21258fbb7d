"""The world that is looked at: a small demonstration with its certificates printed and a judge at a tablet."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.jobs import Job
from competition.demo import queries
from competition.demo.load import load
from competition.demo.staff import add_staff
from competition.judging import service as judging
from competition.organisations.service import found_tree
from tests.house import build

CONTESTANTS, PERSONS = 24, 400


def make(folder: Path, *, before: Callable[[Flask], None] = lambda _app: None) -> Flask:
    """An application with the demonstration in it, and nothing left to do for the worker. ``before``: what is hung on it first."""
    folder.mkdir(exist_ok=True)
    app = build(folder, COMP_DEMO="1")
    before(app)
    with app.app_context():
        load(now(), contestants=CONTESTANTS, persons=PERSONS, seed=2025, say=lambda _: None)
        for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
            jobs.run_job(job_id)
        db.session.remove()
    return app


def make_empty(folder: Path) -> Flask:
    """An application with the tree of unions and somebody in every role, and nothing else."""
    folder.mkdir(exist_ok=True)
    app = build(folder, COMP_DEMO="1")
    with app.app_context():
        found_tree(now())
        add_staff(now())
        db.session.remove()
    return app


def card(app: Flask) -> tuple[str, str]:
    """The link and the PIN of a judge's seat in a round that is open."""
    with app.app_context():
        _, seat, _ = queries.seats()[0]
        made = judging.make_cards([seat.id], actor=SYSTEM, at=now())[0]
        return f"/judge/open#{made.token}", made.pin
