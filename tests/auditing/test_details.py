"""Whatever an act writes into its row is read in words, not in the names of the program."""

import ast

import pytest
from flask import Flask
from flask_babel import force_locale

from competition.accounts.access import ROLES
from competition.auditing.rules_details import NAMES, shown_details
from competition.contests.changes import change_lines
from competition.core.config import ROOT


def written() -> set[str]:
    """Every key that stands literally in the details of a row, anywhere in the program."""
    calls = (node for path in (ROOT / "competition").rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    details = (node.value for node in calls if isinstance(node, ast.keyword) and node.arg == "details")
    found = (key for value in details for node in ast.walk(value) if isinstance(node, ast.Dict) for key in node.keys)
    return {key.value for key in found if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_every_key_has_its_word() -> None:
    assert len(written()) > 100
    assert written() - set(NAMES) == set()


@pytest.mark.parametrize(("details", "lines"), [
    ({"state": "reviewing"}, [("状态", "审核中")]),
    ({"role": "chief_judge", "second": None}, [("角色", "裁判长"), ("第二人编号", "无")]),
    ({"seats": [1, 5], "card": False}, [("座位卡", "否"), ("座位", "1, 5")]),
    ({"kind": "arena.open_codes"}, [("种类", "解密")]),
    ({"scope": ["union", "x"]}, [("范围", "工会, x")]),
    ({"answers": {"accepted": 3}}, [("处理结果", "收下: 3")]),
    ({"name": "青海省总工会"}, [("名称", "青海省总工会")]),
])
def test_details_are_words(app: Flask, details: dict[str, object], lines: list[tuple[str, str]]) -> None:
    with app.test_request_context():
        assert shown_details(details, ROLES, {"arena.open_codes": "解密"}) == lines


def test_a_contest_says_what_was_what(app: Flask) -> None:
    with app.test_request_context():
        assert change_lines({"state": [["announced", "normal"], ["running", "stopped"]]}, "Asia/Shanghai") == [
            "“赛事状态”由“已公布”改为“比赛中、已中止”"]
        assert change_lines({"quota": [None, 120]}, "Asia/Shanghai") == ["“总名额”由“空”改为“120”"]
        with force_locale("en"):
            assert "120" in change_lines({"quota": [None, 120]}, "Asia/Shanghai")[0]
