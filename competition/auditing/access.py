"""Who may read what was done. The auditor reads all and changes nothing; the administrator, who could change
things, sees only whether the chains are whole."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act

ACTS: list[Act] = [
    roles_act("auditing.look", _("查阅和导出审计记录"), "auditor"),
    roles_act("auditing.chains", _("查看审计链是否完整，立即验证"), "auditor", "security_officer", "administrator"),
    roles_act("auditing.security", _("查看被拒绝的操作、登录锁定、角色变动"), "security_officer", "auditor"),
    roles_act("auditing.trail", _("查看一件事物的办理记录"), "auditor", "supervisor", "organizer", "clerk", "chief_judge"),
    roles_act("auditing.entry", _("查看一份报名的全部办理记录"), "auditor", "supervisor", "organizer", "clerk"),
    roles_act("auditing.certificate", _("查看一份证书的全部办理记录"), "auditor", "supervisor", "organizer"),
    roles_act("auditing.work", _("查看一件作品的评分和改动记录"), "auditor", "supervisor", "chief_judge"),
]
