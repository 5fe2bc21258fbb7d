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
