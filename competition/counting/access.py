"""Who sees the figures, who asks for them to be counted."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

WATCHERS = ("leader", "organizer", "clerk", "auditor", "administrator")

ACTS: list[Act] = [
    roles_act("participation.view", _("查看参赛人数"), *WATCHERS),
    roles_act("participation.roll_up", _("立即汇总"), "organizer", "administrator"),
]
