"""What is said of a run of the roll-up. Pure."""

from typing import Any

from flask_babel import lazy_gettext as _

KINDS = {"nightly": _("每夜自动"), "asked": _("人工"), "anew": _("全部重算")}
NOT_ANSWERED = frozenset({"OperationalError", "InterfaceError", "DBAPIError", "TimeoutError"})


def why_failed(error: str | None) -> Any:
    """An error's name as a sentence: what happened, and that it may be begun again."""
    if error in NOT_ANSWERED:
        return _("数据库没有应答或一直被占用，这次没有做完。已计入的都在，可以重新开始。")
    if error == "Cancelled":
        return _("有人停止了这次汇总。已计入的都在，可以重新开始。")
    return _("程序出错（%(e)s），这次没有做完。已计入的都在，可以重新开始；仍失败请把这一行告诉管理员。", e=error or "?")
