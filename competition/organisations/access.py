"""Who may do what in this feature."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act, signed_in_act

ACTS: list[Act] = [
    roles_act("organisations.look", _("查看工会组织"), "administrator", "security_officer", "auditor", "organizer", "clerk", "leader"),
    roles_act("organisations.edit", _("增加、修改、撤销工会"), "administrator", "clerk"),
    signed_in_act("organisations.suggest", _("单位名称提示")),
]
