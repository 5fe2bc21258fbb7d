"""Whether a rulebook and a contest have the same events, and a rulebook cut down to some of its events. Pure."""

import copy
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.contests.naming import named
from competition.core.formats import joined
from competition.core.words import say as _
from competition.scoring import exact, rulebook
from competition.scoring.model import Rulebook

Document = dict[str, Any]
_FIGURE = re.compile(r"/(totals|teams)/\d+/(ranking/ties/\d+|awards/\d+/tiers/\d+/needs/\d+)/figure")


# ---- do they fit? --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """Names of events that only the rulebook has, of events that only the contest has, and of totals and team results
    that could never be computed."""

    absent: tuple[str, ...] = ()
    unruled: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """What does not fit; nothing when all does."""
        found = []
        if self.absent:
            found.append(_("评分规则中有、本赛事没有的项目：%(names)s。", names=joined(self.absent)))
        if self.uncounted:
            found.append(_("缺了这些项目，%(names)s算不出来。", names=joined(_("“%(name)s”", name=name) for name in self.uncounted)))
        if self.unruled:
            found.append(_("本赛事有、评分规则中没有的项目：%(names)s。", names=joined(self.unruled)))
        return found


def fit(book: Rulebook, events: Mapping[str, str]) -> Fit:
    """``events``: the names of the contest's events by key."""
    ruled = {event.key for event in book.events}
    lost = {event.key for event in book.events if event.key not in events}
    uncounted = []
    for total in book.totals:
        if any(part.of in lost for part in total.parts):
            lost.add(total.key)
            uncounted.append(named(total.name))
    uncounted += [named(team.name) for team in book.teams if lost & set(team.below)]
    return Fit(
        tuple(named(event.name) for event in book.events if event.key not in events),
        tuple(name for key, name in events.items() if key not in ruled), tuple(uncounted))


# ---- a rulebook with some of its events ------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A weight that has to be given anew: of which part in which total or team result, and what it was."""

    scope: str
    title: str
    of: str
    name: str
    before: str

    @property
    def field(self) -> str:
        """The field's name in a form."""
        return f"w_{self.scope}_{self.of}"


@dataclass(frozen=True)
class Cut:
    """A document without some events; ``lines`` say what else went or changed with them, ``shares`` what is to be decided."""

    document: Document
    lines: tuple[str, ...]
    shares: tuple[Share, ...]


def keep_events(document: Document, keys: Collection[str]) -> Cut:
    """The sound ``document`` with the events ``keys`` alone. Totals lose the parts that went, and go themselves when nothing
    is left of them. Weights stay as they were: a person gives new ones (:func:`with_weights`)."""
    left = copy.deepcopy(document)
    names = {item["key"]: _title(item) for kind in ("events", "totals", "teams") for item in left.get(kind) or []}
    left["events"] = [event for event in left["events"] if event["key"] in keys]
    gone = {event["key"] for event in document["events"]} - set(keys)
    cut = _cut_parts(left, gone)
    emptied = [key for key in names if key in gone and all(key != event["key"] for event in document["events"])]
    lines = [_("去掉“%(name)s”，它的组成项目都不在了。", name=names[key]) for key in emptied]
    lines += [_("“%(name)s”不再包括：%(parts)s。", name=_title(item), parts=joined(names[part] for part in parts)) for item, parts in cut]
    lines += _full_marks(left, [item for item, _parts in cut])
    lines += _lost_figures(left)
    shares = [Share(item["key"], _title(item), part["of"], names[part["of"]], str(part["weight"]))
              for item, _parts in cut for part in item["parts"] if "weight" in part]
    return Cut(left, tuple(lines), tuple(shares))


def with_weights(cut: Cut, weights: Mapping[str, str]) -> Document:
    """The document with weights given by field name; their marks of origin become ``default``."""
    document = copy.deepcopy(cut.document)
    for share in cut.shares:
        item = next(one for one in _scopes(document) if one["key"] == share.scope)
        part = next(part for part in item["parts"] if part["of"] == share.of)
        part["weight"], item["source"] = weights[share.field], "default"
    return document


def weight_faults(cut: Cut, weights: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, sentence) for weights that are no numbers, or not 100 together in their total."""
    faults, sums = [], dict[str, Fraction]()
    for share in cut.shares:
        value = _number(weights.get(share.field, ""))
        if value is None:
            faults.append((share.field, _("请填大于 0、不超过 100 的数。")))
        else:
            sums[share.scope] = sums.get(share.scope, Fraction(0)) + value
    for scope, total in sums.items() if not faults else ():
        if total != 100:
            field = next(share.field for share in cut.shares if share.scope == scope)
            faults.append((field, _("权重合计应为 100，现在是 %(sum)s。", sum=exact.text(total))))
    return faults


def _number(text: str) -> Fraction | None:
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) is None:
        return None
    value = Fraction(text)
    return value if 0 < value <= 100 else None


def _scopes(document: Document) -> Iterable[Document]:
    return [*(document.get("totals") or []), *(document.get("teams") or [])]


def _refers(item: Document) -> list[str]:
    return [part["of"] for part in item.get("parts") or []] or [item["of"]]


def _cut_parts(left: Document, gone: set[str]) -> list[tuple[Document, list[str]]]:
    """Take what refers to ``gone`` out, which grows by totals of which nothing is left; what lost a part, with its lost parts."""
    cut: dict[str, tuple[Document, list[str]]] = {}
    found = True
    while found:
        found = False
        for item in _scopes(left):
            lost = [key for key in _refers(item) if key in gone]
            if not lost or item["key"] in gone:
                continue
            found = True
            if len(lost) == len(_refers(item)):
                gone.add(item["key"])
                cut.pop(item["key"], None)
            else:
                item["parts"] = [part for part in item["parts"] if part["of"] not in gone]
                cut.setdefault(item["key"], (item, []))[1].extend(lost)
    for kind in ("totals", "teams"):
        if kind in left:
            left[kind] = [item for item in left[kind] if item["key"] not in gone]
    for team in left.get("teams") or []:
        if team.get("by") in gone:
            team.pop("by")
    return list(cut.values())


def _full_marks(left: Document, changed: Collection[Document]) -> list[str]:
    """What adds up has the full marks of what is left of it."""
    fulls = {item["key"]: item.get("full") for item in [*left["events"], *_scopes(left)]}
    lines = []
    for item in left.get("totals") or []:
        below = [fulls.get(key) for key in _refers(item)]
        if item not in changed or item.get("method") != "sum" or None in below:
            continue
        whole = exact.text(exact.add(Fraction(str(full)) for full in below))
        lines.append(_("“%(name)s”的满分由 %(old)s 改为 %(new)s。", name=_title(item), old=item["full"], new=whole))
        item["full"] = fulls[item["key"]] = whole
    return lines


def _lost_figures(left: Document) -> list[str]:
    """Tie-breaks and demands of awards by figures that are not there any more are taken out."""
    lines: list[str] = []
    while True:
        lost = [found[0] for path in _faulty(left) if (found := _FIGURE.fullmatch(path))]
        if not lost:
            return list(dict.fromkeys(lines))
        lines += [_take_out(left, path.strip("/").split("/")[:-1]) for path in sorted(lost, reverse=True)]


def _take_out(document: Document, steps: list[str]) -> str:
    holder: Any = document
    scope = document[steps[0]][int(steps[1])]
    for step in steps[:-1]:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    item = holder.pop(int(steps[-1]))
    if "ties" in steps:
        return _("“%(name)s”同分时不再比较“%(figure)s”。", name=_title(scope), figure=item["figure"])
    return _("“%(name)s”的奖项不再要求“%(figure)s”。", name=_title(scope), figure=item["figure"])


def _faulty(document: Document) -> list[str]:
    try:
        rulebook.load(document)
    except rulebook.RulebookFaults as error:
        return [fault.path for fault in error.faults]
    return []


def _title(item: Mapping[str, Any]) -> str:
    name = item["name"]
    return str(name if isinstance(name, str) else name["zh"])
