"""Decisions as tables: no application, no database."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.registration import rules, rules_places
from competition.registration.rules import Applicant, Node
from competition.registration.rules_places import CONTEST, Ledger, Need

A, B, C, HOST, ELSEWHERE = (uuid.UUID(int=n) for n in range(1, 6))


@dataclass
class Limits:
    age_least: int | None = None
    age_most: int | None = None
    age_on: date | None = None
    skill_at_least: int | None = None
    worker_groups: list[str] = field(default_factory=list)
    events_most: int | None = None
    needs_photo: bool = False
    needs_team: bool = False


@dataclass
class EventName:
    id: uuid.UUID
    name: str


FIRST_DAY = date(2026, 11, 22)
GOOD = {"birth_on": date(1990, 1, 1), "skill_level": 3, "worker_group": "lamian", "events": 2}


@pytest.mark.parametrize(("born", "day", "years"), [
    (date(2008, 11, 22), FIRST_DAY, 18), (date(2008, 11, 23), FIRST_DAY, 17),
    (date(2008, 2, 29), date(2026, 2, 28), 17), (date(2008, 2, 29), date(2026, 3, 1), 18),
])
def test_age_is_whole_years(born: date, day: date, years: int) -> None:
    assert rules.age(born, day) == years


@pytest.mark.parametrize(("limits", "changed", "codes"), [
    (Limits(), {}, []),
    (Limits(age_least=18), {"birth_on": date(2008, 11, 22)}, []),
    (Limits(age_least=18), {"birth_on": date(2008, 11, 23)}, ["too_young"]),
    (Limits(age_least=18, age_on=date(2026, 12, 31)), {"birth_on": date(2008, 11, 23)}, []),
    (Limits(age_most=35), {"birth_on": date(1990, 11, 23)}, []),
    (Limits(age_most=35), {"birth_on": date(1990, 11, 22)}, ["too_old"]),
    (Limits(age_most=35), {"birth_on": None}, ["birth_unknown"]),
    (Limits(), {"birth_on": None}, []),
    (Limits(skill_at_least=3), {"skill_level": 3}, []),
    (Limits(skill_at_least=3), {"skill_level": 0}, []),
    (Limits(skill_at_least=3), {"skill_level": 4}, ["skill_too_low"]),
    (Limits(skill_at_least=5), {"skill_level": None}, ["skill_too_low"]),
    (Limits(worker_groups=["courier"]), {}, ["other_group"]),
    (Limits(worker_groups=["courier", "lamian"]), {}, []),
    (Limits(events_most=1), {}, ["too_many_events"]),
    (Limits(needs_photo=True), {}, ["no_photo"]),
    (Limits(needs_team=True, needs_photo=True), {"has_team": True}, ["no_photo"]),
    (Limits(age_most=30, events_most=1), {}, ["too_old", "too_many_events"]),
])
def test_eligibility_gives_every_reason(limits: Limits, changed: dict[str, object], codes: list[str]) -> None:
    who = Applicant(**(GOOD | changed))  # type: ignore[arg-type]
    found = rules.eligibility(limits, who, FIRST_DAY)
    assert [r.code for r in found] == codes
    assert all(r.sentence.endswith("。") for r in found)


def test_without_conditions_anybody_may_enter() -> None:
    assert rules.eligibility(None, Applicant(None, None, "none", 0), FIRST_DAY) == []


# ---- places ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "need", "full"), [
    ({}, Need(frozenset({A})), []),
    ({CONTEST: 10}, Need(frozenset()), [CONTEST]),
    ({(A, None): 3}, Need(frozenset({A, B})), [(A, None)]),
    ({(A, None): 3}, Need(frozenset({B})), []),
    ({(A, C): 2}, Need(frozenset({A}), C), [(A, C)]),
    ({(A, C): 2}, Need(frozenset({A}), HOST), []),
    ({(A, C): 2}, Need(frozenset({A})), []),
    ({CONTEST: 10, (A, None): 3, (A, C): 2}, Need(frozenset({A}), C), [CONTEST, (A, None), (A, C)]),
])
def test_quotas_of_contest_event_and_delegation(held: dict[rules_places.Book, int], need: Need, full: list[rules_places.Book]) -> None:
    ledger = Ledger(10, {A: 3}, {A: 2}, Counter(held))
    assert ledger.full(need) == full
    assert bool(rules_places.full_words(full, [EventName(A, "拉面调汤"), EventName(B, "毛细")])) == bool(full)


def test_no_quota_is_never_full() -> None:
    ledger = Ledger(None, {}, {}, Counter({CONTEST: 100_000}))
    assert ledger.full(Need(frozenset({A, B}), C)) == []
    assert ledger.left(CONTEST) is None


# The machine may be busy with other tests: slowness is no fault of the rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
needs = st.builds(Need, st.frozensets(st.sampled_from([A, B])), st.sampled_from([None, C, HOST]))


@unhurried
@given(st.lists(needs, max_size=30), st.integers(0, 12), st.integers(0, 6), st.integers(0, 3))
def test_moving_up_never_overfills_and_leaves_nobody_behind_a_free_place(
    line: list[Need], contest: int, event: int, each: int,
) -> None:
    ledger = Ledger(contest, {A: event}, {A: each, B: each})
    moved = rules_places.promotable(list(enumerate(line)), ledger)
    assert moved == sorted(moved)
    for book, count in ledger.held.items():
        quota = ledger.quota(book)
        assert quota is None or count <= quota
    # Whoever still waits could not sit down even now.
    assert all(ledger.full(need) for number, need in enumerate(line) if number not in moved)


@unhurried
@given(st.lists(needs, max_size=20), st.integers(0, 8))
def test_the_line_is_served_in_order(line: list[Need], contest: int) -> None:
    moved = rules_places.promotable(list(enumerate(line)), Ledger(contest, {}, {}))
    assert moved == list(range(min(contest, len(line))))


# ---- review ----------------------------------------------------------------------------------

PROVINCE = Node(HOST, "province")
LINE = [Node(A, "grassroots"), Node(B, "county"), Node(C, "prefecture"), PROVINCE]


@pytest.mark.parametrize(("lineage", "levels", "route"), [
    (LINE, ["county", "prefecture"], [B, C]),
    (LINE, ["county", "prefecture", "province"], [B, C, HOST]),
    (LINE, ["grassroots", "county"], [A, B]),
    (LINE, [], [HOST]),
    (LINE[2:], ["county"], [HOST]),
    (LINE[1:], ["county"], [B]),
    ([], ["county"], [HOST]),
    ([Node(ELSEWHERE, "province")], ["province"], [ELSEWHERE, HOST]),
    ([Node(ELSEWHERE, "province")], ["county", "prefecture"], [HOST]),
    ([PROVINCE, Node(ELSEWHERE, "national")], ["national"], [HOST]),
])
def test_review_goes_up_to_the_host(lineage: list[Node], levels: list[str], route: list[uuid.UUID]) -> None:
    assert rules.review_route(lineage, PROVINCE, levels) == route


def test_steps_of_a_route() -> None:
    route = [B, C, HOST]
    assert [rules.step_after(route, step) for step in (None, B, C, HOST, ELSEWHERE)] == [B, C, HOST, None, HOST]
    assert [rules.is_last(route, step) for step in route] == [False, False, True]


@pytest.mark.parametrize(("state", "phase", "code"), [
    ("draft", "announced", None), ("submitted", "announced", None), ("approved", "announced", None), ("waiting", "announced", None),
    ("approved", "running", "contest_runs"), ("approved", "finished", "contest_runs"),
    ("withdrawn", "announced", "not_alive"), ("rejected", "announced", "not_alive"),
])
def test_withdrawing(state: str, phase: str, code: str | None) -> None:
    refusal = rules.withdraw_refusal(state, phase)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(("state", "decision", "reason", "code"), [
    ("submitted", "approve", "", None), ("reviewing", "reject", "不符", None), ("submitted", "return", "  ", "reason_required"),
    ("approved", "approve", "", "not_under_review"), ("waiting", "approve", "", "not_under_review"),
    ("submitted", "maybe", "", "unknown_decision"),
])
def test_reviewing(state: str, decision: str, reason: str, code: str | None) -> None:
    refusal = rules.review_refusal(state, decision, reason)
    assert (refusal.code if refusal else None) == code
