"""Who sees the figures, who asks for them to be counted, who sets the target."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

WATCHERS = ("leader", "organizer", "clerk", "auditor", "administrator")

ACTS: list[Act] = [
    roles_act("participation.view", _("查看参赛人数"), *WATCHERS),
    roles_act("participation.list", _("查看人数背后的名单（脱敏）"), "organizer", "clerk", "auditor"),
    roles_act("participation.roll_up", _("立即汇总"), "organizer", "administrator"),
    roles_act("participation.set_target", _("设定年度目标"), "organizer", "administrator"),
    roles_act("participation.split_target", _("向下一级分解年度目标"), "organizer", "clerk"),
]
