"""Whoever works on the day finds the own page by links alone, from the first page on, and no link that is closed to him."""

import re
import uuid

import pytest
from flask.testing import FlaskClient

from competition.contests.models import Contest
from competition.core.database import db
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast

FIND = {
    "check_in_judge": "/arena/check-in/{round}", "coding_judge": "/arena/rounds/{round}", "chief_judge": "/judging/rounds/{round}",
    "timekeeper": "/judging/rounds/{round}/figures", "supervisor": "/judging/rounds/{round}",
}
# Where a page of another room still names a board that not everybody there may see.
FOREIGN = re.compile(r"/results")


@pytest.fixture
def contest(cast: Cast) -> Contest:
    made = make_contest(cast, phase="running", open=False, events=("theory", "broth"))
    db.session.refresh(made, ["events"])
    make_field(cast, made, persons=2)
    draw_contest(cast, made)
    return made


def reachable(client: FlaskClient, contest_id: uuid.UUID) -> dict[str, int]:
    """Every page that links lead to, with its status; pages of results are not followed further."""
    seen: dict[str, int] = {}
    waiting = ["/", "/begin"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address, follow_redirects=True)
        seen[address] = answer.status_code
        if answer.mimetype != "text/html" or answer.status_code != 200 or FOREIGN.search(address):
            continue
        found = re.findall(r'href="(/[^"#?]*)"', answer.get_data(as_text=True))
        waiting += [href for href in found if href == "/desk" or (f"/manage/contests/{contest_id}" in href and ".pdf" not in href)]
    return seen


@pytest.mark.parametrize("scope", ["contest", "event"])
@pytest.mark.parametrize("role", FIND)
def test_who_works_on_the_day_finds_the_own_page(client: FlaskClient, cast: Cast, contest: Contest, role: str, scope: str) -> None:
    event = contest.events[1]
    round_id = event.stages[0].rounds[0].id
    cast.sign_in(client, cast.account(role, scope, contest.id if scope == "contest" else event.id))
    seen = reachable(client, contest.id)
    assert f"/manage/contests/{contest.id}" + FIND[role].format(round=round_id) in seen
    assert {address: status for address, status in seen.items() if status != 200} == {}
