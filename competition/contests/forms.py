"""The forms of contests, events, courses and rulebooks."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange

from competition.contests import rules
from competition.contests.models import Contest, Event, Round
from competition.core.formats import in_zone
from competition.core.forms import BaseForm, BoxesField, DayField, at_most, chosen, one_line, optional, reads_as, required, strip
from competition.core.numbers import WholeField
from competition.organisations.rules import INDUSTRIES


class MomentField(DateTimeLocalField):
    """An instant on the contest's clock; the form gives and takes UTC with :meth:`instant` and ``show``."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("请填日期和时间，例如 2026-11-22 09:00。")) from error

    def show(self, at: datetime | None, zone: str) -> None:
        """Show an instant on the clock of ``zone``."""
        self.data = in_zone(at, zone).replace(tzinfo=None) if at else None

    def instant(self, zone: str) -> datetime | None:
        """What was typed, as an aware instant."""
        return self.data.replace(tzinfo=ZoneInfo(zone)) if self.data else None


def from_one(most: int = 100_000) -> NumberRange:
    """A positive number."""
    return NumberRange(1, most, _("请填 1 至 %(n)s 之间的整数。", n=most))


def given() -> InputRequired:
    """Something must be typed; what cannot be read keeps its own sentence."""
    return chosen(_("请填写这一项。"))


def _choices(words: dict[Any, Any], empty: Any = None) -> list[SelectChoice]:
    return choices_of(words.items(), empty)


def choices_of(pairs: Iterable[tuple[Any, Any]], empty: Any = None) -> list[SelectChoice]:
    """Options of a select from (value, words), after one for no choice when it is named."""
    first = [SelectChoice("", empty)] if empty else []
    return first + [SelectChoice(str(value), word) for value, word in pairs]


def as_id(text: str | None) -> uuid.UUID | None:
    """A chosen key, or None for no choice."""
    return uuid.UUID(text) if text else None


class SeriesForm(BaseForm):
    """An umbrella over contests."""

    name_zh = StringField(_("大赛名称"), [required(), at_most(80)], filters=[one_line])
    code = StringField(_("代号"), [required(), at_most(12)], filters=[one_line])
    host_union_id = SelectField(_("主管工会"), [required(_("请选择主管工会。"))])
    name_en = StringField(_("英文名称"), [optional(), at_most(160)], filters=[one_line])
    name_bo = StringField(_("藏文名称"), [optional(), at_most(160)], filters=[one_line])

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {"name_zh": self.name_zh.data, "code": self.code.data, "host_union_id": as_id(self.host_union_id.data),
                "name_en": self.name_en.data or None, "name_bo": self.name_bo.data or None}


class ContestForm(BaseForm):
    """What is said of a contest; ``code`` only when it is new."""

    version = HiddenField()
    name_zh = StringField(_("赛事名称"), [required(), at_most(80)], filters=[one_line])
    code = StringField(_("代号"), [required(), at_most(12)], filters=[one_line])
    series_id = SelectField(_("所属大赛"), [optional()])
    host_union_id = SelectField(_("主管工会"), [required(_("请选择主管工会。"))])
    kind = SelectField(_("竞赛类型"), choices=_choices(rules.KINDS), default="skills")
    level = SelectField(_("级别"), choices=_choices(rules.LEVELS), default="province")
    contest_class = SelectField(_("类别"), [optional()], choices=_choices(rules.CLASSES, _("不分类")))
    is_flagship = BooleanField(_("列入引领性竞赛"))
    trade = StringField(_("工种"), [optional(), at_most(40)], filters=[one_line])
    industry = SelectField(_("行业"), choices=_choices(INDUSTRIES), default="unknown")
    region_code = SelectField(_("举办地区"), [optional()])
    venue = StringField(_("比赛地点"), [optional(), at_most(120)], filters=[one_line])
    summary = TextAreaField(_("简介"), [optional(), at_most(2000)], filters=[strip])
    starts_on = DayField(_("比赛开始日期"), [given()])
    ends_on = DayField(_("比赛结束日期"), [given()])
    registration_opens_at = MomentField(_("报名开始"), [optional()])
    registration_closes_at = MomentField(_("报名截止"), [optional()])
    quota = WholeField(_("总名额"), [optional(), from_one()])
    public_notice_days = WholeField(_("成绩公示"), [optional(), NumberRange(
        0, rules.PUBLIC_NOTICE_MOST, _("请填 0 至 %(n)s 之间的整数。", n=rules.PUBLIC_NOTICE_MOST))], default=rules.PUBLIC_NOTICE_DAYS)
    review_levels = BoxesField(_("资格审核由哪几级工会办理"), choices=_choices(rules.REVIEW_LEVELS))
    name_en = StringField(_("英文名称"), [optional(), at_most(160)], filters=[one_line])
    name_bo = StringField(_("藏文名称"), [optional(), at_most(160)], filters=[one_line])

    PLAIN = ("name_zh", "kind", "level", "is_flagship", "industry", "starts_on", "ends_on", "quota")
    TEXTS = ("trade", "venue", "summary")

    def offer(self, *, unions: Iterable[tuple[str, str]], series: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]) -> None:
        """What can be chosen."""
        self.host_union_id.choices = choices_of(unions)
        self.series_id.choices = choices_of(series, _("不属于大赛"))
        self.region_code.choices = choices_of(regions, _("未定"))

    def show(self, contest: Contest) -> None:
        """Fill in what is there."""
        for name in (*self.PLAIN, *self.TEXTS, "code", "version", "name_en", "name_bo", "review_levels", "public_notice_days"):
            self[name].data = getattr(contest, name)
        for name in ("series_id", "host_union_id", "region_code", "contest_class"):
            value = getattr(contest, name)
            self[name].data = str(value) if value else ""
        self.registration_opens_at.show(contest.registration_opens_at, contest.zone)
        self.registration_closes_at.show(contest.registration_closes_at, contest.zone)

    def values(self, zone: str) -> dict[str, Any]:
        """What the service takes, without the code."""
        return {
            **{name: self[name].data for name in self.PLAIN}, **{name: self[name].data or "" for name in self.TEXTS},
            "name_en": self.name_en.data or None, "name_bo": self.name_bo.data or None,
            "series_id": as_id(self.series_id.data), "host_union_id": as_id(self.host_union_id.data),
            "region_code": self.region_code.data or None,
            "contest_class": int(self.contest_class.data) if self.contest_class.data else None,
            "review_levels": [level for level in rules.REVIEW_LEVELS if level in (self.review_levels.data or [])],
            "public_notice_days": rules.PUBLIC_NOTICE_DAYS if self.public_notice_days.data is None else self.public_notice_days.data,
            "registration_opens_at": self.registration_opens_at.instant(zone),
            "registration_closes_at": self.registration_closes_at.instant(zone),
        }


class BodiesForm(BaseForm):
    """Who stands on the notice: one name per line, by role."""

    version = HiddenField()
    organiser = TextAreaField(_("主办单位"), [required(_("至少写一个主办单位。")), at_most(1000)], filters=[strip])
    host = TextAreaField(_("承办单位"), [optional(), at_most(1000)], filters=[strip])
    co_host = TextAreaField(_("协办单位"), [optional(), at_most(1000)], filters=[strip])
    guide = TextAreaField(_("指导单位"), [optional(), at_most(1000)], filters=[strip])

    def show(self, contest: Contest) -> None:
        """Fill in what is there."""
        self.version.data = str(contest.version)
        for role in rules.BODY_ROLES:
            self[role].data = "\n".join(body.name for body in contest.bodies if body.org_role == role)

    def values(self) -> list[tuple[str, str]]:
        """(role, name) in the order of a notice: guiding bodies first."""
        return [(role, line.strip()) for role in rules.BODY_ROLES for line in (self[role].data or "").splitlines() if line.strip()]


def _minutes(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    try:
        whole, _colon, rest = text.partition(":")
        seconds = int(whole) * 60 + int(rest or 0)
    except ValueError as error:
        raise ValueError(str(_("请填分钟数，例如 40；有秒时写成 40:30。"))) from error
    if not 0 < seconds <= 86_400:
        raise ValueError(str(_("时限应在 1 秒至 24 小时之间。")))
    return seconds


def _key(text: str) -> None:
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text, re.ASCII) is None:
        raise ValueError(str(_("标识以小写字母开头，只含小写字母、数字、“_”和“-”。")))


class EventForm(BaseForm):
    """An event. ``key`` and ``kind`` are settled when it is added."""

    key = StringField(_("项目标识"), [required(), at_most(40), reads_as(_key)], filters=[one_line])
    name_zh = StringField(_("项目名称"), [required(), at_most(60)], filters=[one_line])
    name_en = StringField(_("英文名称"), [optional(), at_most(120)], filters=[one_line])
    name_bo = StringField(_("藏文名称"), [optional(), at_most(120)], filters=[one_line])
    kind = SelectField(_("性质"), choices=_choices(rules.EVENT_KINDS))
    entrant_kind = SelectField(_("参赛方式"), choices=_choices(rules.ENTRANT_KINDS))
    is_compulsory = BooleanField(_("必须参加（报名本赛事的选手都要参加这一项）"))
    quota = WholeField(_("名额"), [optional(), from_one()])
    quota_per_delegation = WholeField(_("每个代表团名额"), [optional(), from_one()])
    time_limit = StringField(_("时限"), [optional(), reads_as(_minutes)], filters=[one_line])
    starts_at = MomentField(_("开始时间"), [optional()])
    ends_at = MomentField(_("结束时间"), [optional()])
    stations = WholeField(_("工位数"), [given(), from_one(500)], default=8)
    batch_size = WholeField(_("每批人数"), [given(), from_one(500)], default=8)
    position = WholeField(_("排在第几项"), [optional(), from_one(99)])

    def show(self, event: Event, zone: str) -> None:
        """Fill in what is there."""
        for name in ("key", "kind", "name_zh", "name_en", "name_bo", "entrant_kind", "is_compulsory", "quota",
                     "quota_per_delegation", "position"):
            self[name].data = getattr(event, name)
        if event.time_limit_s:
            whole, rest = divmod(event.time_limit_s, 60)
            self.time_limit.data = f"{whole}:{rest:02d}" if rest else str(whole)
        self.starts_at.show(event.starts_at, zone)
        self.ends_at.show(event.ends_at, zone)

    def show_round(self, found: Round) -> None:
        """Fill in how the event's round is run."""
        self.stations.data, self.batch_size.data = found.stations, found.batch_size

    def values(self, zone: str) -> dict[str, Any]:
        """What the service takes beside key and kind."""
        plain = ("name_zh", "entrant_kind", "is_compulsory", "quota", "quota_per_delegation", "stations", "batch_size")
        return {
            **{name: self[name].data for name in plain}, "name_en": self.name_en.data or None, "name_bo": self.name_bo.data or None,
            "time_limit_s": _minutes(self.time_limit.data or ""),
            "starts_at": self.starts_at.instant(zone), "ends_at": self.ends_at.instant(zone),
        }


class CourseForm(BaseForm):
    """A step of the course with its reason."""

    reason = TextAreaField(_("理由"), [at_most(500)], filters=[strip])


class AnnounceForm(CourseForm):
    """Announcing, with a box to tick while something advisable is missing. ``seen``: the endpoints of what the page listed."""

    despite = BooleanField(_("以上内容以后再补充，仍然公布"))
    listed = HiddenField()

    @property
    def seen(self) -> list[str]:
        """What was listed, once the box is ticked."""
        return (self.listed.data or "").split() if self.despite.data else []


class ReasonForm(CourseForm):
    """A step that needs its reason."""

    reason = TextAreaField(_("理由"), [required(_("请写明理由，它会公布在赛事页面上。")), at_most(500)], filters=[strip])


class DaysForm(ReasonForm):
    """The same with new days."""

    starts_on = DayField(_("新的比赛开始日期"), [optional()])
    ends_on = DayField(_("新的比赛结束日期"), [optional()])
    registration_closes_at = MomentField(_("新的报名截止时间"), [optional()])
