"""A roster whose worker is killed (SIGKILL) again and again while it is read and taken: real processes on a real queue."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db, get
from competition.core.jobs import Job
from competition.counting import queries, service
from competition.counting.models import Fact
from competition.returns import service as returns
from competition.returns import service_import as imports
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from tests.cast import AT, Cast, id_card
from tests.certificates.test_kills import let_minutes_pass, wait_until, worker
from tests.returns.tables import book, clerk, draft

COUNT = 4_000
# Shares of the people at whose staging the worker dies.
WHILE_STAGING = (0.01, 0.5)


@pytest.mark.slow
def test_a_roster_is_taken_whole_however_often_its_worker_is_killed(app: Flask, cast: Cast) -> None:
    found, actor = draft(cast), clerk(cast)
    return_id, activity_id = found.id, found.activity_id
    # Serials of one day of birth are a thousand.
    rows = [row for born in range(4) for row in numbered(born)]
    import_id = imports.send_table(return_id, book(rows), "名册.xlsx", actor=actor, at=AT).id
    killed_while_reading(app, import_id)
    imports.ask_take(import_id, only_good=False, keeps_others=False, actor=actor, at=now())
    job_id = get(ReturnImport, import_id).job_id
    assert job_id is not None
    left = []
    for share in WHILE_STAGING:
        let_minutes_pass(job_id)
        with worker(app) as kill:
            wait_until(lambda share=share: staged(import_id) >= share * COUNT or get(Job, job_id).is_over)  # type: ignore[misc]
            kill()
        db.session.remove()
        left.append(staged(import_id))
        assert get(Return, return_id).number != get(ReturnImport, import_id).number or get(Job, job_id).is_over
    assert min(left) > 0
    let_minutes_pass(job_id)
    with worker(app):
        wait_until(lambda: get(Job, job_id).is_over)
    check(return_id, activity_id, import_id)


def numbered(born: int) -> list[list[str]]:

    return [[f"试{n}甲", id_card(n, born=f"198{born}0101"), "某店", "", ""] for n in range(COUNT // 4)]


def killed_while_reading(app: Flask, import_id: object) -> None:
    job_id = get(ReturnImport, import_id).job_id
    assert job_id is not None
    with worker(app) as kill:
        wait_until(lambda: get(Job, job_id).state != "queued")
        kill()
    let_minutes_pass(job_id)
    with worker(app):
        wait_until(lambda: get(Job, job_id).is_over)
    db.session.remove()
    assert get(ReturnImport, import_id).state == "checked", get(Job, job_id).error


def staged(import_id: object) -> int:
    return get(ReturnImport, import_id).staged


def check(return_id: object, activity_id: int, import_id: object) -> None:
    """Nobody is there twice, nobody is missing, and the figures are what a count of everything says."""
    db.session.remove()
    kept, found = get(ReturnImport, import_id), get(Return, return_id)
    assert (kept.state, kept.summary["people"], found.number) == ("taken", COUNT, kept.number)
    facts = select(func.count(), func.count(Fact.participant_id.distinct())).where(Fact.activity_id == activity_id)
    assert db.session.execute(facts).one() == (COUNT, COUNT)

    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    while (waiting := get(Return, return_id).waiting_at) is not None:
        returns.approve_return(found.id, waiting, actor=SYSTEM, at=AT)
    # The first count makes the cells, the second proves them.
    assert [service.roll_up(at=AT).state for _ in range(2)] == ["done", "done"]
    cell = queries.cell(queries.WHOLE, str(AT.year))
    assert cell is not None
    assert (cell.persons, cell.person_times) == (COUNT, COUNT)
    assert [proof.broken for proof in audit.prove() if proof.broken] == []



