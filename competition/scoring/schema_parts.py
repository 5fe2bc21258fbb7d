"""What a JSON Schema of our documents is put together from: objects that are closed, and values as their readers take them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

NULL: Schema = {"type": "null"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
_SAID: Schema = {"type": "string", "pattern": r"\S"}
_WIDE = 130
_LARGEST = 10**12
_DIGITS = r"[0-9]{1,12}(\.[0-9]{1,12})?"
_NOTHING = r"0{1,12}(\.0{1,12})?"
_LOSS = r"-(0{0,9}[0-9]{1,3}(\.[0-9]{1,12})?|0{0,8}1000(\.0{1,12})?)"
_UP_TO_100 = r"(0{0,10}[0-9]{1,2}(\.[0-9]{1,12})?|0{0,9}100(\.0{1,12})?)"


def written(schema: object, indent: str = "") -> str:
    """The schema as JSON text; what is short stands on one line."""
    line = json.dumps(schema, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDE or not isinstance(schema, dict | list):
        return line
    deeper = indent + "  "
    if isinstance(schema, list):
        return "[\n" + ",\n".join(deeper + written(one, deeper) for one in schema) + f"\n{indent}]"
    lines = (f"{deeper}{json.dumps(key, ensure_ascii=False)}: {written(one, deeper)}" for key, one in schema.items())
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def ref(name: str) -> Schema:
    """What is defined under ``name`` in the same document."""
    return {"$ref": f"#/$defs/{name}"}


def whole(low: int = 0, high: int = 10**9) -> Schema:
    """A plain whole number within bounds, both inclusive."""
    return {"type": "integer", "minimum": low, "maximum": high}


def choice(options: Iterable[str | None]) -> Schema:
    """One of some words."""
    return {"enum": list(options)}


def items(of: Schema, least: int = 0, most: int | None = None) -> Schema:
    """A list."""
    return {"type": "array", "items": of} | ({"minItems": least} if least else {}) | ({} if most is None else {"maxItems": most})


def nullable(schema: Schema) -> Schema:
    """Whatever may be left out may also be null."""
    return schema if schema == NULL else {"anyOf": [schema, NULL]}


def fields(required: Mapping[str, Schema], optional: Mapping[str, Schema]) -> Schema:
    """A closed object; every one may say where its figures come from."""
    noted = {"source": ref("source"), "note": ref("note")}
    properties = {**required, **{key: nullable(one) for key, one in optional.items()}, **noted}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def given(key: str, value: Schema | None = None) -> Schema:
    """That ``key`` is there and not null (and is so)."""
    return {"type": "object", "required": [key], "properties": {key: value or {"not": NULL}}}


def one_of(*keys: str) -> Schema:
    """That exactly one of the keys is given."""
    return {"oneOf": [given(key) for key in keys]}


def by(key: str, cases: Mapping[str, Schema], default: str = "") -> Schema:
    """What an object is by the word at ``key``; without that word it is ``default``, or nothing right."""
    word: Schema = choice(cases)
    parts = [
        {"if": given(key, {"const": name}) if name != default else {"not": given(key, {"not": {"enum": [name, None]}})}, "then": then}
        for name, then in cases.items()
    ]
    kind: Schema = {"type": "object", "properties": {key: nullable(word) if default else word}}
    return kind | ({} if default else {"required": [key]}) | {"allOf": parts}


def _number(*, above_0: bool = False, to_100: bool = False) -> Schema:
    """An exact number: a text, or a whole number."""
    whole: Schema = {"type": "integer", "exclusiveMaximum": _LARGEST}
    whole |= {"exclusiveMinimum": 0} if above_0 else {"minimum": 0}
    whole |= {"maximum": 100} if to_100 else {}
    sign = f"(-(?={_NOTHING}$))?"
    start = f"(?!-?{_NOTHING}$)" if above_0 else ""
    return {"anyOf": [whole, {"type": "string", "pattern": f"^{start}{sign}{_UP_TO_100 if to_100 else _DIGITS}$"}]}


KEY = ref("key")
AMOUNT, POSITIVE, LOSS, PERCENT, SHARE = ref("amount"), ref("positive"), ref("loss"), ref("percent"), ref("share")
VALUES: Mapping[str, Schema] = {
    "key": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"},
    "source": choice(("published", "default", None)),
    "note": nullable(TEXT),
    "words": {"anyOf": [_SAID, fields({"zh": _SAID}, {"en": TEXT, "bo": TEXT})]},
    "amount": _number(),
    "positive": _number(above_0=True),
    "percent": _number(to_100=True),
    "share": _number(above_0=True, to_100=True),
    "loss": {"anyOf": [{"type": "integer", "minimum": -1000, "maximum": 0}, {"type": "string", "pattern": f"^({_LOSS}|-?{_NOTHING})$"}]},
}
