"""Where a fault of a rulebook is, by the names on the way to it. Pure."""

from flask_babel import lazy_gettext

PLACES = {
    "name": lazy_gettext("名称"), "zh": "", "en": lazy_gettext("英文"), "bo": lazy_gettext("藏文"), "text": lazy_gettext("评分要求"),
    "note": lazy_gettext("说明"), "source": lazy_gettext("来源"),
    "events": "", "totals": "", "teams": "", "criteria": "", "parts": lazy_gettext("组成"), "rounding": lazy_gettext("小数位和取舍"),
    "panel": lazy_gettext("裁判评分"), "time": lazy_gettext("时间规则"), "ranking": lazy_gettext("排名"), "ties": lazy_gettext("同分处理"),
    "awards": lazy_gettext("奖项"), "tiers": "", "deductions": lazy_gettext("扣分"), "spread": lazy_gettext("分歧"),
    "full": lazy_gettext("满分"), "max": lazy_gettext("满分"), "weight": lazy_gettext("权重"), "limit_s": lazy_gettext("时限（秒）"),
}
