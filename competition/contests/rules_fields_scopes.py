"""The fields of events, totals, team rules, rankings, awards, rounding and outcomes. Pure data."""

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from competition.contests.rules_fields import NAME, ORIGIN, Spec, choice, count, number, obj, rarely, ref, rows
from competition.contests.rules_fields_items import POINTS, TIME, TIME_RESULT, panel, spread
from competition.contests.rules_words import OUTCOMES
from competition.contests.rules_words_papers import KINDS
from competition.scoring.rounding import MODES, STAGES
from competition.scoring.rulebook import DEFAULT_EFFECTS, PUBLISHED_STAGES

_ROUNDED = (count("places", _("保留几位小数"), unit=_("位")), choice("mode", _("怎样取舍"), *((mode, _(words)) for mode,
    words in MODES.items())))
(OWN_ROUNDING,) = rarely(obj("rounding", _("单独的小数位和取舍"), *_ROUNDED))
_PLACES = lazy_pgettext("place", "名")

RANKING = obj(
    "ranking", _("排名"),
    rows("ties", _("得分相同时依次比较"), ref("figure", _("比较什么"), "figure"),
         choice("order", _("谁在前"), ("desc", _("高的在前")), ("asc", _("低的、少的在前")), required=True)),
    choice("shared", _("比较后仍相同的"), ("competition", _("并列，后面的名次顺延（1、2、2、4）")),
           ("dense", _("并列，后面的名次不空（1、2、2、3）")), ("forbidden", _("不允许并列，由裁判长决定"))))

ROOT = (NAME, *ORIGIN)
ROUNDING = (obj("rounding", _("小数位和取舍"), *(obj(stage, _(words), *_ROUNDED, required=stage in PUBLISHED_STAGES)
                                             for stage, words in STAGES.items()), required=True),)
USUAL = (("", _("按通常做法")), ("yes", _("是")), ("no", _("否")))


def _effect(code: str) -> Spec:
    usual = DEFAULT_EFFECTS[code]
    ways = (("zero", _("按零分计入总成绩")), ("out", _("没有总成绩")))
    return obj(code, OUTCOMES[code], choice("in_total", _("在总成绩中"), *(ways if usual.in_total == "zero" else ways[::-1])),
               Spec("took_part", "answer", _("算不算参赛人数"), choices=USUAL), Spec("prizes", "answer", _("能不能获奖"), choices=USUAL))


EFFECTS = (obj("outcomes", _("改变通常做法"), *map(_effect, DEFAULT_EFFECTS)),)

_SECTION = rows(
    "sections", _("试卷各部分"), NAME,
    choice("kind", _("题型"), *KINDS.items(), required=True),
    count("count", _("题数"), unit=_("题")), number("points", _("每题"), unit=POINTS),
    *rarely(number("incomplete", _("少选得（多选题）"), unit=POINTS), number("per_right", _("少选时每选对一个得（多选题）"), unit=POINTS),
            number("wrong", _("答错得"), _("不填为 0；倒扣写负数。"), unit=POINTS), number("least", _("这一部分最低"), unit=POINTS)),
    made="s")
_FULL = number("full", _("满分"), unit=POINTS)
EVENTS: dict[str, tuple[Spec, ...]] = {
    "theory": (NAME, _FULL, number("step", _("成绩的最小一档"), _("不填为 0.01。"), unit=POINTS),
               obj("paper", _("按答卷计分"), _SECTION, help=_("写明试卷各部分，就可以录入答案，由系统评分。")), OWN_ROUNDING, *ORIGIN),
    "points": (NAME, _FULL, number("ceiling", _("成绩上限"), _("有加分项时，成绩最高计到多少。不填则不限。"), unit=POINTS),
               OWN_ROUNDING, *ORIGIN),
    "time": (NAME, OWN_ROUNDING, *ORIGIN),
}
JUDGING = (panel("sheet"), spread("sheet"))
TIMES = {"points": (TIME,), "time": (TIME_RESULT,)}

# ---- totals and teams ---------------------------------------------------------------------------------

_OF = ref("of", _("哪个项目或总成绩"), "scope")
_WEIGHTED = rows("parts", _("由哪些成绩组成"), _OF, number("weight", _("权重"), unit="%"), help=_("各部分权重合计 100。"))
_PLAIN = rows("parts", _("由哪些成绩组成"), _OF)
TOTALS: dict[str, tuple[Spec, ...]] = {
    "weighted": (NAME, _FULL, _WEIGHTED, OWN_ROUNDING, *ORIGIN),
    "sum": (NAME, _FULL, _PLAIN, OWN_ROUNDING, *ORIGIN),
    "best": (NAME, number("full", _("满分"), _("和每一部分的满分相同；各部分都是标准分时不填。"), unit=POINTS), _PLAIN, OWN_ROUNDING,
        *ORIGIN),
    "scale": (NAME, ref("of", _("换算哪个成绩"), "scope"), number("middle", _("中位数对应的分数"), _("不填为 700。")),
              number("per", _("每相差一个离散度加减"), _("不填为 50。")),
              choice("spread", _("离散度"), ("deviation", _("标准差")), ("mad", _("绝对中位差（不受个别极端成绩影响）"))),
              number("factor", _("绝对中位差乘以"), _("只用于绝对中位差，不填为 1.4826。")), number("low", _("最低")), number("high",
                  _("最高")),
              OWN_ROUNDING, *ORIGIN),
}
_MEMBERS = (
    ref("by", _("按哪个排名取最好的队员"), "scope"), count("size", _("每队人数"), unit=_("人")),
    count("best", _("只计最好的"), _("不填则全部计入。"), unit=_("人")),
    choice("missing", _("队员没有成绩时"), ("zero", _("按 0 分计")), ("out", _("全队没有成绩"))),
)
_COMBINED = (
    ref("of", _("合计哪个成绩"), "scope", _("“合计哪个成绩”和“由哪些成绩组成”只填一个。")), _WEIGHTED,
    number("full", _("折合满分"), _("只在由几部分组成时填写，不填为 100。"), unit=POINTS), *_MEMBERS)
TEAMS: dict[str, tuple[Spec, ...]] = {
    "sum": (NAME, *_COMBINED, OWN_ROUNDING, *ORIGIN),
    "mean": (NAME, *_COMBINED, OWN_ROUNDING, *ORIGIN),
    "places": (NAME, ref("of", _("按哪个排名"), "scope"),
               rows("places", _("名次折算"), count("from", _("从第"), unit=_PLACES), count("to", _("到第"), unit=_PLACES),
                    number("points", _("得"), unit=POINTS)), *_MEMBERS, OWN_ROUNDING, *ORIGIN),
    "prizes": (NAME, ref("of", _("按哪个成绩的奖项"), "scope"),
               rows("prizes", _("奖项折算"), ref("tier", _("奖项"), "tier"), number("points", _("得"), unit=POINTS)),
               number("otherwise", _("有成绩未获奖得"), _("不填为 0。"), unit=POINTS), *_MEMBERS, OWN_ROUNDING, *ORIGIN),
}

# ---- awards ----------------------------------------------------------------------------------------------

_NEEDS = rows("needs", _("还要达到"), ref("figure", _("哪个数值"), "figure"), number("least", _("不低于")), number("most", _("不高于")))
_LINES = rarely(
    choice("kind", _("性质"), ("prize", _("奖项（每人最多一个）")), ("title", _("称号（可以兼得）"))),
    number("minimum", _("最低成绩"), _("达不到的不授予，名额空缺。"), unit=POINTS),
    count("field_from", _("参赛满多少人才设"), unit=_("人")), _NEEDS,
)
_BORDER = choice("border", _("并列跨越名额界线时"), ("follow_rank", _("并列者都得")), ("quota", _("由裁判长决定")))


def _tiers(*own: Spec) -> Spec:
    return rows("tiers", _("各个奖项"), NAME, *own, *_LINES, made="p")


AWARDS: dict[str, tuple[Spec, ...]] = {
    "ranks": (_tiers(count("from", _("从第"), unit=_PLACES), count("to", _("到第"), _("最后一个奖项可以不填，为以后各名。"), unit=_PLACES)),
              _BORDER, *ORIGIN),
    "percent": (_tiers(number("percent", _("参赛人数的"), unit="%")), choice("rounding", _("人数怎样取整"), *((m, _(w)) for m,
        w in MODES.items())),
                choice("count", _("人数怎样计算"), ("each", _("每个奖项各按自己的比例")), ("cumulative", _("按累计比例，再减去前面的"))),
                count("at_least", _("第一个奖项至少"), unit=_("人")), _BORDER, *ORIGIN),
    "half": (_tiers(), count("after", _("从第几名以后算起"), unit=_PLACES), _BORDER, *ORIGIN),
    "lines": (_tiers(), *ORIGIN),
    "medals": (_tiers(number("from", _("达标奖的最低成绩（只写在第四个）"))), number("within", _("相差多少以内同等"), _("不填为 2。"),
        unit=POINTS), *ORIGIN),
    "best_of": (choice("of", _("在哪里评最好的"), ("team", _("每个代表队")), ("delegation", _("每个代表团")), required=True), _tiers(),
        *ORIGIN),
}
