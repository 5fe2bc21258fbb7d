"""What should be looked at twice, figures as people write them, the way up when the tree was changed, two who begin at once."""

import threading
import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition.activities.rules import in_units
from competition.core.actors import SYSTEM
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.core.money import hundredths_of
from competition.counting.rules_periods import month_number
from competition.returns import rules
from competition.returns import service as returns
from competition.returns.models import Return
from competition.returns.rules_warnings import Seen, warnings
from tests.builders import make_contest
from tests.cast import AT, Cast

MAY = month_number(date(2026, 5, 1))
PLAIN = Seen(people=37, is_bulk=True, overlap=0, members=500, before=None, year_ago=None, month=MAY, starts_on=date(2026, 1, 1),
             ends_on=date(2026, 12, 31))


@pytest.mark.parametrize(("change", "words"), [
    ({}, []),
    ({"people": 501}, ["多于该工会"]),
    ({"people": 300}, ["整百数"]),
    ({"people": 300, "is_bulk": False}, []),
    ({"named": 12, "overlap": 11}, ["重复人数只填了 11"]),
    ({"named": 900, "overlap": 37}, []),
    ({"before": 37}, ["与上个月上报的人数完全相同"]),
    ({"year_ago": 37}, ["与去年同月上报的人数完全相同"]),
    ({"people": 90, "before": 30}, ["上个月的 3 倍以上"]),
    ({"people": 66, "before": 22}, []),
    ({"month": MAY + 12}, ["不在活动的起止日期之内"]),
    ({"people": 1200, "before": 100}, ["多于该工会", "整百数", "3 倍以上"]),
])
def test_what_is_unlikely_is_said(app: Flask, change: dict[str, Any], words: list[str]) -> None:
    with app.test_request_context():
        said = warnings(replace(PLAIN, **change))
    assert len(said) == len(words), said
    assert all(word in one for word, one in zip(words, said, strict=True))


def test_a_benefit_has_two_decimals_at_most() -> None:
    assert [hundredths_of(text) for text in ("929.95", "1,200", "０．５", "", "7")] == [92995, 120000, 50, 0, 700]
    for bad in ("9.999", "-1", "很多", "NaN", "1e99", "99999999999"):
        with pytest.raises(ValueError, match="两位小数"):
            hundredths_of(bad)
    assert in_units("benefit", 92995) == Decimal("929.95")
    assert in_units("patents", 3) == 3


def test_whoever_is_above_now_follows_a_union_that_is_not_any_more() -> None:
    assert rules.after("abc", "x") == "a"
    assert rules.after("", "x") is None


def test_one_return_at_a_time(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished").id
    first = returns.begin_return(any_cast.county.id, contest, MAY, "bulk", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="正在办理"):
        returns.begin_return(any_cast.county.id, contest, MAY, "roster", actor=SYSTEM, at=AT)
    returns.discard_return(first.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不能修改"):
        returns.discard_return(first.id, actor=SYSTEM, at=AT)
    again = returns.begin_return(any_cast.county.id, contest, MAY, "bulk", actor=SYSTEM, at=AT)
    assert again.number != get(Return, first.id).number


def test_two_unions_begin_at_the_same_instant(any_app: Flask, any_cast: Cast) -> None:
    """Neither waits for the other's number, and none meets an error."""
    contest = make_contest(any_cast, phase="finished").id
    unions = [any_cast.county.id, any_cast.other_county.id, any_cast.prefecture.id, any_cast.province.id]
    ready, failed = threading.Barrier(len(unions)), []

    def begin(union_id: uuid.UUID) -> None:
        with any_app.app_context():
            ready.wait()
            try:
                returns.begin_return(union_id, contest, MAY, "bulk", actor=SYSTEM, at=AT)
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=begin, args=(union,)) for union in unions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    db.session.rollback()
    numbers = list(db.session.scalars(select(Return.number)))
    assert len(set(numbers)) == len(numbers) == len(unions)
