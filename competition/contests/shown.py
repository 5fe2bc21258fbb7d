"""What the second person is shown of a changed rulebook: every figure that is another one, by the names on the way to it."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from competition.contests import queries
from competition.contests.rules_places import place_words
from competition.core.approvals import Approval
from competition.core.errors import NotFound
from competition.core.shown import Behind, Shown, Table


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def rulebook(approval: Approval) -> Shown:
    """What is different from the version that it was asked for."""
    contest_id, new = uuid.UUID(approval.payload["contest"]), approval.payload["document"]
    try:
        old = queries.get_rulebook(contest_id, approval.payload["from"]).document
    except NotFound:
        old = {}
    rows = [[place_words(new if side == "new" else old, path) or path, _said(before), _said(after)]
            for path, before, after, side in differences(old, new, "") if path != "/version"]
    links = [Behind(_("现行规则"), "contests.rulebook", {"contest_id": contest_id})]
    return Shown(tables=[Table(_("改动（%(n)s 处）", n=len(rows)), [_("内容"), _("原来"), _("改为")], rows)], links=links)


def said_differences(old: Any, new: Any) -> list[str]:
    """Each difference as one sentence, by the names on the way to it."""
    return [_("%(place)s：%(before)s → %(after)s", place=place_words(new if side == "new" else old, path) or path, before=_said(before),
              after=_said(after)) for path, before, after, side in differences(old, new, "") if path != "/version"]


def _said(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, dict):
        name = value.get("name", value.get("key", value.get("of", "")))
        return str(name.get("zh", "") if isinstance(name, dict) else name) or _("有")
    if isinstance(value, list):
        return _("%(n)s 项", n=len(value))
    return (_("是") if value else _("否")) if isinstance(value, bool) else str(value)


def differences(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any, str]]:
    """(pointer, before, after, the document in which the pointer leads somewhere); things with a key are compared by it."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from differences(old.get(name), new.get(name), f"{path}/{name}")
    elif isinstance(old, list) and isinstance(new, list):
        before, after = _by_key(old), _by_key(new)
        for key in dict.fromkeys((*before, *after)):
            (i, was), (j, now) = before.get(key, (0, None)), after.get(key, (0, None))
            if was is None or now is None:
                yield (f"{path}/{i if now is None else j}", was, now, "old" if now is None else "new")
            else:
                yield from differences(was, now, f"{path}/{j}")
    elif old != new:
        yield path, old, new, "old" if new is None else "new"


def _by_key(items: list[Any]) -> dict[Any, tuple[int, Any]]:
    """Each item with its place, by its own key, what it refers to, or its place."""
    return {item.get("key") or item.get("of") or item.get("figure") or n if isinstance(item, dict) else n: (n, item)
            for n, item in enumerate(items)}
