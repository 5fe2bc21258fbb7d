"""Forms of activities. Fields that depend on the kind (measures) or the sheet (points) are made for each."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from competition.activities import rules, rules_stages
from competition.activities.models import Achievement, Assessment, Declaration, StageReport
from competition.activities.service import Declared, Result
from competition.contests.forms import from_one, given
from competition.contests.rules import KINDS, LEVELS
from competition.core.characters import int_or
from competition.core.forms import BaseForm, DayField, at_most, choices, chosen, half_width, one_line, optional, required, strip
from competition.core.money import MoneyField
from competition.core.numbers import WholeField
from competition.organisations.models import Union
from competition.organisations.rules import INDUSTRIES

MOST = 10_000_000


class DeclarationForm(BaseForm):
    """What a union declares."""

    union_id = SelectField(_("申报工会"), [required(_("请选择申报的工会。"))])
    name = StringField(_("活动名称"), [required(), at_most(80)], filters=[one_line])
    kind = RadioField(_("活动类型"), [chosen()], choices=choices((key, KINDS[key]) for key in rules.KINDS), default="labour")
    level = SelectField(_("级别"), choices=choices((key, LEVELS[key]) for key in rules.DECIDES), default="county")
    industry = SelectField(_("行业"), choices=choices(INDUSTRIES.items()), default="unknown")
    region_code = SelectField(_("开展地区"), [optional()])
    starts_on = DayField(_("开始日期"), [given()])
    ends_on = DayField(_("结束日期"), [given()])
    organiser = TextAreaField(_("主办单位"), [required(_("至少写一个主办单位。")), at_most(1000)], filters=[strip])
    host = TextAreaField(_("承办单位"), [optional(), at_most(1000)], filters=[strip])
    co_host = TextAreaField(_("协办单位"), [optional(), at_most(1000)], filters=[strip])
    guide = TextAreaField(_("指导单位"), [optional(), at_most(1000)], filters=[strip])
    aim = TextAreaField(_("活动目标"), [required(), at_most(2000)], filters=[strip])
    measures = TextAreaField(_("主要措施"), [required(), at_most(4000)], filters=[strip])
    expected_heads = WholeField(_("预计参加人数"), [given(), from_one(MOST)])
    rhythm = RadioField(_("阶段小结"), choices=choices(rules_stages.RHYTHMS.items()), default="quarter")
    named_stages = TextAreaField(_("自定的阶段"), [optional(), at_most(4000)], filters=[strip])

    ROLES = ("organiser", "host", "co_host", "guide")
    PLAIN = ("aim", "measures", "expected_heads", "rhythm", "named_stages")

    def offer(self, unions: Iterable[tuple[str, str]], regions: Iterable[tuple[str, str]]) -> None:
        """What can be chosen."""
        self.union_id.choices, self.region_code.choices = choices(unions), choices(regions, empty=_("未定"))

    def begin(self, union: Union) -> None:
        """What is usual when a union declares for itself: its own name, place and level."""
        self.union_id.data, self.organiser.data, self.region_code.data = str(union.id), union.name_zh, union.region_code or ""
        self.level.data = union.level if union.level in ("province", "prefecture", "county") else "employer"

    def show(self, found: Declaration) -> None:
        """Fill in what is there."""
        contest = found.contest
        self.name.data, self.union_id.data = contest.name_zh, str(contest.host_union_id)
        for name in ("kind", "level", "industry", "region_code", "starts_on", "ends_on"):
            self[name].data = getattr(contest, name)
        for name in self.PLAIN:
            self[name].data = getattr(found, name)
        for role in self.ROLES:
            self[role].data = "\n".join(body.name for body in contest.bodies if body.org_role == role)

    def values(self) -> Declared:
        """What the service takes."""
        bodies = [(role, line.strip()) for role in self.ROLES for line in (self[role].data or "").splitlines() if line.strip()]
        starts_on, ends_on = self.starts_on.data or date.min, self.ends_on.data or date.min
        return Declared(
            self.name.data or "", self.kind.data or "", self.level.data or "", starts_on, ends_on, self.industry.data or "unknown",
            self.region_code.data or None, bodies, self.aim.data or "", self.measures.data or "", self.expected_heads.data or 0,
            self.rhythm.data or "none", self.named_stages.data or "")

    @property
    def union(self) -> uuid.UUID:
        """Whose declaration it is."""
        return uuid.UUID(self.union_id.data)


class ReasonForm(BaseForm):
    """Why."""

    reason = TextAreaField(_("理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])


class GiveBackForm(ReasonForm):
    """Why, about exactly what was shown: how many steps the declaration had then."""

    seen = HiddenField()

    @property
    def steps(self) -> int:
        """As many as the page said; a page that says none has shown nothing."""
        return int_or(self.seen.raw_data[0] if self.seen.raw_data else "", -1)


class FileForm(BaseForm):
    """One piece of evidence."""

    file = FileField(_("依据材料"), [FileRequired(_("请选择文件。"))])


class StageForm(BaseForm):
    """The report of a stage; ``of`` makes the class for the measures of a kind."""

    text = TextAreaField(_("本阶段做了什么、效果如何"), [optional(), at_most(8000)], filters=[strip])
    NAMES: tuple[str, ...] = ()

    @classmethod
    def of(cls, kind: str) -> "type[StageForm]":
        """With a field for each measure that is asked of this kind."""
        names = rules.KINDS[kind].measures
        fields: dict[str, Any] = {
            name: MoneyField(rules.MEASURES[name].label, [optional()]) if rules.MEASURES[name].is_money else WholeField(
                rules.MEASURES[name].label, [optional(), NumberRange(0, MOST, _("请填 0 至 %(n)s 之间的整数。", n=MOST))])
            for name in names}
        return type("StageFormOfKind", (cls,), {**fields, "NAMES": names})

    def show(self, stage: StageReport) -> None:
        """Fill in what is there."""
        self.text.data = stage.text
        for name in self.NAMES:
            self[name].data = stage.measures.get(name)

    def measures(self) -> dict[str, int]:
        """What was typed."""
        return {name: self[name].data for name in self.NAMES if self[name].data is not None}


class AchievementForm(BaseForm):
    """A result of the 五小."""

    title = StringField(_("成果名称"), [required(), at_most(100)], filters=[one_line])
    kind = RadioField(_("成果类别"), [chosen()], choices=choices(rules.ACHIEVEMENTS.items()), default="invention")
    unit = StringField(_("完成单位"), [required(), at_most(100)], filters=[one_line])
    summary = TextAreaField(_("解决了什么问题、怎样解决的"), [optional(), at_most(2000)], filters=[strip])
    is_adopted = BooleanField(_("已采纳实施"))
    benefit = MoneyField(_("年经济效益"), [optional()])
    has_pledge = BooleanField(_("完成单位承诺：成果真实，没有侵犯他人权利，不涉及国家秘密，近年内没有参评过同类奖项"))

    def show(self, found: Achievement) -> None:
        """Fill in what is there; the pledge is given anew with every change."""
        for name in ("title", "kind", "unit", "summary", "is_adopted", "benefit"):
            self[name].data = getattr(found, name)

    def values(self) -> Result:
        """What the service takes."""
        return Result(
            self.title.data or "", self.kind.data or "", self.unit.data or "", self.summary.data or "",
            is_adopted=bool(self.is_adopted.data), benefit=self.benefit.data or 0, has_pledge=bool(self.has_pledge.data))


class SheetForm(BaseForm):
    """The score sheet, one item in a line."""

    items = TextAreaField(_("评价项目和分值"), [required(), at_most(4000)], filters=[strip, half_width])


class AssessmentForm(BaseForm):
    """The evaluation of one unit; ``of`` makes the class for the items of a sheet."""

    unit = StringField(_("被评价的单位"), [required(), at_most(100)], filters=[one_line])
    remark = TextAreaField(_("评语"), [optional(), at_most(1000)], filters=[strip])
    honour = StringField(_("建议荣誉"), [optional(), at_most(60)], filters=[one_line])
    ITEMS: Mapping[str, str] = {}

    @classmethod
    def of(cls, sheet: list[dict[str, Any]]) -> "type[AssessmentForm]":
        """With a field for each item."""
        fields: dict[str, Any] = {
            f"item_{place}": StringField(item["name"], [required(), at_most(6)], filters=[half_width, one_line], description=_(
                "满分 %(n)s", n=item["full"])) for place, item in enumerate(sheet)}
        return type("AssessmentFormOfSheet", (cls,), {**fields, "ITEMS": {f"item_{place}": i["name"] for place, i in enumerate(sheet)}})

    def show(self, found: Assessment) -> None:
        """Fill in what is there."""
        self.unit.data, self.remark.data, self.honour.data = found.unit, found.remark, found.honour
        for field, name in self.ITEMS.items():
            self[field].data = found.scores.get(name)

    def scores(self) -> dict[str, str]:
        """What was typed, by item."""
        return {name: self[field].data or "" for field, name in self.ITEMS.items()}
