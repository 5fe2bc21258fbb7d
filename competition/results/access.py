"""Who may do what in this feature. Names appear only after the codes were opened, whoever looks."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, signed_in_act

LOOKING = ("organizer", "chief_judge", "scorekeeper", "supervisor", "coding_judge", "auditor")

ACTS: list[Act] = [
    public_act("results.read", _("查看已发布的成绩")),
    signed_in_act("results.own", _("查看自己的成绩和计算过程")),
    roles_act("results.look", _("查看成绩计算、名次和说明"), *LOOKING),
    roles_act("results.decide", _("决定并列、获奖和裁判分歧"), "chief_judge"),
    roles_act("results.check_sums", _("抽查统分"), "scorekeeper"),
    roles_act("results.sign_sums", _("签认统分抽查"), "supervisor"),
    roles_act("results.ask", _("申请发布和更正成绩"), "organizer", "chief_judge"),
    roles_act("results.approve", _("批准发布和更正成绩"), "organizer", "supervisor"),
    roles_act("results.book", _("下载成绩册"), "organizer", "chief_judge", "scorekeeper", "supervisor", "auditor"),
]
