"""Security rows: what they say, what they do not, and that nobody can fill the database with them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.core import refusals
from competition.core.clock import now
from competition.core.database import db
from competition.core.limits import limiter
from competition.core.refusals import SecurityRow, forget_refusals
from tests.cast import Cast

REFUSED = "/system/operations/backup"


@pytest.fixture(autouse=True)
def _fresh_counts(cast: Cast) -> None:
    limiter.reset()


def rows() -> list[SecurityRow]:
    return list(db.session.scalars(select(SecurityRow).order_by(SecurityRow.at)))


def test_a_refused_change_says_who_tried_what(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("auditor")
    cast.sign_in(client, account)
    assert client.post(REFUSED).status_code == 403
    row = rows()[0]
    assert (row.status, row.act, row.endpoint, row.method) == (403, "operations.back_up", "operations.back_up", "POST")
    assert (row.actor_kind, row.actor_id) == ("account", account.id)
    assert "127.0.0.1" not in row.source


def test_a_stranger_is_anonymous_and_the_same_place_looks_the_same(client: FlaskClient, cast: Cast) -> None:
    assert [client.post(REFUSED).status_code for _time in range(2)] == [401, 401]
    first, second = rows()
    assert (first.actor_kind, first.actor_id, first.source) == ("anonymous", None, second.source)


def test_looks_acts_and_unknown_addresses_leave_none(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/system/operations").status_code == 303
    assert client.post("/no-such-page").status_code == 404
    cast.sign_in(client, cast.account("contestant"))
    assert client.post("/messages/read").status_code == 303
    assert rows() == []


def test_beyond_the_budget_a_refusal_is_a_line_in_the_log(client: FlaskClient, cast: Cast) -> None:
    for _time in range(refusals.MOST.amount + 5):
        assert client.post(REFUSED).status_code == 401
    assert db.session.scalar(select(func.count()).select_from(SecurityRow)) == refusals.MOST.amount


def test_old_rows_are_forgotten(client: FlaskClient, cast: Cast) -> None:
    client.post(REFUSED)
    assert forget_refusals(now() - timedelta(days=1)) == 0
    assert forget_refusals(now() + timedelta(days=1)) == 1
