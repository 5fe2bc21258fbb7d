"""The fields of what stands on a sheet: criteria of every kind, groups, deductions; panels, spreads, times. Pure data."""

from flask_babel import lazy_gettext as _

from competition.contests.rules_fields import NAME, ORIGIN, Spec, choice, count, number, obj, rarely, rows, seconds
from competition.contests.rules_words import METHODS, OUTCOMES

POINTS = _("分")
FALLING = ("DISQUALIFIED", "RESULT_CANCELLED", "ZERO", "WITHDRAWN", "ABSENT")
CODES = tuple((code, OUTCOMES[code]) for code in FALLING)
TEXT = Spec("text", "words", _("评分要求"), help=_("裁判在平板上看得到，写清楚什么样得多少分。"))

# ---- several judges ---------------------------------------------------------------------------------

_MANY = (
    choice("method", _("几位裁判的分怎样合成"), *((key, METHODS[key]) for key in ("mean", "trimmed_mean", "median", "sum")), required=True),
    count("drop_low", _("去掉最低分"), unit=_("个"), help=_("只在“去掉最高分和最低分后取平均”时填写。")),
    count("drop_high", _("去掉最高分"), unit=_("个")),
    count("from", _("有效评分满多少份才去分"), unit=_("份")),
    count("minimum", _("至少要有的有效评分"), unit=_("份"), help=_("不足时不能发布成绩。不填为 1 份。")),
)
_BY = {
    "sheet": (("sheet", _("整张评分表一起合成")), ("group", _("每组各自合成")), ("criterion", _("每个评分项各自合成"))),
    "group": (("group", _("整组一起合成")),), "criterion": (("criterion", _("这一项单独合成")),),
}
_POINTS_APART = (
    number("absolute", _("最高与最低相差超过（分）"), _("“分”“百分比”“级”三者只填一个。")),
    number("percent", _("相差超过满分的百分比"), unit="%"),
)
_DISTANCE = (*_POINTS_APART, number("levels", _("相差超过几级"), _("只用于按等级评判和分档评定的评分项。")))
LEVELLED = ("judgement", "grades")


def panel(of: str) -> Spec:
    """How several judges become one figure, for an event, a group or a criterion."""
    words = _("裁判评分怎样合成") if of == "sheet" else _("裁判评分单独合成")
    return obj("panel", words, choice("by", _("在哪一层合成"), *_BY[of]), *_MANY)


def spread(of: str, *, levels: bool = True) -> Spec:
    """When judges lie too far apart. ``levels``: may that be said in levels?"""
    level = (choice("of", _("比较什么"), ("sheet", _("整张评分表的合计")), ("group", _("每个大项")), ("criterion", _("每个评分项"))),)
    return obj("spread", _("裁判分歧过大时提示"), *(level if of == "sheet" else ()), *(_DISTANCE if levels else _POINTS_APART),
               obj("beyond", _("离中位数多远的裁判要复核"), *_DISTANCE, help=_("不规定时，请打出最高分和最低分的裁判复核。")),
               choice("then", _("分歧过大时"), ("flag", _("提示，不影响发布")), ("block", _("裁判长处理之前不能发布"))),
               choice("ask", _("平板上请谁复核"), ("far", _("偏离的裁判")), ("panel", _("参加比较的全部裁判")),
                      ("nobody", _("不提示，只在看板上显示")),
                      help=_("不规定时请偏离的裁判复核。被请的裁判可以重新评分，或写明理由维持原分。")))


# ---- time -----------------------------------------------------------------------------------------------


def per_unit(key: str, label: object, words: object, *, required: bool = False) -> Spec:
    """Points for each unit of time."""
    return obj(key, label, seconds("unit_s", _("每多少时间")),
               choice("count", _("不足一个单位时"), ("started", _("也算一个")), ("full", _("不算")), required=True),
               number("points", words, unit=POINTS), number("cap", _("合计最多"), _("不填则不限。"), unit=POINTS), required=required)




def _beyond(*then: tuple[str, object]) -> Spec:
    return obj("beyond", _("超时太多时"), seconds("after_s", _("超过时限多少以后")), choice("then", _("怎样处理"), *then, required=True))


_STOP, _OUT = ("stop", _("叫停，只评已完成的部分")), ("out", _("不计名次"))
_LIMIT = (seconds("limit_s", _("时限"), _("有秒时写成 40:30。")), seconds("grace_s", _("宽限"),
    _("超出时限这么久以内不扣分。不填为没有。")))
TIME = obj(
    "time", _("规定时间"), *_LIMIT, per_unit("over", _("超时扣分"), _("扣多少")),
    rows("bands", _("超时分档扣分"), seconds("after_s", _("超过多少以后")), number("points", _("扣多少"), unit=POINTS),
         help=_("代替“超时扣分”：按最后越过的一档扣。")),
    per_unit("early", _("提前加分"), _("加多少")), _beyond(_STOP, ("zero", _("记零分")), _OUT),
    obj("placing", _("按完成先后给分"), number("in_time", _("按时完成得"), unit=POINTS), number("per_place", _("每早一名多得"),
        unit=POINTS),
        per_unit("late", _("超时少得"), _("少多少"), required=True), help=_("代替超时扣分和提前加分。")))
TIME_RESULT = obj("time", _("规定时间"), *_LIMIT, _beyond(_STOP, _OUT))

# ---- criteria -------------------------------------------------------------------------------------------

_TARGET = number("target", _("目标值"), _("填写后，计的是读数离目标值多远。"))
_MAX = number("max", _("满分"), unit=POINTS)


def _outcome(start: Spec) -> Spec:
    return obj("outcome", _("次数多了还有后果"), start, choice("code", _("后果"), *CODES, required=True))


# Not each fault costs, but every so many; the words for those of a criterion and for things that happen.
def _each(unit: object) -> tuple[Spec, ...]:
    return (count("each", _("每多少次计一次"), _("例如每 3 处扣 1 分，填 3。不填则每次都计。"), unit=unit),
            choice("count", _("余下不满的"), ("full", _("不算")), ("started", _("也算一次"))))


KINDS: dict[str, tuple[Spec, ...]] = {
    "points": (_MAX, number("step", _("打分的最小一档"), _("例如 0.5：可以打 8、8.5、9。"), unit=POINTS),
               *rarely(number("min", _("最低分"), _("不填为 0。"), unit=POINTS))),
    "deduct": (_MAX, number("per", _("每处错误扣"), unit=POINTS), *_each(_("处")),
               number("cap", _("最多扣"), _("不填为扣完为止。"), unit=POINTS),
               count("zero_from", _("错误满多少处，本项不得分"), unit=_("处")), count("most", _("最多可记多少处"), _("不填为 99。"),
                   unit=_("处"))),
    "faults": (_MAX, number("cap", _("最多扣"), _("不填为扣完为止。"), unit=POINTS),
               rows("faults", _("各类错误"), NAME, number("per", _("每次扣"), unit=POINTS), *_each(_("次")),
                    count("most", _("最多可记"), unit=_("次")),
                    Spec("zero", "flag", _("出现一次，本项不得分")), count("zero_from", _("满多少次，本项不得分"), unit=_("次")),
                    _outcome(count("from", _("满几次"))))),
    "counts": (_MAX, number("per", _("每件得"), unit=POINTS), count("most", _("最多可记多少件"), _("不填为 9999。"), unit=_("件"))),
    "measured": (_MAX, count("places", _("测量几处"), unit=_("处")), number("tolerance", _("允许偏差")),
                 number("per_over", _("每处超差扣"), unit=POINTS), count("zero_from", _("超差满多少处，本项不得分"), unit=_("处")),
                 number("zero_beyond", _("一处超过多少，本项不得分")), _TARGET),
    "bands": (_MAX, rows("bands", _("各档"), number("upto", _("读数不超过")), number("points", _("得"), unit=POINTS),
                         help=_("从小到大写。")), number("otherwise", _("都超过时得"), _("不填为 0。"), unit=POINTS), _TARGET),
    "scale": (_MAX, rows("at", _("折算点"), number("value", _("读数")), number("points", _("得"), unit=POINTS),
                         help=_("从小到大写，至少两点；两点之间按比例折算。")), number("step", _("读数的最小一档"), _("不填为 0.01。")),
                             _TARGET),
    "timed": (_MAX, number("limit_s", _("时限"), unit=_("秒")), number("base", _("按时完成得"), _("不填为满分。"), unit=POINTS),
              per_unit("over", _("超时扣分"), _("扣多少")), per_unit("early", _("提前加分"), _("加多少"))),
    "judgement": (_MAX, Spec("levels", "texts", _("各级的描述"), help=_("从 0 级写起，至少两级；最高一级得满分。"))),
    "grades": (_MAX, rows("grades", _("各档"), NAME, number("points", _("得"), unit=POINTS),
                          Spec("text", "words", _("这一档的要求")), help=_("第一档写在最前，至少两档；最高的一档等于满分。"))),
    "pass_fail": (_MAX,),
    "veto": (choice("then", _("认定出现后"), ("zero", _("所在的一组记零分")), *CODES),
             count("from", _("要几位裁判认定"), _("不填为半数以上。"), unit=_("位"))),
}
_UNIT = Spec("unit", "words", _("单位"), help=_("记录读数或件数时显示，例如：毫米。"))
_MORE = rarely(
    number("weight", _("系数"), _("得分乘以这个数后计入。不填为 1。")),
    Spec("bonus", "flag", _("加分项，不计入满分")),
    count("attempts", _("可以做几次"), _("不填为 1 次。"), unit=_("次")),
    choice("take", _("做几次时取"), ("last", _("最后一次")), ("best", _("最好一次")), ("sum", _("各次相加"))),
    panel("criterion"),
)
# What is measured or counted has a unit; of points few have one.
_WITH_UNIT = ("measured", "bands", "scale", "counts")


def criterion(kind: str) -> tuple[Spec, ...]:
    """The fields of a criterion of a kind."""
    unit = (_UNIT,) if kind in _WITH_UNIT else rarely(_UNIT)
    own = () if kind == "veto" else (*_MORE, *rarely(spread("criterion", levels=kind in LEVELLED)))
    return (NAME, TEXT, *KINDS[kind], *unit, *own, *ORIGIN)


GROUP = (
    NAME, TEXT, number("worth", _("折合成多少分"), _("不填则按各项相加。“折合成多少分”和“系数”只填一个。"), unit=POINTS),
    number("weight", _("系数"), _("不填为 1。")), number("cap", _("这一组最多得"), _("不填则不限。"), unit=POINTS),
    Spec("bonus", "flag", _("加分项，不计入满分")), *rarely(panel("group"), spread("group", levels=False)), *ORIGIN,
)
DEDUCTIONS: dict[str, tuple[Spec, ...]] = {
    "count": (number("per", _("每次扣"), unit=POINTS), *_each(_("次"))),
    "points": (number("step", _("扣分的最小一档"), _("不填为 0.1。"), unit=POINTS), number("least", _("最少扣"), unit=POINTS)),
}


def deduction(kind: str) -> tuple[Spec, ...]:
    """The fields of a deduction."""
    return (NAME, *DEDUCTIONS[kind], number("cap", _("最多扣"), _("不填则不限。"), unit=POINTS), _outcome(number("from",
        _("满几次（或满几分）"))), *ORIGIN)


