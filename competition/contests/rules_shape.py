"""A document from outside: is it JSON, and is everything in it where the editor looks for it? Pure.

What is sound or not the reader says. Here only that is refused which no form could show: a text where a list belongs, a kind that
nobody knows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from competition.contests import rules_fields_items as items
from competition.contests import rules_fields_scopes as scopes
from competition.contests.rules_fields import Spec, shown_words
from competition.contests.rules_outline import Document, variant_of
from competition.core.words import say as _

DEEPEST = 40
ROOT = (*scopes.ROOT, *scopes.ROUNDING, *scopes.EFFECTS)
# The lists of things with forms: kind of thing → (list, kind of thing in it).
INSIDE = {
    "root": (("events", "event"), ("totals", "total"), ("teams", "team")), "group": (("criteria", "criterion"),),
    "event": (("criteria", "criterion"), ("deductions", "deduction"), ("awards", "award")),
    "total": (("awards", "award"),), "team": (("awards", "award"),),
}
SIDES = {"event": (scopes.RANKING,), "total": (scopes.RANKING,), "team": (scopes.RANKING,)}
KINDS: dict[str, Mapping[str, Any]] = {
    "event": scopes.EVENTS, "criterion": items.KINDS, "deduction": items.DEDUCTIONS, "total": scopes.TOTALS, "team": scopes.TEAMS,
    "award": scopes.AWARDS,
}


def parsed(data: bytes) -> Document:
    """The object that a file holds; raises ValueError with the sentence for the person."""
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise ValueError(_("文件不是 UTF-8 编码的文本，请选择从本系统下载的 JSON 文件。")) from error
    except json.JSONDecodeError as error:
        raise ValueError(_("第 %(line)s 行第 %(col)s 列起不是正确的 JSON，请检查逗号、引号和括号。", line=error.lineno,
                           col=error.colno)) from error
    except RecursionError as error:
        raise ValueError(_("内容嵌套过深，无法读取。")) from error
    if not isinstance(found, dict):
        raise ValueError(_("最外层应是一个对象（花括号）。"))
    if depth(found) > DEEPEST:
        raise ValueError(_("内容嵌套过深，无法读取。"))
    return found


def _no_constant(text: str) -> None:
    raise ValueError(_("内容中有无法计算的数值：%(value)s。", value=text))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for n, (key, _value) in enumerate(pairs) if any(key == other for other, _one in pairs[:n]))
        raise ValueError(_("同一个对象中“%(key)s”写了两次。", key=twice[:40]))
    return found


def depth(value: Any) -> int:
    """How deep objects and lists stand in one another; counted level by level."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [each for one in inner for each in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inner)
    return depth


def misshapen(document: Document) -> list[tuple[str, str]]:
    """(where, sentence) of everything that the editor could not show."""
    return [(_way(document, pointer) or "/", sentence) for pointer, sentence in _thing("root", document, "")]


def _way(item: Any, pointer: str) -> str:
    """The names on the way, as far as there are any: 手工拉面基本功 › panel."""
    words = []
    for step in pointer.split("/")[1:]:
        listed = isinstance(item, list)
        item = item[int(step)] if isinstance(item, list) else item.get(step) if isinstance(item, dict) else None
        name = str(shown_words(item["name"])["zh"]) if isinstance(item, dict) and item.get("name") else ""
        words.append(name or (_("第 %(n)s 项", n=int(step) + 1) if listed else "" if isinstance(item, list) else step))
    return " › ".join(word for word in words if word) or pointer


def _thing(kind: str, item: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(item, dict):
        yield at, _("这里应是一个对象（花括号）。")
        return
    if kind == "criterion" and item.get("kind") == "group":
        kind = "group"
    fields = _fields(kind, item)
    if fields is None:
        yield at, _("没有这一种类型。")
        return
    yield from _values(fields, item, at)
    for name, inner in INSIDE.get(kind, ()):
        found = item.get(name) or []
        if not isinstance(found, list):
            yield f"{at}/{name}", _("这里应是一个列表（方括号）。")
        else:
            yield from (fault for n, one in enumerate(found) for fault in _thing(inner, one, f"{at}/{name}/{n}"))


def _fields(kind: str, item: Document) -> tuple[Spec, ...] | None:
    """The table of a thing; None when there is none for its kind."""
    if kind == "root":
        return ROOT
    if kind == "group":
        return items.GROUP
    variant = variant_of(kind, item)
    if variant not in KINDS[kind] or (kind == "event" and item.get("kind") not in ("theory", "practical")):
        return None
    if kind == "event":
        return (*scopes.EVENTS[variant], *scopes.JUDGING, *scopes.TIMES.get(variant, ()), scopes.RANKING)
    own = items.criterion(variant) if kind == "criterion" else items.deduction(variant) if kind == "deduction" else KINDS[kind][variant]
    return (*own, *SIDES.get(kind, ()))


def _values(specs: Iterable[Spec], item: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    for spec in specs:
        value, place = item.get(spec.key), f"{at}/{spec.key}"
        if value is not None:
            yield from _value(spec, value, place)


def _value(spec: Spec, value: Any, at: str) -> Iterator[tuple[str, str]]:
    if spec.type == "object":
        yield from _values(spec.fields, value, at) if isinstance(value, dict) else [(at, _("这里应是一个对象（花括号）。"))]
    elif spec.type == "words":
        yield from [] if _is_words(value) else [(at, _("这里应是文字。"))]
    elif spec.type in ("rows", "texts"):
        if not isinstance(value, list):
            yield at, _("这里应是一个列表（方括号）。")
            return
        for n, one in enumerate(value):
            row = Spec(spec.key, "object" if spec.type == "rows" else "words", fields=spec.fields)
            yield from _value(row, one, f"{at}/{n}")
    elif isinstance(value, dict | list):
        yield at, _("这里应是一个数或一段文字。")


def _is_words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(one is None or isinstance(one, str) for one in value.values()))
