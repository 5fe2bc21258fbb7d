"""A case: a rulebook and everything that was entered, as one JSON document (``docs/scoring-cases.md``). Strict.

Everything that is wrong is told at once, by its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from competition.scoring.inputs import AnswerKey, Decision, Entry, Excusal, Figure, Mark, Panel, Sheet
from competition.scoring.reader import Fault
from competition.scoring.wording import N_

Json = Mapping[str, Any]
FORMAT = 1

NOT_AN_OBJECT, NOT_A_LIST, NOT_TEXT = N_("应当是一个对象。"), N_("应当是一个列表。"), N_("应当是文字。")
NOT_WHOLE, MISSING, UNKNOWN = N_("应当是整数。"), N_("缺少“%(key)s”。"), N_("不认识“%(key)s”。")
OTHER_FORMAT, NO_RULEBOOK = N_("格式版本应当是 1。"), N_("没有名为“%(key)s”的现成评分规则。")


class CaseFaults(Exception):
    """A case that cannot be read; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.say()}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Case:
    """A read case. ``expect``: ranking → what is expected of its lines."""

    rulebook: Json
    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]
    sheets: tuple[Sheet, ...]
    figures: tuple[Figure, ...]
    decisions: tuple[Decision, ...]
    panels: tuple[Panel, ...]
    excusals: tuple[Excusal, ...]
    keys: tuple[AnswerKey, ...]
    expect: Json


# Part of a case → its class, and field → what it holds; ``?``: may be left out.
SHAPES: Mapping[str, tuple[Callable[..., Any], Mapping[str, str]]] = {
    "entries": (Entry, {"id": "text", "team": "text?", "delegation": "text?", "outcomes": "table?", "events": "texts?"}),
    "marks": (Mark, {"event": "text", "entry": "text", "seat": "text", "criterion": "text", "value": "text", "attempt": "whole?"}),
    "sheets": (Sheet, {"event": "text", "entry": "text", "seat": "text", "values": "table", "attempt": "whole?"}),
    "figures": (Figure, {"event": "text", "entry": "text", "key": "text", "value": "text"}),
    "keys": (AnswerKey, {"event": "text", "section": "text", "answers": "text"}),
    "decisions": (Decision, {"scope": "text", "order": "texts", "reason": "text", "by": "text?"}),
    "panels": (Panel, {"event": "text", "seats": "texts", "entries": "texts?", "criteria": "texts?"}),
    "excusals": (Excusal, {"event": "text", "entry": "text", "seat": "text", "reason": "text"}),
}
LINE = {"entry": "text", "value": "text?", "rank": "whole?", "status": "text?", "awards": "texts?", "figures": "table?"}
KEYS = ("format", "rulebook", *SHAPES, "expect")


def read(document: object, ready: Callable[[str], Json | None]) -> Case:
    """A case from its document; ``ready`` finds a rulebook that comes with the system. Raises CaseFaults."""
    reader = _Reader()
    case = reader.case(document, ready)
    if reader.faults:
        raise CaseFaults(reader.faults)
    return case


class _Reader:
    """Reads, and notes what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def case(self, document: object, ready: Callable[[str], Json | None]) -> Case:
        whole = self.mapping("", document, dict.fromkeys(KEYS, "any?") | {"format": "any", "rulebook": "any", "entries": "any"})
        if whole.get("format", FORMAT) != FORMAT:
            self.wrong("/format", OTHER_FORMAT)
        parts = {name: self.items(name, whole.get(name, [])) for name in SHAPES}
        return Case(rulebook=self.rulebook(whole.get("rulebook"), ready), expect=self.expect(whole.get("expect", {})), **parts)

    def wrong(self, path: str, message: str, **values: str) -> None:
        self.faults.append(Fault(path or "/", message, tuple(values.items())))

    def rulebook(self, given: object, ready: Callable[[str], Json | None]) -> Json:
        if isinstance(given, str):
            found = ready(given)
            if found is None:
                self.wrong("/rulebook", NO_RULEBOOK, key=given)
            return found or {}
        if given is not None and not isinstance(given, Mapping):
            self.wrong("/rulebook", NOT_AN_OBJECT)
        return given if isinstance(given, Mapping) else {}

    def items(self, name: str, given: object) -> tuple[Any, ...]:
        make, shape = SHAPES[name]
        before = len(self.faults)
        found = [self.fields(f"/{name}/{place}", one, shape) for place, one in enumerate(self.listed(f"/{name}", given))]
        return tuple(make(**one) for one in found) if len(self.faults) == before else ()

    def expect(self, given: object) -> Json:
        rankings = self.mapping("/expect", given, None)
        return {
            scope: [self.fields(f"/expect/{scope}/{place}", one, LINE) for place, one in enumerate(self.listed(f"/expect/{scope}", lines))]
            for scope, lines in rankings.items()
        }

    def listed(self, path: str, given: object) -> list[Any]:
        if isinstance(given, list):
            return given
        self.wrong(path, NOT_A_LIST)
        return []

    def mapping(self, path: str, given: object, shape: Mapping[str, str] | None) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            self.wrong(path, NOT_AN_OBJECT)
            return {}
        for key in given if shape is not None else ():
            if key not in (shape or {}):
                self.wrong(f"{path}/{key}", UNKNOWN, key=str(key))
        for key, kind in (shape or {}).items():
            if key not in given and not kind.endswith("?"):
                self.wrong(path, MISSING, key=key)
        return dict(given)

    def fields(self, path: str, given: object, shape: Mapping[str, str]) -> dict[str, Any]:
        """An object of a shape; what may be left out and is null counts as left out, but for expected values."""
        found = self.mapping(path, given, shape)
        return {key: self.value(f"{path}/{key}", value, shape[key].rstrip("?")) for key, value in found.items()
                if key in shape and (value is not None or shape is LINE)}

    def value(self, path: str, given: object, kind: str) -> Any:
        if given is None:
            return None
        if kind == "texts":
            return tuple(self.text(f"{path}/{place}", one) for place, one in enumerate(self.listed(path, given)))
        if kind == "table":
            return {str(key): self.text(f"{path}/{key}", one) for key, one in self.mapping(path, given, None).items()}
        if kind == "whole":
            if not isinstance(given, int) or isinstance(given, bool):
                self.wrong(path, NOT_WHOLE)
            return given
        return self.text(path, given)

    def text(self, path: str, given: object) -> str:
        """Text; whole numbers may be written plainly."""
        if isinstance(given, bool) or not isinstance(given, str | int):
            self.wrong(path, NOT_TEXT)
        return str(given)
