"""Who sees the people behind figures, sets and splits targets, freezes figures, decides about doubts."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

ACTS: list[Act] = [
    roles_act("participation.list", _("查看人数背后的名单（脱敏）"), "organizer", "clerk", "auditor"),
    roles_act("participation.freeze", _("固定一个期间的参赛数字"), "organizer"),
    roles_act("participation.set_target", _("设定年度目标"), "organizer", "administrator"),
    roles_act("participation.behind", _("查看进度落后的待办"), "organizer", "clerk"),
    roles_act("participation.remind", _("提醒进度落后的单位"), "organizer"),
    roles_act("participation.doubts", _("查看核查清单"), "organizer", "clerk", "auditor"),
    roles_act("participation.decide_doubt", _("处理核查清单"), "organizer"),
    roles_act("participation.split_target", _("向下一级分解年度目标"), "organizer", "clerk"),
]
