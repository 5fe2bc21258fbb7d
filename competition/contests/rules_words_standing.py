"""Totals, team rules, tie chains and prizes of a rulebook in plain words. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext

from competition.contests.naming import named
from competition.core.formats import joined
from competition.core.words import say as _
from competition.scoring import exact
from competition.scoring.model import AwardRule, Event, Part, Rulebook, TeamRule, Total
from competition.scoring.standing_rules import Need, RankingRule, Tier, TieStep

OWN_FIGURES = {
    "score": lazy_gettext("得分"), "judges": lazy_gettext("裁判评分"), "time": lazy_gettext("用时"),
    "time_points": lazy_gettext("时间加减分"), "deducted": lazy_gettext("扣分"),
}
_PLACE = "place_"


def plain(value: Fraction | Decimal | int) -> str:
    """A figure without needless zeros."""
    return exact.text(Fraction(value))


def names_of(book: Rulebook) -> dict[str, str]:
    """The names of events and totals by key, for whoever reads."""
    return {event.key: named(event.name) for event in book.events} | {total.key: named(total.name) for total in book.totals}


def ties_words(rule: RankingRule, book: Rulebook, event: Event | None = None) -> str:
    """The tie chain and what happens to those that stay equal."""
    shared = {"competition": _("仍相同的并列，后面的名次顺延（1、2、2、4）"), "dense": _("仍相同的并列，后面的名次不空（1、2、2、3）"),
              "forbidden": _("仍相同的由裁判长决定，不允许并列")}[rule.shared]
    if not rule.ties:
        return _("得分相同时不再比较；%(shared)s。", shared=shared)
    steps = [_step(step, figure_name(step.figure, book, event)) for step in rule.ties]
    return _("得分相同时依次比较：%(steps)s；%(shared)s。", steps=_("，再比").join(steps), shared=shared)


def _step(step: TieStep, figure: str) -> str:
    if step.figure == "places":
        return _("高名次多者在前")
    return _("%(figure)s高者在前", figure=figure) if step.descending else _("%(figure)s少者在前", figure=figure)


def figure_name(figure: str, book: Rulebook, event: Event | None = None) -> str:
    """The words for a figure of a tie chain: ``time``, ``practical``, ``practical.time``, a criterion's key."""
    head, _dot, rest = figure.rpartition(".")
    if head:
        inside = next((event for event in book.events if event.key == head.rpartition(".")[2]), None)
        return _("%(whose)s的%(what)s", whose=names_of(book).get(head, head), what=figure_name(rest, book, inside))
    if figure in OWN_FIGURES:
        return str(OWN_FIGURES[figure])
    if figure.startswith(_PLACE):
        return _("第 %(n)s 名人数", n=figure.removeprefix(_PLACE))
    inner: dict[str, str] = {}
    if event is not None:
        inner = {c.key: named(c.name) for c in event.criteria} | {g.key: named(g.name) for g in event.groups}
        inner |= {d.key: named(d.name) for d in event.deductions}
        inner |= {s.key: named(s.name) for s in event.paper.sections} if event.paper is not None else {}
    return inner.get(figure) or names_of(book).get(figure, figure)


def award_words(rule: AwardRule, book: Rulebook, event: Event | None = None) -> list[str]:
    """Who receives what."""
    words = [_tier(rule, tier, book, event) for tier in rule.tiers]
    if rule.by == "medals":
        return [_("奖牌按分差评定，相差不超过 %(n)s 分的同等：与第一名同等的都得金牌；只有一块金牌时，与下一名同等的得银牌；"
                  "共有两块奖牌时，与再下一名同等的得铜牌；多于两块时，只有与末一块同等的得铜牌。", n=plain(rule.within)),
                *(said for said, tier in zip(words, rule.tiers, strict=True) if said != named(tier.name))]
    if rule.by in ("ranks", "percent"):
        words.append(_("并列跨越名额界线时，并列者都得。") if rule.border == "follow_rank" else _("并列跨越名额界线时，由裁判长决定。"))
    return words


def _tier(rule: AwardRule, tier: Tier, book: Rulebook, event: Event | None) -> str:
    who, lines = _who(rule, tier), _lines(tier, book, event)
    name = named(tier.name)
    if not who:
        return _("%(name)s：%(lines)s", name=name, lines=joined(lines)) if lines else name
    least = _("（%(lines)s）", lines=joined(lines)) if lines else ""
    return _("%(name)s：%(who)s%(least)s", name=name, who=who, least=least)


def _who(rule: AwardRule, tier: Tier) -> str:
    """Whom a tier is for, before its lines; nothing where the lines alone say it."""
    if rule.by == "percent":
        return _("参赛人数的 %(n)s%%", n=plain(tier.percent or 0))
    if rule.by == "half":
        return _("其余参赛者的前一半")
    if rule.by == "best_of":
        return _("每个代表队中名次最好的") if rule.of == "team" else _("每个代表团中名次最好的")
    if rule.by == "medals" and tier.start is not None:
        return _("没有奖牌、成绩不低于 %(n)s 的", n=plain(tier.start))
    return _ranks(tier.first, tier.last) if rule.by == "ranks" else ""


def _ranks(first: int, last: int | None) -> str:
    if last is None:
        return _("第 %(n)s 名及以后", n=first)
    return _("第 %(n)s 名", n=first) if first == last else _("第 %(n)s 至 %(m)s 名", n=first, m=last)


def _lines(tier: Tier, book: Rulebook, event: Event | None) -> list[str]:
    words = [_("不低于 %(n)s 分", n=plain(tier.minimum))] if tier.minimum is not None else []
    words += [_need(need, book, event) for need in tier.needs]
    return words + ([_("参赛满 %(n)s 人才设", n=tier.field_from)] if tier.field_from else [])


def _need(need: Need, book: Rulebook, event: Event | None) -> str:
    figure = figure_name(need.figure, book, event)
    least = None if need.least is None else plain(need.least)
    most = None if need.most is None else plain(need.most)
    if most is None:
        return _("%(figure)s不低于 %(n)s", figure=figure, n=least)
    if least is None:
        return _("%(figure)s不超过 %(n)s", figure=figure, n=most)
    return _("%(figure)s在 %(n)s 至 %(m)s 之间", figure=figure, n=least, m=most)


def total_words(total: Total, book: Rulebook) -> str:
    """总成绩 = 理论知识 30% + 实操综合成绩 70%."""
    names = names_of(book)
    if total.scale is not None:
        spread = _("标准差") if total.scale.spread == "deviation" else _("绝对中位差（乘系数 %(n)s）", n=plain(total.scale.factor))
        return _("%(name)s：以“%(of)s”的中位数为 %(middle)s，每相差一个%(spread)s加减 %(per)s（本系统自定的换算方法，不是任何官方公式）",
                 name=named(total.name), of=names[total.parts[0].of], middle=plain(total.scale.middle), spread=spread,
                 per=plain(total.scale.per))
    if total.method == "best":
        return _("%(name)s：%(parts)s中最好的一项", name=named(total.name), parts=joined(names[part.of] for part in total.parts))
    return f"{named(total.name)} = {_sum(total.parts, names)}"


def _sum(parts: Iterable[Part], names: Mapping[str, str]) -> str:
    return " + ".join(names.get(p.of, p.of) + (f" {plain(p.weight)}%" if p.weight is not None else "") for p in parts)


def team_words(team: TeamRule, book: Rulebook) -> list[str]:
    """What the figures of a team's members come to, and who of them counts."""
    names = names_of(book)
    words = [_team_figure(team, book, names)]
    if team.best is not None:
        words.append(_("只计“%(of)s”中名次最好的 %(n)s 名队员。", of=names[team.by], n=team.best))
    if team.missing == "out":
        words.append(_("应计的队员没有成绩的，团体没有成绩。"))
    return words


def _team_figure(team: TeamRule, book: Rulebook, names: Mapping[str, str]) -> str:
    said = {"name": named(team.name), "of": names.get(team.of, "")}
    if team.method == "places":
        points = [_("%(ranks)s %(points)s 分", ranks=_ranks(item.first, item.last), points=plain(item.points)) for item in team.places]
        return _("%(name)s：队员在“%(of)s”中的名次折算成分后相加：%(points)s", points=joined(points), **said)
    if team.method == "prizes":
        points = [_("%(prize)s %(points)s 分", prize=named(book.award_names[key]), points=plain(n)) for key, n in team.prizes.items()]
        points += [_("有成绩未获奖 %(points)s 分", points=plain(team.otherwise))] if team.otherwise else []
        return _("%(name)s：队员在“%(of)s”中获的奖折算成分后相加：%(points)s", points=joined(points), **said)
    if team.parts:
        made = {"name": said["name"], "sum": _sum(team.parts, names)}
        if team.method == "mean":
            return _("%(name)s：各部分先取队员平均，再合成：%(sum)s", **made)
        return _("%(name)s：各部分先把队员相加，再合成：%(sum)s", **made)
    if team.method == "mean":
        return _("%(name)s：队员“%(of)s”取平均", **said)
    return _("%(name)s：队员“%(of)s”相加", **said)
