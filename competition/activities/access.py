"""Who declares activities, who decides on them, who sees them."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

ACTS: list[Act] = [
    roles_act("activities.look", _("查看竞赛活动"), "leader", "organizer", "clerk", "auditor", "administrator"),
    roles_act("activities.declare", _("申报和开展竞赛活动"), "clerk", "organizer"),
    roles_act("activities.decide", _("审核竞赛活动和阶段小结"), "clerk", "organizer"),
    roles_act("activities.flag", _("认定引领性竞赛"), "clerk", "organizer"),
]
