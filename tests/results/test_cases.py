"""Cases as files: each is computed, counted a second time, and gives what it expects; what is wrong is told by its place."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competition.contests.trying import try_case
from competition.scoring.case import CaseFaults, read

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests/scoring/cases").glob("*.json"))
EXAMPLE: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", (ROOT / "docs/scoring-cases.md").read_text("utf-8"), re.DOTALL)[-1])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_worked_case(path: Path) -> None:
    tried = try_case(read(json.loads(path.read_text("utf-8")), {}.get))
    assert tried.differences == ()
    assert tried.unexpected == ()


def run(app: Flask, case: object) -> tuple[int, str, str]:
    text = case if isinstance(case, str) else json.dumps(case, ensure_ascii=False)
    result = app.test_cli_runner().invoke(args=["contest", "score", "-"], input=text)
    return result.exit_code, result.stdout, result.stderr


def test_the_example_of_the_documentation(app: Flask) -> None:
    status, out, err = run(app, EXAMPLE)
    assert (status, err) == (0, "")
    data = json.loads(out)
    assert data["complete"]
    assert data["counted_twice"] == []
    assert "总成绩：理论 86.50 × 30% + 实操 89.50 × 70% = 25.95 + 62.65 = 88.6" in data["sentences"]["total:overall"]["A"]


def test_a_ready_rulebook_by_its_name_and_problems_in_words(app: Flask) -> None:
    status, out, _err = run(app, {"format": 1, "rulebook": "lamian", "entries": [{"id": "A"}]})
    assert status == 0
    assert not json.loads(out)["complete"]
    assert any("A" in sentence for sentence in json.loads(out)["said"])


def test_what_was_not_expected_is_named(app: Flask) -> None:
    expect = {"event:practice": [{"entry": "A", "value": "1", "figures": {"judges": "89.5", "work": "2"}}, {"entry": "X", "rank": 1}]}
    status, _out, err = run(app, {**EXAMPLE, "expect": expect})
    assert status == 2
    assert err.splitlines() == ["/expect/event:practice/A/value: 1 ≠ 89.50", "/expect/event:practice/A/figures/work: 2 ≠ 89.5",
                                "/expect/event:practice/X/rank: 1 ≠ –"]


def test_every_fault_is_told_by_its_place(app: Flask) -> None:
    wrong = {"format": 2, "rulebook": "nothing", "entries": [{"id": 1.5, "colour": "red"}, {}, "A"], "figures": {}, "more": 1,
             "marks": [{"event": "e", "entry": "A", "seat": "1", "criterion": "c", "value": "5", "attempt": "1"}]}
    status, out, err = run(app, wrong)
    assert (status, out) == (1, "")
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        "/more", "/format", "/entries/0/colour", "/entries/0/id", "/entries/1", "/entries/2", "/marks/0/attempt", "/figures", "/rulebook"]
    assert run(app, "{")[0] == 1
    status, _out, err = run(app, {"format": 1, "rulebook": {"format": 1}, "entries": []})
    assert status == 1
    assert "/rulebook" in err


def test_numbers_with_a_point_are_no_text() -> None:
    with pytest.raises(CaseFaults):
        read({"format": 1, "rulebook": {}, "entries": [], "figures": [{"event": "e", "entry": "A", "key": "k", "value": 1.5}]}, {}.get)


def test_a_rulebook_is_an_object_or_a_name() -> None:
    with pytest.raises(CaseFaults) as refused:
        read({"format": 1, "rulebook": ["lamian"], "entries": []}, {}.get)
    assert [fault.path for fault in refused.value.faults] == ["/rulebook"]
