"""Who sees the figures, who asks for them to be counted, who sets the target; who reports, who decides about returns."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, token_act

WATCHERS = ("leader", "organizer", "clerk", "auditor", "administrator")
# Who reports for a union, and who decides for it about what unions below have reported.
REPORTERS = ("clerk",)
DECIDERS = ("clerk", "organizer")

ACTS: list[Act] = [
    roles_act("participation.view", _("查看参赛人数"), *WATCHERS),
    roles_act("participation.list", _("查看人数背后的名单（脱敏）"), "organizer", "clerk", "auditor"),
    roles_act("participation.import_roster", _("导入上报的名册"), "clerk"),
    roles_act("participation.read_roster", _("查看上报的名册（脱敏）"), "organizer", "clerk", "auditor"),
    roles_act("participation.roll_up", _("立即汇总"), "organizer", "administrator"),
    roles_act("participation.freeze", _("固定一个期间的参赛数字"), "organizer"),
    roles_act("participation.set_target", _("设定年度目标"), "organizer", "administrator"),
    roles_act("participation.behind", _("查看进度落后的待办"), "organizer", "clerk"),
    roles_act("participation.remind", _("提醒进度落后的单位"), "organizer"),
    roles_act("participation.doubts", _("查看核查清单"), "organizer", "clerk", "auditor"),
    roles_act("participation.decide_doubt", _("处理核查清单"), "organizer"),
    roles_act("participation.split_target", _("向下一级分解年度目标"), "organizer", "clerk"),
    roles_act("participation.returns", _("查看活动上报"), "clerk", "organizer", "auditor"),
    roles_act("participation.report", _("为本工会上报活动"), *REPORTERS),
    roles_act("participation.approve", _("审核下级工会的活动上报"), *DECIDERS),
    roles_act("participation.close_month", _("截止一个月的上报"), "organizer"),
    roles_act("participation.tokens", _("管理其他系统的访问令牌"), "organizer", "administrator"),
    public_act("participation.api_description", _("查看参赛统计接口说明")),
    token_act("participation.api_read", _("其他系统读取上报和数字")),
    token_act("participation.api_report", _("其他系统为工会上报")),
]
