"""Who may do what in this feature."""

from flask_babel import lazy_gettext as _

from competition.core.access import Act, public_act, roles_act, signed_in_act

ACTS: list[Act] = [
    public_act("notices.read", _("查看公告")),
    signed_in_act("notices.messages", _("查看自己的消息")),
    roles_act("notices.edit", _("起草和发布公告"), "organizer"),
]
