"""Why a tablet is live no more, in words for its judge. Pure."""

from flask_babel import lazy_gettext as _

TAKEN_OVER, REASSIGNED, STOPPED, BARRED = "taken_over", "reassigned", "stopped", "barred"
# It judged on an arena machine, and the rounds came home.
CAME_HOME = "came_home"
# Why a tablet is live no more: the code that its later events get, and the sentence with each of them.
ENDED = {
    TAKEN_OVER: ("seat.taken_over", _("本座位已由另一台平板接管，这一项已另存，由裁判长处理。")),
    REASSIGNED: ("seat.reassigned", _("本座位已安排另一位裁判员，这一项已另存，由裁判长处理。")),
    STOPPED: ("device.stopped", _("裁判长已停用这台平板，这一项已另存，由裁判长处理。")),
    BARRED: ("judge.barred", _("本座位裁判员的账号已停用，或裁判员角色已结束，这一项已另存，由裁判长处理。")),
    CAME_HOME: ("device.came_home", _("这台平板在赛场主机上评分，评分已带回，这一项已另存，由裁判长处理。")),
}


def why_ended(end_code: str | None, reason: str | None) -> str:
    """What a tablet that is live no more tells who holds it; "" while it is live."""
    if end_code is None:
        return ""
    if end_code == STOPPED:
        return str(_("裁判长已停用这台平板（理由：%(reason)s），不能再评分。未上传的内容会另存，由裁判长处理。", reason=reason or ""))
    if end_code == BARRED:
        return str(_("本座位裁判员的账号已停用，或裁判员角色已结束，不能再评分。未上传的内容会另存，由裁判长处理。"))
    if end_code == CAME_HOME:
        return str(_("这台平板在赛场主机上评分，评分已带回，不能再评分。未上传的内容会另存，由裁判长处理。"))
    if end_code == REASSIGNED:
        return str(_("本座位已安排另一位裁判员，原座位卡作废，本机只能查看。未上传的内容会另存，由裁判长处理。"))
    return str(_("本座位已由另一台平板接管，本机只能查看。未上传的内容会另存，由裁判长处理。"))
