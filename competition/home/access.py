"""Who may do what in this feature."""

from flask_babel import lazy_gettext as _

from competition.accounts.access import ROLES
from competition.core.access import Act, public_act, roles_act, signed_in_act

# Who works here; contestants and team leaders have their own pages.
STAFF = tuple(role for role in ROLES if role not in ("contestant", "team_leader"))

ACTS: list[Act] = [
    public_act("home.start", _("首页")),
    public_act("home.guides", _("使用说明")),
    signed_in_act("home.own", _("查看自己的报名、成绩和证书")),
    signed_in_act("home.data", _("查看、下载、更正、删除自己的信息")),
    roles_act("home.desk", _("工作台"), *STAFF),
    roles_act("home.approvals", _("两人办理的申请"), *STAFF),
    roles_act("home.jobs", _("后台任务"), *STAFF),
]
