"""Who may do what in this feature.

``office`` and ``clerk`` name no address: they are the two fine questions behind the staff pages. The
office of a contest holds its role for the contest (or a union that hosts it), the clerk for a union
above the entry; a team leader sees the own team only.
"""

from competition.core.access import Act, roles_act, signed_in_act

ACTS: list[Act] = [
    signed_in_act("registration.enter", "填写、提交本人的报名"),
    signed_in_act("registration.own", "查看、撤回本人的报名，打印报名表，上传盖章扫描件"),
    signed_in_act("registration.suggest", "单位名称提示"),
    roles_act("registration.office", "管理本竞赛的报名", "organizer"),
    roles_act("registration.clerk", "审核本工会的报名", "clerk"),
    roles_act("registration.desk", "查看待审核报名", "organizer", "clerk"),
    roles_act("registration.entries", "查看报名", "organizer", "clerk", "team_leader"),
    roles_act("registration.review", "资格审核", "organizer", "clerk"),
    roles_act("registration.reveal", "查看完整证件号码", "organizer", "clerk"),
    roles_act("registration.export", "导出报名表", "organizer", "clerk", "team_leader"),
    roles_act("registration.register_for", "代为报名、导入名单", "organizer", "clerk", "team_leader"),
    roles_act("registration.teams", "查看代表队", "organizer", "clerk", "team_leader"),
    roles_act("registration.edit_team", "组建代表队、调整队员", "organizer", "clerk", "team_leader"),
    roles_act("registration.delegations", "设置代表团", "organizer"),
    roles_act("registration.conditions", "设置报名条件", "organizer"),
    roles_act("registration.promote", "按顺序递补候补", "organizer"),
]
