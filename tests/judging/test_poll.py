"""The board as it is asked every two seconds: nothing for little, and a change for as much as has changed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.core.database import Model, db
from competition.judging import service
from competition.judging.queries_poll import board_tag, change_since
from competition.judging.rules_reports import TabletSays
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import Judge, judge_round, opened, round_of, sit_down
from tests.judging.pages import signed_in
from tests.queries import count_statements


@contextmanager
def rows_read() -> Iterator[list[str]]:
    """The rows that the block reads as things."""
    read: list[str] = []

    def note(target: Any, _context: Any) -> None:
        read.append(type(target).__name__)

    event.listen(Model, "load", note, propagate=True)
    try:
        yield read
    finally:
        event.remove(Model, "load", note)


def hall_of(cast: Cast, count: int) -> tuple[Round, Judge]:
    found = opened(round_of(make_contest(cast, phase="running", events=("broth",)), "broth"), count=count, seats=2, at=cast.at)
    return found, judge_round(found, at=cast.at)[0]


def test_a_change_costs_as_much_as_has_changed(any_cast: Cast) -> None:
    costs, halls = [], []
    for count in (2, 12):
        found, _judge = hall_of(any_cast, count)
        since, work = change_since(found.id, None).info.version, list_works(found.id)[1]
        service.record_figure(work.id, "time_s", "21:00", source="timed", actor=SYSTEM, at=any_cast.at)
        halls.append((found.id, since, work.code))
    for round_id, since, code in halls:
        db.session.remove()
        with count_statements() as sent, rows_read() as read:
            change = change_since(round_id, since)
        assert not change.is_whole
        assert [row.code for row in change.works] == [code]
        costs.append((len(sent), sorted(read)))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 16


def test_a_change_says_what_changed(broth: Round, any_cast: Cast, judge: Judge) -> None:
    first, second = list_works(broth.id)
    judge.send(judge.event(first, criterion="taste", value="30"))
    whole = change_since(broth.id, None)
    assert (whole.is_whole, len(whole.works)) == (True, 2)
    assert change_since(broth.id, whole.info.version).works == ()
    judge.send(judge.event(second, criterion="taste", value="30"))
    changed = change_since(broth.id, whole.info.version)
    assert [(row.code, row.cells[0].state) for row in changed.works] == [(second.code, "scoring")]
    # Seen all over the board, from the future, from before: everything.
    service.excuse(broth.id, seat_id=judge.seat.id, work_id=first.id, reason="测试：回避", actor=SYSTEM, at=any_cast.at)
    assert change_since(broth.id, changed.info.version).is_whole
    assert change_since(broth.id, 10**6).is_whole


def test_what_only_a_tablet_holds_is_shown(broth: Round, any_cast: Cast, judge: Judge) -> None:
    _first, second = list_works(broth.id)
    since = change_since(broth.id, None).info.version
    says = TabletSays(pending=3, last_made=3, held={str(second.id): 3, str(uuid.uuid4()): 1})
    service.report_device(judge.device.id, says, at=any_cast.at)
    changed = change_since(broth.id, since)
    assert [(row.code, row.cells[0].state, row.cells[0].held) for row in changed.works] == [(second.code, "held", 3)]
    assert changed.works[0].missing[0] == "1 号裁判：平板上有 3 项未上传"


def test_the_tag_changes_with_the_round_and_its_tablets(broth: Round, any_cast: Cast, judge: Judge) -> None:
    tags = [board_tag(broth.contest_id, broth.id, any_cast.at)]
    for says in (TabletSays(pending=1, last_made=1), TabletSays(pending=0, last_made=1)):
        service.report_device(judge.device.id, says, at=any_cast.at)
        tags.append(board_tag(broth.contest_id, broth.id, any_cast.at))
    sit_down(judge.seat, at=any_cast.at)
    tags.append(board_tag(broth.contest_id, broth.id, any_cast.at))
    assert len(set(tags)) == 4
    assert board_tag(uuid.uuid4(), broth.id, any_cast.at) is None


def test_nothing_new_costs_the_sign_in_and_one_statement(client: FlaskClient, cast: Cast) -> None:
    found, _judge = hall_of(cast, 2)
    signed_in(client, cast, "chief_judge")
    address = f"/manage/contests/{found.contest_id}/judging/rounds/{found.id}/board.json"
    tag = client.get(address).headers["ETag"]
    with count_statements() as sent:
        assert client.get(f"{address}?since=3", headers={"If-None-Match": tag}).status_code == 304
    assert [name for one in sent for name in ("sign_in", "grant", "round_state") if f"FROM {name}" in one or f"JOIN {name}" in one] == [
        "sign_in", "grant", "round_state"]
    assert len(sent) == 3


@pytest.mark.parametrize("other", ["supervisor", "timekeeper"])
def test_a_tag_is_no_key(client: FlaskClient, cast: Cast, other: str) -> None:
    """Who was given it by somebody else is asked for his rights, as anybody is."""
    found, _judge = hall_of(cast, 2)
    address = f"/manage/contests/{found.contest_id}/judging/rounds/{found.id}/board.json"
    signed_in(client, cast, "chief_judge")
    tag = client.get(address).headers["ETag"]
    signed_in(client, cast, other)
    for said in (tag, "*"):
        assert client.get(address, headers={"If-None-Match": said}).status_code == (200 if other == "supervisor" else 403)
