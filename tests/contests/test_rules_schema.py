"""The editor's tables of fields against the published schema: every key of it can be edited, and nothing else can."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from competition.contests import rules_acts as acts
from competition.contests import rules_fields_items as items
from competition.contests import rules_fields_scopes as scopes
from competition.contests.rules_fields import Spec
from competition.contests.rules_outline import OWN
from competition.scoring import rulebook_schema

SCHEMA = rulebook_schema.schema()
Node = Mapping[str, Any]
# Type of a field → what the schema may call it. Lists and objects are compared key by key.
TYPES: dict[str, set[str]] = {
    "decimal": {"amount", "positive", "percent", "share", "loss", "signed"}, "whole": {"integer"}, "seconds": {"integer", "amount",
        "positive"},
    "words": {"words"}, "text": {"string", "key"}, "long": {"note", "string"}, "flag": {"boolean"}, "answer": {"boolean"},
    "ref": {"string", "key"},
}


def branches(node: Node) -> Iterator[Node]:
    """The shapes that a node may have, without null."""
    if "$ref" in node:
        yield from branches(SCHEMA["$defs"][node["$ref"].rpartition("/")[2]])
    elif "anyOf" in node and "properties" not in node:
        yield from (inner for one in node["anyOf"] if one != {"type": "null"} for inner in branches(one))
    else:
        yield node


def properties(node: Node, said: Node | None) -> dict[str, Node]:
    """Key → schema of an object that says ``said`` of itself; without that, of any."""
    found: dict[str, Node] = {}
    for key, one in _properties(node, said):
        found[key] = {"anyOf": [found[key], one]} if key in found else one
    return found


def _properties(node: Node, said: Node | None) -> Iterator[tuple[str, Node]]:
    for shape in branches(node):
        yield from ((key, one) for key, one in shape.get("properties", {}).items() if one != {"type": "null"})
        for rule in (*shape.get("allOf", ()), *([shape] if "if" in shape else ())):
            for found in _chosen(rule, said or {}):
                yield from _properties(found, said)


def _chosen(rule: Node, said: Node) -> list[Node]:
    """What a rule of the schema asks of a thing that says ``said``: both sides where it says nothing of the condition."""
    if "if" not in rule:
        return [rule]
    asked = rule["if"].get("not", rule["if"])["properties"]
    if not set(asked) <= set(said):
        return [rule[side] for side in ("then", "else") if side in rule]
    side = "then" if Draft202012Validator(rule["if"]).is_valid(said) else "else"
    return [rule[side]] if side in rule else []


def named(node: Node) -> set[str]:
    """What a value is called: the name of its definition, or its type."""
    if "$ref" in node:
        return {node["$ref"].rpartition("/")[2]}
    if "enum" in node or "const" in node:
        # Nothing, written as an empty text.
        return set() if node.get("const") == "" else {"enum"}
    if "anyOf" in node:
        return {name for one in node["anyOf"] if one != {"type": "null"} for name in named(one)}
    return {str(node.get("type"))}


def words(node: Node) -> set[Any]:
    """The words that a choice may have."""
    return {word for shape in branches(node) for word in shape.get("enum", ()) if word is not None}


def odd(specs: Iterable[Spec], node: Node, said: Node | None, own: set[str], where: str) -> Iterator[str]:
    """Each key that only one of the two knows, and each that they know as different things."""
    known, fields = properties(node, said), {spec.key: spec for spec in specs}
    yield from (f"{where}/{key} is in no form" for key in known if key not in fields and key not in own)
    yield from (f"{where}/{key} is not in the schema" for key in fields if key not in known)
    for key, spec in fields.items():
        if key in known:
            yield from _odd(spec, known[key], f"{where}/{key}")


def _odd(spec: Spec, node: Node, where: str) -> Iterator[str]:
    if spec.type == "object":
        yield from odd(spec.fields, node, None, set(), where)
    elif spec.type in ("rows", "texts"):
        inner = next(shape["items"] for shape in branches(node) if shape.get("type") == "array")
        own = {"key"} if spec.made else set()
        yield from odd(spec.fields, inner, None, own, where) if spec.type == "rows" else ()
        yield from [f"{where} are no words"] if spec.type == "texts" and named(inner) != {"words"} else ()
    elif spec.type == "choice":
        yield from _odd_choice(spec, node, where)
    elif not named(node) <= TYPES[spec.type]:
        yield f"{where} is {named(node)}, not {spec.type}"


def _odd_choice(spec: Spec, node: Node, where: str) -> Iterator[str]:
    if words(node) != {word for word, _label in spec.choices if word}:
        yield f"{where} has {sorted(words(node))}, not {sorted(word for word, _label in spec.choices)}"


def things() -> Iterator[tuple[str, tuple[Spec, ...], str, dict[str, Any], set[str]]]:
    """(name, fields, definition, what the thing says of itself, keys that have no field of their own) of everything with forms."""
    yield "root", (*scopes.ROOT, *scopes.ROUNDING, *scopes.EFFECTS), "", {}, {"format", "key", "version", "events", "totals", "teams"}
    own = {"key", "kind", "result", "criteria", "deductions", "awards"}
    yield "theory", (*scopes.EVENTS["theory"], scopes.RANKING), "event", {"kind": "theory"}, own
    points = (*scopes.EVENTS["points"], *scopes.JUDGING, *scopes.TIMES["points"], scopes.RANKING)
    yield "points", points, "event", {"kind": "practical", "result": "points"}, own
    # Nobody judges a time: the schema lets a panel and a spread stand there, and nothing comes of them.
    timed = (*scopes.EVENTS["time"], *scopes.TIMES["time"], scopes.RANKING)
    yield "time", timed, "event", {"kind": "practical", "result": "time"}, own | {"panel", "spread"}
    for kind in items.KINDS:
        yield f"criterion {kind}", items.criterion(kind), "item", {"kind": kind}, OWN["criterion"]
    yield "group", items.GROUP, "item", {"kind": "group"}, OWN["group"]
    for way in items.DEDUCTIONS:
        yield f"deduction {way}", items.deduction(way), "deduction", {"input": way}, OWN["deduction"]
    for method, fields in scopes.TOTALS.items():
        yield f"total {method}", (*fields, scopes.RANKING), "total", {"method": method}, OWN["total"] - {"ranking"}
    for method, fields in scopes.TEAMS.items():
        yield f"team {method}", (*fields, scopes.RANKING), "team", {"method": method}, OWN["team"] - {"ranking"}
    for by, fields in scopes.AWARDS.items():
        yield f"award {by}", fields, "award", {"by": by}, OWN["award"]


@pytest.mark.parametrize("thing", list(things()), ids=lambda thing: thing[0])
def test_every_field_of_the_schema_is_edited_and_every_edited_field_is_in_it(app: object, thing: Any) -> None:
    name, specs, definition, said, own = thing
    node = SCHEMA["$defs"][definition] if definition else SCHEMA
    assert list(odd(specs, node, said, own, name)) == []


def test_every_kind_of_the_schema_can_be_added() -> None:
    """The lists of what can be added name every kind that the schema knows."""
    kinds = {name: {kind for kind, _label, _help in offered} for name, offered in acts.CHOICES.items()}
    for name, definition, key in (("criteria", "item", "kind"), ("deductions", "deduction", "input"), ("awards", "award", "by"),
                                  ("totals", "total", "method"), ("teams", "team", "method")):
        assert kinds[name] == words(properties(SCHEMA["$defs"][definition], None)[key]), name
    assert kinds["events"] == {"theory", "points", "time"}
