"""In which places two rulebooks differ, in the words of the editor's forms: where, what it was, what it becomes. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext

from competition.contests import rules_acts, rules_named, rules_outline
from competition.contests.rules_fields import LANGUAGES, Spec
from competition.contests.rules_fields_items import POINTS
from competition.contests.rules_outline import SIDES, Document, Element, title_of
from competition.contests.rules_words import minutes
from competition.core.formats import joined
from competition.core.words import say as _
from competition.scoring import rulebook as rulebooks
from competition.scoring.model import Rulebook

# Keys that no form asks for: how a thing is made.
MADE = {
    "kind": lazy_gettext("评分方式"), "result": lazy_gettext("以什么为成绩"), "by": lazy_gettext("授予方式"),
    "method": lazy_gettext("合成方式"), "input": lazy_gettext("扣分方式"), "key": lazy_gettext("标识"), "format": lazy_gettext("格式"),
    "@order": lazy_gettext("顺序"),
}
# Keys that stand between the forms.
PLACES = {
    "name": lazy_gettext("名称"), "zh": "", "en": lazy_gettext("英文"), "bo": lazy_gettext("藏文"), "text": lazy_gettext("评分要求"),
    "note": lazy_gettext("说明"), "source": lazy_gettext("来源"),
    "events": "", "totals": "", "teams": "", "criteria": "", "parts": lazy_gettext("组成"), "rounding": lazy_gettext("小数位和取舍"),
    "panel": lazy_gettext("裁判评分"), "time": lazy_gettext("时间规则"), "ranking": lazy_gettext("排名"), "ties": lazy_gettext("同分处理"),
    "awards": lazy_gettext("奖项"), "tiers": "", "deductions": lazy_gettext("扣分"), "spread": lazy_gettext("分歧"),
    "full": lazy_gettext("满分"), "max": lazy_gettext("满分"), "weight": lazy_gettext("权重"), "limit_s": lazy_gettext("时限（秒）"),
}
NOTHING, FEW = "—", 4
ORDER = "@order"


@dataclass(frozen=True)
class Told:
    """One document, to be asked for the words of its places and values."""

    document: Document

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook as far as it can be read."""
        return rulebooks.read(self.document)[0]

    def at(self, pointer: str, *values: Any) -> list[str]:
        """The names on the way to a JSON pointer, and each of the values as it would stand there."""
        element = rules_outline.place_of(self.document, pointer)[0]
        names = [str(SIDES[element.side])] if element.side and not element.steps else list(self._above(element))
        steps = [step for step in pointer.removeprefix(element.pointer).split("/") if step]
        specs, spec, here = element.fields, None, rules_outline.at(self.document, element.steps)
        for step in steps:
            here, listed = _inside(here, step), spec
            spec, specs, word = _step(spec, specs, step, here)
            if listed is spec and isinstance(here, Mapping) and (name := self._called(here, element)):
                # What has a name needs no word for the list that it stands in.
                names[-1:] = [name] if here.get("name") else [*names[-1:], name]
            else:
                names += [word] if word and word not in names[-1:] else []
        key = steps[-1] if steps else ""
        return [" › ".join(names), *(self.said(spec, value, element, key) if steps else _whole(value) for value in values)]

    def _called(self, item: Mapping[str, Any], element: Element) -> str:
        """The own name of an item of a list, or of what it refers to."""
        if item.get("name"):
            return title_of(item)
        pairs = dict(rules_named.choices(self.book, self.document, element)["scope"])
        return str(pairs.get(str(item.get("of")), ""))

    def _above(self, element: Element) -> Iterator[str]:
        here: Any = self.document
        for step in element.steps:
            above, here = here, here[step]
            if isinstance(here, Mapping):
                yield title_of(here) if "tiers" not in here else rules_outline.award_title(dict(here)) if len(above) > 1 else _("奖项")

    def said(self, spec: Spec | None, value: Any, element: Element, key: str = "") -> str:
        """A value as the form of its thing would show it."""
        if value is None:
            return NOTHING
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, Mapping):
            return self._object(spec, value, element)
        if isinstance(value, list):
            few = [self.said(spec, one, element, "0") for one in value] if len(value) <= FEW else []
            return " / ".join(few) or _("%(n)s 项", n=len(value))
        if spec is None or key.isdigit():
            return str(_made(key, element).get(str(value), value))
        return self._single(spec, str(value), element)

    def _single(self, spec: Spec, text: str, element: Element) -> str:
        if spec.type == "seconds" and text.isdigit():
            return minutes(int(text))
        if spec.type == "choice":
            return str(dict(spec.choices).get(text, text))
        if spec.type == "ref":
            return str(dict(rules_named.choices(self.book, self.document, element)[spec.choices_of]).get(text, text))
        # Labels say what is counted; a number of marks is said with its word.
        return f"{text}%" if spec.unit == "%" else _("%(n)s 分", n=text) if spec.unit == POINTS else text

    def _object(self, spec: Spec | None, value: Mapping[str, Any], element: Element) -> str:
        """A whole thing by its name, else by what it says; words in the language that is always there."""
        if "zh" in value:
            return str(value["zh"])
        if value.get("name"):
            return title_of(value)
        fields = {one.key: one for one in (spec.fields if spec else ())}
        found = [_("%(what)s：%(said)s", what=fields[key].label, said=self.said(fields[key], one, element, key))
                 for key, one in value.items() if key in fields and key not in ("source", "note")]
        return _("；").join(found) or _("有")


def _whole(value: Any) -> str:
    """A thing with a form of its own, whose name stands before it."""
    return NOTHING if value is None else rules_outline.full_of(value) or _("有")


def _inside(here: Any, step: str) -> Any:
    if isinstance(here, list):
        return here[int(step)] if step.isdigit() and int(step) < len(here) else None
    return here.get(step) if isinstance(here, Mapping) else None


def _step(spec: Spec | None, specs: tuple[Spec, ...], step: str, here: Any) -> tuple[Spec | None, tuple[Spec, ...], str]:
    """One step of a pointer: the field that it leads to, the fields within that, its word."""
    if step.isdigit() and spec is not None:
        name = title_of(here) if isinstance(here, Mapping) and here.get("name") else _("第 %(n)s 项", n=int(step) + 1)
        return spec, spec.fields, name
    if spec is not None and spec.type == "words":
        return spec, (), str(dict(LANGUAGES).get(step, step)) if step != "zh" else ""
    found = next((one for one in specs if one.key == step), None)
    if found is None:
        return None, (), str(MADE.get(step) or PLACES.get(step, step))
    return found, found.fields, str(found.label)


def _made(key: str, element: Element) -> Mapping[str, Any]:
    """The ways in which a thing of this kind can be made, by name."""
    group = rules_acts.LIST_OF.get(element.kind, "") if key in MADE else ""
    return {name: words for name, words, _help in rules_acts.CHOICES.get(group, ())}


def told_differences(old: Document, new: Document) -> list[list[str]]:
    """Every place in which two documents differ, with what it was and what it becomes."""
    sides = {"old": Told(old), "new": Told(new)}
    return [sides[side].at(path, was, now) for path, was, now, side in differences(old, new, "") if path != "/version"]


def differences(old: Any, new: Any, path: str, old_path: str | None = None) -> Iterator[tuple[str, Any, Any, str]]:
    """(pointer, before, after, the document in which the pointer leads somewhere); things with a key are compared by it, wherever
    they stand: ``path`` leads there in the new document, ``old_path`` (where it is another way) in the old one."""
    was_at = path if old_path is None else old_path
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from differences(old.get(name), new.get(name), f"{path}/{name}", f"{was_at}/{name}")
    elif isinstance(old, list) and isinstance(new, list):
        before, after = by_key(old), by_key(new)
        for key in dict.fromkeys((*before, *after)):
            (i, was), (j, now) = before.get(key, (0, None)), after.get(key, (0, None))
            if now is None:
                yield f"{was_at}/{i}", was, now, "old"
            elif was is None:
                yield f"{path}/{j}", was, now, "new"
            else:
                yield from differences(was, now, f"{path}/{j}", f"{was_at}/{i}")
        orders = [[key for key in found if key in before and key in after] for found in (before, after)]
        if orders[0] != orders[1]:
            was, now = (joined(_called(after[key][1]) or str(key) for key in order) for order in orders)
            yield f"{path}/{ORDER}", was, now, "new"
    elif old != new:
        yield (was_at, old, new, "old") if new is None else (path, old, new, "new")


def _called(item: Any) -> str:
    """What one of a list is called where its order is said."""
    return title_of(item) if item.get("name") else str(item.get("of") or item.get("figure") or "") if isinstance(item, dict) else ""


def by_key(items: list[Any]) -> dict[Any, tuple[int, Any]]:
    """Each item with its place, by its own key, what it refers to, or its place."""
    return {item.get("key") or item.get("of") or item.get("figure") or n if isinstance(item, dict) else n: (n, item)
            for n, item in enumerate(items)}
