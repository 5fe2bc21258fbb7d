"""The JSON Schema of what stands on a sheet: criteria of every kind, groups, and how judges are combined."""

from collections.abc import Mapping

from competition.scoring.faults import ZEROED
from competition.scoring.read_criteria import NOT_MARKED
from competition.scoring.reader import OUTCOMES
from competition.scoring.schema_parts import (
    AMOUNT,
    FLAG,
    KEY,
    NULL,
    PERCENT,
    POSITIVE,
    Schema,
    by,
    choice,
    fields,
    given,
    items,
    one_of,
    ref,
    whole,
)

_NAMED = {"key": KEY, "name": ref("words")}
EACH = {"each": whole(2, 9999), "count": choice(("full", "started"))}
_MOST, _FROM = {"most": whole(1, 9999)}, {"zero_from": whole(1)}
_UNIT: Schema = {"anyOf": [ref("words"), {"const": ""}]}
_TARGET = {"target": AMOUNT}
_MARKED = {
    "text": ref("words"), "weight": POSITIVE, "bonus": FLAG, "attempts": whole(1, 20), "take": choice(("last", "best", "sum")),
    "panel": ref("panel_of_criterion"), "unit": _UNIT,
}


def _kinds() -> Mapping[str, tuple[Mapping[str, Schema], Mapping[str, Schema]]]:
    """Kind → what it must have besides ``max``, and what it may have."""
    band, point = fields({"upto": AMOUNT, "points": AMOUNT}, {}), fields({"value": AMOUNT, "points": AMOUNT}, {})
    grade = fields({"points": AMOUNT, "name": ref("words")}, {"text": ref("words")})
    outcome = fields({"from": whole(1), "code": choice(OUTCOMES)}, {})
    fault = fields({"name": ref("words"), "per": AMOUNT}, {"zero": FLAG, **_FROM, **_MOST, **EACH, "outcome": outcome})
    measured = {"places": whole(1, 100), "tolerance": AMOUNT, "per_over": AMOUNT}
    return {
        "points": ({"step": POSITIVE}, {"min": AMOUNT}),
        "deduct": ({"per": POSITIVE}, {"cap": POSITIVE, **_MOST, **_FROM, **EACH}),
        "measured": (measured, {**_FROM, "zero_beyond": AMOUNT, **_TARGET}),
        "bands": ({"bands": items(band, 1)}, {"otherwise": AMOUNT, **_TARGET}),
        "judgement": ({"levels": items(ref("words"), 2)}, {}),
        "pass_fail": ({}, {}),
        "counts": ({"per": POSITIVE}, _MOST),
        "faults": ({"faults": items(fault, 1)}, {"cap": POSITIVE}),
        "grades": ({"grades": items(grade, 2)}, {}),
        "timed": ({"limit_s": POSITIVE}, {"base": AMOUNT, "over": ref("unit"), "early": ref("unit")}),
        "scale": ({"at": items(point, 2)}, {"step": POSITIVE, **_TARGET}),
    }


def _leaf(kind: str) -> Schema:
    required, optional = _kinds()[kind]
    named: dict[str, Schema] = {} if kind == "points" else {"kind": choice((kind,))}
    spread = ref("spread_of_levels" if kind in ("judgement", "grades") else "spread_of_points")
    own: dict[str, Schema] = {"kind": choice((kind,))} if kind == "points" else {}
    leaf = fields({**named, **_NAMED, "max": POSITIVE, **required}, {**own, **_MARKED, "spread": spread, **optional})
    return leaf | ({"anyOf": [given("over"), given("early")]} if kind == "timed" else {})


def _veto() -> Schema:
    own = {"then": choice((ZEROED, *OUTCOMES)), "from": whole(1, 100), "text": ref("words"), "unit": _UNIT}
    return fields({"kind": choice(("veto",)), **_NAMED}, {**own, **dict.fromkeys(NOT_MARKED, NULL)})


def _group() -> Schema:
    own = {"cap": POSITIVE, "weight": POSITIVE, "worth": POSITIVE, "bonus": FLAG, "text": ref("words")}
    rules = {"panel": ref("panel_of_group"), "spread": ref("spread_of_points")}
    group = fields({"kind": choice(("group",)), **_NAMED, "criteria": items(ref("item"), 1)}, {**own, **rules})
    return group | {"not": {"allOf": [given("weight"), given("worth")]}}


def _panel(*units: str) -> Schema:
    dropped = {"drop_low": whole(0, 20), "drop_high": whole(0, 20), "from": whole(1, 100)}
    common = {"by": choice(units), "minimum": whole(1, 100)}
    whole_ones = {**common, **dict.fromkeys(dropped, NULL)}
    plain = {method: fields({"method": choice((method,))}, whole_ones) for method in ("mean", "median", "sum")}
    return by("method", {**plain, "trimmed_mean": fields({"method": choice(("trimmed_mean",)), **dropped}, common)})


def _spread(own: Mapping[str, Schema], *, levels: bool) -> Schema:
    units = {"absolute": AMOUNT, "percent": PERCENT, "levels": AMOUNT}
    beyond = fields({}, units) | one_of(*units)
    found = fields({}, {**own, **units, **({} if levels else {"levels": NULL}), "beyond": beyond, "then": choice(("flag", "block")),
                        "ask": choice(("far", "panel", "nobody"))})
    return found | one_of(*units)


def _spread_of_event() -> Schema:
    """Levels can be compared criterion by criterion only."""
    units: Schema = choice(("sheet", "group", "criterion"))
    one = _spread({"of": units}, levels=True)
    return one | {"if": given("levels"), "then": given("of", choice(("criterion",)))}


_ITEM = {**{kind: _leaf(kind) for kind in _kinds()}, "veto": _veto(), "group": _group()}
ITEMS: Mapping[str, Schema] = {"item": by("kind", _ITEM, "points")}
PANEL: Mapping[str, Schema] = {
    "panel": _panel("sheet", "group", "criterion"), "panel_of_group": _panel("group"), "panel_of_criterion": _panel("criterion"),
}
SPREAD: Mapping[str, Schema] = {
    "spread": _spread_of_event(), "spread_of_points": _spread({}, levels=False), "spread_of_levels": _spread({}, levels=True),
}
