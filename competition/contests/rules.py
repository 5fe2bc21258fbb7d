"""What follows from a contest's phase, condition and dates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from flask_babel import lazy_gettext as _

from competition.core.formats import joined, show_moment, together
from competition.scoring.model import Rulebook

KINDS = {
    "skills": _("技能竞赛"), "labour": _("劳动竞赛"), "drill": _("岗位练兵"), "ankang": _("安康杯竞赛"),
    "five_small": _("五小创新竞赛"), "knowledge": _("知识竞赛"), "match": _("技术比武"), "speech": _("演讲比赛"),
}
LEVELS = {
    "national": _("全国"), "province": _("省级"), "prefecture": _("市州级"), "county": _("县区级"), "employer": _("单位"),
}
CLASSES = {1: _("一类"), 2: _("二类")}
PHASES = {"draft": _("筹备中"), "announced": _("已公布"), "running": _("比赛中"), "finished": _("已结束")}
CONDITIONS = {"normal": _("正常"), "postponed": _("已延期"), "stopped": _("已中止"), "cancelled": _("已取消")}
BODY_ROLES = {"guide": _("指导单位"), "organiser": _("主办单位"), "host": _("承办单位"), "co_host": _("协办单位")}
EVENT_KINDS = {"theory": _("理论"), "practical": _("实操")}
ENTRANT_KINDS = {"person": _("个人"), "team": _("团体")}
REVIEW_LEVELS = {"grassroots": _("基层工会"), "county": _("县区总工会"), "prefecture": _("市州总工会"), "province": _("省总工会")}
CHANGES = {
    "announce": _("公布赛事"), "start": _("开始比赛"), "finish": _("结束比赛"), "postpone": _("延期举办"), "stop": _("中止赛事"),
    "cancel": _("取消赛事"), "resume": _("恢复赛事"), "rulebook": _("修改评分规则"),
}


class Course(Protocol):
    """What of a contest decides whether it takes registrations."""

    @property
    def phase(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def registration_opens_at(self) -> datetime | None: ...
    @property
    def registration_closes_at(self) -> datetime | None: ...


# Working days of public notice before certificates are issued, where an organizer sets no other.
PUBLIC_NOTICE_DAYS, PUBLIC_NOTICE_MOST = 5, 30


@dataclass(frozen=True)
class State:
    """Whether registration is open, and why (not).

    ``code``: not_announced, postponed, stopped, cancelled, finished, running, no_dates, upcoming,
    open, closed. ``sentence`` is for people.
    """

    is_open: bool
    code: str
    sentence: str

    @property
    def badge(self) -> str:
        """The state's code in the badge macro, kind ``registration``."""
        return {"open": "open", "upcoming": "upcoming", "no_dates": "upcoming", "postponed": "paused",
                "not_announced": "upcoming", "stopped": "paused", "cancelled": "none"}.get(self.code, "closed")


def registration_state(contest: Course, at: datetime) -> State:
    """Whether registration is open at ``at``. Whether places are left is the registration's own question."""
    for code, holds, sentence in _closed_by_course(contest):
        if holds:
            return State(False, code, str(sentence))
    opens, closes, zone = contest.registration_opens_at, contest.registration_closes_at, contest.zone
    if opens is None:
        return State(False, "no_dates", str(_("报名时间尚未公布，请留意通知。")))
    if at < opens:
        return State(False, "upcoming", str(_("报名尚未开始，%(at)s 开始。", at=show_moment(opens, zone))))
    if closes is None:
        return State(True, "open", str(_("正在报名，截止时间另行通知。")))
    if at < closes:
        return State(True, "open", str(_("正在报名，%(at)s 截止。", at=show_moment(closes, zone))))
    return State(False, "closed", str(_("报名已于 %(at)s 截止。", at=show_moment(closes, zone))))


def _closed_by_course(contest: Course) -> Sequence[tuple[str, bool, Any]]:
    return (
        ("cancelled", contest.condition == "cancelled", _("赛事已取消，不再接受报名。")),
        ("stopped", contest.condition == "stopped", _("赛事已中止，暂不接受报名。")),
        ("not_announced", contest.phase == "draft", _("赛事尚未公布，还不能报名。")),
        ("finished", contest.phase == "finished", _("赛事已结束，不再接受报名。")),
        ("postponed", contest.condition == "postponed", _("赛事已延期，报名暂停，恢复后另行通知。")),
        ("running", contest.phase == "running", _("比赛已经开始，不再接受报名。")),
    )


@dataclass(frozen=True)
class Move:
    """A step in a contest's course: from where it is allowed, and what becomes of the contest."""

    phases: frozenset[str]
    conditions: frozenset[str]
    phase: str | None = None
    condition: str | None = None


NORMAL = frozenset({"normal"})
MOVES: Mapping[str, Move] = {
    "announce": Move(frozenset({"draft"}), NORMAL, phase="announced"),
    "start": Move(frozenset({"announced"}), NORMAL, phase="running"),
    "finish": Move(frozenset({"running"}), NORMAL, phase="finished"),
    "postpone": Move(frozenset({"announced", "running"}), NORMAL, condition="postponed"),
    "stop": Move(frozenset({"announced", "running"}), frozenset({"normal", "postponed"}), condition="stopped"),
    "cancel": Move(frozenset({"draft", "announced", "running"}), frozenset({"normal", "postponed", "stopped"}),
                   condition="cancelled"),
    "resume": Move(frozenset({"announced", "running"}), frozenset({"postponed", "stopped"}), condition="normal"),
}


def can_move(contest: Course, change: str) -> bool:
    """Whether this step is allowed from where the contest stands."""
    move = MOVES[change]
    return contest.phase in move.phases and contest.condition in move.conditions


def needs_second(contest: Course, change: str) -> bool:
    """Whether a second person has to approve this step: what cannot be taken back, once the public knows of the contest."""
    return change == "cancel" and contest.phase != "draft"


def state_words(contest: Course) -> str:
    """Phase and, when it is not the normal one, condition."""
    words = [PHASES[contest.phase], *([CONDITIONS[contest.condition]] if contest.condition != "normal" else [])]
    return joined(words)


def possible_moves(contest: Course) -> list[str]:
    """The steps that are allowed now, the ordinary one first."""
    return [change for change in MOVES if can_move(contest, change)]


def date_faults(
    starts_on: date, ends_on: date, opens_at: datetime | None, closes_at: datetime | None
) -> list[tuple[str, str]]:
    """(field, sentence) for each contradiction among the dates."""
    faults = []
    if ends_on < starts_on:
        faults.append(("ends_on", str(_("结束日期早于开始日期，请核对。"))))
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        faults.append(("registration_closes_at", str(_("报名截止时间应晚于开始时间。"))))
    if closes_at is not None and opens_at is None:
        faults.append(("registration_opens_at", str(_("写了报名截止时间，还要写报名开始时间。"))))
    if opens_at is not None and opens_at.date() > ends_on:
        faults.append(("registration_opens_at", str(_("报名开始时间晚于赛事结束日期，请核对。"))))
    return faults


class Lack(NamedTuple):
    """What a contest usually has before it is announced, and the page on which it is put right. ``forbids``: without it a
    contest is not announced; all else is advisable, and said before."""

    endpoint: str
    sentence: str
    forbids: bool = False


def lacking(
    contest: Course, *, kind: str, has_organiser: bool, has_events: bool, has_rulebook: bool, has_notice: bool,
    unfit: Sequence[str] = (),
) -> list[Lack]:
    """What is missing, in the order of the pages. ``unfit``: how the rulebook and the events differ."""
    checks = (
        (has_organiser, Lack("contests.bodies", _("还没有写主办单位。"))),
        (contest.registration_opens_at is not None,
         Lack("contests.edit", _("还没有写报名时间，公布后页面会显示“报名时间尚未公布”。"))),
        (kind != "skills" or has_events, Lack("contests.events", _("还没有项目，选手无法选择参赛项目。"), forbids=True)),
        (not has_events or has_rulebook, Lack("contests.rulebook", _("还没有评分规则，开始比赛前必须设置。"))),
        (not unfit, Lack("contests.rulebook", together(_("评分规则和本赛事的项目不一致。"), *unfit), forbids=True)),
        (has_notice, Lack("contests.notices", _("还没有发布竞赛通知。"))),
    )
    return [lack._replace(sentence=str(lack.sentence)) for there, lack in checks if not there]


def mixed_totals(rulebook: Rulebook, kinds: Mapping[str, str]) -> list[str]:
    """The names of totals over events of persons and of teams, and of sums over members of what teams did.

    ``kinds`` says by an event's key who enters it; events that the contest does not have count as neither.
    """
    found: dict[str, set[str]] = {event.key: {kinds[event.key]} if event.key in kinds else set() for event in rulebook.events}
    for total in rulebook.totals:
        found[total.key] = set().union(*(found[part.of] for part in total.parts))
    mixed = [total.name.zh for total in rulebook.totals if len(found[total.key]) > 1]
    return mixed + [team.name.zh for team in rulebook.teams if "team" in set().union(*(found[key] for key in team.below))]
