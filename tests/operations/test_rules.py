"""What is kept, when one is too old, what does not agree."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.operations import rules

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Kept:
    name: str
    moment: datetime
    is_verified: bool = True


def hours(*ages: float, verified: bool = True) -> list[Kept]:
    return [Kept(f"{age}", AT - timedelta(hours=age), verified) for age in ages]


@pytest.mark.parametrize(
    ("found", "gone"),
    [
        ([], []),
        (hours(0, 1, 2, 23), []),
        # Beyond a day only the last of each day stays.
        (hours(1, 30, 31, 32), ["31", "32"]),
        (hours(1, 24 * 34, 24 * 36), [str(24 * 36)]),
        # The newest good one stays whatever its age.
        (hours(24 * 400), []),
        (hours(24 * 400, 24 * 401), [str(24 * 401)]),
        (hours(1, verified=False) + hours(24 * 400), []),
        (hours(24 * 8, verified=False) + hours(24 * 6, verified=False), [str(24 * 8)]),
    ],
)
def test_retention(found: list[Kept], gone: list[str]) -> None:
    assert sorted(rules.to_remove(found, AT, ZONE)) == sorted(gone)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 24 * 60), st.booleans()), max_size=40, unique_by=lambda pair: pair[0]))
def test_the_newest_good_one_and_everything_of_the_last_day_stay(ages: list[tuple[int, bool]]) -> None:
    found = [Kept(str(age), AT - timedelta(hours=age), good) for age, good in ages]
    gone = set(rules.to_remove(found, AT, ZONE))
    good = [b for b in found if b.is_verified]
    assert not gone & {b.name for b in found if AT - b.moment <= rules.KEEP_ALL}
    assert not good or min(good, key=lambda b: AT - b.moment).name not in gone
    left = [b.moment.astimezone(ZONE).date() for b in good if b.name not in gone and AT - b.moment > rules.KEEP_ALL]
    assert len(left) == len(set(left))


@pytest.mark.parametrize(("hours_ago", "runs", "old"), [(1, True, False), (3, True, True), (25, False, False), (27, False, True)])
def test_age(hours_ago: int, runs: bool, old: bool) -> None:
    assert rules.is_too_old(AT - timedelta(hours=hours_ago), AT, contest_runs=runs) is old


def test_differences_name_the_tables() -> None:
    assert rules.differences({"a": 1, "b": 2}, {"a": 1, "b": 2}) == []
    assert rules.differences({"a": 1, "b": 2, "c": 0}, {"a": 2, "b": 2, "d": 5}) == ["a（1 ≠ 2）", "c（0 ≠ —）", "d（— ≠ 5）"]


def test_a_revision_that_nobody_knows_is_newer() -> None:
    assert rules.unknown_revisions(["0009"], ["0001", "0002"]) == ["0009"]
    assert rules.unknown_revisions(["0001"], ["0001", "0002"]) == []
