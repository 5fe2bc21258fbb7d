"""Statements that go straight to the driver find and change what SQLAlchemy's own do. That nothing is let through: ``test_guard.py``."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.exc import IntegrityError

from competition.core.database import atomic, db
from competition.core.jobs import Job
from competition.core.statements import Statement
from tests.cast import AT
from tests.queries import count_statements

JOB = cast(Table, Job.__table__)
ADD = Statement(JOB.insert())
CHANGE = Statement(JOB.update().where(JOB.c.id == bindparam("key")))
BY_KEY = Statement(select(*JOB.c).where(JOB.c.id == bindparam("key"), JOB.c.kind == "long"))
BY_KEYS = Statement(select(JOB.c.id, JOB.c.payload).where(JOB.c.id.in_(bindparam("keys", expanding=True))).order_by(JOB.c.done))


def job(done: int = 0) -> dict[str, Any]:
    """Every column of a job."""
    values = {"kind": "long", "title": "长任务", "payload": {"页": [1, "二"]}, "owner_id": uuid.uuid4(), "created_at": AT, "done": done}
    return {column.name: None for column in JOB.c} | {
        "id": uuid.uuid4(), "state": "queued", "total": 9, "message": "", "attempts": 0, **values}


@pytest.fixture
def act(any_app: Flask) -> Iterator[Connection]:
    """An act that is under way, on each database."""
    with atomic() as session:
        yield session.connection()


def test_what_was_added_is_found_as_sqlalchemy_finds_it(act: Connection) -> None:
    one, other = job(), job()
    ADD.write(act, one)
    ADD.write(act, other)
    found = BY_KEY.row(act, {"key": one["id"]})
    assert found == list(act.execute(select(JOB).where(JOB.c.id == one["id"])).one()) == [one[column.name] for column in JOB.c]
    assert BY_KEY.row(act, {"key": uuid.uuid4()}) is None
    assert db.session.get_one(Job, other["id"]).payload == other["payload"]


def test_an_instant_keeps_its_moment_whatever_its_zone(act: Connection) -> None:
    one = job() | {"created_at": datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))}
    ADD.write(act, one)
    assert db.session.get_one(Job, one["id"]).created_at == one["created_at"]
    with pytest.raises(ValueError, match="time zone"):
        ADD.write(act, job() | {"created_at": AT.replace(tzinfo=None)})


def test_only_the_named_columns_change(act: Connection) -> None:
    one, other = job(), job()
    ADD.write(act, one, other)
    CHANGE.write(act, {"key": one["id"], "done": 3})
    CHANGE.write(act, {"key": one["id"], "state": "running", "payload": {}}, {"key": other["id"], "state": "done", "payload": {}})
    assert [(j.state, j.done, j.total) for j in (db.session.get_one(Job, each["id"]) for each in (one, other))] == [
        ("running", 3, 9), ("done", 0, 9)]


def test_a_list_is_spelled_out(act: Connection) -> None:
    jobs = [job(done) for done in range(3)]
    ADD.write(act, *jobs)
    assert BY_KEYS.rows(act, {"keys": [each["id"] for each in jobs[:2]]}) == [[each["id"], each["payload"]] for each in jobs[:2]]


def test_many_rows_go_in_one_statement(act: Connection) -> None:
    with count_statements() as sent:
        ADD.write(act, *(job() for _each in range(5)))
    assert len(sent) == 1


def test_whole_columns_are_rows(act: Connection) -> None:
    jobs = [job(done) for done in range(3)]
    same = {name: value for name, value in jobs[0].items() if name not in ("id", "owner_id", "done", "payload")}
    with count_statements() as sent:
        ADD.write_lists(act, same, {name: [each[name] for each in jobs] for name in ("id", "owner_id", "done", "payload")})
    assert len(sent) == 1
    assert [BY_KEY.row(act, {"key": each["id"]}) for each in jobs] == [[each[column.name] for column in JOB.c] for each in jobs]
    with pytest.raises(ValueError, match="is shorter"):
        ADD.write_lists(act, same, {"id": [uuid.uuid4(), uuid.uuid4()], "owner_id": [uuid.uuid4()], "done": [1], "payload": [{}]})
    with pytest.raises(ValueError, match="not all columns have a value"):
        ADD.write_lists(act, {"kind": "long"}, {"id": [uuid.uuid4()]})


def test_what_lacks_is_a_mistake_of_the_program(act: Connection) -> None:
    with pytest.raises(KeyError, match="key"):
        BY_KEY.rows(act, {"id": uuid.uuid4()})
    with pytest.raises(ValueError, match="not all columns"):
        ADD.write(act, {name: value for name, value in job().items() if name != "state"})


def test_a_fault_has_the_name_that_everybody_catches_and_tells_no_values(any_app: Flask) -> None:
    one = job() | {"title": "张三"}
    with pytest.raises(IntegrityError) as caught, atomic() as session:
        ADD.write(session.connection(), one, one)
    assert "张三" not in str(caught.value)
    with atomic() as session:
        assert BY_KEY.row(session.connection(), {"key": one["id"]}) is None
