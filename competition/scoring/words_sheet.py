"""The sentences of what judges enter: sheets with their groups, single marks, what they agree on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from competition.scoring.exact import shown
from competition.scoring.faults import ZEROED
from competition.scoring.wording import Say, Wording, clauses

Facts = Mapping[str, Any]


def sheet_words(name: str, value: str, facts: Facts, to: Wording) -> str:
    """One sheet: what stands on it, group by group, and the sum."""
    _ = to.say
    marks = to.joined(_rows(facts["marks"], to))
    if "sum" not in facts:
        return _("%(name)s：%(marks)s，合计 %(value)s", name=name, marks=marks, value=shown(value))
    said = {"name": name, "marks": marks, "sum": shown(facts["sum"]), "value": shown(value)}
    if facts["zeroed"]:
        return _("%(name)s：%(marks)s，合计 %(sum)s，裁判认定计零分，得 %(value)s", **said)
    return _("%(name)s：%(marks)s，合计 %(sum)s，超过上限按上限计，得 %(value)s", **said)


def _rows(rows: Iterable[Any], to: Wording) -> Iterator[str]:
    for row in rows:
        yield _group(row, to) if isinstance(row[1], tuple) else _row(row, to)


def _row(row: Any, to: Wording) -> str:
    _ = to.say
    item, raw, points, weight = row
    if not points:
        return _("%(name)s：有", name=to.name(item)) if raw == "1" else _("%(name)s：无", name=to.name(item))
    return f"{to.name(item)} {_raw(raw, points, _)}{_times(weight)}"


def _group(row: Any, to: Wording) -> str:
    """［…］ around what stands in a group, then its points."""
    _ = to.say
    item, inside, points, weight, added, zeroed = row
    said = {"name": to.name(item), "marks": to.joined(_rows(inside, to)), "points": shown(points), "sum": shown(added)}
    if zeroed:
        words = _("%(name)s［%(marks)s，裁判认定计零分］", **said)
    elif added != points:
        words = _("%(name)s［%(marks)s，合计 %(sum)s，按上限计 %(points)s］", **said)
    else:
        words = _("%(name)s［%(marks)s，合计 %(points)s］", **said)
    return f"{words}{_times(weight)}"


def _times(weight: str) -> str:
    return "" if weight == "1" else f" × {weight}"


def _raw(raw: str, points: str, _: Say) -> str:
    return raw if raw == points else _("%(points)s（记录 %(raw)s）", points=shown(points), raw=raw)


def mark_words(name: str, value: str, facts: Facts, to: Wording) -> str:
    """One mark of one seat."""
    _ = to.say
    said = {"name": name, "seat": facts["seat"], "raw": facts["raw"], "max": facts["max"], "value": shown(value)}
    if facts["kind"] == "judgement":
        return _("座位 %(seat)s 评“%(name)s”：%(raw)s 级，满分 %(max)s，折合 %(value)s", **said)
    if facts["raw"] == value:
        return _("座位 %(seat)s 评“%(name)s”：%(value)s", **said)
    return _("座位 %(seat)s 评“%(name)s”：记录 %(raw)s，满分 %(max)s，得 %(value)s", **said)


def agreed_words(name: str, value: str, facts: Facts, to: Wording) -> str:
    """What judges agreed on; it has no value."""
    del value
    _ = to.say
    seats = to.joined(facts["seats"])
    said = {"name": name, "seats": seats, "of": facts["of"], "needed": facts["needed"], "count": len(facts["seats"])}
    found = _("“%(name)s”：%(of)s 位裁判中有 %(count)s 位认定（座位 %(seats)s），达到规定的 %(needed)s 位", **said)
    if facts["what"] != ZEROED:
        return clauses(_, found, to.status(facts["what"]))
    if not facts["group"]:
        return clauses(_, found, _("本项目计零分"))
    return clauses(_, found, _("“%(group)s”计零分", group=to.name(facts["group"])))


def void_words(name: str, value: str, facts: Facts, to: Wording) -> str:
    """What stands in a group that counts zero."""
    _ = to.say
    return _("%(name)s：所在的“%(group)s”计零分，得 %(value)s", name=name, group=to.name(facts["group"]), value=value)


def group_words(name: str, value: str, facts: Facts, to: Wording) -> str:
    """A group of criteria that are combined one by one."""
    _ = to.say
    terms = " + ".join(shown(part) for part in facts["parts"])
    said = {"name": name, "terms": terms, "sum": shown(facts["sum"]), "points": shown(facts["points"])}
    if facts["zeroed"]:
        words = _("%(name)s：%(terms)s = %(sum)s，裁判认定计零分", **said)
    elif facts["sum"] != facts["points"]:
        words = _("%(name)s：%(terms)s = %(sum)s，超过上限，按 %(points)s 计", **said)
    else:
        words = _("%(name)s：%(terms)s = %(sum)s", **said)
    if facts["weight"] == "1":
        return words
    return clauses(_, words, _("× 系数 %(weight)s = %(value)s", weight=facts["weight"], value=shown(value)))
