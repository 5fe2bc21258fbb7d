"""Until when each step of a contest is in time, by the contest's own dates, and the rule in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from competition.core.formats import in_zone, show_date, show_moment
from competition.core.words import say as _
from competition.home.rules_facts import CourseFacts

DAY = timedelta(days=1)
# Days after the end of registration, after the contest's last day, after the public notice, after the contest's last day.
REVIEW_DAYS, RESULT_DAYS, CERTIFICATE_DAYS, COUNT_DAYS = 3, 3, 10, 2
SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """``last``: the last day in time (None: there is none); ``rule``: why, for the page."""

    last: date | None
    rule: str

    def late_since(self, today: date) -> date | None:
        """The first day that is late, if it has come."""
        return self.last + DAY if self.last is not None and today > self.last else None


def add_working_days(day: date, count: int) -> date:
    """The last of ``count`` working days after ``day``. Saturdays and Sundays are none; public holidays are not known here."""
    while count > 0:
        day += DAY
        count -= day.weekday() < SATURDAY
    return day


def public_notice_ends(facts: CourseFacts) -> date | None:
    """The last day of public notice of the rankings published by now; None before the first one."""
    published = [scope.published_at for scope in facts.scopes if scope.published_at]
    return add_working_days(facts.day_of(max(published)), facts.public_notice_days) if published else None


def deadlines(facts: CourseFacts) -> Mapping[str, Deadline]:
    """The deadline of each step, by its key."""
    result = facts.ends_on + RESULT_DAYS * DAY
    words = _("比赛结束后 %(n)s 天内办完，最迟 %(day)s。", n=RESULT_DAYS, day=show_date(result))
    return {
        "notice": _notice(facts), "register": _register(facts), "review": _review(facts),
        "draw": Deadline(None, _("最迟在各项目比赛的前一天抽完。")),
        "check_in": Deadline(None, _("各项目在比赛当天检录完。")),
        "judge": Deadline(facts.ends_on, _("裁判组在各项目比赛前设好；最后一天（%(day)s）锁定全部评分。", day=show_date(facts.ends_on))),
        "sums": Deadline(result, words), "open": Deadline(result, words), "publish": Deadline(result, words),
        "certificates": _certificates(facts), "count": _count(facts),
    }


def _notice(facts: CourseFacts) -> Deadline:
    opens = facts.registration_opens_at
    if opens is None:
        return Deadline(facts.starts_on - DAY, _("比赛开始（%(day)s）前公布并发布通知。", day=show_date(facts.starts_on)))
    # On the very day it is late from the hour on: until then the day itself is in time.
    last = facts.day_of(opens) - (DAY if facts.at >= opens else timedelta(0))
    return Deadline(last, _("报名开始（%(at)s）前公布并发布通知。", at=show_moment(opens, facts.zone)))


def _register(facts: CourseFacts) -> Deadline:
    closes = facts.registration_closes_at
    if closes is None:
        return Deadline(facts.starts_on - DAY, _("报名截止时间另行通知。"))
    return Deadline(facts.day_of(closes), _("报名 %(at)s 截止，领队在此之前定下。", at=show_moment(closes, facts.zone)))


class Dated(Protocol):
    """What of a contest sets the deadline of the review."""

    @property
    def zone(self) -> str: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def registration_closes_at(self) -> datetime | None: ...


def review_last(contest: Dated, sent_at: datetime | None = None) -> date:
    """The last day on which entries are decided in time; of one that was sent later, the very day of its sending."""
    closes, eve = contest.registration_closes_at, contest.starts_on - DAY
    last = eve if closes is None else min(eve, in_zone(closes, contest.zone).date() + REVIEW_DAYS * DAY)
    return last if sent_at is None else max(last, in_zone(sent_at, contest.zone).date())


def _review(facts: CourseFacts) -> Deadline:
    last = review_last(facts)
    return Deadline(last, _("报名截止后 %(n)s 天内、比赛开始前审完，最迟 %(day)s。", n=REVIEW_DAYS, day=show_date(last)))


def _certificates(facts: CourseFacts) -> Deadline:
    ends = public_notice_ends(facts)
    if not facts.public_notice_days:
        return Deadline(ends + CERTIFICATE_DAYS * DAY if ends else None, _("成绩不公示，发布后 %(days)s 天内签发。", days=CERTIFICATE_DAYS))
    rule = _("成绩公示 %(n)s 个工作日（不计周六、周日，遇法定节假日请自行顺延），期满后 %(days)s 天内签发。",
             n=facts.public_notice_days, days=CERTIFICATE_DAYS)
    return Deadline(ends + CERTIFICATE_DAYS * DAY if ends else None, rule)


def _count(facts: CourseFacts) -> Deadline:
    return Deadline(facts.ends_on + COUNT_DAYS * DAY,
                    _("每夜自动汇总，比赛结束后 %(n)s 天内应能看到；成绩全部发布后办理“结束比赛”。", n=COUNT_DAYS))
