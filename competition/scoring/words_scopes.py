"""The sentences of totals and teams."""

from collections.abc import Iterable, Mapping
from typing import Any

from competition.scoring.exact import shown
from competition.scoring.wording import N_, Say, Wording, clauses

Facts = Mapping[str, Any]

_NO_RANK = "9999"
_MEASURES = {"deviation": N_("标准差 %(unit)s"), "mad": N_("绝对中位差（已乘系数）%(unit)s")}


def equation(name: str, terms: str, value: str, _: Say) -> str:
    """A figure and what it was made of."""
    return _("%(name)s：%(terms)s = %(value)s", name=name, terms=terms, value=shown(value))


def best(name: str, value: str, facts: Facts, to: Wording) -> str:
    """The best of several parts."""
    _ = to.say
    parts = [f"{to.name(part)} {_noted(figure, status, to)}" for part, figure, *_rest, status in facts["parts"]]
    return _("%(name)s：%(parts)s，取最高 %(value)s", name=name, parts=to.joined(parts), value=shown(value))


def _noted(figure: str, status: str, to: Wording) -> str:
    _ = to.say
    return _("%(figure)s（%(status)s）", figure=figure, status=to.status(status)) if status else figure


def scale(name: str, value: str, facts: Facts, to: Wording) -> str:
    """A figure on the standard scale."""
    _ = to.say
    said = {key: shown(facts[key]) for key in ("figure", "median", "middle", "per", "free")} | {"unit": _cut(facts["unit"])}
    field = _("%(name)s：%(n)s 个有效成绩，中位数 %(median)s", name=name, n=facts["count"], median=said["median"])
    if facts["unit"] == "0":
        return clauses(_, field, _("各成绩没有差距，得 %(middle)s", **said))
    spread = _MEASURES[facts["spread"]]
    measure = _(spread, **said)
    made = _("%(middle)s + %(per)s ×（%(figure)s - %(median)s）÷ %(unit)s = %(free)s", **said)
    if facts["free"] == value:
        return clauses(_, field, measure, made)
    return clauses(_, field, measure, made, _("超出规定范围，取 %(value)s", value=shown(value)))


def _cut(unit: str) -> str:
    """A root of fifty digits as far as a reader follows it."""
    whole, _point, places = unit.partition(".")
    return f"{whole}.{places[:6]}…" if len(places) > 12 else shown(unit)


def team_sum(name: str, value: str, facts: Facts, to: Wording) -> str:
    """The sum over a team's members."""
    return _only(facts, equation(name, " + ".join(_figures(facts, to)), value, to.say), to)


def team_mean(name: str, value: str, facts: Facts, to: Wording) -> str:
    """The mean over a team's members."""
    _ = to.say
    terms = f"({' + '.join(_figures(facts, to))}) ÷ {facts['places']}"
    return _only(facts, equation(name, terms, value, _), to)


def _figures(facts: Facts, to: Wording) -> Iterable[str]:
    _ = to.say
    for _entry, figure, status in facts["members"]:
        yield _("%(figure)s（%(status)s，计零分）", figure=figure, status=to.status(status)) if status else figure


def team_places(name: str, value: str, facts: Facts, to: Wording) -> str:
    """The places of a team's members in points."""
    _ = to.say
    terms = [
        _("第 %(rank)s 名 %(points)s 分", rank=rank, points=points) if rank else _without_rank(points, status, to)
        for _entry, rank, points, status in facts["members"]
    ]
    return _only(facts, equation(name, " + ".join(terms), value, _), to)


def _without_rank(points: str, status: str, to: Wording) -> str:
    _ = to.say
    if status:
        return _("%(status)s %(points)s 分", status=to.status(status), points=points)
    return _("没有名次 %(points)s 分", points=points)


def team_prizes(name: str, value: str, facts: Facts, to: Wording) -> str:
    """The prizes of a team's members in points."""
    _ = to.say
    terms = [
        _("%(prize)s %(points)s 分", prize=to.name(prize), points=points) if prize else _without_prize(points, status, to)
        for _entry, prize, points, status in facts["members"]
    ]
    return _only(facts, equation(name, " + ".join(terms), value, _), to)


def _without_prize(points: str, status: str, to: Wording) -> str:
    _ = to.say
    if status:
        return _("%(status)s %(points)s 分", status=to.status(status), points=points)
    return _("未获奖 %(points)s 分", points=points)


def places(value: str, to: Wording) -> str:
    """The ranks of a team's members, which its figure ``places`` holds four digits each."""
    digits = value.zfill(-(-len(value) // 4) * 4)
    ranks = [digits[start : start + 4].lstrip("0") for start in range(0, len(digits), 4)]
    return to.joined(rank for rank in ranks if rank != _NO_RANK)


def _only(facts: Facts, said: str, to: Wording) -> str:
    """How many members count, where not all of them do."""
    _ = to.say
    return clauses(_, said, _("只计最好的 %(n)s 名队员", n=facts["best"])) if "best" in facts else said
