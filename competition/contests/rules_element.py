"""One thing of a rulebook as the texts of a form, and back, without touching what was not changed. Pure."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from competition.contests.rules_fields import LANGUAGES, Spec, shown, shown_words, taken, taken_words, tidy
from competition.contests.rules_outline import Document, Element, at
from competition.core.words import say as _

Given = Mapping[str, str]
ROW, ON = "row", "on"
_TRIMMING = ("drop_low", "drop_high", "from")
_PLAIN = ("name", "text", "note", "source")


# ---- the document as texts ------------------------------------------------------------------------------


def texts(fields: Iterable[Spec], value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """What a form shows, by field name. A box that is not ticked is not there."""
    found: dict[str, str] = {}
    for spec in fields:
        found |= dict(_texts(spec, value.get(spec.key), prefix + spec.key))
    return found


def _texts(spec: Spec, value: Any, name: str) -> Iterator[tuple[str, str]]:
    if spec.type == "object":
        if value is not None or spec.required:
            yield f"{name}-{ON}", "y"
        yield from texts(spec.fields, value or {}, f"{name}-").items()
    elif spec.type in ("rows", "texts"):
        for place, row in enumerate(value or []):
            yield f"{name}-{place}-{ROW}", str(place)
            yield from _row_texts(spec, row, f"{name}-{place}").items()
    elif spec.type == "words":
        yield from _words(value, name).items()
    elif spec.type != "flag":
        yield name, shown(spec, value)
    elif value:
        yield name, "y"


def _row_texts(spec: Spec, row: Any, name: str) -> dict[str, str]:
    return _words(row, name) if spec.type == "texts" else texts(spec.fields, row, f"{name}-")


def _words(value: Any, name: str) -> dict[str, str]:
    return {f"{name}-{code}": text for code, text in shown_words(value).items()}


def row_numbers(given: Given, name: str) -> list[int]:
    """The numbers of the rows of a list, in the order of the form."""
    found = {key.removeprefix(f"{name}-").partition("-")[0] for key in given if key.startswith(f"{name}-")}
    return sorted(int(number) for number in found if number.isascii() and number.isdigit() and len(number) <= 3)


# ---- texts into the document -----------------------------------------------------------------------------


@dataclass
class Taking:
    """Takes texts in; ``refused``: (field, sentence) for what does not fit; ``make``: a new key that begins so."""

    given: Given
    make: Callable[[str, str], str]
    refused: list[tuple[str, str]] = field(default_factory=list)

    def thing(self, fields: Iterable[Spec], old: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """The object with what was typed."""
        new = dict(old)
        for spec in fields:
            before = old.get(spec.key)
            after = self.value(spec, before, prefix + spec.key)
            if after is None and before is not None:
                new.pop(spec.key)
            elif after != before:
                new[spec.key] = after
        if new.get("source") == old.get("source") == "published" and _figures(new) != _figures(old):
            new["source"] = "default"
        return new

    def value(self, spec: Spec, old: Any, name: str) -> Any:
        """What the document is to hold for one field; None for nothing."""
        if spec.type == "object":
            return self._object(spec, old, name)
        if spec.type in ("rows", "texts"):
            return self._rows(spec, old, name)
        if spec.type == "words":
            return taken_words(old, {code: tidy(spec, self.given.get(f"{name}-{code}", "")) for code, _label in LANGUAGES})
        if spec.type == "flag":
            ticked = bool(self.given.get(name))
            return old if ticked == bool(old) else (True if ticked else None)
        return self._single(spec, old, name)

    def _single(self, spec: Spec, old: Any, name: str) -> Any:
        before = shown(spec, old)
        text = tidy(spec, self.given.get(name, before))
        if text == tidy(spec, before) and not (spec.required and old is None):
            return old
        if spec.type in ("choice", "answer") and text and text not in dict(spec.choices):
            self.refused.append((name, _("请选择一项。")))
            return old
        try:
            return taken(spec, text)
        except ValueError as error:
            self.refused.append((name, str(error)))
            return old

    def _object(self, spec: Spec, old: Any, name: str) -> Any:
        if not spec.required and not self.given.get(f"{name}-{ON}") and not (old is None and self._is_typed(spec, f"{name}-")):
            return None
        new = self.thing(spec.fields, old or {}, f"{name}-")
        if spec.key == "panel" and new.get("method") != "trimmed_mean" and (old or {}).get("method") == "trimmed_mean":
            new = {key: one for key, one in new.items() if key not in _TRIMMING}
        return old if spec.required and old is None and not new else new

    def _is_typed(self, spec: Spec, prefix: str) -> bool:
        """Was something filled in of an object that was not there? Then it is wanted, though its box was not ticked."""
        empty = texts(spec.fields, {}, prefix)
        return any(text.strip() and text != empty.get(key, "") and key.rpartition("-")[2] not in (ROW, "source")
                   for key, text in self.given.items() if key.startswith(prefix))

    def _rows(self, spec: Spec, old: Any, name: str) -> Any:
        before = old or []
        new = [row for number in row_numbers(self.given, name) if (row := self._row(spec, before, f"{name}-{number}")) is not None]
        return old if new == before else new or None

    def _row(self, spec: Spec, before: list[Any], name: str) -> Any:
        was = self.given.get(f"{name}-{ROW}", "")
        known = was.isascii() and was.isdigit() and int(was) < len(before)
        old = before[int(was)] if known else None
        typed = {key: text for key, text in self.given.items() if key.startswith(f"{name}-")}
        if not _says(spec, typed):
            # A row that says nothing goes; one that said nothing before may hold what no form asks, and stays.
            return old if known and not _says(spec, _row_texts(spec, old, name)) else None
        if spec.type == "texts":
            return taken_words(old, {code: tidy(spec, self.given.get(f"{name}-{code}", "")) for code, _label in LANGUAGES})
        row = self.thing(spec.fields, old or {}, f"{name}-")
        if spec.made and not row.get("key"):
            row = {"key": self.make(spec.made, str(shown_words(row.get("name"))["zh"])), **row}
        return row


def _says(spec: Spec, typed: Given) -> bool:
    return any(text.strip() for key, text in typed.items() if _is_said(key, spec))


def _is_said(name: str, spec: Spec) -> bool:
    """Does a field by itself make a row? A list that always stands on something does not."""
    last = name.rpartition("-")[2]
    kinds = {one.key: one.type for one in _all(spec.fields)}
    return last not in (ROW, ON, "source") and kinds.get(last, "text") not in ("choice", "flag")


def _all(fields: Iterable[Spec]) -> Iterator[Spec]:
    for one in fields:
        yield one
        yield from _all(one.fields)


def _figures(value: Any) -> Any:
    """What a mark of origin speaks of: everything but words, and without what has a mark of its own."""
    if isinstance(value, dict):
        return {key: _figures(one) for key, one in value.items()
                if key not in _PLAIN and not (isinstance(one, dict) and "source" in one)}
    return [_figures(one) for one in value] if isinstance(value, list) else value


def with_texts(document: Document, element: Element, given: Given, make: Callable[[str, str], str]) -> tuple[Document, list[tuple[str,
    str]]]:
    """The document with one thing as a form has it, and (field, sentence) for what does not fit."""
    taking = Taking(given, make)
    old = at(document, element.steps)
    new = taking.thing(element.fields, old)
    for key in [key for key in new if given.get(f"drop-{key}")]:
        new.pop(key)
    changed = put(document, element.steps, new)
    return (renamed(changed, old, new), taking.refused) if new != old else (document, taking.refused)


def put(document: Document, steps: tuple[str | int, ...], new: Any) -> Document:
    """A copy of the document with something else there. The nearest mark of origin around a changed figure becomes our own."""
    changed = copy.deepcopy(document)
    if not steps:
        return copy.deepcopy(new)
    holder = at(changed, steps[:-1])
    old, holder[steps[-1]] = holder[steps[-1]], copy.deepcopy(new)
    if "source" not in old and _figures(old) != _figures(new):
        unpublish(changed, steps[:-1])
    return changed


def unpublish(document: Document, steps: tuple[str | int, ...]) -> None:
    """The nearest thing around that has a mark of origin is no longer as it was published."""
    for length in range(len(steps), 0, -1):
        around = at(document, steps[:length])
        if isinstance(around, dict) and "source" in around:
            around["source"] = "default"
            return


def renamed(document: Document, old: Mapping[str, Any], new: Mapping[str, Any]) -> Document:
    """A prize that got another name has it wherever it stands: one key has one name."""
    before = {tier["key"]: tier.get("name") for tier in old.get("tiers") or ()}
    names = {tier["key"]: tier.get("name") for tier in new.get("tiers") or () if before.get(tier["key"],
        tier.get("name")) != tier.get("name")}
    scopes = [scope for kind in ("events", "totals", "teams") for scope in document.get(kind) or []] if names else []
    for tier in (tier for scope in scopes for rule in scope.get("awards") or [] for tier in rule.get("tiers") or []):
        if tier["key"] in names:
            tier["name"] = copy.deepcopy(names[tier["key"]])
    return document
