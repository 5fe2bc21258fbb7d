"""What a theory paper came to, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from competition.scoring.exact import shown
from competition.scoring.wording import N_, Wording, clauses
from competition.scoring.words_scopes import equation

Facts = Mapping[str, Any]

# How many questions were answered how, in the order in which it is said.
COUNTS = {
    "right": N_("对 %(n)s 题"), "partly": N_("部分对 %(n)s 题"), "wrong": N_("错 %(n)s 题"), "empty": N_("未答 %(n)s 题"),
    "cancelled": N_("作废 %(n)s 题（都给分）"),
}


def paper(name: str, value: str, facts: Facts, to: Wording) -> str:
    """All sections together."""
    _ = to.say
    terms = " + ".join(f"{to.name(section)} {shown(points)}" for section, points in facts["parts"])
    said = {"name": name, "terms": terms, "sum": shown(facts["sum"]), "value": shown(value)}
    if facts["sum"] == value:
        return equation(name, terms, value, _)
    return _("%(name)s：%(terms)s = %(sum)s，不足零分按零分计，得 %(value)s", **said)


def section(name: str, value: str, facts: Facts, to: Wording) -> str:
    """One section: how many were right, and what was not."""
    _ = to.say
    counts = to.joined(_(message, n=facts[key]) for key, message in COUNTS.items() if facts[key] or key == "right")
    said = [_("%(name)s：共 %(n)s 题，%(counts)s", name=name, n=facts["count"], counts=counts)]
    if facts["sum"] != value:
        said.append(_("合计 %(sum)s，低于本部分最低分", sum=shown(facts["sum"])))
    said.append(_("得 %(value)s", value=shown(value)))
    if facts["lost"]:
        said.append(_("没有得满分的题：%(questions)s", questions=to.joined(_lost(facts, to))))
    return clauses(_, *said)


def _lost(facts: Facts, to: Wording) -> Iterable[str]:
    _ = to.say
    for number, answer, points in facts["lost"]:
        if answer:
            yield _("第 %(n)s 题答 %(answer)s 得 %(points)s", n=number, answer=answer, points=shown(points))
        else:
            yield _("第 %(n)s 题未答", n=number)
