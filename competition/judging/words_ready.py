"""How pages say whether a tablet is ready for a start without network; the checks are called as on the tablet."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.core.formats import joined
from competition.judging.models import DeviceReport, Seat
from competition.judging.queries_ready import FAULTY, NONE, READY, STALE, UNKNOWN, Readiness

# state: (word, tone of its badge, what to do).
STATES: dict[str, tuple[Any, str, Any]] = {
    NONE: (_("平板未打开"), "", ""),
    UNKNOWN: (_("没有做离线准备"), "care", _("请裁判员在作品列表里点“准备离线”。")),
    READY: (_("离线已就绪"), "good", ""),
    FAULTY: (_("离线没有就绪"), "bad", _("请在平板上点“准备离线”，照提示办理。")),
    STALE: (_("作品或规则已变"), "care", _("请打开这台平板的评分页面，连上网，它会自动取新的。")),
}
CHECKS: dict[str, Any] = {
    "pack": _("作品和评分规则"), "clock": _("平板的时间"), "store": _("本机存储"), "secure": _("加密连接"), "worker": _("离线页面"),
    "persist": _("长期保存"), "space": _("剩余空间"),
}
LEVELS: dict[str, tuple[Any, str]] = {"ok": (_("正常"), "good"), "warn": (_("有提醒"), "care"), "bad": (_("有问题"), "bad")}
# Per cent of the battery below which it is to be charged.
LOW = 20


def how_many(ready: Mapping[uuid.UUID, Readiness], seats: Iterable[Seat]) -> tuple[int, int]:
    """How many tablets of these seats are ready, of how many that are open."""
    opened = [found for seat in seats if (found := ready[seat.id]).state != NONE]
    return sum(found.state == READY for found in opened), len(opened)


def versions(found: Readiness) -> str:
    """The versions of the rulebooks that a tablet has."""
    return joined([str(number) for number in found.versions])


def lines(found: Readiness, report: DeviceReport | None) -> list[tuple[Any, Any, str]]:
    """What a tablet says of itself: (what, how it is, tone)."""
    said = [(CHECKS.get(name, name), *LEVELS[level]) for name, level in found.checks.items()]
    if report is not None and report.battery is not None:
        words = gettext("%(percent)s%%，充电中", percent=report.battery) if report.charging else f"{report.battery}%"
        said.append((gettext("电量"), words, "care" if report.battery < LOW and not report.charging else ""))
    if found.app_version:
        said.append((gettext("页面版本"), gettext("版本旧，请刷新平板") if found.is_old else gettext("最新"),
                     "care" if found.is_old else ""))
    return said
