"""The roles there are, and who may do what with accounts."""

from competition.core.access import Act, public_act, roles_act, signed_in_act

ROLES: dict[str, str] = {
    "administrator": "系统管理员",
    "security_officer": "安全管理员",
    "auditor": "审计员",
    "organizer": "组委会办公室",
    "chief_judge": "裁判长",
    "judge": "裁判员",
    "scorekeeper": "记分员",
    "timekeeper": "计时员",
    "coding_judge": "加密裁判",
    "check_in_judge": "检录裁判",
    "supervisor": "监督仲裁",
    "clerk": "工会审核员",
    "leader": "领导（只看）",
    "team_leader": "领队",
    "contestant": "选手",
}

ACTS: list[Act] = [
    public_act("accounts.sign_in", "登录"),
    public_act("accounts.sign_out", "退出登录"),
    public_act("accounts.sign_up", "选手注册"),
    public_act("accounts.use_link", "用一次性链接设置账号"),
    public_act("accounts.language", "选择语言"),
    public_act("accounts.read_terms", "阅读个人信息处理规则"),
    public_act("accounts.forgot", "找回密码、请工会协助"),
    roles_act("accounts.help", "协助找回账号、处理证件争议", "clerk", "organizer"),
    signed_in_act("accounts.own", "管理自己的账号"),
    roles_act("accounts.list", "查看账号", "administrator", "security_officer", "auditor"),
    roles_act("accounts.create", "建立工作账号", "administrator"),
    roles_act("accounts.grant", "申请授予角色", "administrator", "security_officer"),
    roles_act("accounts.approve_grant", "批准授予角色", "administrator", "security_officer"),
    roles_act("accounts.ask_reset", "申请重设工作账号的密码", "administrator"),
    roles_act("accounts.approve_reset", "批准重设工作账号的密码", "administrator", "security_officer"),
]
