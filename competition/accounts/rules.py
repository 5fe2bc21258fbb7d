"""Pure decisions about accounts: which role fits which scope, what a browser is called."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.core.formats import joined

ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    "administrator": ("system",),
    "security_officer": ("system",),
    "auditor": ("system",),
    "organizer": ("system", "union", "contest"),
    "chief_judge": ("contest", "event"),
    "judge": ("contest", "event"),
    "scorekeeper": ("contest", "event"),
    "timekeeper": ("contest", "event"),
    "coding_judge": ("contest", "event"),
    "check_in_judge": ("contest", "event"),
    "supervisor": ("contest",),
    "clerk": ("union",),
    "leader": ("system", "union"),
    "team_leader": ("contest",),
}
SCOPE_WORDS = {"system": _("全系统"), "union": _("工会"), "contest": _("竞赛"), "event": _("项目")}
EXCLUSIVE = frozenset({"administrator", "security_officer", "auditor"})


def scopes_words(role: str) -> str:
    """Where a role can be held."""
    return str(joined(SCOPE_WORDS[kind] for kind in ROLE_SCOPES[role]))


def scope_fault(role: str, scope_kind: str) -> Any:
    """Why a role cannot be held in such a scope, or None."""
    allowed = ROLE_SCOPES.get(role)
    if allowed is None:
        return gettext("没有这个角色，或它不由人工授予。")
    if scope_kind not in allowed:
        return gettext("这个角色的范围只能是：%(scopes)s。", scopes=scopes_words(role))
    return None


HOME_ZONE = ZoneInfo("Asia/Shanghai")


def end_of(day: date) -> datetime:
    """The instant at which a last day is over: midnight after it, on the clock of the house."""
    return datetime.combine(day + timedelta(days=1), time(), HOME_ZONE)


def last_day(end: datetime) -> date:
    """The day of which :func:`end_of` made an instant."""
    return (end.astimezone(HOME_ZONE) - timedelta(microseconds=1)).date()


# The first word that a browser's own description holds; those that imitate others come first.
BROWSERS = (
    ("MicroMessenger", _("微信")), ("DingTalk", _("钉钉")), ("AliApp", _("支付宝")), ("HuaweiBrowser", _("华为浏览器")),
    ("MiuiBrowser", _("小米浏览器")), ("QQBrowser", _("QQ 浏览器")), ("UCBrowser", _("UC 浏览器")), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)
SYSTEMS = (("HarmonyOS", _("鸿蒙")), ("Android", _("安卓")), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux"))


def name_device(description: str) -> str:
    """``Chrome（安卓）`` from a browser's description of itself."""
    browser = next((word for mark, word in BROWSERS if mark in description), None)
    browser = browser or description.partition("/")[0][:40] or gettext("未知浏览器")
    system = next((word for mark, word in SYSTEMS if mark in description), None)
    return str(gettext("%(browser)s（%(system)s）", browser=browser, system=system) if system else browser)
