"""What the second person is shown: of a changed rulebook every figure that is another one, of a contest called off whom it concerns."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from competition.contests import hooks, queries, rules
from competition.contests.rules_places import place_words
from competition.core.approvals import Approval
from competition.core.errors import NotFound
from competition.core.formats import show_date
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


def cancelling(approval: Approval) -> Shown:
    """What is called off, and for how many."""
    contest_id = uuid.UUID(approval.payload["contest"])
    contest, heard = queries.get_contest(contest_id), hooks.heard(contest_id)
    facts = [
        (_("比赛日期"), _("%(first)s 至 %(last)s", first=show_date(contest.starts_on), last=show_date(contest.ends_on))),
        (_("状态"), rules.state_words(contest)),
        (_("已有报名"), _("%(n)s 份报名", n=heard.themselves + heard.through_others + heard.not_at_all)),
        (_("会收到消息"), _("%(n)s 个账号", n=len(hooks.accounts_concerned(contest_id)))),
    ]
    warnings = [_("批准以后赛事不再举行，不能恢复。只是暂停的，请不批准，改为中止或延期。")]
    if heard.not_at_all:
        warnings.append(_("%(n)s 人没有账号，也没有经办人，请组委会另行通知。", n=heard.not_at_all))
    return Shown(facts=facts, links=[Behind(_("赛事概况"), "contests.overview", {"contest_id": contest_id})], warnings=warnings)


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
