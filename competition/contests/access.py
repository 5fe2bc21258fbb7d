"""Who may do what with contests. Organizers act for their union's contests; administrators only look."""

from flask_babel import lazy_gettext as _

from competition.core.access import public_act, roles_act

LOOKING = ("organizer", "administrator", "security_officer", "auditor", "leader", "chief_judge", "scorekeeper", "timekeeper",
           "coding_judge", "check_in_judge", "supervisor")

ACTS = [
    public_act("contests.browse", _("查看公开的赛事")),
    roles_act("contests.look", _("查看赛事的办理页面"), *LOOKING),
    roles_act("contests.create", _("新建大赛和赛事"), "organizer"),
    roles_act("contests.edit", _("修改赛事、单位和项目"), "organizer"),
    roles_act("contests.rulebook", _("设置评分规则"), "organizer", "chief_judge"),
    roles_act("contests.approve_rulebook", _("批准修改已冻结的评分规则"), "organizer", "chief_judge", "supervisor"),
    roles_act("contests.course", _("公布、开始、结束、延期、中止、取消、恢复赛事"), "organizer"),
    roles_act("contests.approve_cancel", _("批准取消赛事"), "organizer", "supervisor"),
    roles_act("contests.notice", _("发布赛事通知"), "organizer"),
    # Names no address: the fine question behind other people's long work and what it made.
    roles_act("contests.work", _("查看、停止和重试赛事的后台任务"), "organizer", "administrator"),
]
