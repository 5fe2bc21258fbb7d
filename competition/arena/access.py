"""Who may do what in this feature.

Whoever marks (judges, their chief, time- and scorekeepers) never meets names together with stations
or codes: those pages belong to the coding judge, the office, the door and the supervisors.
"""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act

ACTS: list[Act] = [
    public_act("arena.public_draw", _("查看抽签的公开信息")),
    roles_act("arena.see_draw", _("查看抽签和工位安排"), "organizer", "coding_judge", "supervisor"),
    roles_act("arena.draw", _("抽签"), "organizer", "coding_judge"),
    roles_act("arena.read_codes", _("查看编码表"), "coding_judge", "supervisor"),
    roles_act("arena.ask_open_codes", _("申请解密"), "organizer", "coding_judge"),
    roles_act("arena.open_codes", _("批准解密"), "supervisor"),
    roles_act("arena.check_in", _("检录"), "organizer", "coding_judge", "check_in_judge"),
    roles_act("arena.see_outcomes", _("查看检录和裁定记录"), "organizer", "check_in_judge", "chief_judge", "supervisor"),
    roles_act("arena.record_outcome", _("记录弃权、取消资格、取消成绩"), "organizer", "chief_judge", "supervisor"),
    roles_act("arena.set_lineup", _("调整代表队上场名单"), "organizer"),
    roles_act("arena.print", _("打印秩序册、参赛证、签到表、工位牌"), "organizer", "coding_judge", "check_in_judge"),
]
