"""How a table becomes the roster of a return: its states, what is said of it before anybody confirms. Pure.

``reading``: a job reads it; ``columns``: somebody has to say which column is what; ``checked``: it waits to be confirmed;
``taking``: a job stages it; ``taken``: it is the return's roster; ``undone``: the former roster is back; ``dropped``: given up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.core.errors import RuleBroken
from competition.core.languages import on_record
from competition.core.masks import mask_document, mask_name, mask_phone
from competition.rosters.rules_rows import Row

READING, COLUMNS, CHECKED, TAKING, TAKEN, UNDONE, DROPPED = "reading", "columns", "checked", "taking", "taken", "undone", "dropped"
OPEN = (READING, COLUMNS, CHECKED, TAKING)
STATES = {
    READING: _("正在读取"), COLUMNS: _("待指定列"), CHECKED: _("待确认"), TAKING: _("正在导入"), TAKEN: _("已导入"), UNDONE: _("已撤销"),
    DROPPED: _("已放弃"),
}
TONES = {READING: "wait", COLUMNS: "wait", CHECKED: "wait", TAKING: "wait", TAKEN: "good", UNDONE: "", DROPPED: ""}
EXAMPLES, MOST_KINDS, SAMPLES, MOST_UNITS = 5, 40, 3, 10
_VARYING = re.compile(r"[0-9]+|“[^”]*”")


def check_takeable(state: str, good: int, bad: int, only_good: bool) -> None:
    """May it be taken in? Raises RuleBroken."""
    if state != CHECKED:
        raise RuleBroken(_("这份名册现在不能导入，请刷新页面查看它的情况。"), code="not_checked")
    if not good:
        raise RuleBroken(_("没有可以导入的行，请改好后重新上传。"), code="no_good_rows")
    if bad and not only_good:
        raise RuleBroken(_("有 %(n)s 行需要修改，没有导入任何一行。请改好后重新上传，或选择只导入没有问题的行。", n=bad), code="bad_rows")


def kinds_of(rows: Iterable[Row], titles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is wrong, the same faults together, the most frequent first: the field, a first sentence, how many, the first lines."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with on_record():
        for row in rows:
            for field, words in row.faults.items():
                said = str(words)
                kind = found.setdefault((field, _VARYING.sub("", said)), {"field": field, "said": said_of(words), "count": 0, "lines": []})
                kind["count"] += 1
                if kind["count"] <= EXAMPLES:
                    kind["lines"].append(row.line)
    return sorted(found.values(), key=lambda kind: -kind["count"])[:MOST_KINDS]


def said_of(words: Any) -> list[Any]:
    """A sentence taken apart, so that it can be kept and said in the language of whoever reads it: the message and its values."""
    values = {name: value if isinstance(value, (int, str)) else str(value) for name, value in getattr(words, "_kwargs", {}).items()}
    return [getattr(words, "_args", (str(words),))[0], values]


def say(said: Sequence[Any]) -> str:
    """Such a sentence in the language of whoever reads it."""
    return str(gettext(said[0], **said[1]))


def samples_of(rows: Sequence[Sequence[str]], column: int, field: str | None) -> list[str]:
    """The first contents of a column, so masked that nobody is named by them."""
    texts = [row[column] for row in rows[:50] if column < len(row) and row[column]]
    return [masked(text, field) for text in texts[:SAMPLES]]


def masked(text: str, field: str | None) -> str:
    """What a cell may show: names and numbers masked, whatever column they stand in."""
    if field == "name":
        return mask_name(text)
    if field == "phone":
        return mask_phone(text)
    if field == "day":
        return text[:20]
    if field == "number" or len(re.findall("[0-9]", text)) >= 7:
        return mask_document(text)
    return text[:20] if field else mask_name(text[:20])


@dataclass(frozen=True)
class Change:
    """What a table would change of a roster: how many people are new, the same, say something else, are not in it any more."""

    new: int
    same: int
    changed: int
    gone: int


def compare(now: Mapping[str, Any], before: Mapping[str, Any]) -> Change:
    """Both by key: what is said of somebody."""
    known = now.keys() & before.keys()
    same = sum(1 for key in known if now[key] == before[key])
    return Change(len(now) - len(known), same, len(known) - same, len(before) - len(known))


def examples(texts: Iterable[str]) -> dict[str, Any]:
    """How many different ones there are, and the first of them."""
    different = sorted(set(texts))
    return {"count": len(different), "first": different[:MOST_UNITS]}


def spelled(names: Iterable[tuple[str, str, Any]]) -> Iterator[tuple[str, Any]]:
    """Names of places by every spelling: with the place above, and alone where only one is called so. Takes name, name of the place
    above, key."""
    listed = list(names)
    alone: dict[str, list[Any]] = {}
    for name, above, key in listed:
        alone.setdefault(name, []).append(key)
        if above:
            yield f"{above}{name}", key
            yield f"{above} {name}", key
    yield from ((name, keys[0]) for name, keys in alone.items() if len(set(keys)) == 1)
