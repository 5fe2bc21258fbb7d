"""Sums of an installation from before they were kept come along with its returns, and adding all up anew changes none of them."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, select, text

from competition.contests.models import Contest
from competition.core.config import ROOT
from competition.core.database import db
from competition.counting.models import Activity, Place
from competition.organisations.models import Region, Union
from competition.returns.models import Return
from competition.returns.models_sums import MeasureSum, SummedAmount, SummedReturn
from competition.returns.service_sums import refresh_sums
from tests.cast import AT
from tests.counting.test_carried import bare_app as bare_app
from tests.counting.test_carried import put

MONTH = 2026 * 12 + 5
UNION, CONTEST = uuid.UUID(int=1), uuid.UUID(int=2)
# By their numbers: kind, state, place, heads, overlap, what was brought besides.
RETURNS: dict[int, tuple[str, str, int | None, int | None, int | None, dict[str, int]]] = {
    1: ("bulk", "counted", 1, 200, 20, {"patents": 3, "titles": 0}), 2: ("roster", "counted", 1, None, None, {"patents": 2, "methods": 7}),
    3: ("bulk", "submitted", 1, 999, 0, {"patents": 99}), 4: ("bulk", "counted", 2, 50, 50, {}),
    5: ("roster", "counted", 1, None, None, {}), 6: ("bulk", "superseded", 1, 777, 0, {"patents": 7}),
}


def before(revision: str) -> str:
    found = ScriptDirectory(str(ROOT / "competition" / "migrations")).get_revision(revision).down_revision
    assert isinstance(found, str)
    return found


def fill(connection: Connection) -> None:
    """Six returns of one union about one activity: what counts, at home and elsewhere, and what does not (any more)."""
    put(connection, Region, {"code": "630224", "name": "化隆", "level": "county"})
    put(connection, Union, {"id": UNION, "level": "county", "branch": "region", "name_zh": "县", "valid_from": date(2020, 1, 1)})
    put(connection, Contest, {
        "id": CONTEST, "code": "A1", "host_union_id": UNION, "kind": "labour", "level": "county", "is_flagship": False,
        "industry": "energy", "zone": "Asia/Shanghai", "phase": "running", "condition": "normal", "public_notice_days": 5,
        "is_demo": False, "version": 1, "starts_on": AT.date(), "ends_on": AT.date(), "created_at": AT, "review_levels": [],
        "name_zh": "赛", "trade": "", "venue": "", "summary": ""})
    put(connection, Activity, {"id": 1, "contest_id": CONTEST, "kind": "labour", "level": "county", "is_flagship": False,
                               "industry": "energy", "region_code": "630224", "union_id": UNION})
    put(connection, Place, *(
        {"id": number, "union_id": UNION, "region_code": code, "prefecture_code": prefecture, "province_code": f"{code[:2]}0000",
         "path": UNION.hex} for number, code, prefecture in ((1, "630224", "630200"), (2, "440106", "440000"))))
    # One index says that of one union, activity and month one version counts: each has a month of its own.
    put(connection, Return, *(
        {"id": uuid.UUID(int=100 + number), "number": number, "union_id": UNION, "activity_id": 1, "month": MONTH + number, "kind": kind,
         "version": 1, "state": state, "place_id": place, "heads": heads, "overlap": overlap, "measures": measures, "created_at": AT}
        for number, (kind, state, place, heads, overlap, measures) in RETURNS.items()))


def filled(at: str, *, summed: Iterable[int] = ()) -> None:
    """An installation of that revision, with what its sums already hold."""
    upgrade(revision=at)
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        fill(connection)
        if "measure_sum" in inspect(connection).get_table_names():
            # Of a roll-up long ago: nothing of it is true any more.
            put(connection, MeasureSum, {"scope_code": "630225", "month": MONTH, "measures": {"patents": 4}})
        for number in summed:
            put(connection, SummedReturn, {"return_id": uuid.UUID(int=100 + number)})


def sums() -> dict[tuple[str, int], tuple[int, int, dict[str, Any]]]:
    return {(row.scope_code, row.month - MONTH): (row.heads, row.overlap, row.measures) for row in db.session.scalars(select(MeasureSum))}


def amounts() -> set[tuple[str, int, int, int, int]]:
    return {(row.name, row.month - MONTH, row.return_id.int - 100, row.place_id, row.amount)
            for row in db.session.scalars(select(SummedAmount))}


def test_bulk_figures_are_in_the_sums_of_every_scope(bare_app: Flask) -> None:
    with bare_app.app_context():
        filled(before("0049"))
        upgrade(revision="0049")
        home, away = ("all", "630000", "630200", "630224", f"u:{UNION.hex}"), ("all", "440000", "440106", f"u:{UNION.hex}")
        assert sums() == {
            **{(scope, 1): (200, 20, {"patents": 3}) for scope in home},
            **{(scope, 2): (0, 0, {"methods": 7, "patents": 2}) for scope in home},
            **{(scope, 4): (50, 50, {}) for scope in away}}
        assert {row.return_id.int - 100 for row in db.session.scalars(select(SummedReturn))} == {1, 2, 4, 5}
        db.session.rollback()
        _nothing_changes_by_adding_up_anew()
        downgrade(revision=before("0049"))
        with db.engine.connect() as connection:
            assert {column["name"] for column in inspect(connection).get_columns("measure_sum")} == {"scope_code", "month", "measures"}
            assert connection.execute(text("SELECT count(*) FROM measure_sum")).scalar_one() > 0
        db.engine.dispose()


def test_what_each_return_adds_is_kept(bare_app: Flask) -> None:
    with bare_app.app_context():
        # The last roll-up was before the fourth began to count.
        filled(before("0051"), summed=(1, 2, 5))
        upgrade(revision="0051")
        assert amounts() == {("heads", 1, 1, 1, 200), ("more", 1, 1, 1, 180), ("patents", 1, 1, 1, 3), ("patents", 2, 2, 1, 2),
                             ("methods", 2, 2, 1, 7)}
        db.session.rollback()
        upgrade()
        refresh_sums(whole=False)
        assert amounts() >= {("heads", 4, 4, 2, 50), ("more", 4, 4, 2, 0), ("patents", 2, 2, 1, 2)}
        db.session.rollback()
        downgrade(revision=before("0051"))
        with db.engine.connect() as connection:
            assert "summed_amount" not in inspect(connection).get_table_names()
        db.engine.dispose()


def _nothing_changes_by_adding_up_anew() -> None:
    """What the migrations wrote by their own rules is what the program says."""
    upgrade()
    carried, each = sums(), amounts()
    db.session.rollback()
    refresh_sums(whole=True)
    assert (sums(), amounts()) == (carried, each)
    db.session.rollback()
