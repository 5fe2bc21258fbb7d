"""Who may do what in this feature.

``office`` and ``clerk`` name no address: they are the two fine questions behind the staff pages. The
office of a contest holds its role for the contest (or a union that hosts it), the clerk for a union
above the entry; a team leader sees the own team only.
"""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, roles_act, signed_in_act

ACTS: list[Act] = [
    signed_in_act("registration.enter", _("填写、提交本人的报名")),
    signed_in_act("registration.own", _("查看、撤回本人的报名，打印报名表，上传盖章扫描件")),
    signed_in_act("registration.suggest", _("单位名称提示")),
    roles_act("registration.office", _("管理本赛事的报名"), "organizer"),
    roles_act("registration.clerk", _("审核本工会的报名"), "clerk"),
    roles_act("registration.desk", _("查看待审核报名"), "organizer", "clerk"),
    roles_act("registration.entries", _("查看报名"), "organizer", "clerk", "team_leader"),
    roles_act("registration.review", _("资格审核"), "organizer", "clerk"),
    roles_act("registration.reveal", _("查看完整证件号码"), "organizer", "clerk"),
    roles_act("registration.export", _("导出报名名单"), "organizer", "clerk", "team_leader"),
    roles_act("registration.register_for", _("代为报名、导入名单"), "organizer", "clerk", "team_leader"),
    roles_act("registration.teams", _("查看代表队"), "organizer", "clerk", "team_leader"),
    roles_act("registration.edit_team", _("组建代表队、调整队员"), "organizer", "clerk", "team_leader"),
    roles_act("registration.delegations", _("设置代表团"), "organizer"),
    roles_act("registration.conditions", _("设置报名条件"), "organizer"),
    roles_act("registration.promote", _("按顺序递补候补"), "organizer"),
]
