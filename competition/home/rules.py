"""Where an entry stands in the six steps of a contest, what happens next and when, and the one thing to do. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from competition.contests.rules import State, registration_state
from competition.core.formats import in_zone, show_date, show_day
from competition.core.words import say as _
from competition.home.rules_dates import DAY, review_last
from competition.home.rules_facts import Link
from competition.registration.rules import Outlook

REGISTER, REVIEW, DRAW, COMPETE, RESULT, CERTIFICATE, DONE = range(7)


@dataclass(frozen=True)
class OwnEvent:
    """An event of the entry: its hour, where the draw put the contestant (batch 0: not drawn; station None: told at the door),
    and what holds since the check-in (CHECKED_IN, ABSENT … or empty)."""

    name: str
    starts_at: datetime | None = None
    batch: int = 0
    station: int | None = None
    outcome: str = ""

    @property
    def place(self) -> str:
        """Batch and station in words."""
        if not self.batch:
            return ""
        if self.station is None:
            return _("第 %(b)s 批，工位检录时告知", b=self.batch)
        return _("第 %(b)s 批 %(s)s 号工位", b=self.batch, s=self.station)


@dataclass(frozen=True)
class EntryFacts:
    """What decides where an entry stands at ``at``. ``reviewer``: whose turn the review is, ``place``: on the waiting list.

    ``is_replaced``: another entry of the same account to this contest goes on. ``notice_ends``: the last day of public
    notice once the entry has a published line, ``is_certified``: a certificate was issued from it,
    ``certificate_id``: the only one.
    """

    id: UUID
    contest_id: UUID
    state: str
    at: datetime
    phase: str
    condition: str
    zone: str
    starts_on: date
    ends_on: date
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    submitted_at: datetime | None = None
    reviewer: str = ""
    place: int = 1
    is_reserve: bool = False
    events: tuple[OwnEvent, ...] = ()
    is_replaced: bool = False
    is_published: bool = False
    notice_ends: date | None = None
    is_certified: bool = False
    certificate_id: UUID | None = None

    @property
    def day(self) -> date:
        """The day on the contest's clock."""
        return in_zone(self.at, self.zone).date()

    @property
    def registration(self) -> State:
        """Whether registration is open."""
        return registration_state(self, self.at)

    @property
    def has_begun(self) -> bool:
        """Nothing about who takes part changes any more."""
        return self.phase in ("running", "finished")


@dataclass(frozen=True)
class Standing(Outlook):
    """``step`` of the line of steps; ``stopped`` when it ends there; what comes next in words, and when; the one main action;
    the own events, each with place and outcome; small words under steps."""

    action: Link | None = None
    events: tuple[OwnEvent, ...] = ()
    notes: dict[int, str] = field(default_factory=dict)


def standing(facts: EntryFacts) -> Standing:
    """Where the entry stands."""
    found = _approved(facts) if facts.state == "approved" else _called_off(facts) or BEFORE[facts.state](facts)
    return replace(found, events=facts.events if facts.state == "approved" else (), notes={COMPETE: show_day(facts.starts_on)})


def _to(endpoint: str, label: str, **values: Any) -> Link:
    return Link(endpoint, label, values)


def _show(facts: EntryFacts) -> Link:
    return _to("registration.show", _("查看报名"), entry_id=facts.id)


def _again(facts: EntryFacts) -> Link | None:
    """Entering anew, while that is possible."""
    if facts.is_replaced or not facts.registration.is_open:
        return None
    return _to("registration.begin", _("重新报名"), contest_id=facts.contest_id)


# ---- before the approval -------------------------------------------------------------------------


def _called_off(facts: EntryFacts) -> Standing | None:
    """A contest that was stopped or cancelled ends every entry that has not ended by itself."""
    if facts.state in ("rejected", "withdrawn") or facts.condition not in ("stopped", "cancelled"):
        return None
    return replace(_halted(facts), step=REGISTER if facts.state == "draft" else REVIEW)


def _draft(facts: EntryFacts) -> Standing:
    state = facts.registration
    if not state.is_open:
        ended = state.code in ("closed", "running", "finished")
        return Standing(REGISTER, _("草稿没有提交。%(state)s", state=state.sentence), stopped=ended)
    action = _to("registration.begin", _("继续填写"), contest_id=facts.contest_id)
    if facts.registration_closes_at is None:
        return Standing(REGISTER, _("草稿还没有提交，请填完后提交报名。"), action=action)
    return Standing(REGISTER, _("草稿还没有提交。请填完并提交，报名截止："), facts.registration_closes_at, action=action)


def _returned(facts: EntryFacts) -> Standing:
    if facts.has_begun:
        return Standing(REVIEW, _("已退回修改，比赛开始前没有重新提交，不能参赛。"), stopped=True, action=_show(facts))
    words = _("已退回修改，名额为您保留。请按审核意见修改，最迟 %(day)s 重新提交。", day=show_date(facts.starts_on - DAY))
    return Standing(REVIEW, words, action=_to("registration.step", _("修改并重新提交"), contest_id=facts.contest_id, name="person"))


def _reviewed(facts: EntryFacts) -> Standing:
    if facts.phase == "finished":
        return Standing(REVIEW, _("比赛已结束，报名没有审完，没有参赛。"), stopped=True, action=_show(facts))
    if facts.condition == "postponed":
        return _put_off(facts, REVIEW)
    last = review_last(facts, facts.submitted_at)
    said = {"union": facts.reviewer or _("组委会办公室"), "day": show_date(last)}
    words = _("由%(union)s审核，最迟 %(day)s 审完。结果会发消息通知您，不用再提交。", **said)
    if facts.day > last:
        words = _("由%(union)s审核，应在 %(day)s 前审完，还没有结果。请直接联系该工会或组委会办公室。", **said)
    return Standing(REVIEW, words, action=_show(facts))


def _waiting(facts: EntryFacts) -> Standing:
    if facts.has_begun:
        return Standing(REVIEW, _("比赛已经开始，没有名额空出，没有递补上。"), stopped=True, action=_show(facts))
    if facts.condition == "postponed":
        return _put_off(facts, REVIEW)
    words = _("名额已满，您在候补第 %(n)s 位。有人退出时按顺序递补，并发消息通知您。", n=facts.place)
    return Standing(REVIEW, words, action=_show(facts))


def _rejected(facts: EntryFacts) -> Standing:
    return Standing(REVIEW, _("审核未通过，不能参赛。有异议请向审核的工会反映。"), stopped=True, action=_again(facts) or _show(facts))


def _withdrawn(facts: EntryFacts) -> Standing:
    if facts.is_replaced:
        return Standing(REGISTER, _("已撤回，后来又重新报名了，以另一份为准。"), stopped=True, action=_show(facts))
    again = _again(facts)
    words = _("您已撤回报名，不参赛。报名截止前可以重新报名。") if again else _("您已撤回报名，不参赛。")
    return Standing(REGISTER, words, stopped=True, action=again)


BEFORE = {
    "draft": _draft, "returned": _returned, "submitted": _reviewed, "reviewing": _reviewed, "waiting": _waiting, "rejected": _rejected,
    "withdrawn": _withdrawn,
}


# ---- after it ------------------------------------------------------------------------------------


def _approved(facts: EntryFacts) -> Standing:
    if facts.is_certified:
        return Standing(DONE, _("证书已签发，可以查看和下载。"), action=_certificate(facts))
    if facts.is_published:
        return _published(facts)
    if facts.condition != "normal":
        return _halted(facts)
    if (ended := _ended(facts)) is not None:
        return ended
    if facts.phase == "finished":
        return Standing(RESULT, _("比赛已结束。成绩核对后发布，并发消息通知您。"), action=_show(facts))
    return _competing(facts) if facts.has_begun or _is_drawn(facts) else _undrawn(facts)


def _certificate(facts: EntryFacts) -> Link:
    if facts.certificate_id is None:
        return _to("home.my_certificates", _("查看证书"))
    return _to("certificates.own", _("查看证书"), certificate_id=facts.certificate_id)


def _published(facts: EntryFacts) -> Standing:
    results = _to("home.my_results", _("查看成绩"))
    if facts.notice_ends is None or facts.notice_ends < facts.day:
        return Standing(CERTIFICATE, _("成绩已发布。获奖的，证书签发后会发消息通知您。"), action=results)
    words = _("成绩已发布，公示到 %(day)s，有异议请在此之前提出。获奖的，期满后签发证书并通知您。", day=show_date(facts.notice_ends))
    return Standing(CERTIFICATE, words, action=results)


def _put_off(facts: EntryFacts, step: int) -> Standing:
    return Standing(step, _("赛事已延期，报名继续有效。新的日期定下后会发消息通知您。"), action=_show(facts))


def _halted(facts: EntryFacts) -> Standing:
    if facts.condition == "postponed":
        return _put_off(facts, DRAW)
    words = _("赛事已中止，请留意组委会的公告。") if facts.condition == "stopped" else _("赛事已取消，不再举办。请留意组委会的公告。")
    return Standing(COMPETE if facts.has_begun else DRAW, words, stopped=True, action=_show(facts))


# How taking part can end before the result, the gravest last.
ENDED = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED")


def _ended(facts: EntryFacts) -> Standing | None:
    """Nothing is left to compete in: each event ended at the door or by a ruling; the gravest is said."""
    outcomes = [event.outcome for event in facts.events]
    if not outcomes or any(outcome not in ENDED for outcome in outcomes):
        return None
    gravest = max(outcomes, key=ENDED.index)
    return Standing(COMPETE, _ended_words(gravest), stopped=True, action=_to("notices.messages", _("看消息")))


def _ended_words(outcome: str) -> str:
    return {
        "ABSENT": _("检录记录是缺考，没有成绩。有异议请尽快向领队或检录裁判提出。"), "WITHDRAWN": _("已登记弃权，没有成绩。"),
        "DISQUALIFIED": _("已被取消资格，理由见消息。有异议请向监督仲裁提出。"),
        "RESULT_CANCELLED": _("成绩已被取消，理由见消息。有异议请向监督仲裁提出。"),
    }[outcome]


def _is_drawn(facts: EntryFacts) -> bool:
    return bool(facts.events) and all(event.batch for event in facts.events)


def _undrawn(facts: EntryFacts) -> Standing:
    if facts.is_reserve and not facts.events:
        return Standing(DRAW, _("资格审核已通过。您是替补队员，换上场时会发消息通知您。"), action=_show(facts))
    words = _("资格审核已通过。接下来抽签，批次和工位抽出后显示在这里；比赛 %(day)s 开始。", day=show_date(facts.starts_on))
    return Standing(DRAW, words, action=_show(facts))


def _competing(facts: EntryFacts) -> Standing:
    """Drawn, or on the way: the next event that nobody has checked the contestant in for."""
    left = [event for event in facts.events if not event.outcome]
    show = _to("registration.show", _("查看参赛安排"), entry_id=facts.id)
    if facts.events and not left:
        return Standing(COMPETE, _("您的项目都已检录。全部评分锁定、核对后发布成绩。"), action=show)
    if facts.is_reserve and not facts.events:
        return Standing(COMPETE, _("您是替补队员，没有上场的项目。"), action=show)
    coming = min(left, key=lambda event: (event.starts_at is None, event.starts_at or facts.at), default=None)
    if coming is None or coming.starts_at is None:
        return Standing(COMPETE, _("比赛 %(day)s 开始，请带参赛证和身份证件按时检录。", day=show_date(facts.starts_on)), action=show)
    words = _("%(event)s：请带参赛证和身份证件提前检录，开始时间：", event=coming.name)
    if coming.place:
        words = _("%(event)s：%(place)s。请带参赛证和身份证件提前检录，开始时间：", event=coming.name, place=coming.place)
    return Standing(COMPETE, words, coming.starts_at, action=show)
