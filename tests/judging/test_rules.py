"""The decisions without a database: what becomes of an event, gaps, sheets as text."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.contests.service import ready_rulebooks
from competition.judging import rules, rules_figures, rules_taking
from competition.judging.rules import DeviceEvent
from competition.judging.rules_taking import Situation
from competition.scoring import rulebook
from competition.scoring.criteria import MarkRefused

BROTH = rulebook.load(ready_rulebooks()["lamian"]).event("broth")
THEORY = rulebook.load(ready_rulebooks()["lamian"]).event("theory")
DEVICE, OTHER, SEAT, WORK = (uuid.uuid5(uuid.NAMESPACE_OID, name) for name in "abcd")


def held(value: str, version: int = 5, device: uuid.UUID = DEVICE, seq: int = 1) -> dict[str, Any]:
    return {"value": value, "version": version, "device": str(device), "seq": seq}


FULL = {rules.slot(c.key, 1): held("5") for c in BROTH.sheet_criteria}
HERE = Situation(device_id=DEVICE, seat_id=SEAT, is_live=True, seq_is_free=True, round_state="open", is_excused=False,
                 sheet_state="none", marks={}, criteria=BROTH.sheet_criteria)
EVENT = DeviceEvent(uuid.uuid4(), 1, SEAT, WORK, rules.MARK, "taste", 1, "30")
HAND_IN = DeviceEvent(uuid.uuid4(), 9, SEAT, WORK, rules.HAND_IN, value=rules.sheet_text(FULL))

TABLE = [
    ("plain", {}, {}, "accepted", ""),
    ("half a point", {"value": "30.50"}, {}, "accepted", ""),
    ("zero", {"value": "0"}, {}, "accepted", ""),
    ("withdrawn", {"kind": rules.WITHDRAW, "value": ""}, {"marks": {"taste/1": held("3")}}, "accepted", ""),
    ("full-width digits", {"value": "３０"}, {}, "refused", "mark.not_a_number"),
    ("Arabic-Indic digits", {"value": "٣"}, {}, "refused", "mark.not_a_number"),
    ("empty", {"value": ""}, {}, "refused", "mark.not_a_number"),
    ("exponent", {"value": "1e1"}, {}, "refused", "mark.not_a_number"),
    ("minus", {"value": "-1"}, {}, "refused", "mark.not_a_number"),
    ("off the step", {"value": "30.3"}, {}, "refused", "mark.off_step"),
    ("above the maximum", {"value": "35.5"}, {}, "refused", "mark.above_maximum"),
    ("unknown criterion", {"criterion": "beauty"}, {}, "refused", "criterion.unknown"),
    ("unknown attempt", {"attempt": 2}, {}, "refused", "attempt.unknown"),
    ("another seat", {"seat_id": OTHER}, {}, "refused", "seat.other"),
    ("a number used twice", {}, {"seq_is_free": False}, "refused", "event.seq_taken"),
    ("round not open", {}, {"round_state": "closed"}, "refused", "round.closed"),
    ("round locked", {}, {"round_state": "locked"}, "quarantined", "round.locked"),
    ("seat taken over", {}, {"is_live": False}, "quarantined", "seat.taken_over"),
    ("excused", {}, {"is_excused": True}, "refused", "sheet.excused"),
    ("handed in already", {}, {"sheet_state": "handed_in"}, "refused", "sheet.handed_in"),
    ("sent back", {}, {"sheet_state": "disputed", "marks": FULL}, "accepted", ""),
    ("own earlier mark counts as seen", {}, {"marks": {"taste/1": held("3")}}, "accepted", ""),
    ("other device, seen", {"base_version": 5}, {"marks": {"taste/1": held("3", device=OTHER)}}, "accepted", ""),
    ("other device, not seen", {"base_version": 4}, {"marks": {"taste/1": held("3", device=OTHER)}}, "conflict", "mark.stale"),
    ("own earlier mark, moved since", {"base_version": 6}, {"marks": {"taste/1": held("3")}, "moved_seq": 7}, "conflict", "sheet.moved"),
    ("empty since a move", {"base_version": 6}, {"moved_seq": 7}, "conflict", "sheet.moved"),
    ("moved and seen", {"base_version": 7}, {"moved_seq": 7}, "accepted", ""),
    ("a control character", {"value": "3\x01"}, {}, "refused", "event.characters"),
    ("half a character, too late", {"value": "\ud800"}, {"round_state": "locked"}, "refused", "event.characters"),
    ("other device, another criterion", {}, {"marks": {"aroma/1": held("3", device=OTHER)}}, "accepted", ""),
]


@pytest.mark.parametrize(("event", "here", "result", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_becomes_of_a_mark(event: dict[str, Any], here: dict[str, Any], result: str, code: str) -> None:
    verdict = rules_taking.take(replace(EVENT, **event), replace(HERE, **here))
    assert (verdict.result, verdict.code) == (result, code)
    assert bool(verdict.message) == (result != "accepted")


def test_a_value_is_kept_in_canonical_form() -> None:
    assert rules_taking.take(replace(EVENT, value="30.50"), HERE).value == "30.5"


def test_a_conflict_names_both_values() -> None:
    verdict = rules_taking.take(EVENT, replace(HERE, marks={"taste/1": held("3", device=OTHER)}))
    assert verdict.details == {"yours": "30", "held": "3", "version": 5}


@pytest.mark.parametrize(("event", "marks", "result", "code"), [
    ({}, FULL, "accepted", ""),
    ({}, {}, "refused", "sheet.incomplete"),
    ({}, {k: v for k, v in FULL.items() if k != "taste/1"}, "refused", "sheet.incomplete"),
    ({}, {**FULL, "taste/1": held("4")}, "refused", "sheet.differs"),
    ({"value": ""}, FULL, "refused", "sheet.differs"),
])
def test_what_becomes_of_a_hand_in(event: dict[str, Any], marks: dict[str, Any], result: str, code: str) -> None:
    verdict = rules_taking.take(replace(HAND_IN, **event), replace(HERE, marks=marks, sheet_state="scoring"))
    assert (verdict.result, verdict.code) == (result, code)


def test_an_incomplete_sheet_says_what_is_missing() -> None:
    verdict = rules_taking.take(HAND_IN, replace(HERE, marks={k: v for k, v in FULL.items() if k not in ("taste/1", "aroma/1")}))
    assert "香气、滋味" in verdict.message


def test_the_check_code_depends_on_everything() -> None:
    code = rules.check_code("r", "A1", 1, FULL)
    others = [rules.check_code("s", "A1", 1, FULL), rules.check_code("r", "A2", 1, FULL), rules.check_code("r", "A1", 2, FULL),
              rules.check_code("r", "A1", 1, {**FULL, "taste/1": held("4")})]
    assert len({code, *others}) == 5
    assert code == rules.check_code("r", "A1", 1, {k: v["value"] for k, v in FULL.items()})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(1, 13)), st.sets(st.integers(1, 12), max_size=8))
def test_gaps_are_exact_whatever_the_order(order: list[int], lost: set[int]) -> None:
    last, missing = 0, list[int]()
    arrived = [seq for seq in order if seq not in lost]
    for seq in arrived:
        last, missing = rules.missing_after(last, missing, [seq])
    assert last == max(arrived)
    assert missing == [seq for seq in range(1, last) if seq in lost]


@pytest.mark.parametrize(("text", "value"), [
    ("38:05", "2285"), ("0:00", "0"), ("08:05.25", "485.25"), ("90：30", "5430"), ("３８：０５", "2285"), ("8:5", "485")])
def test_times_are_minutes_and_seconds(text: str, value: str) -> None:
    assert rules_figures.figure_value(BROTH, "time_s", text) == value


@pytest.mark.parametrize("text", ["", "38", "38:60", "38:05:00", "-1:00", "1e2:00", "9999:00", "38.05"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(MarkRefused):
        rules_figures.figure_value(BROTH, "time_s", text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 24 * 3600 * 100))
def test_a_time_is_shown_as_it_is_written(hundredths: int) -> None:
    value = rules_figures.seconds(f"{hundredths // 6000}:{hundredths % 6000 // 100:02d}.{hundredths % 100:02d}")
    assert rules_figures.seconds(rules_figures.shown("time", value)) == value


def test_an_event_has_the_figures_that_its_rules_know() -> None:
    assert [k.key for k in rules_figures.figure_keys(THEORY)] == ["theory"]
    assert [k.key for k in rules_figures.figure_keys(BROTH)] == ["time_s", "time_back_s", "conduct"]
    with pytest.raises(KeyError):
        rules_figures.figure_value(THEORY, "time_s", "1:00")
    with pytest.raises(KeyError):
        rules_figures.figure_value(BROTH, "theory", "90")
