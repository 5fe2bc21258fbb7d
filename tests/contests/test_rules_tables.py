"""The marks of a derivation as tables: groups, several sheets of one event, what was dropped."""

from typing import Any

from competition.contests.rules_tables import Table, tables
from competition.scoring import engine, rulebook
from competition.scoring.derivation import Step
from competition.scoring.inputs import Entry, Sheet
from competition.scoring.wording import CHINESE
from tests.scoring.documents import document, points, practical

Json = dict[str, Any]


def group(key: str, *inside: Json, **more: Any) -> Json:
    return {"kind": "group", "key": key, "name": f"组{key}", "criteria": list(inside), **more}


def leaf(key: str, most: str, name: str) -> Json:
    return {**points(key, most, "1"), "name": name}


VETO = {"key": "no", "name": "违章", "kind": "veto"}


def drawn(criteria: list[Json], panel: Json, sheets: dict[str, dict[str, str]], full: str) -> tuple[Table, ...]:
    rules = rulebook.load(document(practical(criteria=criteria, panel=panel, full=full)))
    told = [Sheet("basic", "A", seat, values) for seat, values in sheets.items()]
    row = engine.score(rules, [Entry("A")], [], [], explained=True, sheets=told).row("basic", "A")
    assert row.derivation is not None
    return tables(Step.from_json(row.derivation.to_json()), CHINESE)


def said(table: Table) -> list[tuple[int, str, list[str]]]:
    return [(line.depth, line.name, [f"{cell.points}{'*' if cell.is_dropped else ''}" if cell else "" for cell in line.cells])
            for line in table.rows]


def test_groups_stand_above_what_is_in_them_and_equal_names_are_two_lines() -> None:
    criteria = [
        group("a", leaf("a1", "10", "卫生"), group("b", leaf("b1", "5", "刀工"), leaf("b2", "5", "火候")), weight="2"),
        group("c", leaf("c1", "60", "卫生"), VETO), leaf("d", "10", "整理"),
    ]
    sheets = {"1": {"a1": "8", "b1": "4", "b2": "5", "c1": "50", "no": "1", "d": "7"},
              "2": {"a1": "9", "b1": "3", "b2": "5", "c1": "55", "no": "1", "d": "6"}}
    (table,) = drawn(criteria, {"by": "sheet", "method": "mean"}, sheets, "110")
    assert said(table) == [
        (0, "组a", ["17", "17"]), (1, "卫生", ["8", "9"]), (1, "组b", ["9", "8"]), (2, "刀工", ["4", "3"]), (2, "火候", ["5", "5"]),
        (0, "组c", ["50 → 0", "55 → 0"]), (1, "卫生", ["50", "55"]), (1, "违章", ["出现了", "出现了"]), (0, "整理", ["7", "6"])]
    assert [line.weight for line in table.rows if line.is_group] == ["2", "1", "1"]
    assert (table.title, table.seats, table.totals) == ("", ("1", "2"), {"1": "41", "2": "40"})


def test_each_sheet_of_an_event_has_its_own_table_and_its_own_drops() -> None:
    criteria = [
        group("a", leaf("a1", "60", "味"), panel={"method": "trimmed_mean", "drop_low": 1, "drop_high": 1, "from": 3}),
        group("b", leaf("b1", "30", "味")), leaf("c", "10", "形"),
    ]
    sheets = {str(seat): {"a1": str(50 + seat), "b1": "20", "c": str(9 - seat)} for seat in range(1, 4)}
    alone, shared = drawn(criteria, {"by": "sheet", "method": "mean"}, sheets, "100")
    if alone.title == "":
        alone, shared = shared, alone
    assert (alone.title, said(alone), alone.dropped) == ("组a", [(0, "味", ["51", "52", "53"])], {"1": "low", "3": "high"})
    assert (shared.title, shared.dropped, shared.totals) == ("", {}, {"1": "28", "2": "27", "3": "26"})
    by_group = drawn(criteria, {"by": "group", "method": "mean"}, sheets, "100")
    assert [table.title for table in by_group] == ["组a", "组b", ""]
    assert said(by_group[2]) == [(0, "形", ["8", "7", "6"])]


def test_single_criteria_stand_in_one_table_with_what_was_dropped() -> None:
    rule = {"by": "criterion", "method": "trimmed_mean", "drop_low": 1, "drop_high": 0, "from": 3}
    sheets = {str(seat): {"a": str(50 + seat), "b": str(40 - seat)} for seat in range(1, 4)}
    (table,) = drawn([leaf("a", "60", "味"), leaf("b", "40", "味")], rule, sheets, "100")
    assert said(table) == [(0, "味", ["51*", "52", "53"]), (0, "味", ["39", "38", "37*"])]
    assert (table.totals, table.dropped) == ({}, {})
