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
