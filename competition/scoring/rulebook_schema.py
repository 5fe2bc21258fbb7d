"""The JSON Schema of the rulebook: ``docs/schemas/rulebook.json``, for editors and other programs.

It says which keys there are and what each may hold. What hangs together over several places (sums, references, tie
chains) only the reader knows; whatever the reader takes is valid here.
"""

from collections.abc import Mapping

from competition.scoring.paper import LETTERS, MULTIPLE
from competition.scoring.reader import OUTCOMES
from competition.scoring.rounding import MODES, STAGES
from competition.scoring.rulebook import DEFAULT_EFFECTS, PUBLISHED_STAGES
from competition.scoring.schema_items import EACH, ITEMS, PANEL, SPREAD
from competition.scoring.schema_parts import (
    AMOUNT,
    FLAG,
    KEY,
    LOSS,
    NULL,
    POSITIVE,
    SHARE,
    TEXT,
    VALUES,
    Schema,
    by,
    choice,
    fields,
    given,
    items,
    ref,
    whole,
)

_DAY = 86400
_NAMED = {"key": KEY, "name": ref("words")}
_STANDING = {"ranking": ref("ranking"), "awards": items(ref("award"))}
_SCOPE = {**_STANDING, "rounding": ref("rounding")}


def schema() -> Schema:
    """The schema, draft 2020-12."""
    required = {"format": {"const": 1}, **_NAMED, "version": whole(1), "rounding": ref("stages"), "events": items(ref("event"), 1)}
    optional = {"totals": items(ref("total")), "teams": items(ref("team")), "outcomes": ref("outcomes")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A rulebook of a contest",
        "$comment": "Made by the program. What every key means stands in rulebook.md.",
        **fields(required, optional), "$defs": _definitions(),
    }


def _definitions() -> dict[str, Schema]:
    tie = fields({"figure": TEXT, "order": choice(("desc", "asc"))}, {})
    stages = {stage: ref("rounding") for stage in STAGES}
    return {
        **VALUES,
        "rounding": fields({"places": whole(0, 6)}, {"mode": choice(MODES)}),
        "stages": fields({key: stages.pop(key) for key in PUBLISHED_STAGES}, stages),
        "outcomes": fields({}, {code: ref("effect") for code in DEFAULT_EFFECTS}),
        "effect": fields({}, {"in_total": choice(("zero", "out")), "took_part": FLAG, "prizes": FLAG}),
        "event": by("kind", {"theory": _theory(), "practical": by("result", {"points": _judged(), "time": _timed()}, "points")}),
        "paper": fields({"sections": items(by("kind", _sections()), 1)}, {}),
        **ITEMS, **PANEL, **SPREAD, **_times(), "deduction": by("input", _deductions(), "count"),
        "ranking": fields({}, {"ties": items(tie), "shared": choice(("competition", "dense", "forbidden"))}),
        "award": by("by", _awards()),
        "need": fields({"figure": TEXT}, {"least": AMOUNT, "most": AMOUNT}) | {"anyOf": [given("least"), given("most")]},
        "total": by("method", _totals(), "weighted"),
        "team": by("method", _teams(), "sum"),
    }


def _theory() -> Schema:
    return fields({"kind": choice(("theory",)), **_NAMED, "full": POSITIVE}, {"step": POSITIVE, "paper": ref("paper"), **_SCOPE})


def _sections() -> Mapping[str, Schema]:
    """Sections of a theory paper; only where several letters are right something can be half right."""
    some = {"incomplete": AMOUNT, "per_right": AMOUNT}

    def section(kind: str) -> Schema:
        required = {"kind": choice((kind,)), **_NAMED, "count": whole(1, 500), "points": POSITIVE}
        return fields(required, {"wrong": LOSS, "least": LOSS, **(some if kind == MULTIPLE else {})})

    several = {"not": {"allOf": [given("incomplete"), given("per_right")]}}
    return {kind: section(kind) | (several if kind == MULTIPLE else {}) for kind in LETTERS}


def _judged() -> Schema:
    own = {"panel": ref("panel"), "spread": ref("spread"), "time": ref("time"), "deductions": items(ref("deduction")), "ceiling": POSITIVE}
    required = {"kind": choice(("practical",)), **_NAMED, "full": POSITIVE, "criteria": items(ref("item"), 1)}
    return fields(required, {"result": choice(("points",)), **own, **_SCOPE})


def _timed() -> Schema:
    required = {"kind": choice(("practical",)), "result": choice(("time",)), **_NAMED, "time": ref("time_result")}
    own = {"panel": ref("panel"), "spread": ref("spread"), "deductions": items(ref("deduction"))}
    return fields(required, {**own, "criteria": {"type": "array", "maxItems": 0}, "full": NULL, "ceiling": NULL, **_SCOPE})


def _times() -> dict[str, Schema]:
    unit = fields({"unit_s": whole(1, _DAY), "count": choice(("started", "full")), "points": POSITIVE}, {"cap": POSITIVE})
    band = fields({"after_s": whole(0, _DAY), "points": AMOUNT}, {})
    placing = fields({"in_time": POSITIVE, "per_place": AMOUNT, "late": ref("unit")}, {})
    over = {"over": ref("unit"), "early": ref("unit"), "bands": items(band), "placing": placing}
    limit, grace = {"limit_s": whole(1, _DAY)}, {"grace_s": whole(0, _DAY)}
    return {
        "unit": unit,
        "time": fields(limit, {**grace, **over, "beyond": _beyond("stop", "zero", "out")}),
        "time_result": fields(limit, {**grace, **dict.fromkeys(over, NULL), "beyond": _beyond("stop", "out")}),
    }


def _beyond(*then: str) -> Schema:
    return fields({"after_s": whole(0, _DAY), "then": choice(then)}, {})


def _deductions() -> Mapping[str, Schema]:
    common = {"cap": AMOUNT, "outcome": fields({"from": POSITIVE, "code": choice(OUTCOMES)}, {})}
    return {
        "count": fields({**_NAMED, "per": AMOUNT}, {"input": choice(("count",)), **EACH, **common}),
        "points": fields({"input": choice(("points",)), **_NAMED}, {"step": POSITIVE, "least": AMOUNT, **common}),
    }


def _awards() -> Mapping[str, Schema]:
    border = {"border": choice(("follow_rank", "quota"))}
    percent = {"rounding": choice(MODES), "count": choice(("each", "cumulative")), "at_least": whole(0, 1000), **border}
    ranks = _tier({"from": whole(1)}, {"to": whole(1)})
    medals = {**items(_tier({"from": AMOUNT}, {}), 3, 4), "prefixItems": [_tier({}, {})] * 3}
    return {
        "ranks": _award("ranks", items(ranks, 1), border),
        "percent": _award("percent", items(_tier({"percent": SHARE}, {}), 1), percent),
        "half": _award("half", items(_tier({}, {}), 1, 1), {"after": whole(0, 10000), **border}),
        "lines": _award("lines", items(_tier({}, {}), 1), {}),
        "medals": _award("medals", medals, {"within": AMOUNT}),
        "best_of": _award("best_of", items(_tier({}, {}), 1, 1), {}, {"of": choice(("team", "delegation"))}),
    }


def _award(name: str, tiers: Schema, optional: Mapping[str, Schema], required: Mapping[str, Schema] | None = None) -> Schema:
    return fields({"by": choice((name,)), "tiers": tiers, **(required or {})}, optional)


def _tier(required: Mapping[str, Schema], optional: Mapping[str, Schema]) -> Schema:
    common = {"kind": choice(("prize", "title")), "minimum": AMOUNT, "needs": items(ref("need")), "field_from": whole(1, 100_000)}
    return fields({**_NAMED, **required}, {**common, **optional})


def _totals() -> Mapping[str, Schema]:
    part, weighted = fields({"of": KEY}, {}), fields({"of": KEY, "weight": SHARE}, {})
    scale = {"middle": AMOUNT, "per": POSITIVE, "low": AMOUNT, "high": AMOUNT, **_SCOPE}
    robust = fields({"method": choice(("scale",)), "spread": choice(("mad",)), **_NAMED, "of": KEY}, {"factor": POSITIVE, **scale})
    plain = fields({"method": choice(("scale",)), **_NAMED, "of": KEY}, {"spread": choice(("deviation",)), **scale})
    full = {"full": POSITIVE}
    return {
        "weighted": fields({**_NAMED, **full, "parts": items(weighted, 1)}, {"method": choice(("weighted",)), **_SCOPE}),
        "sum": fields({"method": choice(("sum",)), **_NAMED, **full, "parts": items(part, 1)}, _SCOPE),
        "best": fields({"method": choice(("best",)), **_NAMED, "parts": items(part, 1)}, {**full, **_SCOPE}),
        "scale": by("spread", {"deviation": plain, "mad": robust}, "deviation"),
    }


def _teams() -> Mapping[str, Schema]:
    common = {"by": KEY, "size": whole(1, 1000), "best": whole(1, 1000), "missing": choice(("zero", "out")), **_SCOPE}
    place = fields({"from": whole(1), "points": AMOUNT}, {"to": whole(1)})
    prize = fields({"tier": KEY, "points": AMOUNT}, {})

    def combined(name: str) -> Schema:
        method, part = {"method": choice((name,))}, fields({"of": KEY, "weight": SHARE}, {})
        parts = fields({**_NAMED, "parts": items(part, 1)}, {**method, "full": POSITIVE, **common})
        return {"if": given("parts"), "then": parts, "else": fields({**_NAMED, "of": KEY}, {**method, **common})}

    return {
        "sum": combined("sum"),
        "mean": combined("mean"),
        "places": fields({"method": choice(("places",)), **_NAMED, "of": KEY, "places": items(place, 1)}, common),
        "prizes": fields({"method": choice(("prizes",)), **_NAMED, "of": KEY, "prizes": items(prize, 1)}, {"otherwise": AMOUNT, **common}),
    }
