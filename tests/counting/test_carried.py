"""Facts and figures of an installation from before facts had numbers come along, and a first roll-up changes none of them."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Date, DateTime, Uuid, bindparam, column, select, table, text

from competition.app import create_app
from competition.contests.models import Contest
from competition.core.config import ROOT
from competition.core.database import Model, db
from competition.counting import queries, service
from competition.counting.models import Cell, Counted, Fact
from competition.organisations.models import Region, Union, UnionClosure
from tests.cast import AT
from tests.house import settings_for

REVISION = "0026"
OLD_FACT = text("""
    INSERT INTO fact (id, person_key, contest_id, present_on, year, month, region_code, prefecture_code, province_code, union_id,
                      worker_group, ownership, industry, sex, birth_year, source, withdrawn_at, created_at)
    VALUES (:id, :key, :contest, :day, 2026, '2026-06', '630224', '630200', '630000', :union,
            'lamian', 'public', 'energy', 'F', 1990, :source, :gone, :at)""").bindparams(
        *(bindparam(name, type_=Uuid()) for name in ("id", "contest", "union")), bindparam("day", type_=Date()),
        *(bindparam(name, type_=DateTime(timezone=True)) for name in ("gone", "at")))


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """The application on a database without any table."""
    url = request.getfixturevalue("postgres_server").new_database() if request.param == "postgresql" else None
    return create_app(settings_for(tmp_path, url))


def before() -> str:
    """The revision before facts had numbers."""
    found = ScriptDirectory(str(ROOT / "competition" / "migrations")).get_revision(REVISION).down_revision
    assert isinstance(found, str)
    return found


def put(connection: Connection, model: type[Model], *rows: dict[str, Any]) -> None:
    """Rows with nothing but these columns: the table is older than the model."""
    known = model.__table__.c
    connection.execute(table(model.__tablename__, *(column(name, known[name].type) for name in rows[0])).insert(), list(rows))


def fill(contest: uuid.UUID, union: uuid.UUID) -> None:
    """Three facts of two people, one of them withdrawn, and the cells of the year."""
    held = {"host_union_id": union, "kind": "skills", "level": "county", "is_flagship": False, "industry": "energy",
            "zone": "Asia/Shanghai", "phase": "finished", "condition": "normal", "public_notice_days": 5, "is_demo": False, "version": 1,
            "starts_on": AT.date(), "ends_on": AT.date(), "created_at": AT, "review_levels": [],
            "name_zh": "赛", "trade": "", "venue": "", "summary": ""}
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        put(connection, Region, {"code": "630224", "name": "化隆", "level": "county"})
        put(connection, Union, {"id": union, "level": "county", "branch": "region", "name_zh": "县", "valid_from": date(2020, 1, 1)})
        put(connection, UnionClosure, {"ancestor_id": union, "descendant_id": union, "depth": 0})
        contests = [contest, uuid.uuid4()]
        put(connection, Contest, *({"id": one, "code": f"A{n}", **held} for n, one in enumerate(contests)))
        same = {"day": AT.date(), "union": union, "at": AT}
        rows = (("a", contests[0], "contest", None), ("a", contests[1], "return", None), ("b", contests[0], "contest", AT))
        connection.execute(OLD_FACT, [{"id": uuid.uuid4(), "key": key, "contest": one, "source": source, "gone": gone, **same}
                                      for key, one, source, gone in rows])
        connection.execute(text("INSERT INTO cell (scope_code, period, persons, person_times, new_persons)"
                                " VALUES ('all', '2026', 1, 2, 1)"))


def test_old_facts_and_figures_come_along(bare_app: Flask) -> None:
    contest, union = uuid.uuid4(), uuid.uuid4()
    with bare_app.app_context():
        upgrade(revision=before())
        fill(contest, union)
        upgrade(revision=REVISION)
        facts = list(db.session.scalars(select(Fact)))
        said = {(fact.participant.key, fact.activity.contest_id == contest, fact.origin, fact.withdrawn_at) for fact in facts}
        assert said == {("a", True, 0, None), ("a", False, -1, None), ("b", True, 0, AT)}
        standing = facts[0].standing
        assert (standing.age_band, standing.worker_group, standing.place.path) == ("35to44", "lamian", union.hex)
        assert [(row.month, row.participant_id) for row in db.session.scalars(select(Counted))] == [(2026 * 12 + 5, 1)] * 2
        assert [(cell.period, cell.persons, cell.person_times) for cell in db.session.scalars(select(Cell))] == [("2026", 1, 2)]
        upgrade()
        run = service.roll_up(at=AT)
        cell = queries.cell(queries.WHOLE, "2026")
        assert (run.state, cell and (cell.persons, cell.person_times, cell.new_persons)) == ("done", (1, 2, 1))
        db.session.rollback()
        downgrade(revision=before())
        with db.engine.connect() as connection:
            kept = connection.execute(text("SELECT person_key, source FROM fact ORDER BY person_key, source")).all()
            assert [tuple(row) for row in kept] == [("a", "contest"), ("a", "return"), ("b", "contest")]
            assert connection.execute(text("SELECT persons FROM cell WHERE scope_code = 'all' AND period = '2026'")).scalar_one() == 1
        db.engine.dispose()
