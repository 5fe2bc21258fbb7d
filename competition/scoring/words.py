"""The sentence of each kind of derivation step, made from its facts; in Chinese unless another language is handed in."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from competition.scoring.exact import shown
from competition.scoring.rounding import Rounding
from competition.scoring.wording import N_, SHEET, Say, Wording, clauses
from competition.scoring.words_awards import award
from competition.scoring.words_paper import paper, section
from competition.scoring.words_scopes import best, equation, places, scale, team_mean, team_places, team_prizes, team_sum
from competition.scoring.words_sheet import agreed_words, group_words, mark_words, sheet_words, void_words
from competition.scoring.words_time import time_words

Facts = Mapping[str, Any]
Sentence = Callable[[str, str, Facts, Wording], str]  # (what it is about, its value, its facts, in which language)


def title(label: str, facts: Facts, to: Wording) -> str:
    """What a step is about. The label of a sheet says only what is marked on it; whose it is stands in the facts."""
    _ = to.say
    if "seat" not in facts or "raw" in facts:
        return to.name(label)
    if label == SHEET:
        return _("座位 %(seat)s 评分表", seat=facts["seat"])
    return _("座位 %(seat)s 评“%(name)s”", seat=facts["seat"], name=to.name(label))


def sentence(code: str, label: str, value: str, facts: Facts, to: Wording) -> str:
    """A step in words, without the steps below it."""
    return _SENTENCES[code](title(label, facts, to), value, facts, to)


def _mean(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    said = [_counted(name, facts, _)]
    if facts["trim_from"]:
        said.append(_("不足 %(n)s 份，不去最高分和最低分", n=facts["trim_from"]))
    if facts["dropped"]:
        said.append(_("去掉%(marks)s", marks=to.joined(_dropped(facts, _))))
    return clauses(_, *said, _average(value, facts, _))


def _counted(name: str, facts: Facts, _: Say) -> str:
    return _("%(name)s：%(n)s 份有效评分", name=name, n=len(facts["kept"]) + len(facts["dropped"]))


def _dropped(facts: Facts, _: Say) -> Iterable[str]:
    for seat, mark, side in facts["dropped"]:
        said = {"mark": shown(mark), "seat": seat}
        yield _("最低分 %(mark)s（座位 %(seat)s）", **said) if side == "low" else _("最高分 %(mark)s（座位 %(seat)s）", **said)


def _average(value: str, facts: Facts, _: Say) -> str:
    kept = [shown(mark) for _seat, mark in facts["kept"]]
    if len(kept) == 1:
        return _("取 %(value)s", value=shown(value))
    return _("取平均：(%(sum)s) ÷ %(n)s = %(value)s", sum=" + ".join(kept), n=len(kept), value=shown(value))


def _median(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    middle = _("按高低排列取正中的分数") if len(facts["kept"]) == 1 else _("按高低排列取正中的两个分数")
    return clauses(_, _counted(name, facts, _), middle, _average(value, facts, _))


def _panel_sum(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    kept = " + ".join(shown(mark) for _seat, mark in facts["kept"])
    return clauses(_, _counted(name, facts, _), _("相加：%(sum)s = %(value)s", sum=kept, value=shown(value)))


def _sum(name: str, value: str, facts: Facts, to: Wording) -> str:
    return equation(name, " + ".join(shown(part) for part in facts["parts"]), value, to.say)


def _weight(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    said = {"name": name, "figure": shown(facts["figure"]), "weight": facts["weight"], "value": shown(value)}
    return _("%(name)s：%(figure)s × 系数 %(weight)s = %(value)s", **said)


def _round(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    rule = Rounding(facts["places"], facts["mode"]).words(_)
    return _("%(name)s：%(rule)s，%(before)s → %(value)s", name=name, rule=rule, before=shown(facts["before"]), value=value)


def _imported(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    return _("%(name)s：录入成绩 %(value)s", name=name, value=value)


def _balance(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    first, *rest = facts["parts"]
    terms = shown(first) + "".join(f" - {shown(part[1:])}" if part.startswith("-") else f" + {shown(part)}" for part in rest)
    said = {"name": name, "terms": terms, "sum": shown(facts["sum"]), "value": shown(value)}
    if facts["sum"] == value:
        return equation(name, terms, value, _)
    if facts["sum"].startswith("-"):
        return _("%(name)s：%(terms)s = %(sum)s，不足零分按零分计，得 %(value)s", **said)
    return _("%(name)s：%(terms)s = %(sum)s，超过上限按上限计，得 %(value)s", **said)


def _seconds(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    return _("%(name)s：用时加罚秒 %(terms)s = %(value)s 秒", name=name, terms=" + ".join(facts["parts"]), value=value)


def _time(name: str, value: str, facts: Facts, to: Wording) -> str:
    return time_words(name, value, facts, to.say)


# By (in seconds, counted, cut at the cap).
_DEDUCTIONS = {
    (False, False, False): N_("%(name)s：扣 %(value)s 分"),
    (False, False, True): N_("%(name)s：应扣 %(full)s 分，超过上限 %(cap)s 分，扣 %(value)s 分"),
    (False, True, False): N_("%(name)s：%(n)s 次 × %(per)s 分 = %(full)s 分，扣 %(value)s 分"),
    (False, True, True): N_("%(name)s：%(n)s 次 × %(per)s 分 = %(full)s 分，超过上限 %(cap)s 分，扣 %(value)s 分"),
    (True, False, False): N_("%(name)s：罚 %(value)s 秒"),
    (True, False, True): N_("%(name)s：应罚 %(full)s 秒，超过上限 %(cap)s 秒，罚 %(value)s 秒"),
    (True, True, False): N_("%(name)s：%(n)s 次 × %(per)s 秒 = %(full)s 秒，罚 %(value)s 秒"),
    (True, True, True): N_("%(name)s：%(n)s 次 × %(per)s 秒 = %(full)s 秒，超过上限 %(cap)s 秒，罚 %(value)s 秒"),
}


# Not each of them counts: those left over also count (True), or not.
_EACH = {
    False: N_("%(name)s（记录 %(n)s 次，每满 %(each)s 次计一次）"),
    True: N_("%(name)s（记录 %(n)s 次，每 %(each)s 次计一次，不足的也计一次）"),
}


def _deduction(name: str, value: str, facts: Facts, to: Wording) -> str:
    kind = (facts["seconds"], facts["input"] == "count", facts["full"] != value)
    said = {"n": facts["reported"], "per": facts["per"], "full": facts["full"], "cap": facts["cap"]}
    if "each" in facts:
        name = to.say(_EACH[facts["started"]], name=name, n=facts["reported"], each=facts["each"])
        said["n"] = facts["times"]
    return to.say(_DEDUCTIONS[kind], name=name, value=value, **said)


def _outcome(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    if facts.get("agreed"):
        why = _("%(name)s：由裁判评判的结果，%(status)s", name=name, status=to.status(facts["status"]))
        return clauses(_, why, _("记 %(value)s", value=value) if value else _("没有成绩"))
    if not value:
        return _("%(name)s：%(status)s，没有成绩", name=name, status=to.status(facts["status"]))
    if facts["late"]:
        return _("%(name)s：超时，成绩计零分，记 %(value)s", name=name, value=value)
    return _("%(name)s：成绩计零分，记 %(value)s", name=name, value=value)


def _part(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    return _("%(name)s：%(value)s", name=name, value=value or to.status(facts["status"]))


def _weighted(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    terms = []
    for part, figure, weight, full, _share, status in facts["parts"]:
        scale = "" if full == facts["full"] else f" × {facts['full']} ÷ {full}"
        terms.append(f"{to.name(part)} {_with_status(shown(figure), status, to)} × {weight}%{scale}")
    shares = " + ".join(shown(share) for *_rest, share, _status in facts["parts"])
    between = f" = {shares}" if len(terms) > 1 else ""
    return equation(name, " + ".join(terms) + between, value, _)


def _with_status(figure: str, status: str, to: Wording) -> str:
    _ = to.say
    return _("%(figure)s（%(status)s）", figure=figure, status=to.status(status)) if status else figure


def _total(name: str, value: str, facts: Facts, to: Wording) -> str:
    terms = [f"{to.name(part)} {_with_status(figure, status, to)}" for part, figure, *_rest, status in facts["parts"]]
    return equation(name, " + ".join(terms), value, to.say)


def _rank(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    said = {"name": name, "rank": value, "figure": facts["figure"], "n": facts["count"], "reason": facts["decided"]}
    if facts["zero"]:
        return _("%(name)s：成绩计零分，排在最后，第 %(rank)s 名", **said)
    if facts.get("lot"):
        return _("%(name)s：成绩 %(figure)s，并列由抽签决定，第 %(rank)s 名（说明：%(reason)s）", **said)
    if facts["decided"]:
        return _("%(name)s：成绩 %(figure)s，并列由裁判长决定，第 %(rank)s 名（理由：%(reason)s）", **said)
    if not value:
        return _("%(name)s：成绩 %(figure)s，与另外 %(n)s 个参赛者相同，规则不允许并列，待裁判长决定", **said)
    if facts["count"]:
        return _("%(name)s：成绩 %(figure)s，第 %(rank)s 名，与另外 %(n)s 个参赛者并列", **said)
    return _("%(name)s：成绩 %(figure)s，第 %(rank)s 名", **said)


# By (higher first, separated).
_COMPARED = {
    (True, True): N_("与另外 %(n)s 个参赛者成绩相同，比较%(name)s，高者在前：%(value)s，分出先后"),
    (True, False): N_("与另外 %(n)s 个参赛者成绩相同，比较%(name)s，高者在前：%(value)s，仍相同"),
    (False, True): N_("与另外 %(n)s 个参赛者成绩相同，比较%(name)s，低者在前：%(value)s，分出先后"),
    (False, False): N_("与另外 %(n)s 个参赛者成绩相同，比较%(name)s，低者在前：%(value)s，仍相同"),
}


def _rank_tie(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    compared = _COMPARED[facts["order"] == "desc", facts["separated"]]
    said = places(value, to) if facts.get("figure") == "places" else shown(value)
    return _(compared, n=facts["count"], name=name, value=said or _("没有记录"))


def _rank_none(name: str, value: str, facts: Facts, to: Wording) -> str:
    _ = to.say
    return _("%(name)s：%(status)s，不参加排名", name=name, status=to.status(facts["status"]))


_SENTENCES: Mapping[str, Sentence] = {
    "sheet": sheet_words,
    "mark": mark_words,
    "agreed": agreed_words,
    "void": void_words,
    "group": group_words,
    "panel.mean": _mean,
    "panel.trimmed_mean": _mean,
    "panel.median": _median,
    "panel.sum": _panel_sum,
    "sum": _sum,
    "weight": _weight,
    "round": _round,
    "imported": _imported,
    "balance": _balance,
    "seconds": _seconds,
    "time": _time,
    "deduction": _deduction,
    "outcome": _outcome,
    "paper": paper,
    "paper.section": section,
    "part": _part,
    "weighted": _weighted,
    "total": _total,
    "team": team_sum,
    "team.mean": team_mean,
    "team.weighted": _weighted,
    "team.places": team_places,
    "team.prizes": team_prizes,
    "best": best,
    "scale": scale,
    "rank": _rank,
    "rank.tie": _rank_tie,
    "rank.none": _rank_none,
    "award": award,
}
