"""What keeps a round from being closed, and what to do about it, in plain words."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.formats import in_zone, joined, show_moment, show_time
from competition.judging.queries_close import Tablet, oldest_word
from competition.judging.queries_ready import is_old_page
from competition.judging.rules_close import BEHIND, GAP, OLD_PAGE, PENDING, SILENT, STALE, STUCK, UNHEARD

MOST_NUMBERS = 12
# A clock that differs by less is as good as right.
CLOCK_OFF_S = 60
NEXT_STEP = {
    GAP: lazy_gettext("请裁判员打开这台平板、连上网，等它重新上传。"),
    SILENT: lazy_gettext("请打开这台平板的评分页面，连上网，等几秒。"),
    PENDING: lazy_gettext("请让这台平板连上网，等“待上传”变成 0。"),
    BEHIND: lazy_gettext("请打开这台平板的评分页面，连上网，等几秒，它会补齐。"),
    UNHEARD: lazy_gettext("请打开这台旧平板的评分页面，连上网，等几秒，它会说明有没有没上传的。"),
    STALE: lazy_gettext("请打开这台平板的评分页面，连上网，等几秒；确实联系不上的，由两人签字。"),
    OLD_PAGE: lazy_gettext("请在这台平板上重新打开评分页面，连上网，等几秒。"),
    STUCK: lazy_gettext("请在这台平板上点“请裁判长查看”，与裁判员逐项核对：该计入的请裁判员重新评（已提交的先退回），不计入的由两人签字。"),
}


def tablet_lines(tablet: Tablet | None, zone: str, at: datetime, *, is_open: bool) -> list[str]:
    """What is known of the tablet that has a seat, line by line. ``is_open``: marks may come, so a silent tablet is a warning."""
    if tablet is None:
        return [_("平板未打开")]
    lines = [_seen_line(tablet.seen_at, zone, at, is_open) if tablet.seen_at else _("已打开")]
    if tablet.pending:
        lines.append(_("待上传 %(n)s", n=tablet.pending))
    if tablet.stuck:
        lines.append(_("未接受 %(n)s", n=sum(tablet.stuck.values())))
    if tablet.device.missing:
        lines.append(_("缺 %(n)s", n=len(tablet.device.missing)))
    if tablet.acked_at is not None:
        lines.append(_("收到第 %(n)s 项 %(at)s", n=tablet.device.last_seq, at=show_time(tablet.acked_at, zone)))
    return [str(line) for line in [*lines, *_own_lines(tablet)]]


def _seen_line(seen_at: datetime, zone: str, at: datetime, is_open: bool) -> str:
    """When it was heard of: the hour of today, the whole date of another day."""
    is_today = in_zone(seen_at, zone).date() == in_zone(at, zone).date()
    said = show_time(seen_at, zone) if is_today else show_moment(seen_at, zone)
    return str(_("⚠ 很久没有联系，最后 %(at)s", at=said) if is_open and seen_at < oldest_word(at) else _("联系 %(at)s", at=said))


def _own_lines(tablet: Tablet) -> list[str]:
    """What the tablet says of its clock and program."""
    lines, report = [], tablet.report
    if report is not None and report.skew_s is not None and abs(report.skew_s) >= CLOCK_OFF_S:
        lines.append(_("时钟快 %(n)s 秒", n=report.skew_s) if report.skew_s > 0 else _("时钟慢 %(n)s 秒", n=-report.skew_s))
    if report is None:
        return lines
    if report.battery is not None:
        lines.append(_("电量 %(n)s%%，充电中", n=report.battery) if report.charging else _("电量 %(n)s%%", n=report.battery))
    if report.ready is not None:
        lines.append(_("离线已准备好") if report.ready.get("ok") else _("离线准备有问题"))
    if is_old_page(report):
        lines.append(f"⚠ {_('版本旧，请刷新平板')}")
    return lines


def why_words(tablet: Tablet) -> str:
    """Why the outbox of a tablet is not proved empty."""
    numbers = tablet.device.missing
    facts = {"n": len(numbers), "pending": tablet.pending or 0, "made": tablet.last_made or 0, "seq": tablet.device.last_seq,
             "numbers": numbers_words(numbers), "stuck": stuck_words(tablet.stuck)}
    said: str = {
        GAP: _("有 %(n)s 项没有到达服务器（序号 %(numbers)s）", **facts),
        SILENT: _("打开座位以后没有报告过情况"),
        PENDING: _("还有 %(pending)s 项未上传", **facts),
        BEHIND: _("它说做到第 %(made)s 项，服务器收到第 %(seq)s 项，对不上", **facts),
        UNHEARD: _("离开座位以后没有再联系，不知道有没有没上传的"),
        STALE: _("开放以后没有联系过，或已经很久没有联系，不知道后来有没有再评分"),
        OLD_PAGE: _("评分页面是旧版，说不出有没有服务器没有接受的评分"),
        STUCK: _("服务器没有接受、只在这台平板上的评分：%(stuck)s", **facts),
    }[tablet.why]
    return said


def numbers_words(numbers: list[int]) -> str:
    """Numbers in a row, the first dozen."""
    shown = ", ".join(str(number) for number in numbers[:MOST_NUMBERS])
    return f"{shown}…" if len(numbers) > MOST_NUMBERS else shown


def stuck_words(stuck: Mapping[str, int]) -> str:
    """What was refused, work by work, the first dozen."""
    shown = joined(_("作品 %(work)s %(n)s 项", work=work, n=count) for work, count in sorted(stuck.items())[:MOST_NUMBERS])
    return f"{shown}…" if len(stuck) > MOST_NUMBERS else shown


def open_words(seat: int, tablet: Tablet) -> str:
    """The same with the seat, for lists."""
    facts = {"seat": seat, "why": why_words(tablet)}
    said: str = (_("%(seat)s 号裁判的平板：%(why)s", **facts) if tablet.is_live else _("%(seat)s 号裁判的旧平板：%(why)s", **facts))
    return said
