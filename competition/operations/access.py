"""Who may do what in this feature. Restoring is no page: it is done on the server itself."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

ACTS: list[Act] = [
    roles_act("operations.view", _("查看系统运行和备份"), "administrator", "security_officer", "auditor"),
    roles_act("operations.back_up", _("立即备份、登记备份密钥的保管"), "administrator"),
]
