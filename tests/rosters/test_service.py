"""A clerk's choice of columns is remembered for that union and those titles."""

import uuid

import pytest
from sqlalchemy import func, select

from competition.core.database import db
from competition.core.errors import NotFound, RuleBroken
from competition.rosters.models import RosterLayout
from competition.rosters.queries import remembered
from competition.rosters.rules_columns import Head, find_head
from competition.rosters.service import choose_columns
from tests.cast import Cast

TITLES = ["姓名", "汉名", "身份证号", "单位"]


def head_of(titles: list[str]) -> Head:
    head = find_head([["名单"], titles, ["甲", "乙", "1", "某店"]])
    assert head is not None
    return head


def test_the_newest_choice_counts_for_one_union_and_one_head(any_cast: Cast) -> None:
    head, clerk = head_of(TITLES), any_cast.actor("clerk", "union", any_cast.county.id)
    assert remembered(any_cast.county.id, head) == head
    for chosen in ({"name": 0, "number": 2}, {"name": 1, "number": 2}):
        found = choose_columns(any_cast.county.id, head, chosen, actor=clerk, at=any_cast.at)
        assert found.fields == chosen
    spaced = head_of(["姓 名*", "汉名", "身份证号：", "单位"])
    assert remembered(any_cast.county.id, spaced).fields == {"name": 1, "number": 2}
    assert remembered(any_cast.other_county.id, head).fields == head.fields
    assert remembered(any_cast.county.id, head_of([*TITLES, "备注"])).fields == head.fields
    assert db.session.scalar(select(func.count()).select_from(RosterLayout)) == 1


def test_a_choice_without_names_or_numbers_is_refused(any_cast: Cast) -> None:
    head, clerk = head_of(TITLES), any_cast.actor("clerk", "union", any_cast.county.id)
    for chosen in ({}, {"name": 0}, {"number": 2}, {"name": 0, "number": 9}, {"name": 2, "number": 2}):
        with pytest.raises(RuleBroken, match="请指明哪一列"):
            choose_columns(any_cast.county.id, head, chosen, actor=clerk, at=any_cast.at)
    with pytest.raises(NotFound):
        choose_columns(uuid.uuid4(), head, {"name": 0, "number": 2}, actor=clerk, at=any_cast.at)
    assert db.session.scalars(select(RosterLayout)).all() == []
