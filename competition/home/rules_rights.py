"""What stands against an erasure now, and which entries go when consent is taken back. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.formats import show_date
from competition.registration.rules import ALIVE, withdraw_refusal

# Results that are not published half a year after a contest will not be; a right does not wait for ever.
LONGEST_WAIT = timedelta(days=180)
# What is typed to erase the own data.
WORD = lazy_gettext("删除我的信息")


class ContestLike(Protocol):
    """What is asked of a contest."""

    id: UUID
    phase: str
    condition: str
    ends_on: date

    @property
    def name(self) -> str: ...


class EntryLike(Protocol):
    """What is asked of an entry."""

    id: UUID
    state: str

    @property
    def contest(self) -> ContestLike: ...


E = TypeVar("E", bound=EntryLike)


@dataclass(frozen=True)
class Obstacle:
    """Why not now, in a sentence, and what to do about it; ``entry_id`` where that is about an entry."""

    code: str
    sentence: Any
    what_to_do: Any
    entry_id: UUID | None = None


def obstacle_of(entry: EntryLike, published: Collection[UUID], today: date) -> Obstacle | None:
    """What an entry has against an erasure; None for drafts and for what is over. ``published``: contests with results."""
    contest = entry.contest
    if entry.state not in ALIVE or entry.state == "draft" or contest.condition in ("stopped", "cancelled"):
        return None
    if contest.phase != "finished":
        if withdraw_refusal(entry.state, contest.phase) is None:
            return Obstacle("entered", _("您报名了“%(contest)s”，赛事还没有结束。", contest=contest.name),
                            _("不参赛了，请先撤回报名；要参赛，请等成绩公布后再申请。"), entry.id)
        return Obstacle("competing", _("“%(contest)s”正在进行，您的报名还有效。", contest=contest.name),
                        _("请等比赛结束、成绩公布后再申请。"), entry.id)
    until = contest.ends_on + LONGEST_WAIT
    if entry.state == "approved" and contest.id not in published and today < until:
        return Obstacle("unpublished", _("“%(contest)s”的成绩还没有公布，现在删除，名次上就没有您的名字。", contest=contest.name),
                        _("请等成绩公布后再申请；最迟 %(day)s 起可以申请。", day=show_date(until)), entry.id)
    return None


def parted(entries: Sequence[E], drawn: Collection[UUID]) -> tuple[list[E], list[E]]:
    """The living entries that are withdrawn with the consent, and those that are too far for that: lots are drawn
    (``drawn``: their ids), or the contest runs. What is over is in neither."""
    alive = [one for one in entries if one.state in ALIVE and one.contest.phase != "finished"]
    goes = [one for one in alive if one.id not in drawn and withdraw_refusal(one.state, one.contest.phase) is None]
    return goes, [one for one in alive if one not in goes]
