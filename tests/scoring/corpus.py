"""Small rulebooks that between them use every word and every key of the format."""

import json
from pathlib import Path
from typing import Any

from competition.scoring.read_kinds import KINDS
from tests.scoring.documents import MEAN, TRIMMED, document, overall, points, practical, theory
from tests.scoring.test_reading import whole

_ROOT = Path(__file__).parents[2]


def _all_of(folder: str) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((_ROOT / folder).glob("*.json"))}


EXAMPLE = json.loads((_ROOT / "docs/rulebook.md").read_text(encoding="utf-8").split("```json\n")[1].split("```")[0])
READY, CASES = _all_of("competition/contests/rulebooks"), _all_of("tests/scoring/cases")

SECTIONS: list[dict[str, Any]] = [
    {"key": "one", "name": "单选题", "kind": "single", "count": 10, "points": "1"},
    {"key": "more", "name": {"zh": "多选题", "en": "Multiple choice"}, "kind": "multiple", "count": 5, "points": "2", "incomplete": "0.5"},
    {"key": "each", "name": "不定项", "kind": "multiple", "count": 2, "points": "2", "per_right": "0.5", "wrong": "-0.5", "least": "-1"},
    {"key": "right", "name": "判断题", "kind": "true_false", "count": 4, "points": "1", "wrong": -1, "source": "default", "note": "倒扣"},
    {"key": "fill", "name": "填空题", "kind": "fill", "count": 1, "points": "2"},
]
_UNIT = {"unit_s": 60, "count": "started", "points": "1", "cap": "5"}
_OUTCOME = {"from": 1, "code": "DISQUALIFIED"}
_TIER = {"key": "gold", "name": "金奖"}


def _awards() -> list[dict[str, Any]]:
    others = [{"key": key, "name": f"奖{key}"} for key in ("silver", "bronze")]
    return [
        {"by": "ranks", "border": "quota", "tiers": [{**_TIER, "from": 1, "to": 2, "kind": "title", "minimum": "1", "field_from": 3,
                                                      "needs": [{"figure": "score", "least": "1", "most": "9"}]}]},
        {"by": "percent", "rounding": "floor", "count": "cumulative", "at_least": 1, "tiers": [{**_TIER, "percent": "10"}]},
        {"by": "half", "after": 3, "tiers": [_TIER]},
        {"by": "lines", "tiers": [{**_TIER, "minimum": "60"}]},
        {"by": "medals", "within": "2", "tiers": [_TIER, *others, {"key": "medallion", "name": "达标", "from": "700"}]},
        {"by": "best_of", "of": "delegation", "tiers": [_TIER]},
    ]


def _judged() -> dict[str, Any]:
    """Panels, spreads and faults in every shape."""
    level = {"key": "level", "name": "等级", "kind": "judgement", "max": "10", "levels": ["差", {"zh": "好", "en": "good", "bo": "x"}]}
    weld = {"name": "裂纹", "per": "1", "most": 5, "zero_from": 3, "outcome": _OUTCOME, "each": 2, "count": "started"}
    criteria = [
        {**level, "spread": {"levels": "1", "beyond": {"levels": "1"}, "then": "block", "ask": "panel"},
         "panel": {"method": "median", "by": "criterion"}},
        {**points("more", "10"), "min": "2", "step": "1", "weight": "2", "text": "说明", "unit": "", "attempts": 2, "take": "sum",
         "spread": {"absolute": "3"}},
        {"key": "faults", "name": "焊缝", "kind": "faults", "max": "10", "cap": "9",
         "faults": [weld, {"name": "气孔", "per": "1", "zero": True}]},
        {"key": "veto", "name": "否决", "kind": "veto", "then": "zero", "from": 2, "text": "说明", "unit": {"zh": "次", "en": "times"}},
        {"kind": "group", "key": "g", "name": "组", "text": "说明", "worth": "40", "cap": "20", "bonus": False,
         "panel": {**TRIMMED, "by": "group", "minimum": 3}, "spread": {"percent": "10"}, "criteria": [points("in", "20", "1")]},
    ]
    return practical("judged", criteria=criteria, panel={"by": "group", "method": "sum"}, spread={"of": "group", "absolute": "5"})


def _timed() -> dict[str, Any]:
    time = {"limit_s": 600, "grace_s": 5, "beyond": {"after_s": 60, "then": "out"}}
    off = [{"key": "a", "name": "违规", "per": "5", "cap": "10", "each": 3, "count": "full", "outcome": _OUTCOME},
           {"key": "b", "name": "罚秒", "input": "points", "step": "1", "least": "2", "cap": "9"}]
    return {"key": "quick", "name": "计时", "kind": "practical", "result": "time", "time": time, "deductions": off,
            "rounding": {"places": 1}}


def _clocks() -> list[dict[str, Any]]:
    placing = {"in_time": "10", "per_place": "1", "late": _UNIT}
    return [
        practical("c1", time={"limit_s": 60, "over": _UNIT, "early": _UNIT, "beyond": {"after_s": 5, "then": "stop"}}, ceiling="120"),
        practical("c2", time={"limit_s": 60, "bands": [{"after_s": 0, "points": "1"}, {"after_s": 60, "points": "2"}]}),
        practical("c3", full="110", time={"limit_s": 60, "placing": placing}),
    ]


def _standing() -> dict[str, Any]:
    ranking = {"ties": [{"figure": "theory", "order": "asc"}], "shared": "dense"}
    scales: list[dict[str, Any]] = [
        {"key": "s1", "name": "标准分", "method": "scale", "of": "overall", "middle": "700", "per": "50", "low": "0", "high": "800"},
        {"key": "s2", "name": "标准分", "method": "scale", "of": "overall", "spread": "mad", "factor": "1.5", "rounding": {"places": 0}},
    ]
    totals = [
        overall(ranking=ranking, awards=_awards()[3:4]),
        {"key": "both", "name": "合计", "method": "sum", "full": "200", "parts": [{"of": "theory"}, {"of": "basic"}]},
        {"key": "top", "name": "最好", "method": "best", "full": "100", "parts": [{"of": "theory"}, {"of": "basic"}]},
        *scales,
    ]
    teams: list[dict[str, Any]] = [
        {"key": "t1", "name": "团体", "of": "overall", "size": 3, "best": 2, "missing": "out", "by": "basic"},
        {"key": "t2", "name": "团体", "method": "mean", "parts": [{"of": "theory", "weight": "100"}], "by": "overall", "full": "50"},
        {"key": "t3", "name": "团体", "method": "places", "of": "overall",
         "places": [{"from": 1, "to": 2, "points": "5"}, {"from": 3, "points": "1"}]},
        {"key": "t4", "name": "团体", "method": "prizes", "of": "overall", "prizes": [{"tier": "gold", "points": "5"}], "otherwise": "1"},
        {"key": "t5", "name": "团体", "method": "sum", "of": "basic"},
    ]
    return document(theory(step="0.5"), practical(panel={**MEAN, "minimum": 2}), totals=totals, teams=teams)


def _prizes() -> dict[str, Any]:
    effect = {"in_total": "out", "took_part": True, "prizes": False}
    return document(practical(awards=_awards(), source="default", note="说明"), outcomes={"ABSENT": effect, "ZERO": effect})


SMALL: dict[str, dict[str, Any]] = {
    "paper": document(theory(full="30", paper={"sections": SECTIONS})),
    "judged": document(_judged()), "timed": document(_timed()), "standing": _standing(), "prizes": _prizes(), "kinds": whole(),
    **{event["key"]: document(event) for event in _clocks()},
}
SMALL = json.loads(json.dumps(SMALL))  # nothing in it is shared
ALL = {**READY, "example": EXAMPLE, **SMALL}
WORDS = {*KINDS, "group"}
