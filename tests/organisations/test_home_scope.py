"""To whom the whole system's work belongs is asked once for a page, however many of its buttons ask."""

import pytest
from flask import g
from flask.testing import FlaskClient

from competition.organisations.queries import home_scope
from tests.cast import Cast
from tests.queries import count_statements, statements_of

HOME = ("FROM union_closure", "WHERE union_closure.descendant_id = ", "ORDER BY union_closure.depth")


@pytest.mark.parametrize(("path", "times"), [
    ("/participation/", 1), ("/participation/doubts", 1), ("/participation/returns", 1), ("/evaluation/", 1), ("/desk", 1),
    # Besides once for the place whose target it is, which happens to be the whole.
    ("/participation/targets/all", 2),
])
def test_a_page_asks_once(client: FlaskClient, cast: Cast, path: str, times: int) -> None:
    cast.sign_in(client, cast.account("organizer", "union", cast.province.id))
    asked = [one for one in statements_of(client, path) if all(part in one for part in HOME)]
    assert len(asked) == times, asked


def test_the_next_request_and_whatever_is_no_request_ask_anew(client: FlaskClient, cast: Cast) -> None:
    with count_statements() as sent:
        assert home_scope() == home_scope() == frozenset(("union", one) for one in [cast.province.id, *_above(cast)])
    assert (len(sent) >= 4, "home_scope" in g) == (True, False)


def _above(cast: Cast) -> list[object]:
    return [cast.province.parent_id] if cast.province.parent_id else []
