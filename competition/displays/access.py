"""Who may do what in this feature."""

from flask_babel import lazy_gettext as _

from competition.core.access import public_act, roles_act

ACTS = [
    public_act("displays.screen", _("打开大屏页面和它的画面")),
    public_act("displays.ask_code", _("大屏领取配对码")),
    roles_act("displays.desk", _("登记、切换、停用大屏，叫批次"), "organizer"),
]
