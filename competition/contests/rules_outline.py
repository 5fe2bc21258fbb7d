"""The outline of a rulebook: every thing in it that has a form of its own, with its address. Pure.

An address is the way through the document by keys (``events/basic/criteria/taste``), so it stays when other things move; what has
no key of its own (award rules) stands by its number. ``@time`` behind it names a side of the thing that has a page of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from competition.contests import rules_fields_items as items
from competition.contests import rules_fields_scopes as scopes
from competition.contests.naming import language
from competition.contests.rules_fields import Spec
from competition.core.formats import joined
from competition.core.words import say as _

Document = dict[str, Any]
Steps = tuple[str | int, ...]
SIDES = {
    "rounding": lazy_gettext("小数位和取舍"), "outcomes": lazy_gettext("缺考、弃权等情况"), "judging": lazy_gettext("裁判评分"),
    "time": lazy_gettext("时间规则"), "ranking": lazy_gettext("排名和同分处理"),
}
LISTS = ("events", "criteria", "deductions", "totals", "teams", "awards")
# Keys of a thing that its forms do not ask: the system makes them, or they are things of their own.
OWN = {
    "root": {"format", "key", "version", *LISTS, "rounding", "outcomes"},
    "event": {"key", "kind", "result", "criteria", "deductions", "awards", "panel", "spread", "time", "ranking"},
    "criterion": {"key", "kind"}, "group": {"key", "kind", "criteria"}, "deduction": {"key", "input"}, "award": {"by"},
    "total": {"key", "method", "awards", "ranking"}, "team": {"key", "method", "awards", "ranking"},
}


@dataclass(frozen=True)
class Element:
    """One thing with a form. ``variant``: the kind of criterion, the method of a total …; ``scope``: the steps of its event, total or
    team rule."""

    address: str
    steps: Steps
    side: str
    kind: str
    variant: str
    title: str
    fact: str
    depth: int
    fields: tuple[Spec, ...]
    scope: Steps = ()

    @property
    def pointer(self) -> str:
        """The JSON pointer of the object."""
        return "".join(f"/{step}" for step in self.steps)

    @property
    def is_listed(self) -> bool:
        """Does it stand in a list, so that it can be moved, copied and taken out?"""
        return bool(self.steps) and not self.side


def title_of(item: Mapping[str, Any]) -> str:
    """What a thing is called, in the reader's language as far as the rulebook has it."""
    name = item.get("name")
    if isinstance(name, Mapping):
        name = name.get(language()) or name.get("zh")
    return str(name or "") or _("（没有名称）")


def segment(item: Mapping[str, Any], place: int, siblings: list[Any]) -> str:
    """How an address names an item of a list: by its key where that is one alone."""
    key = item.get("key")
    return str(key) if key and [one.get("key") for one in siblings].count(key) == 1 else str(place)


def outline(document: Document) -> list[Element]:
    """Everything, in the order of the page."""
    found = [Element("", (), "", "root", "", _("名称和说明"), "", 0, scopes.ROOT)]
    for kind, name in (("event", "events"), ("total", "totals"), ("team", "teams")):
        found += [one for place, item in enumerate(document.get(name) or [])
                  for one in _scope(kind, f"{name}/{segment(item, place, document[name])}", (name, place), item)]
    found.append(Element("@rounding", (), "rounding", "root", "", str(SIDES["rounding"]), "", 0, scopes.ROUNDING))
    return [*found, Element("@outcomes", (), "outcomes", "root", "", str(SIDES["outcomes"]), "", 0, scopes.EFFECTS)]


def _scope(kind: str, address: str, steps: Steps, item: Document) -> Iterator[Element]:
    def make(side: str, fields: tuple[Spec, ...]) -> Element:
        title = str(SIDES[side]) if side else title_of(item)
        fact = full_of(item) if not side else ""
        return Element(address + (f"/@{side}" if side else ""), steps, side, kind, variant, title, fact, 1 if side else 0, fields, steps)

    variant = variant_of(kind, item)
    if kind == "event":
        yield make("", scopes.EVENTS[variant])
        yield from _items(address, (*steps, "criteria"), item.get("criteria") or [], 1, steps)
        if variant != "theory":
            if variant == "points":
                yield make("judging", scopes.JUDGING)
            yield make("time", scopes.TIMES[variant])
        yield from _listed(address, steps, item, "deductions", "deduction")
    else:
        yield make("", (scopes.TOTALS if kind == "total" else scopes.TEAMS)[variant])
    yield make("ranking", (scopes.RANKING,))
    yield from _listed(address, steps, item, "awards", "award")


def _items(address: str, steps: Steps, found: list[Document], depth: int, scope: Steps) -> Iterator[Element]:
    for place, item in enumerate(found):
        at, here = f"{address}/criteria/{segment(item, place, found)}", (*steps, place)
        if item.get("kind") == "group":
            yield Element(at, here, "", "group", "", title_of(item), full_of(item), depth, items.GROUP, scope)
            yield from _items(at, (*here, "criteria"), item.get("criteria") or [], depth + 1, scope)
        else:
            kind = item.get("kind") or "points"
            yield Element(at, here, "", "criterion", kind, title_of(item), full_of(item), depth, items.criterion(kind), scope)


def _listed(address: str, steps: Steps, item: Document, name: str, kind: str) -> Iterator[Element]:
    for place, one in enumerate(item.get(name) or []):
        variant = variant_of(kind, one)
        title = title_of(one) if kind == "deduction" else award_title(one)
        fields = items.deduction(variant) if kind == "deduction" else scopes.AWARDS[variant]
        at = f"{address}/{name}/{segment(one, place, item[name])}"
        yield Element(at, (*steps, name, place), "", kind, variant, title, "", 1, fields, steps)


def award_title(rule: Document) -> str:
    """An award rule by its prizes."""
    return _("奖项：%(names)s", names=joined(title_of(tier) for tier in rule.get("tiers") or []) or _("（还没有）"))


def full_of(item: Mapping[str, Any]) -> str:
    """Its full marks in words, where it has any."""
    value = next((item[key] for key in ("worth", "full", "max") if item.get(key) is not None), None)
    return "" if value is None else _("%(n)s 分", n=value)


def variant_of(kind: str, item: Mapping[str, Any]) -> str:
    """Which table of fields a thing has."""
    if kind == "event":
        return "theory" if item.get("kind") == "theory" else str(item.get("result") or "points")
    key, usual = {"criterion": ("kind", "points"), "deduction": ("input", "count"), "award": ("by", "ranks"),
                  "total": ("method", "weighted"), "team": ("method", "sum")}.get(kind, ("kind", ""))
    return str(item.get(key) or usual)


def find(document: Document, address: str) -> Element | None:
    """The element with this address."""
    return next((one for one in outline(document) if one.address == address), None)


def at(document: Any, steps: Steps) -> Any:
    """What stands there; the way must exist."""
    for step in steps:
        document = document[step]
    return document


def unknown(element: Element, item: Mapping[str, Any]) -> list[str]:
    """Keys that no form of this thing asks for: left over from another kind, or misspelt."""
    return [] if element.side else [key for key in item if key not in OWN[element.kind] and key not in {s.key for s in element.fields}]


def place_of(document: Document, pointer: str) -> tuple[Element, str]:
    """The element that a fault at ``pointer`` is about, and the rest of the pointer as its fields are named (``tiers-0-name``)."""
    elements = outline(document)
    best = (-1, elements[0], pointer.strip("/"))
    for one in elements:
        rest = pointer.removeprefix(one.pointer) if pointer == one.pointer or pointer.startswith(f"{one.pointer}/") else None
        if rest is None:
            continue
        name = rest.strip("/").replace("/", "-")
        fits = any(name == spec.key or name.startswith(f"{spec.key}-") for spec in one.fields)
        score = 2 * len(one.steps) + fits
        if score > best[0]:
            best = (score, one, name)
    return best[1], best[2]
