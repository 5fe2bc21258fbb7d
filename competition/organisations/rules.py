"""The words by which organisations and workers are told apart. Codes are stored, words are shown.

Sources: the eight groups are those of the national federation; lamian workers are Qinghai's own
focus group. Ownership and unit kinds are our own division (configurable defaults, not official).
"""

from flask_babel import lazy_gettext as _

# The province whose federation runs this installation; all other provinces are guests.
HOME_PROVINCE = "630000"

WORKER_GROUPS = {
    "none": _("不属于下列群体"),
    "lamian": _("拉面从业人员"),
    "truck_driver": _("货车司机"),
    "courier": _("快递员"),
    "care_worker": _("护工护理员"),
    "domestic": _("家政服务员"),
    "mall_clerk": _("商场信息员"),
    "food_delivery": _("网约送餐员"),
    "estate_agent": _("房产中介员"),
    "guard": _("保安员"),
}
OWNERSHIP = {"public": _("公有制"), "non_public": _("非公有制"), "unknown": _("未填写")}
UNIT_KINDS = {
    "government": _("机关"), "institution": _("事业单位"), "state_owned": _("国有企业"), "collective": _("集体企业"),
    "private": _("民营企业"), "foreign": _("港澳台及外资企业"), "social": _("社会组织"),
    "new_form": _("新就业形态"), "unknown": _("未填写"),
}
INDUSTRIES = {
    "catering": _("餐饮住宿"), "construction": _("建筑"), "energy": _("能源电力"), "manufacturing": _("制造"),
    "transport": _("交通运输"), "express": _("邮政快递"), "education": _("教育"), "health": _("医疗卫生"),
    "finance_trade": _("财贸轻纺烟草"), "agriculture": _("农林水利"), "it": _("信息通信"), "other": _("其他"), "unknown": _("未填写"),
}
SKILL_LEVELS = {5: _("初级工（五级）"), 4: _("中级工（四级）"), 3: _("高级工（三级）"), 2: _("技师（二级）"), 1: _("高级技师（一级）"),
                0: _("特级技师")}
UNION_LEVELS = {"national": _("全国"), "province": _("省级"), "prefecture": _("市州级"), "county": _("县区级"), "grassroots": _("基层")}
BRANCHES = {"region": _("地方工会"), "industry": _("产业（行业）工会")}
_ORDER = ("national", "province", "prefecture", "county", "grassroots")


def levels_below(level: str) -> list[str]:
    """The levels that may stand directly under a node; grassroots unions may have branches of their own."""
    rank = _ORDER.index(level)
    return list(_ORDER[rank + 1:]) if level != "grassroots" else ["grassroots"]
