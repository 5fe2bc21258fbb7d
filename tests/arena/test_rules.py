"""Facts of the day: tables of what may follow what."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.arena import rules
from competition.arena.rules import ABSENT, CHECKED_IN, CLEARED, DISQUALIFIED, RESULT_CANCELLED, WITHDRAWN
from competition.core.errors import RuleBroken

START = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Fact:
    kind: str
    at: datetime


def facts(*kinds: str) -> list[Fact]:
    return [Fact(kind, START + timedelta(minutes=n)) for n, kind in enumerate(kinds)]


ALLOWED = [
    ((), CHECKED_IN), ((), ABSENT), ((), WITHDRAWN), ((), DISQUALIFIED),
    ((CHECKED_IN,), CLEARED), ((CHECKED_IN,), WITHDRAWN), ((CHECKED_IN,), DISQUALIFIED), ((CHECKED_IN,), RESULT_CANCELLED),
    ((ABSENT,), CLEARED), ((ABSENT,), DISQUALIFIED), ((ABSENT, CLEARED), CHECKED_IN),
    ((CHECKED_IN, WITHDRAWN), CHECKED_IN), ((WITHDRAWN,), CLEARED),
    ((CHECKED_IN, DISQUALIFIED), CHECKED_IN), ((ABSENT, DISQUALIFIED), ABSENT), ((DISQUALIFIED,), CLEARED),
    ((CHECKED_IN, RESULT_CANCELLED), CHECKED_IN), ((CHECKED_IN, RESULT_CANCELLED), DISQUALIFIED),
]
REFUSED = [
    ((), CLEARED, "already_recorded"), ((), RESULT_CANCELLED, "wrong_order"), ((), "LATE", "unknown_outcome"),
    ((CHECKED_IN,), CHECKED_IN, "already_recorded"), ((CHECKED_IN,), ABSENT, "wrong_order"),
    ((ABSENT,), CHECKED_IN, "wrong_order"), ((ABSENT,), WITHDRAWN, "wrong_order"),
    ((ABSENT,), RESULT_CANCELLED, "wrong_order"), ((DISQUALIFIED,), CHECKED_IN, "wrong_order"),
    ((CHECKED_IN, DISQUALIFIED), CLEARED, "wrong_order"), ((CHECKED_IN, DISQUALIFIED), ABSENT, "wrong_order"),
    ((CHECKED_IN, WITHDRAWN), ABSENT, "wrong_order"), ((CHECKED_IN, RESULT_CANCELLED), WITHDRAWN, "wrong_order"),
]


@pytest.mark.parametrize(("before", "kind"), ALLOWED)
def test_may_follow(before: tuple[str, ...], kind: str) -> None:
    rules.check_step(facts(*before), kind, "理由")
    assert kind in rules.may_follow(rules.state_of(facts(*before)))


@pytest.mark.parametrize(("before", "kind", "code"), REFUSED)
def test_may_not_follow(before: tuple[str, ...], kind: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_step(facts(*before), kind, "理由")
    assert refused.value.code == code


@pytest.mark.parametrize(("before", "kind"), [
    ((), WITHDRAWN), ((), DISQUALIFIED), ((CHECKED_IN,), RESULT_CANCELLED), ((CHECKED_IN, DISQUALIFIED), CHECKED_IN),
])
@pytest.mark.parametrize("reason", ["", "  "])
def test_rulings_and_their_lifting_need_a_reason(before: tuple[str, ...], kind: str, reason: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_step(facts(*before), kind, reason)
    assert refused.value.code == "reason_required"


def test_the_door_needs_no_reason() -> None:
    rules.check_step(facts(), CHECKED_IN, "")
    rules.check_step(facts(CHECKED_IN), CLEARED, "")
    assert not rules.is_ruling(CLEARED, CHECKED_IN)


@pytest.mark.parametrize(("kinds", "current", "present"), [
    ((), None, False), ((CHECKED_IN,), CHECKED_IN, True), ((ABSENT,), ABSENT, False),
    ((CHECKED_IN, CLEARED), None, False), ((CHECKED_IN, CLEARED, ABSENT), ABSENT, False),
    ((CHECKED_IN, DISQUALIFIED), DISQUALIFIED, True), ((CHECKED_IN, RESULT_CANCELLED), RESULT_CANCELLED, True),
    ((WITHDRAWN,), WITHDRAWN, False), ((CHECKED_IN, WITHDRAWN, CHECKED_IN), CHECKED_IN, True),
    ((ABSENT, CLEARED, CHECKED_IN), CHECKED_IN, True),
])
def test_what_holds(kinds: tuple[str, ...], current: str | None, present: bool) -> None:
    found = rules.current_outcome(facts(*kinds))
    assert (found.kind if found else None) == current
    assert rules.was_present(facts(*kinds)) is present


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(rules.WORDS)), max_size=12), st.randoms())
def test_order_of_reading_does_not_matter(tries: list[str], chance: object) -> None:
    history: list[Fact] = []
    for number, kind in enumerate(tries):
        try:
            rules.check_step(history, kind, "理由")
        except RuleBroken:
            continue
        history.append(Fact(kind, START + timedelta(seconds=number)))
    shuffled = list(history)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.current_outcome(shuffled) == rules.current_outcome(history)
    assert rules.was_present(shuffled) == rules.was_present(history)
    # A ruling can always be lifted, and what held before holds again.
    if rules.state_of(history) in rules.RULINGS:
        rules.check_step(history, rules.lifted_to(history), "复核后撤销")


@pytest.mark.parametrize(("kinds", "told"), [
    ((), None), ((CHECKED_IN,), None), ((ABSENT,), ABSENT), ((ABSENT, CLEARED), None), ((ABSENT, CLEARED, CHECKED_IN), None),
    ((WITHDRAWN,), WITHDRAWN), ((CHECKED_IN, WITHDRAWN), WITHDRAWN), ((CHECKED_IN, WITHDRAWN, CHECKED_IN), None),
    ((CHECKED_IN, DISQUALIFIED), None), ((CHECKED_IN, RESULT_CANCELLED), None), ((CHECKED_IN, RESULT_CANCELLED, DISQUALIFIED), None),
    ((DISQUALIFIED,), ABSENT), ((ABSENT, DISQUALIFIED), ABSENT), ((ABSENT, DISQUALIFIED, ABSENT), ABSENT),
    ((CHECKED_IN, WITHDRAWN, DISQUALIFIED), None), ((DISQUALIFIED, CLEARED), None),
])
def test_what_judging_is_told_of_an_entrant(kinds: tuple[str, ...], told: str | None) -> None:
    assert rules.away(facts(*kinds)) == told
