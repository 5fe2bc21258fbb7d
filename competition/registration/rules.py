"""Decisions about entries, each with its reasons. Pure: facts in, reasons out."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext

from competition.contests.rules import State
from competition.core.formats import joined, show_date
from competition.organisations.rules import SKILL_LEVELS, WORKER_GROUPS

STATES = {
    "draft": lazy_gettext("草稿"), "submitted": lazy_gettext("待审核"), "reviewing": lazy_gettext("审核中"),
    "returned": lazy_gettext("退回修改"), "approved": lazy_gettext("已通过"), "rejected": lazy_gettext("未通过"),
    "waiting": lazy_gettext("候补"), "withdrawn": lazy_gettext("已撤回"),
}
DECISIONS = {"approve": lazy_gettext("通过"), "return": lazy_pgettext("act", "退回修改"), "reject": lazy_gettext("不通过")}
TEAM_ROLES = {"member": lazy_gettext("正式队员"), "reserve": lazy_gettext("替补队员")}
# What was done to an entry, as its own page tells it.
ACTS = {
    "registration.begin": lazy_gettext("开始填写"), "registration.stage": lazy_gettext("由名单导入"),
    "registration.submit": lazy_gettext("提交报名"), "registration.submit_entry": lazy_gettext("提交报名"),
    "registration.change": lazy_gettext("修改后重新提交"),
    "registration.wait": lazy_gettext("进入候补"), "registration.move_up": lazy_gettext("递补，进入审核"),
    "registration.attach": lazy_gettext("上传照片或报名表"), "registration.approve": lazy_gettext("审核通过"),
    "registration.return": lazy_gettext("退回修改"), "registration.reject": lazy_gettext("审核不通过"),
    "registration.withdraw": lazy_gettext("撤回报名"), "registration.put_in_team": lazy_gettext("调整代表队"),
    "entry.take_over": lazy_gettext("归入本人账号"),
}
SEXES = {"male": lazy_gettext("男"), "female": lazy_gettext("女")}

# An entry in one of these states has a place; a waiting one has a place in the line.
HOLDING = frozenset({"submitted", "reviewing", "returned", "approved"})
ALIVE = HOLDING | {"draft", "waiting"}
UNDER_REVIEW = frozenset({"submitted", "reviewing"})
# Handed in, and nobody has asked for a change: what is changed now starts the review anew.
SETTLED = UNDER_REVIEW | {"approved"}


@dataclass(frozen=True)
class Reason:
    """Why not: ``code`` for programs, ``sentence`` for people, ``field`` of the form it belongs to."""

    code: str
    sentence: str
    field: str | None = None


# ---- who may enter ---------------------------------------------------------------------------


class Limits(Protocol):
    """What an organizer may have asked of those who enter; None or empty asks nothing."""

    age_least: int | None
    age_most: int | None
    age_on: date | None
    skill_at_least: int | None
    worker_groups: list[str]
    events_most: int | None
    needs_photo: bool
    needs_team: bool


@dataclass(frozen=True)
class Applicant:
    """What eligibility looks at."""

    birth_on: date | None
    skill_level: int | None
    worker_group: str
    events: int
    has_photo: bool = False
    has_team: bool = False


def age(born: date, day: date) -> int:
    """Whole years on a day; who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def eligibility(limits: Limits | None, who: Applicant, first_day: date) -> list[Reason]:
    """Every reason why this person may not enter; an empty list means: may."""
    if limits is None:
        return []
    return [
        *_age_reasons(limits, who, limits.age_on or first_day), *_skill_reasons(limits, who),
        *_group_reasons(limits, who), *_form_reasons(limits, who),
    ]


def _age_reasons(limits: Limits, who: Applicant, day: date) -> list[Reason]:
    if limits.age_least is None and limits.age_most is None:
        return []
    if who.birth_on is None:
        return [Reason("birth_unknown", _("本赛事有年龄要求，请填写出生日期。"), "birth_on")]
    years, shown = age(who.birth_on, day), show_date(day)
    if limits.age_least is not None and years < limits.age_least:
        return [Reason("too_young", _("本赛事要求 %(day)s 年满 %(n)s 周岁，按证件届时为 %(age)s 周岁。",
                                      day=shown, n=limits.age_least, age=years), "birth_on")]
    if limits.age_most is not None and years > limits.age_most:
        return [Reason("too_old", _("本赛事要求 %(day)s 不超过 %(n)s 周岁，按证件届时为 %(age)s 周岁。",
                                    day=shown, n=limits.age_most, age=years), "birth_on")]
    return []


def _skill_reasons(limits: Limits, who: Applicant) -> list[Reason]:
    if limits.skill_at_least is None or (who.skill_level is not None and who.skill_level <= limits.skill_at_least):
        return []
    held = _("没有等级或不清楚") if who.skill_level is None else SKILL_LEVELS[who.skill_level]
    return [Reason("skill_too_low", _("本赛事要求技能等级不低于“%(least)s”，填写的是“%(held)s”。请核对等级，或咨询组委会办公室。",
                                      least=SKILL_LEVELS[limits.skill_at_least], held=held), "skill_level")]


def _group_reasons(limits: Limits, who: Applicant) -> list[Reason]:
    if not limits.worker_groups or who.worker_group in limits.worker_groups:
        return []
    named = joined(WORKER_GROUPS.get(key, key) for key in limits.worker_groups)
    return [Reason("other_group", _("本赛事面向下列群体：%(groups)s。请核对所属群体，或咨询组委会办公室。", groups=named), "worker_group")]


def _form_reasons(limits: Limits, who: Applicant) -> list[Reason]:
    found = []
    if limits.events_most is not None and who.events > limits.events_most:
        found.append(Reason("too_many_events", _("每人最多报 %(n)s 个项目，现在选了 %(m)s 个。", n=limits.events_most, m=who.events),
                            "events"))
    if limits.needs_photo and not who.has_photo:
        found.append(Reason("no_photo", _("本赛事要求上传照片。"), "photo"))
    if limits.needs_team and not who.has_team:
        found.append(Reason("no_team", _("本赛事以代表队参赛，请选择代表队；没有可选的代表队，请联系领队或组委会办公室。"), "team_id"))
    return found


# ---- review ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """A union as the route sees it."""

    id: uuid.UUID
    level: str


def review_route(lineage: Sequence[Node], host: Node, levels: Collection[str]) -> list[uuid.UUID]:
    """Who decides, one after the other: the unions above the entry (nearest first, the own one included)
    at the contest's levels, up to the host. Without any such union the host decides alone."""
    below = []
    for node in lineage:
        if node.id == host.id:
            break
        if node.level in levels:
            below.append(node.id)
    return [*below, host.id] if host.level in levels or not below else below


def step_after(route: Sequence[uuid.UUID], current: uuid.UUID | None) -> uuid.UUID | None:
    """Who decides after ``current``; None after the last. A node that left the route sends to the last step."""
    if current is None:
        return route[0]
    if current not in route:
        return route[-1]
    place = list(route).index(current) + 1
    return route[place] if place < len(route) else None


def is_last(route: Sequence[uuid.UUID], current: uuid.UUID | None) -> bool:
    """Is this the deciding step?"""
    return not route or current == route[-1]


def withdraw_refusal(state: str, phase: str) -> Reason | None:
    """Why an entry can no longer be withdrawn; None when it can."""
    if state not in ALIVE:
        return Reason("not_alive", _("这份报名已经是“%(state)s”，不用再撤回。", state=STATES[state]))
    if phase in ("running", "finished"):
        return Reason("contest_runs", _("比赛已经开始，不能再撤回报名。不能参赛请告知领队或组委会办公室，由组委会办公室登记弃权。"))
    return None


def change_refusal(state: str, registration: State, *, drawn: bool) -> Reason | None:
    """Why whoever made an entry can no longer change it; None when it can be changed.

    While registration is open everybody may, up to the draw; what a clerk has sent back may be corrected after the
    closing date too, until the contest begins.
    """
    if state not in ALIVE:
        return Reason("not_editable", _("这份报名现在是“%(state)s”，不能修改。", state=STATES[state]))
    if not registration.is_open and not (state == "returned" and registration.code == "closed"):
        words = _("报名已经停止，提交过的报名不能自己修改。写错了，请联系审核的工会退回修改；审核已通过的，可以申请更正。")
        return Reason(f"registration_{registration.code}", words if state in SETTLED else registration.sentence)
    if drawn:
        return Reason("drawn", _("已经抽签，不能再修改报名。有错请联系组委会办公室。"))
    return None


def change_notice(state: str) -> str | None:
    """What handing in a change of an entry means that is in review or approved; None while nothing is given up by it."""
    words = None
    if state == "approved":
        words = _("这份报名已通过审核。修改提交以后要重新审核，参赛编号不变；提交以前，原来的报名仍然有效。")
    elif state in UNDER_REVIEW:
        words = _("这份报名正在审核。修改提交以后从头审核，名额为您保留；提交以前，审核的工会看到的还是原来的内容。")
    return str(words) if words else None


def size_words(least: int | None, most: int | None) -> str:
    """How many members a team must have; empty when nothing is asked."""
    if least and most:
        said = _("%(n)s 人", n=least) if least == most else _("%(least)s 至 %(most)s 人", least=least, most=most)
    elif least:
        said = _("至少 %(n)s 人", n=least)
    else:
        said = _("最多 %(n)s 人", n=most) if most else ""
    return str(said)


def is_planning(phase: str, condition: str) -> bool:
    """May teams and who is in them still be changed: until the contest begins."""
    return phase not in ("running", "finished") and condition not in ("stopped", "cancelled")


def review_refusal(state: str, decision: str, reason: str) -> Reason | None:
    """Why this decision cannot be taken; None when it can."""
    if decision not in DECISIONS:
        return Reason("unknown_decision", _("请选择通过、退回修改或不通过。"), "decision")
    if state not in UNDER_REVIEW:
        return Reason("not_under_review", _("这份报名现在是“%(state)s”，不在待审核状态，可能刚被他人处理。", state=STATES[state]))
    if decision != "approve" and not reason.strip():
        return Reason("reason_required", _("请写明理由，报名人会看到。"), "reason")
    return None


# ---- what happens next -----------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """Where an entry stands on the line of steps, what happens next and when; ``stopped``: it ends there."""

    step: int
    sentence: str
    at: datetime | None = None
    stopped: bool = False
