"""The demonstration's own acts. Its addresses exist only under ``--demo`` and only on loopback."""

from competition.core.access import Act, public_act

ACTS: list[Act] = [
    public_act("demo.choose", "演示：选择角色"),
    public_act("demo.sign_in", "演示：以某角色登录"),
]
