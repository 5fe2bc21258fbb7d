"""Who reports, who decides about returns, which other systems ask."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, token_act

# Who reports for a union, and who decides for it about what unions below have reported.
REPORTERS = ("clerk",)
DECIDERS = ("clerk", "organizer")

ACTS: list[Act] = [
    roles_act("participation.import_roster", _("导入上报的名册"), "clerk"),
    roles_act("participation.read_roster", _("查看上报的名册（脱敏）"), "organizer", "clerk", "auditor"),
    roles_act("participation.returns", _("查看活动上报"), "clerk", "organizer", "auditor"),
    roles_act("participation.report", _("为本工会上报活动"), *REPORTERS),
    roles_act("participation.approve", _("审核下级工会的活动上报"), *DECIDERS),
    roles_act("participation.close_month", _("截止一个月的上报"), "organizer"),
    roles_act("participation.tokens", _("管理其他系统的访问令牌"), "organizer", "administrator"),
    public_act("participation.api_description", _("查看参赛统计接口说明")),
    token_act("participation.api_read", _("其他系统读取上报和数字")),
    token_act("participation.api_report", _("其他系统为工会上报")),
]
