"""How pages say what was handed over without a network."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.formats import joined
from competition.judging.models_handover import Handover
from competition.judging.rules import slots
from competition.judging.words import marks_words
from competition.scoring.model import Criterion

SIGNED = {"signed": lazy_gettext("签名有效"), "unsigned": lazy_gettext("没有签名"), "unknown_key": lazy_gettext("签名无法验证")}
RESULTS = {"accepted": lazy_gettext("已接收"), "repeated": lazy_gettext("早已收到"), "conflict": lazy_gettext("与服务器上的不一致"),
           "refused": lazy_gettext("没有接受"), "quarantined": lazy_gettext("另存待处理")}
LONGEST_VALUE = 60
KINDS = {"mark": lazy_gettext("给分"), "withdraw": lazy_gettext("清空"), "hand_in": lazy_gettext("提交评分"),
         "comment": lazy_gettext("评语"), "photo": lazy_gettext("照片"), "keep": lazy_gettext("维持原分")}


def counts_words(results: dict[str, Any]) -> str:
    """How many of each answer, in the order of the words."""
    counts = results.get("counts", {})
    return joined(_("%(what)s %(n)s 项", what=word, n=counts[key]) for key, word in RESULTS.items() if counts.get(key))


def brought_words(marks: Mapping[str, str], criteria: Iterable[Criterion]) -> str:
    """The marks that a file has for a work, as the tablet's sheet shows them: to be read beside it. Hostile values are cut."""
    criteria = list({criterion.key: criterion for criterion in criteria}.values())
    known = set(slots(criteria))
    plain = {key: {"value": value[:LONGEST_VALUE] or _("清空")} for key, value in marks.items() if key in known}
    foreign = len(marks) - len(plain)
    return joined([*filter(None, [marks_words(plain, criteria)]),
                   *([_("不属于评分规则的 %(n)s 项", n=foreign)] if foreign else [])]) or "—"


def state_words(found: Handover) -> str:
    """Where a file stands."""
    if found.state == "taken":
        return counts_words(found.results) or str(_("没有可接收的项"))
    if found.state == "taking":
        return str(_("接收中断，请再接收一次"))
    return str(_("等待第二人批准") if found.needs_second else _("待接收"))
