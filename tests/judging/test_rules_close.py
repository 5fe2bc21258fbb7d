"""Whether a tablet's outbox is proved empty, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from competition.judging.rules_close import Absence, Heard, keeps_open, still_absent

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)


@pytest.mark.parametrize(("heard", "why"), [
    (Heard(12, (), 0, 12, AT), ""),
    (Heard(0, (), 0, 0, AT), ""),
    (Heard(12, (7,), 0, 12, AT), "gap"),
    (Heard(0, (), None, None, None), "silent"),
    (Heard(12, (), None, 12, AT), "silent"),
    (Heard(12, (), 0, None, AT), "silent"),
    (Heard(12, (), 3, 15, AT), "pending"),
    (Heard(12, (), 0, 15, AT), "behind"),
    (Heard(15, (), 0, 12, AT), "behind"),
    (Heard(12, (), 0, 12, LATER, ended_at=AT), ""),
    (Heard(12, (), 0, 12, AT, ended_at=AT), ""),
    (Heard(12, (), 0, 12, AT, ended_at=LATER), "unheard"),
    (Heard(12, (), 2, 14, LATER, ended_at=AT), "pending"),
    (Heard(12, (), 0, 12, AT, since=AT), ""),
    (Heard(12, (), 0, 12, AT, since=LATER), "stale"),
    (Heard(12, (), 2, 14, AT, since=LATER), "pending"),
    (Heard(12, (), 0, 12, AT, since=LATER, quiet=(AT, AT)), ""),
    (Heard(12, (), 0, 12, AT, since=LATER, quiet=(LATER, LATER)), "stale"),
    (Heard(12, (), 0, 12, LATER, since=LATER + timedelta(hours=1), quiet=(AT, AT)), "stale"),
    (Heard(12, (), 0, 12, AT, ended_at=AT, since=LATER), ""),
    (Heard(12, (), 0, 12, AT, stuck=None), "old_page"),
    (Heard(12, (), 0, 12, AT, stuck={"T1": 2}), "stuck"),
    (Heard(12, (), 0, 12, AT, ended_at=AT, stuck={"T1": 2}), "stuck"),
    (Heard(12, (), 0, 12, AT, stuck={"T1": 2}, since=LATER), "stale"),
])
def test_only_the_tablets_own_word_proves_that_it_is_empty(heard: Heard, why: str) -> None:
    assert keeps_open(heard) == why


@pytest.mark.parametrize(("heard", "holds"), [
    (Heard(12, (7,), 3, 15, AT), True),
    (Heard(12, (7,), None, None, None), True),
    (Heard(12, (7,), 3, 15, LATER), False),
    (Heard(13, (7,), 3, 15, AT), False),
    (Heard(12, (), 3, 15, AT), False),
])
def test_a_signed_absence_ends_when_the_tablet_is_heard_again(heard: Heard, holds: bool) -> None:
    assert still_absent(heard, Absence(12, [7], AT)) is holds


@pytest.mark.parametrize(("heard", "holds"), [
    (Heard(12, (), 0, 12, LATER, stuck={"T1": 2}), True),
    (Heard(12, (), 0, 12, LATER, stuck={"T1": 3}), False),
    (Heard(12, (), 0, 12, LATER, stuck={"T2": 2}), False),
    (Heard(12, (), 1, 13, LATER, stuck={"T1": 2}), False),
    (Heard(12, (), 0, 12, LATER, stuck={"T1": 2}, since=LATER + timedelta(minutes=1)), False),
])
def test_what_was_refused_is_signed_for_while_the_tablet_says_just_that(heard: Heard, holds: bool) -> None:
    assert still_absent(heard, Absence(12, [], AT, {"T1": 2})) is holds
