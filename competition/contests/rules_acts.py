"""Acts on the draft of a rulebook that change its shape: add, copy, move, take out, another kind. Pure."""

import copy
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext

from competition.contests import rules_outline
from competition.contests.rules_element import unpublish
from competition.contests.rules_keys import references
from competition.contests.rules_outline import OWN, Document, Element, Steps, at

Make = Callable[[str], str]
# List → which kinds can be added to it: (kind, name, what it is for).
CRITERIA = (
    ("points", lazy_gettext("按档打分"), lazy_gettext("裁判直接打分，例如满分 10 分，每 0.5 分一档。最常用。")),
    ("deduct", lazy_gettext("从满分扣错"), lazy_gettext("记错误的处数，每处扣同样的分，例如断条一根扣 2 分。")),
    ("faults", lazy_gettext("各类错误分别扣"), lazy_gettext("不同的错误扣不同的分，严重的可以本项不得分或取消资格。")),
    ("counts", lazy_gettext("按件数得分"), lazy_gettext("每完成一件得固定的分，到满分为止。")),
    ("measured", lazy_gettext("测量偏差"), lazy_gettext("测几处，超出允许偏差的每处扣分，例如墙面平整度。")),
    ("bands", lazy_gettext("按读数分档"), lazy_gettext("一个读数落在哪一档，就得那一档的分。")),
    ("scale", lazy_gettext("按读数折算"), lazy_gettext("一个读数按比例折算成分。")),
    ("timed", lazy_gettext("按用时得分"), lazy_gettext("这一步用了多少秒，超时扣分或提前加分。")),
    ("judgement", lazy_gettext("按等级评判"), lazy_gettext("0 至 3 级，每一级有文字说明，裁判选一级。")),
    ("grades", lazy_gettext("分档评定"), lazy_gettext("优、良、中、差，每一档有规定的分。")),
    ("pass_fail", lazy_gettext("合格与不合格"), lazy_gettext("合格得满分，不合格不得分。")),
    ("veto", lazy_gettext("否决项"), lazy_gettext("出现某种情况时，所在的一组记零分，或取消资格。本身不计分。")),
    ("group", lazy_gettext("一组评分项"), lazy_gettext("模块、大项或子项，把几个评分项放在一起；最多四层。")),
)
CHOICES: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "criteria": CRITERIA,
    "deductions": (
        ("count", lazy_gettext("按次数扣"), lazy_gettext("记次数，每次扣同样的分。")),
        ("points", lazy_gettext("按情节扣"), lazy_gettext("由裁判长决定扣多少分。"))),
    "awards": (
        ("ranks", lazy_gettext("按名次"), lazy_gettext("例如第 1 名金奖，第 2 至 3 名银奖。")),
        ("percent", lazy_gettext("按参赛人数的比例"), lazy_gettext("例如前 10% 一等奖。")),
        ("half", lazy_gettext("前一半"), lazy_gettext("其余参赛者的前一半，例如优胜奖。")),
        ("lines", lazy_gettext("按分数线"), lazy_gettext("达到分数线的都得，例如合格、优秀。")),
        ("medals", lazy_gettext("按分差评奖牌"), lazy_gettext("相差不超过 2 分的同等，金银铜各自评定。")),
        ("best_of", lazy_gettext("各队最好的"), lazy_gettext("每个代表队或代表团中名次最好的一人。"))),
    "events": (
        ("theory", lazy_gettext("理论考试"), lazy_gettext("成绩由外面导入，或按答卷计分。")),
        ("points", lazy_gettext("实操，以分数为成绩"), lazy_gettext("裁判按评分项评分。")),
        ("time", lazy_gettext("实操，以用时为成绩"), lazy_gettext("用时加罚秒，最短的在前。"))),
    "totals": (
        ("weighted", lazy_gettext("按权重合成"), lazy_gettext("例如理论 30%，实操 70%。")),
        ("sum", lazy_gettext("直接相加"), lazy_gettext("各部分的分数相加。")),
        ("best", lazy_gettext("取最好的一项"), lazy_gettext("几次成绩中最好的一次。")),
        ("scale", lazy_gettext("标准分"), lazy_gettext("以中位数为 700 的换算分数，本系统自定的方法。"))),
    "teams": (
        ("sum", lazy_gettext("队员成绩相加"), lazy_gettext("可以只计最好的几名。")),
        ("mean", lazy_gettext("队员成绩取平均"), lazy_gettext("可以只计最好的几名。")),
        ("places", lazy_gettext("名次折算成分"), lazy_gettext("例如第 1 名 10 分，第 2 名 8 分。")),
        ("prizes", lazy_gettext("获奖折算成分"), lazy_gettext("例如金奖 8 分，银奖 5 分。"))),
}
LIST_OF = {"criterion": "criteria", "group": "criteria", "deduction": "deductions", "award": "awards", "event": "events",
           "total": "totals", "team": "teams"}
_VARIANT = {"criteria": "kind", "deductions": "input", "awards": "by", "totals": "method", "teams": "method"}
_KEYS = {"criteria": "c", "deductions": "d", "events": "e", "totals": "t", "teams": "m"}
_NEW: dict[str, Document] = {
    "points": {"max": "10", "step": "0.5"}, "deduct": {"max": "10", "per": "1"}, "faults": {"max": "10", "faults": [{"name": "错误",
        "per": "1"}]},
    "counts": {"max": "10", "per": "1"}, "measured": {"max": "10", "places": 5, "tolerance": "1", "per_over": "1"},
    "bands": {"max": "10", "bands": [{"upto": "1", "points": "10"}]},
    "scale": {"max": "10", "at": [{"value": "0", "points": "0"}, {"value": "100", "points": "10"}]},
    "timed": {"max": "10", "limit_s": "600", "over": {"unit_s": 60, "count": "started", "points": "1"}},
    "judgement": {"max": "10", "levels": ["未达到要求", "达到要求", "部分超出要求", "全面超出要求"]},
    "grades": {"max": "10", "grades": [{"name": "合格", "points": "10"}, {"name": "不合格", "points": "0"}]},
    "pass_fail": {"max": "10"}, "veto": {}, "group": {"criteria": []},
}


def fresh(name: str, kind: str, make: Make) -> Document:
    """A new thing for a list."""
    if name == "awards":
        return {"by": kind, **({"of": "delegation"} if kind == "best_of" else {}), "tiers": []}
    if name == "events":
        return event(make(_KEYS[name]), "新项目", kind)
    thing: Document = {"key": make("g" if kind == "group" else _KEYS[name]), "name": _FIRST[name], _VARIANT[name]: kind}
    if name == "criteria":
        return {**thing, **copy.deepcopy(_NEW[kind]), **({"name": "新的一组"} if kind == "group" else {})}
    if name == "deductions":
        return {**thing, **({"per": "1"} if kind == "count" else {"step": "1"})}
    return {**thing, **({"full": "100"} if name == "totals" and kind != "scale" else {})}


_FIRST = {"criteria": "新评分项", "deductions": "新扣分项", "totals": "新的总成绩", "teams": "新的团体成绩"}


def event(key: str, name: Any, kind: str) -> Document:
    """A new event of a kind: theory, points, time."""
    if kind == "theory":
        return {"key": key, "kind": "theory", "name": name, "full": "100"}
    if kind == "time":
        return {"key": key, "kind": "practical", "result": "time", "name": name, "time": {"limit_s": 600}}
    return {"key": key, "kind": "practical", "name": name, "full": "100", "criteria": [], "panel": {"method": "mean"}}


def empty(name: Any, events: list[Document]) -> Document:
    """A rulebook that holds nothing but the events."""
    stage = {"places": 2, "mode": "half_up"}
    return {"format": 1, "key": "rules", "version": 1, "name": name,
            "rounding": {key: dict(stage) for key in ("panel", "event", "total", "team")}, "events": events}


def add(document: Document, steps: Steps, name: str, thing: Document) -> tuple[Document, Steps]:
    """The document with a thing more in the list ``name`` of what stands at ``steps``, and where it stands."""
    changed = copy.deepcopy(document)
    found = _opened(at(changed, steps), name)
    found.append(thing)
    unpublish(changed, steps)
    return changed, (*steps, name, len(found) - 1)


def _opened(holder: Document, name: str) -> list[Document]:
    """The list ``name``, begun where nothing or null stands."""
    if not holder.get(name):
        holder[name] = []
    found: list[Document] = holder[name]
    return found


def duplicate(document: Document, element: Element, make: Make) -> tuple[Document, Steps]:
    """A copy right behind it, with keys of its own."""
    changed = copy.deepcopy(document)
    found, place = at(changed, element.steps[:-1]), int(element.steps[-1])
    twin = copy.deepcopy(found[place])
    if element.kind in _KEYED:
        rekey(twin, make, deep=element.kind == "group")
        name = twin.get("name")
        twin["name"] = {**name, "zh": f"{name.get('zh', '')}（副本）"} if isinstance(name, dict) else f"{name or ''}（副本）"
    found.insert(place + 1, twin)
    unpublish(changed, element.steps[:-2])
    return changed, (*element.steps[:-1], place + 1)


_KEYED = ("criterion", "group", "deduction", "event", "total", "team")


def rekey(item: Document, make: Make, *, deep: bool) -> None:
    """New keys for a copy; of a group also for what stands in it."""
    item["key"] = make(str(item.get("key") or "c").rstrip("0123456789_-")[:30] or "c")
    for inner in item.get("criteria") or [] if deep else ():
        rekey(inner, make, deep=True)


def remove(document: Document, element: Element, *, with_references: bool) -> Document:
    """The document without a thing; and, if asked, without what refers to it."""
    changed = copy.deepcopy(document)
    found = [steps for _one, steps in references(document, element)] if with_references else []
    for steps in sorted(found, key=lambda one: [str(step).rjust(5) for step in one], reverse=True):
        holder = at(changed, steps[:-1])
        del holder[steps[-1]]
    holder = at(changed, element.steps[:-1])
    del holder[element.steps[-1]]
    unpublish(changed, element.steps[:-2])
    return changed


def shift(document: Document, element: Element, by: int) -> tuple[Document, Steps]:
    """One place up (-1) or down (1) in its list."""
    changed = copy.deepcopy(document)
    found, place = at(changed, element.steps[:-1]), int(element.steps[-1])
    to = min(max(place + by, 0), len(found) - 1)
    found.insert(to, found.pop(place))
    return changed, (*element.steps[:-1], to)


def homes(document: Document, element: Element) -> list[Element]:
    """Where a criterion or group can move to: its event, and groups that are not itself or inside it."""
    if element.kind not in ("criterion", "group"):
        return []
    inside = [one for one in rules_outline.outline(document) if one.scope == element.scope and not one.side and one.kind in ("event",
        "group")]
    return [one for one in inside if one.steps != element.steps[:-2] and one.steps[: len(element.steps)] != element.steps]


def move(document: Document, element: Element, home: Element) -> Document:
    """Into another group, at its end, or to the top level of the event."""
    changed = copy.deepcopy(document)
    source, target = at(changed, element.steps[:-1]), at(changed, home.steps)
    thing = source.pop(int(element.steps[-1]))
    _opened(target, "criteria").append(thing)
    unpublish(changed, element.steps[:-2])
    return changed


def turn(document: Document, element: Element, kind: str) -> Document:
    """Another kind of the same thing: what both kinds have stays, what only the old one had goes."""
    name = LIST_OF[element.kind]
    changed = copy.deepcopy(document)
    holder, place = at(changed, element.steps[:-1]), element.steps[-1]
    old = holder[place]
    if name == "events":
        new = {**event(str(old.get("key", "")), old.get("name", ""), kind)}
    else:
        new = {**copy.deepcopy(_NEW.get(kind, {}) if name == "criteria" else {}), _VARIANT[name]: kind}
    # As an example the thing is put among its like: its table of fields says what it may keep.
    holder[place] = {**old, **new}
    fields = next(one for one in rules_outline.outline(changed) if one.steps == element.steps and not one.side).fields
    keeps = {spec.key for spec in fields} | (OWN[element.kind] - {"kind", "result"}) | set(new)
    holder[place] = {**{key: new[key] for key in new}, **{key: one for key, one in old.items() if key in keeps and key not in (
        _VARIANT.get(name), "kind", "result")}}
    unpublish(changed, element.steps)
    return changed
