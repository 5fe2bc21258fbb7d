"""Small rulebooks and inputs for the tests; every name is invented."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from competition.scoring import rulebook
from competition.scoring.inputs import Figure, Mark

LAMIAN = Path(__file__).parents[2] / "competition/contests/rulebooks/lamian.json"
TWO = {"places": 2}
TRIMMED = {"by": "sheet", "method": "trimmed_mean", "drop_low": 1, "drop_high": 1, "from": 5}
MEAN = {"by": "sheet", "method": "mean"}


def lamian() -> dict[str, Any]:
    """The ready rulebook as a document."""
    document: dict[str, Any] = json.loads(LAMIAN.read_text(encoding="utf-8"))
    return document


def points(key: str = "work", full: str = "100", step: str = "0.01", **more: Any) -> dict[str, Any]:
    """A criterion marked in points."""
    return {"key": key, "name": {"zh": f"评分项{key}"}, "kind": "points", "max": full, "step": step, **more}


def practical(key: str = "basic", **more: Any) -> dict[str, Any]:
    """A practical event of one criterion of 100 points, plain mean."""
    event = {
        "key": key,
        "kind": "practical",
        "name": {"zh": f"项目{key}"},
        "full": "100",
        "criteria": [points()],
        "panel": MEAN,
    }
    return {**event, **more}


def theory(key: str = "theory", **more: Any) -> dict[str, Any]:
    """An imported paper of 100."""
    return {"key": key, "kind": "theory", "name": {"zh": f"理论{key}"}, "full": "100", **more}


def overall(**more: Any) -> dict[str, Any]:
    """Theory 30 : practice 70."""
    parts = [{"of": "theory", "weight": "30"}, {"of": "basic", "weight": "70"}]
    return {"key": "overall", "name": {"zh": "总成绩"}, "full": "100", "parts": parts, **more}


def document(*events: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A whole rulebook document around ``events``."""
    return {
        "format": 1,
        "key": "test",
        "version": 1,
        "name": {"zh": "测试规则"},
        "rounding": {"panel": TWO, "event": TWO, "total": TWO, "team": TWO},
        "events": list(events),
        **more,
    }


def book(*events: Mapping[str, Any], **more: Any) -> rulebook.Rulebook:
    """A loaded rulebook."""
    return rulebook.load(document(*events, **more))


def faults(document: Mapping[str, Any]) -> dict[str, str]:
    """Path → sentence of everything wrong with a document; empty when it is right."""
    try:
        rulebook.load(document)
    except rulebook.RulebookFaults as error:
        return {fault.path: fault.say() for fault in error.faults}
    return {}


def sheets(entry: str, *values: str, event: str = "basic", criterion: str = "work") -> list[Mark]:
    """One mark of each seat for one criterion."""
    return [Mark(event, entry, str(seat), criterion, value) for seat, value in enumerate(values, start=1)]


def paper(entry: str, value: str, event: str = "theory") -> Figure:
    """An imported theory mark."""
    return Figure(event, entry, "theory", value)


def clock(entry: str, seconds: int | str, event: str = "basic") -> Figure:
    """A measured time."""
    return Figure(event, entry, "time_s", str(seconds))
