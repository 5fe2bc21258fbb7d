"""The sentence that says why somebody gets a prize or a title."""

from collections.abc import Mapping
from typing import Any

from competition.scoring.rounding import MODES
from competition.scoring.wording import N_, Wording, clauses

Facts = Mapping[str, Any]

_GROUPS = {"team": N_("本代表队中名次最好"), "delegation": N_("本代表团中名次最好")}


def award(name: str, _value: str, facts: Facts, to: Wording) -> str:
    """One prize or title."""
    _ = to.say
    said = [_("%(name)s：%(why)s", name=name, why=_why(facts, to))]
    if "minimum" in facts:
        said.append(_("成绩不低于 %(n)s", n=facts["minimum"]))
    if "decided" in facts:
        decided = N_("并列由抽签决定（说明：%(reason)s）") if facts["lot"] else N_("并列由裁判长决定（理由：%(reason)s）")
        said.append(_(decided, reason=facts["decided"]))
    return clauses(_, *said)


def _why(facts: Facts, to: Wording) -> str:
    _ = to.say
    if facts["by"] == "ranks":
        return _ranks(facts, to)
    if facts["by"] == "percent":
        mode = MODES[facts["mode"]]
        said = {"base": facts["base"], "percent": facts["percent"], "mode": _(mode), "ranks": _ranks(facts, to)}
        return _("参赛 %(base)s 人的 %(percent)s%%（%(mode)s），即%(ranks)s", **said)
    if facts["by"] == "half":
        return _("参赛 %(base)s 人的前一半，即%(ranks)s", base=facts["base"], ranks=_ranks(facts, to))
    if facts["by"] == "best_of":
        group = _GROUPS[facts["of"]]
        return _(group)
    if facts["by"] == "lines":
        return _("达到规定的分数线")
    if "start" in facts:
        return _("没有奖牌，成绩不低于 %(n)s", n=facts["start"])
    return _("奖牌按分差评定，相差不超过 %(n)s 的同等", n=facts["within"])


def _ranks(facts: Facts, to: Wording) -> str:
    _ = to.say
    first, last = facts["first"], facts["last"]
    if last is None:
        return _("第 %(n)s 名及以后", n=first)
    return _("第 %(n)s 名", n=first) if first == last else _("第 %(n)s 至 %(m)s 名", n=first, m=last)
