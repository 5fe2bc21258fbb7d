"""Who decides on what, when reports are due, how a sheet is read: tables worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from competition.activities import rules, rules_sheets, rules_stages
from competition.activities.forms import StageForm
from competition.auditing.rules_details import NAMES
from competition.contests.rules import KINDS, LEVELS
from competition.core.errors import RuleBroken
from competition.returns.forms import FiguresForm

ABOVE = [("prefecture", "prefecture"), ("province", "province"), ("nation", "national")]


@pytest.mark.parametrize(("above", "own", "claimed", "way"), [
    (ABOVE, "county", "employer", []), (ABOVE, "county", "county", []), (ABOVE, "county", "prefecture", ["prefecture"]),
    (ABOVE, "county", "province", ["prefecture", "province"]), (ABOVE, "county", "national", ["prefecture", "province"]),
    ([("county", "county"), *ABOVE], "grassroots", "employer", ["county"]),
    ([("firm", "grassroots"), ("county", "county"), *ABOVE], "grassroots", "prefecture", ["firm", "county", "prefecture"]),
    # Under an industrial union of the province there is no county: the province decides what a county would.
    ([("province", "province")], "grassroots", "county", ["province"]),
    ([("nation", "national")], "province", "national", []), ([], "prefecture", "prefecture", []),
])
def test_a_declaration_goes_up_to_the_level_that_it_claims(above: list[tuple[str, str]], own: str, claimed: str, way: list[str]) -> None:
    assert rules.route(above, own, claimed) == way


def test_the_tables_know_the_same_words_as_the_rooms_around() -> None:
    assert set(rules.KINDS) == set(KINDS) - {"skills"}
    assert set(rules.DECIDES) == set(LEVELS)
    assert all(set(kind.measures) <= set(rules.MEASURES) and kind.rhythm in rules_stages.RHYTHMS for kind in rules.KINDS.values())
    for sheet in rules_sheets.EXAMPLES.values():
        rules_sheets.check_sheet(sheet)
    assert set(rules_sheets.EXAMPLES) == set(rules.KINDS)


@pytest.mark.parametrize("kind", rules.KINDS)
def test_a_measure_has_one_name_in_stages_returns_and_the_record(kind: str) -> None:
    stages, returns = StageForm.of(kind), FiguresForm
    for name in rules.KINDS[kind].measures:
        word = rules.MEASURES[name].label
        assert [getattr(stages, name).args[0], getattr(returns, name).args[0], NAMES[name]] == [word] * 3
    assert all(hasattr(returns, name) for name in rules.MEASURES)


@pytest.mark.parametrize(("state", "phase", "condition", "word"), [
    ("draft", "draft", "normal", "draft"), ("withdrawn", "draft", "cancelled", "withdrawn"),
    ("approved", "announced", "normal", "approved"),
    ("approved", "running", "normal", "running"), ("approved", "running", "stopped", "stopped"),
    ("approved", "finished", "normal", "finished"),
])
def test_where_it_stands_in_one_word(state: str, phase: str, condition: str, word: str) -> None:
    assert rules.standing(state, phase, condition) == word
    assert word in rules.STATES


def test_stages_by_month_and_quarter_end_with_the_activity() -> None:
    first, last = date(2026, 11, 20), date(2027, 2, 10)
    assert [(one.name, str(one.due_on)) for one in rules_stages.planned("month", first, last, "")] == [
        ("2026年11月", "2026-12-10"), ("2026年12月", "2027-01-10"), ("2027年1月", "2027-02-10"), ("2027年2月", "2027-02-20")]
    assert [(one.name, str(one.due_on)) for one in rules_stages.planned("quarter", first, last, "")] == [
        ("2026年第4季度", "2027-01-10"), ("2027年第1季度", "2027-02-20")]
    assert rules_stages.planned("none", first, last, "") == []
    with pytest.raises(RuleBroken, match="最多 40"):
        rules_stages.planned("month", date(2026, 1, 1), date(2030, 1, 1), "")


def test_named_stages_are_lines_with_a_day() -> None:
    found = rules_stages.read_named("动员部署 2026-03-31\n\n全面开展，2026年9月30日\n")
    assert [(one.name, str(one.due_on)) for one in found] == [("动员部署", "2026-03-31"), ("全面开展", "2026-09-30")]
    for text, words in (("动员部署", "第 1 行"), ("动员 2026-03-31\n总结 2026-02-30", "第 2 行"), (" ", "每行一个")):
        with pytest.raises(RuleBroken, match=words):
            rules_stages.read_named(text)


def test_measures_add_up_but_units_do_not() -> None:
    assert rules_stages.sums([{"units": 3, "benefit": 5}, {"units": 2, "benefit": 7, "methods": 1}]) == {
        "units": 3, "benefit": 12, "methods": 1}
    assert rules_stages.is_overdue("open", date(2026, 5, 1), date(2026, 5, 2))
    assert not rules_stages.is_overdue("open", date(2026, 5, 1), date(2026, 5, 1))
    assert not rules_stages.is_overdue("submitted", date(2026, 5, 1), date(2026, 6, 1))


def test_results_of_the_five_become_measures() -> None:
    rows = [("suggestion", True, 3), ("suggestion", False, 0), ("invention", True, 10), ("design", False, 0), ("renovation", True, 0)]
    assert rules.measures_of_achievements(rows) == {
        "suggestions": 2, "suggestions_adopted": 1, "inventions": 1, "innovations": 2, "benefit": 13}
    with pytest.raises(RuleBroken, match="承诺"):
        rules.check_achievement("invention", True, 1, False)
    with pytest.raises(RuleBroken, match="没有采纳"):
        rules.check_achievement("invention", False, 1, True)


@pytest.mark.parametrize(("text", "words"), [
    ("组织领导 20\n实效 75", "现在是 95"), ("组织领导", "第 1 行"), ("甲 50\n甲 50", "不能重复"), ("甲 0\n乙 100", "第 1 行")])
def test_a_sheet_has_a_hundred_points(text: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        rules_sheets.read_sheet(text)


def test_points_are_exact_and_within_the_item() -> None:
    sheet = rules_sheets.read_sheet("组织领导 30\n实效：70分")
    assert rules_sheets.written(sheet) == "组织领导 30\n实效 70"
    scores = rules_sheets.read_scores(sheet, {"组织领导": "29.5", "实效": "70"})
    assert (scores, rules_sheets.total(scores)) == ({"组织领导": "29.5", "实效": "70.0"}, Decimal("99.5"))
    for typed in ("30.1", "-1", "29.55", "很好", "", "NaN", "1e1000"):
        with pytest.raises(RuleBroken, match="组织领导"):
            rules_sheets.read_scores(sheet, {"组织领导": typed, "实效": "1"})
    assert rules_sheets.ranked([Decimal(9), Decimal(10), Decimal(9), Decimal(1)]) == [2, 1, 2, 4]
    assert str(rules_sheets.suggested("ankang", Decimal(95))) == "推荐全省安康杯竞赛优胜单位"
    assert rules_sheets.suggested("ankang", Decimal("94.9")) == rules_sheets.suggested("labour", Decimal(100)) == ""
