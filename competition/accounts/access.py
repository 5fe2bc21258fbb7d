"""The roles there are, and who may do what with accounts."""

from typing import Any

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, signed_in_act

ROLES: dict[str, Any] = {
    "administrator": _("系统管理员"),
    "security_officer": _("安全管理员"),
    "auditor": _("审计员"),
    "organizer": _("组委会办公室"),
    "chief_judge": _("裁判长"),
    "judge": _("裁判员"),
    "scorekeeper": _("记分员"),
    "timekeeper": _("计时员"),
    "coding_judge": _("加密裁判"),
    "check_in_judge": _("检录裁判"),
    "supervisor": _("监督仲裁"),
    "clerk": _("工会审核员"),
    "leader": _("领导（只看）"),
    "team_leader": _("领队"),
    "contestant": _("选手"),
}

# What somebody in a role does, for who grants it.
DUTIES: dict[str, Any] = {
    "administrator": _("建账号、申请和批准角色、看系统运行；不办理赛事。"),
    "security_officer": _("批准系统管理员提出的事，也可以提出由他批准的事；不办理赛事。"),
    "auditor": _("查看、导出审计记录；不能改任何内容。"),
    "organizer": _("建赛事、项目、评分规则，审核报名，抽签、发布成绩、签发证书。"),
    "chief_judge": _("安排座位、开放和锁定评分、处理异常；看本项目的评分。"),
    "judge": _("坐在座位上评分。平板用座位卡打开，不靠这个角色；登记它，账号停用时座位也停用。"),
    "scorekeeper": _("录入理论成绩和扣分，核对统分。"),
    "timekeeper": _("录入用时。"),
    "coding_judge": _("抽签、编码，能看到作品是谁的；不看评分。"),
    "check_in_judge": _("检录、登记缺考。"),
    "supervisor": _("作为第二人批准解密、更正成绩等不能收回的事，签认统分抽查。"),
    "clerk": _("审核本工会和下级工会的报名，代为报名，协助找回账号、更正登记信息。"),
    "leader": _("只看参赛人数和完成率，不能改任何内容。"),
    "team_leader": _("为自己的代表队报名、编队；看本队的成绩和证书。"),
}

ACTS: list[Act] = [
    public_act("accounts.sign_in", _("登录")),
    public_act("accounts.sign_out", _("退出登录")),
    public_act("accounts.sign_up", _("选手注册")),
    public_act("accounts.use_link", _("用一次性链接设置账号")),
    public_act("accounts.language", _("选择语言")),
    public_act("accounts.read_terms", _("阅读个人信息处理规则")),
    public_act("accounts.forgot", _("找回密码、请工会协助")),
    roles_act("accounts.help", _("协助找回账号、处理证件争议"), "clerk", "organizer"),
    signed_in_act("accounts.own", _("管理自己的账号")),
    roles_act("accounts.list", _("查看账号"), "administrator", "security_officer", "auditor"),
    roles_act("accounts.create", _("建立工作账号"), "administrator"),
    roles_act("accounts.grant", _("申请授予角色"), "administrator", "security_officer"),
    roles_act("accounts.approve_grant", _("批准授予角色"), "administrator", "security_officer"),
    roles_act("accounts.ask_reset", _("申请重设工作账号的密码"), "administrator"),
    roles_act("accounts.approve_reset", _("批准重设工作账号的密码"), "administrator", "security_officer"),
]
