"""A rulebook in plain words, for the public page and for who sets it. Pure."""

from collections.abc import Iterable
from fractions import Fraction

from flask_babel import lazy_gettext

from competition.contests.naming import named
from competition.contests.rules_words_papers import section_words as section_words
from competition.contests.rules_words_standing import award_words as award_words
from competition.contests.rules_words_standing import plain, total_words
from competition.contests.rules_words_standing import team_words as team_words
from competition.contests.rules_words_standing import ties_words as ties_words
from competition.core.formats import clauses, together
from competition.core.words import say as _
from competition.scoring.criteria import Counts, Deduct, Grades, Judgement, Points
from competition.scoring.faults import ZEROED, Faults, Veto
from competition.scoring.model import (
    Criterion,
    Deduction,
    Event,
    Group,
    PanelRule,
    PerUnit,
    Rulebook,
    SpreadRule,
    TeamRule,
    TimeRule,
    Total,
)
from competition.scoring.readings import Bands, Measured, Scale, Timed
from competition.scoring.rounding import STAGES

SOURCES = {"published": lazy_gettext("公开规则"), "default": lazy_gettext("系统默认")}
METHODS = {
    "mean": lazy_gettext("取全部裁判的平均分"), "median": lazy_gettext("取全部裁判的中位数"),
    "sum": lazy_gettext("全部裁判的分数相加"), "trimmed_mean": lazy_gettext("去掉最高分和最低分后取平均"),
}
OUTCOMES = {
    "ABSENT": lazy_gettext("缺考"), "WITHDRAWN": lazy_gettext("弃权"), "DISQUALIFIED": lazy_gettext("取消资格"),
    "RESULT_CANCELLED": lazy_gettext("取消成绩"), "ZERO": lazy_gettext("记零分"), "OUT": lazy_gettext("不计名次"),
}


def minutes(seconds: int) -> str:
    """40 分钟, 1 分 30 秒, 45 秒."""
    whole, rest = divmod(seconds, 60)
    if not rest:
        return _("%(n)s 分钟", n=whole)
    return _("%(m)s 分 %(s)s 秒", m=whole, s=rest) if whole else _("%(s)s 秒", s=rest)


def panel_words(panel: PanelRule) -> str:
    """How several judges become one figure."""
    words = str(METHODS[panel.method])
    if panel.method == "trimmed_mean":
        words = _("去掉 %(high)s 个最高分和 %(low)s 个最低分后取平均（有效评分满 %(n)s 份时才去分）",
                  high=panel.drop_high, low=panel.drop_low, n=panel.trim_from)
    each = {"criterion": _("，逐个评分项合成"), "group": _("，逐个模块合成")}.get(panel.by, "")
    return words + each + _("；至少 %(n)s 份有效评分。", n=panel.minimum)


def spread_words(rule: SpreadRule) -> str:
    """When judges lie too far apart."""
    limit = _distance(rule.limit.unit, rule.limit.amount)
    then = _("须复核后才能锁定") if rule.then == "block" else _("提示裁判长复核")
    of = {"criterion": _("同一评分项"), "group": _("同一模块")}.get(rule.of, _("同一作品"))
    return _("%(of)s的最高分与最低分相差超过%(limit)s时，%(then)s。", of=of, limit=limit, then=then)


def _distance(unit: str, amount: Fraction) -> str:
    return {"percent": _("满分的 %(n)s%% ", n=plain(amount)), "levels": _(" %(n)s 个等级", n=plain(amount))}.get(
        unit, _(" %(n)s 分", n=plain(amount)))


def time_words(rule: TimeRule) -> list[str]:
    """The limit, what exceeding it costs, what being early earns."""
    words = [_("时限 %(limit)s。", limit=minutes(rule.limit))]
    if rule.grace:
        words.append(_("超出 %(n)s以内不扣分。", n=minutes(rule.grace)))
    if rule.over:
        words.append(_("超时%(each)s扣 %(n)s 分%(cap)s。", each=_each(rule.over), n=plain(rule.over.points), cap=_cap(rule.over.cap)))
    if rule.early:
        words.append(_("提前%(each)s加 %(n)s 分%(cap)s。", each=_each(rule.early), n=plain(rule.early.points), cap=_cap(rule.early.cap)))
    words += [_("超时 %(after)s以上扣 %(n)s 分。", after=minutes(after), n=plain(points)) for after, points in rule.bands]
    if rule.beyond is not None:
        then = {"stop": _("叫停，只评已完成部分"), "zero": _("记零分"), "out": _("不计名次")}[rule.then]
        words.append(_("超时满 %(after)s%(then)s。", after=minutes(rule.beyond), then=then))
    if rule.placing:
        words.append(_("按时完成得 %(n)s 分，每后一名少 %(m)s 分；超时%(each)s再少 %(k)s 分。", n=plain(rule.placing.in_time),
                       m=plain(rule.placing.per_place), each=_each(rule.placing.late), k=plain(rule.placing.late.points)))
    return words


def _each(unit: PerUnit) -> str:
    length = minutes(unit.unit)
    return _("每 %(length)s（不足也算）", length=length) if unit.started else _("每满 %(length)s", length=length)


def _cap(cap: Fraction | None) -> str:
    return "" if cap is None else _("，最多 %(n)s 分", n=plain(cap))


def criterion_words(item: Criterion) -> str:
    """How a criterion is marked, in a few words."""
    words = _marking_words(item)
    if item.attempts > 1:
        take = {"last": _("取最后一次"), "best": _("取最好一次"), "sum": _("各次相加")}[item.take]
        words += _("，可做 %(n)s 次，%(take)s", n=item.attempts, take=take)
    return words


def _marking_words(item: Criterion) -> str:
    marking = item.marking
    if isinstance(marking, Points):
        return _("按 %(step)s 分一档打分", step=plain(marking.input_step))
    if isinstance(marking, Deduct):
        return _deduct_words(marking)
    if isinstance(marking, Counts):
        return _("每件得 %(n)s 分", n=plain(marking.per))
    if isinstance(marking, Measured):
        return _("测量 %(n)s 处，每处超差扣 %(k)s 分", n=marking.places, k=plain(marking.per_over))
    if isinstance(marking, Bands):
        return _("按读数分 %(n)s 档得分", n=len(marking.bands) + 1)
    if isinstance(marking, Judgement):
        return _("按 0 至 %(n)s 级评判", n=marking.top)
    if isinstance(marking, Grades):
        return _("分 %(n)s 档评定", n=len(marking.grades))
    if isinstance(marking, Scale):
        return _("按读数折算得分，读数以 %(step)s 为步长", step=plain(marking.step))
    if isinstance(marking, Timed):
        return _("按用时得分，时限 %(n)s 秒", n=plain(marking.limit))
    if isinstance(marking, Faults):
        return _("各类错误分别计数扣分")
    if isinstance(marking, Veto):
        return _veto_words(marking)
    return _("合格得满分，不合格不得分")


def _deduct_words(marking: Deduct) -> str:
    n, k = plain(marking.per), marking.each.size
    if k == 1:
        return _("每处错误扣 %(n)s 分", n=n)
    return _("错误每 %(k)s 处扣 %(n)s 分，不足的也扣", k=k, n=n) if marking.each.started else _("错误每满 %(k)s 处扣 %(n)s 分", k=k, n=n)


def _veto_words(marking: Veto) -> str:
    n, what = marking.agree_from, "" if marking.then == ZEROED else str(OUTCOMES[marking.then])
    if n is None:
        return _("半数以上裁判认定出现时，%(what)s", what=what) if what else _("半数以上裁判认定出现时，所在项目计零分")
    return _("至少 %(n)s 位裁判认定出现时，%(what)s", n=n, what=what) if what else _("至少 %(n)s 位裁判认定出现时，所在项目计零分", n=n)


def group_words(group: Group) -> str:
    """How a group counts, in a few words."""
    words = [_("一组评分项，各项相加")]
    if group.cap is not None:
        words.append(_("最多计 %(n)s 分", n=plain(group.cap)))
    if group.weight != 1:
        words.append(_("折合满分 %(n)s 分", n=plain(group.worth)))
    if group.panel is not None:
        words.append(panel_words(group.panel).rstrip(_("。")))
    return _("%(words)s。", words=clauses(words))


def deduction_words(item: Deduction) -> str:
    """What is taken off, and how much at most."""
    if item.input == "count":
        each = _count_words(item)
    elif item.least:
        each = _("由裁判长按情节扣分，至少扣 %(n)s 分", n=plain(item.least))
    else:
        each = _("由裁判长按情节扣分")
    words = _("%(name)s：%(each)s%(cap)s。", name=named(item.name), each=each, cap=_cap(item.cap))
    if item.outcome is None or item.outcome_from is None:
        return words
    return together(words, _("满 %(n)s 次%(what)s。", n=plain(item.outcome_from), what=str(OUTCOMES[item.outcome])))


def _count_words(item: Deduction) -> str:
    n, k = plain(item.per), item.each.size
    if k == 1:
        return _("每次扣 %(n)s 分", n=n)
    return _("每 %(k)s 次扣 %(n)s 分，不足的也扣", k=k, n=n) if item.each.started else _("每满 %(k)s 次扣 %(n)s 分", k=k, n=n)


def rounding_words(book: Rulebook) -> list[str]:
    """Each stage that rounds, in the order in which a figure passes them."""
    found = [(_(words), book.rounding[stage]) for stage, words in STAGES.items() if stage in book.rounding]
    scopes: tuple[Event | Total | TeamRule, ...] = (*book.events, *book.totals, *book.teams)
    found += [(named(scope.name), scope.rounding) for scope in scopes if scope.rounding is not None]
    return [_("%(stage)s：%(rule)s", stage=stage, rule=rule.words(_)) for stage, rule in found]


def outcome_words(book: Rulebook) -> list[str]:
    """What an absence or a disqualification means."""
    shown = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED")
    return [
        _("%(what)s：该项不排名，%(total)s。", what=str(OUTCOMES[code]),
          total=_("总成绩中该项按零分计") if book.outcomes[code].in_total == "zero" else _("不计总成绩"))
        for code in shown if code in book.outcomes
    ]


def summary(book: Rulebook) -> list[str]:
    """The rulebook in a few sentences, for contestants."""
    return [*(total_words(total, book) for total in book.totals), *(_event_line(event) for event in book.events)]


def _event_line(event: Event) -> str:
    bits = [_("满分 %(n)s 分", n=plain(event.full))] if event.result == "points" else [_("以用时为成绩")]
    if event.time:
        bits.append(_("时限 %(limit)s", limit=minutes(event.time.limit)))
    if event.judged:
        bits.append(_("%(n)s 个评分项", n=len(event.criteria)))
    words = _("%(event)s：%(facts)s。", event=named(event.name), facts=clauses(bits))
    return together(words, panel_words(event.panel)) if event.judged else words


def sources(items: Iterable[str]) -> list[str]:
    """The words for marks of origin, each once."""
    return [str(SOURCES[item]) for item in dict.fromkeys(items) if item in SOURCES]
