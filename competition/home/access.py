"""Who may do what in this feature."""

from competition.accounts.access import ROLES
from competition.core.access import Act, public_act, roles_act, signed_in_act

# Who works here; contestants and team leaders have their own pages.
STAFF = tuple(role for role in ROLES if role not in ("contestant", "team_leader"))

ACTS: list[Act] = [
    public_act("home.start", "首页"),
    public_act("home.guides", "使用说明"),
    signed_in_act("home.own", "查看自己的报名、成绩和证书"),
    roles_act("home.desk", "工作台", *STAFF),
    roles_act("home.approvals", "两人办理的申请", *STAFF),
    roles_act("home.jobs", "后台任务", *STAFF),
]
