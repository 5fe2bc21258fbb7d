"""The figures of a rulebook that a form may change, where they stand in the document, and putting them back. Pure."""

import copy
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from competition.contests.rules_words import METHODS, SOURCES, minutes
from competition.scoring.rounding import MODES, STAGES

Document = dict[str, Any]
Path = tuple[str | int, ...]
TRIMMING = ("drop_high", "drop_low", "from")


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


@dataclass(frozen=True)
class Slot:
    """One figure: ``kind`` points (an exact number), whole, minutes (mm or mm:ss, seconds in the document), choice."""

    path: Path
    label: str
    kind: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @property
    def name(self) -> str:
        """The field's name in a form."""
        return "s_" + "_".join(str(step) for step in self.path)

    @property
    def pointer(self) -> str:
        """The JSON pointer, as faults use it."""
        return "/" + "/".join(str(step) for step in self.path)

    @property
    def mark(self) -> str:
        """Where the figure comes from, in words."""
        return str(SOURCES.get(self.source, ""))


@dataclass(frozen=True)
class Group:
    """Figures that belong together under a title."""

    title: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Refused:
    """A text that does not fit its slot."""

    name: str
    sentence: str


def groups(document: Document) -> list[Group]:
    """The editable figures of a sound document, in its own order."""
    found = [Group(_title(event), tuple(_event_slots(document, number, event))) for number, event in enumerate(document["events"])]
    names = {item["key"]: _title(item) for item in (*document["events"], *document.get("totals", []))}
    for number, total in enumerate(document.get("totals", [])):
        if total.get("method", "weighted") == "weighted":
            slots = (Slot(("totals", number, "parts", index, "weight"), names.get(part["of"], part["of"]), "points", "%",
                          source=total.get("source", "")) for index, part in enumerate(total["parts"]))
            found.append(Group(_("%(name)s：各部分权重（合计 100）", name=_title(total)), tuple(slots)))
    return [*found, Group(_("小数位和取舍"), tuple(_rounding_slots(document)))]


def _title(item: Mapping[str, Any]) -> str:
    name = item["name"]
    return str(name if isinstance(name, str) else name["zh"])


def _event_slots(document: Document, number: int, event: Document) -> Iterator[Slot]:
    at: Path = ("events", number)
    points = _("分")
    if event.get("result", "points") == "points":
        yield Slot((*at, "full"), _("满分"), "points", points, source=event.get("source", ""))
    for index, item in enumerate(event.get("criteria", [])):
        if "max" in item:
            yield Slot((*at, "criteria", index, "max"), _("%(name)s：满分", name=_title(item)), "points", points,
                       source=item.get("source", ""))
    time = event.get("time")
    if time:
        yield Slot((*at, "time", "limit_s"), _("时限"), "minutes", _("分钟"), source=time.get("source", ""))
        if "over" in time:
            yield Slot((*at, "time", "over", "points"), _("超时每 %(unit)s 扣", unit=minutes(time["over"]["unit_s"])), "points", points,
                       source=time["over"].get("source", ""))
    if event.get("panel"):
        yield from _panel_slots((*at, "panel"), event["panel"].get("source", ""))


def _panel_slots(at: Path, source: str) -> Iterator[Slot]:
    count = _("个")
    yield Slot((*at, "method"), _("裁判评分的合成方法"), "choice", choices=tuple((k, str(w)) for k, w in METHODS.items()), source=source)
    yield Slot((*at, "drop_high"), _("去掉最高分"), "whole", count, source=source)
    yield Slot((*at, "drop_low"), _("去掉最低分"), "whole", count, source=source)
    yield Slot((*at, "from"), _("有效评分满多少份才去分"), "whole", _("份"), source=source)
    yield Slot((*at, "minimum"), _("至少要有的有效评分"), "whole", _("份"), source=source)


def _rounding_slots(document: Document) -> Iterator[Slot]:
    for stage, words in STAGES.items():
        rule = document["rounding"].get(stage)
        if rule:
            source = rule.get("source", "")
            yield Slot(("rounding", stage, "places"), _("%(stage)s：小数位", stage=_(words)), "whole", _("位"), source=source)
            yield Slot(("rounding", stage, "mode"), _("%(stage)s：取舍方法", stage=_(words)), "choice",
                       choices=tuple((mode, _(rule)) for mode, rule in MODES.items()), source=source)


def texts(document: Document, all_groups: Iterable[Group]) -> dict[str, str]:
    """The present figures as a form shows them, by field name."""
    return {slot.name: _shown(slot, _at(document, slot.path)) for group in all_groups for slot in group.slots}


def _shown(slot: Slot, value: Any) -> str:
    if value is None:
        return ""
    if slot.kind == "minutes":
        whole, rest = divmod(int(value), 60)
        return f"{whole}:{rest:02d}" if rest else str(whole)
    return str(value)


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, dict) else document[step]
        if document is None:
            return None
    return document


def with_texts(document: Document, all_groups: Iterable[Group], given: Mapping[str, str]) -> tuple[Document, list[Refused]]:
    """A new document with the figures of the form. A changed figure is no longer a published one: its
    mark of origin becomes ``default``."""
    changed = copy.deepcopy(document)
    refused = []
    for group in all_groups:
        for slot in group.slots:
            text = unicodedata.normalize("NFKC", given.get(slot.name, "")).strip()
            if text == _shown(slot, _at(document, slot.path)):
                continue
            try:
                _put(changed, slot, _value(slot, text))
            except ValueError as error:
                refused.append(Refused(slot.name, str(error)))
    _drop_trimming(changed)
    return changed, refused


def _value(slot: Slot, text: str) -> str | int | None:
    if not text:
        return None
    if slot.kind == "whole":
        if re.fullmatch(r"[0-9]{1,6}", text) is None:
            raise ValueError(_("请填整数。"))
        return int(text)
    if slot.kind == "minutes":
        found = re.fullmatch(r"([0-9]{1,4})(?::([0-5][0-9]))?", text)
        if found is None:
            raise ValueError(_("请填分钟数，例如 40；有秒时写成 40:30。"))
        return int(found[1]) * 60 + int(found[2] or 0)
    return text


def _put(document: Document, slot: Slot, value: str | int | None) -> None:
    holder, marked = document, None
    for step in slot.path[:-1]:
        holder = holder[step]  # type: ignore[index]
        if isinstance(holder, dict) and "source" in holder:
            marked = holder
    if value is None:
        holder.pop(str(slot.path[-1]), None)
    else:
        holder[str(slot.path[-1])] = value
    if marked is not None:
        marked["source"] = "default"


def _drop_trimming(document: Document) -> None:
    """Only a trimmed mean drops marks; the form keeps the fields, the document does not."""
    for event in document["events"]:
        panel = event.get("panel")
        if panel and panel.get("method") != "trimmed_mean":
            for key in TRIMMING:
                panel.pop(key, None)


def field_of(all_groups: Iterable[Group], pointer: str) -> str | None:
    """The form's field that a fault at ``pointer`` is about: its own, else one of the same object."""
    slots = [slot for group in all_groups for slot in group.slots]
    own = next((slot.name for slot in slots if slot.pointer == pointer), None)
    parent = pointer.rpartition("/")[0]
    return own or next((slot.name for slot in slots if parent.count("/") > 1 and slot.pointer.rpartition("/")[0] == parent), None)


def place_words(document: Any, pointer: str) -> str:
    """Where a fault is, by the names on the way: 手工拉面基本功 › 毛细 › max."""
    words = []
    for step in pointer.strip("/").split("/"):
        if isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
            words.append(_name_or_number(document, step))
        else:
            document = document.get(step) if isinstance(document, dict) else None
            words.append(str(PLACES.get(step, step)))
    return " › ".join(word for word in words if word)


def _name_or_number(item: Any, step: str) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    if isinstance(name, dict):
        name = name.get("zh")
    if isinstance(name, str) and name:
        return name
    return _("第 %(n)s 项", n=int(step) + 1) if step.isdigit() else step


PLACES = {
    "events": "", "totals": "", "teams": "", "criteria": "", "parts": lazy_gettext("组成"), "rounding": lazy_gettext("小数位和取舍"),
    "panel": lazy_gettext("裁判评分"), "time": lazy_gettext("时间规则"), "ranking": lazy_gettext("排名"), "ties": lazy_gettext("同分处理"),
    "awards": lazy_gettext("奖项"), "tiers": "", "deductions": lazy_gettext("扣分"), "spread": lazy_gettext("分歧"),
    "full": lazy_gettext("满分"), "max": lazy_gettext("满分"), "weight": lazy_gettext("权重"), "limit_s": lazy_gettext("时限（秒）"),
}
