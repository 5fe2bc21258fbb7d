"""Where an entry stands, in the six steps of a contest. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from flask_babel import lazy_gettext as _

REGISTER, REVIEW, DRAW, COMPETE, RESULT, CERTIFICATE, DONE = range(7)


class EntryLike(Protocol):
    """What of an entry decides where it stands."""

    state: str
    return_reason: str | None


class ContestLike(Protocol):
    """What of its contest does."""

    id: UUID
    phase: str
    condition: str
    starts_on: date


@dataclass(frozen=True)
class Standing:
    """``step`` of the line of steps; ``stopped`` when it ends there; what comes next, in words."""

    step: int
    words: Any
    stopped: bool = False


BEFORE: dict[str, Standing] = {
    "draft": Standing(REGISTER, _("草稿还没有提交。填完后请提交报名。")),
    "returned": Standing(REGISTER, _("已退回，请按意见修改后重新提交。")),
    "submitted": Standing(REVIEW, _("已提交，等待工会审核。审核结果会发消息通知。")),
    "reviewing": Standing(REVIEW, _("正在逐级审核。审核结果会发消息通知。")),
    "waiting": Standing(REVIEW, _("名额已满，排在候补名单；有人退出时按顺序递补，并发消息通知。")),
    "rejected": Standing(REVIEW, _("审核未通过。"), stopped=True),
    "withdrawn": Standing(REGISTER, _("已撤回报名。"), stopped=True),
}
COURSE: dict[str, Standing] = {
    "postponed": Standing(DRAW, _("竞赛已延期，新的时间另行通知。报名继续有效。")),
    "stopped": Standing(COMPETE, _("竞赛已中止，请留意组委会公告。"), stopped=True),
    "cancelled": Standing(DRAW, _("竞赛已取消，请留意组委会公告。"), stopped=True),
}


def standing(entry: EntryLike, contest: ContestLike, published: Collection[UUID], certified: Collection[UUID]) -> Standing:
    """Where ``entry`` stands. ``published`` and ``certified``: contests in which its holder has a line or a certificate."""
    if entry.state != "approved":
        return BEFORE[entry.state]
    if contest.id in certified:
        return Standing(DONE, _("证书已签发，可以查看和下载。"))
    if contest.id in published:
        return Standing(CERTIFICATE, _("成绩已发布。获奖的，证书签发后会发消息通知。"))
    if contest.condition in COURSE:
        return COURSE[contest.condition]
    if contest.phase == "finished":
        return Standing(RESULT, _("比赛已结束，等待成绩发布。"))
    if contest.phase == "running":
        return Standing(COMPETE, _("比赛正在进行，请按秩序册的时间检录。"))
    return Standing(DRAW, _("报名已通过。抽签后公布批次和工位，请于比赛当天按时检录。"))
