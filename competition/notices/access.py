"""Who may do what in this feature."""

from competition.core.access import Act, public_act, roles_act, signed_in_act

ACTS: list[Act] = [
    public_act("notices.read", "查看公告"),
    signed_in_act("notices.messages", "查看自己的消息"),
    roles_act("notices.edit", "起草和发布公告", "organizer"),
]
