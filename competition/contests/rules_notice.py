"""The first words of a contest's notice, made from what is known of the contest: an official text, in Chinese. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from competition.contests import rules
from competition.contests.rules_words import minutes
from competition.core.formats import show_date, show_moment


class NoticeEvent(Protocol):
    """An event as a notice names it."""

    @property
    def name_zh(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def entrant_kind(self) -> str: ...
    @property
    def time_limit_s(self) -> int | None: ...


class NoticeBody(Protocol):
    """A body as a notice names it."""

    @property
    def org_role(self) -> str: ...
    @property
    def name(self) -> str: ...


class NoticeFacts(Protocol):
    """What a notice says of a contest."""

    name_zh: str
    zone: str
    venue: str
    quota: int | None
    starts_on: date
    ends_on: date
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None


def title_of(contest: NoticeFacts) -> str:
    """关于举办……的通知."""
    return f"关于举办{contest.name_zh}的通知"


def body_of(contest: NoticeFacts, bodies: Sequence[NoticeBody], events: Iterable[NoticeEvent], trade: str, summary: str) -> str:
    """Numbered parts in the order of official notices; what is not known yet is left out."""
    parts = [
        ("竞赛名称", [contest.name_zh]),
        ("组织单位", [f"{label}：{'、'.join(names)}" for role, label in rules.BODY_ROLES.items()
                     if (names := [body.name for body in bodies if body.org_role == role])]),
        ("时间和地点", _when_and_where(contest)),
        ("比赛项目", [_event_words(event) for event in events]),
        ("参赛范围", [words for words in (f"工种：{trade}。" if trade else "", _quota(contest.quota)) if words]),
        ("报名办法", [*_registration(contest), "使用本系统报名，填写后由所属工会逐级审核，审核结果在“我的报名”中查看。"]),
    ]
    filled = [(title, lines) for title, lines in parts if lines]
    numbered = [f"{NUMERALS[number]}、{title}\n" + "\n".join(lines) for number, (title, lines) in enumerate(filled)]
    return "\n\n".join(([summary.strip()] if summary.strip() else []) + numbered)


NUMERALS = "一二三四五六七八九十"


def _when_and_where(contest: NoticeFacts) -> list[str]:
    days = show_date(contest.starts_on)
    if contest.ends_on != contest.starts_on:
        days = f"{days}至{show_date(contest.ends_on)}"
    return [f"时间：{days}。", *([f"地点：{contest.venue}。"] if contest.venue else [])]


def _event_words(event: NoticeEvent) -> str:
    words = f"{event.name_zh}（{rules.EVENT_KINDS[event.kind]}，{rules.ENTRANT_KINDS[event.entrant_kind]}"
    return words + (f"，时限 {minutes(event.time_limit_s)}" if event.time_limit_s else "") + "）"


def _quota(quota: int | None) -> str:
    return f"名额：{quota} 名，额满后报名的进入候补。" if quota else ""


def _registration(contest: NoticeFacts) -> list[str]:
    if contest.registration_opens_at is None:
        return []
    opens = show_moment(contest.registration_opens_at, contest.zone)
    if contest.registration_closes_at is None:
        return [f"报名时间：{opens} 起，截止时间另行通知。"]
    return [f"报名时间：{opens} 至 {show_moment(contest.registration_closes_at, contest.zone)}。"]
