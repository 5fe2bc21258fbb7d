"""Keys of a rulebook: what refers to what by key, and another key with everything that names it. Pure."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competition.contests import rules_outline
from competition.contests.rules_outline import Document, Element, Steps, at
from competition.core.words import say as _

# Whom a word of a reference names: (key of the event, total or team rule, "" or the key of something in it).
Named = tuple[str, str]
FORM = re.compile(r"[a-z][a-z0-9_-]{0,39}")
BUILT_IN = frozenset({"score", "judges", "time", "time_points", "deducted", "places"})


@dataclass(frozen=True)
class Reference:
    """One text that names things: whose it is, where it stands, and what each of its words names."""

    where: Element
    steps: Steps
    text: str
    names: tuple[Named | None, ...]


def identity(document: Document, element: Element) -> Named:
    """What a thing with a key is known by."""
    key = str(at(document, element.steps).get("key"))
    return (key, "") if element.steps == element.scope else (str(at(document, element.scope).get("key")), key)


def identities(document: Document) -> set[Named]:
    """Of everything that has a key."""
    return {identity(document, one) for one in rules_outline.outline(document) if has_key(one)}


def has_key(element: Element) -> bool:
    """Is the thing known by a key? Award rules are not."""
    return element.is_listed and element.kind != "award"


def named(document: Document) -> Iterator[Reference]:
    """Every reference by key."""
    for one in rules_outline.outline(document):
        item = at(document, one.steps)
        if one.side == "ranking":
            for n, tie in enumerate((item.get("ranking") or {}).get("ties") or []):
                yield _figure(document, one, (*one.steps, "ranking", "ties", n, "figure"), tie)
        elif one.kind == "award":
            for t, tier in enumerate(item.get("tiers") or []):
                for n, need in enumerate(tier.get("needs") or []):
                    yield _figure(document, one, (*one.steps, "tiers", t, "needs", n, "figure"), need)
        elif one.kind in ("total", "team") and not one.side:
            yield from (_scope(one, (*one.steps, key), item[key]) for key in ("of", "by") if item.get(key))
            yield from (_scope(one, (*one.steps, "parts", n, "of"), part.get("of")) for n, part in enumerate(item.get("parts") or []))


def _scope(where: Element, steps: Steps, key: Any) -> Reference:
    return Reference(where, steps, str(key or ""), ((str(key or ""), ""),))


def _figure(document: Document, where: Element, steps: Steps, holder: Mapping[str, Any]) -> Reference:
    text = str(holder.get("figure") or "")
    scopes = {str(one.get("key")): one for kind in ("events", "totals") for one in document.get(kind) or []}
    return Reference(where, steps, text, tuple(_words(at(document, where.scope), text.split("."), scopes)))


def _words(scope: Document, words: list[str], scopes: Mapping[str, Document]) -> list[Named | None]:
    """What each word of a figure names, seen from an event, a total or a team rule."""
    if not words:
        return []
    parts, own = [str(part.get("of")) for part in scope.get("parts") or []], str(scope.get("of") or "")
    first, rest = words[0], words[1:]
    if first in parts or (first == own and own):
        return [(first, ""), *_words(scopes.get(first, {}), rest, scopes)]
    if own and own in scopes:
        # A team rule has the figures of what its members are ranked by.
        return _words(scopes[own], words, scopes)
    if "kind" in scope and first not in BUILT_IN:
        return [(str(scope.get("key")), first), *(None for _word in rest)]
    return [None for _word in words]


def references(document: Document, element: Element) -> list[tuple[Element, Steps]]:
    """Rows and keys of other things that name this one, or something in it: whose they are, and where."""
    gone = {identity(document, one) for one in rules_outline.outline(document)
            if has_key(one) and one.steps[: len(element.steps)] == element.steps}
    own = element.scope == element.steps
    found = (one for one in named(document) if gone & set(one.names) and not (own and one.where.scope == element.scope))
    return [(one.where, _row(one)) for one in found]


def _row(one: Reference) -> Steps:
    """The row that holds a reference; the reference itself where it is a key of its own."""
    return one.steps[:-1] if isinstance(one.steps[-2], int) and len(one.steps) > len(one.where.steps) + 1 else one.steps


def rekeyed(document: Document, element: Element, key: str) -> Document:
    """The document with another key for a thing, wherever it is named."""
    old, changed = identity(document, element), copy.deepcopy(document)
    for one in named(document):
        if old in one.names:
            words = [key if name == old else word for word, name in zip(one.text.split("."), one.names, strict=True)]
            at(changed, one.steps[:-1])[one.steps[-1]] = ".".join(words)
    at(changed, element.steps)["key"] = key
    return changed


def refused(document: Document, element: Element, key: str) -> str:
    """Why a thing cannot have this key; empty when it can."""
    if FORM.fullmatch(key) is None:
        return _("标识由小写字母、数字、“_”和“-”组成，以字母开头，最多 40 个字符。")
    scope, item = identity(document, element)
    others = {one for one in identities(document) if one[0] == scope or not item} - {(scope, item)}
    taken = {one[0] for one in others if not one[1]} if not item else {one[1] for one in others} | _sections(document, element) | BUILT_IN
    return _("这个标识已经用在别处，请换一个。") if key in taken else ""


def _sections(document: Document, element: Element) -> set[str]:
    paper = at(document, element.scope).get("paper") or {}
    return {str(one.get("key")) for one in paper.get("sections") or []}
