"""Where a fault of a rulebook is, by the names on the way to it. Pure."""

from typing import Any

from flask_babel import gettext, lazy_gettext


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


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
    "name": lazy_gettext("名称"), "zh": "", "en": lazy_gettext("英文"), "bo": lazy_gettext("藏文"), "text": lazy_gettext("评分要求"),
    "note": lazy_gettext("说明"), "source": lazy_gettext("来源"),
    "events": "", "totals": "", "teams": "", "criteria": "", "parts": lazy_gettext("组成"), "rounding": lazy_gettext("小数位和取舍"),
    "panel": lazy_gettext("裁判评分"), "time": lazy_gettext("时间规则"), "ranking": lazy_gettext("排名"), "ties": lazy_gettext("同分处理"),
    "awards": lazy_gettext("奖项"), "tiers": "", "deductions": lazy_gettext("扣分"), "spread": lazy_gettext("分歧"),
    "full": lazy_gettext("满分"), "max": lazy_gettext("满分"), "weight": lazy_gettext("权重"), "limit_s": lazy_gettext("时限（秒）"),
}
