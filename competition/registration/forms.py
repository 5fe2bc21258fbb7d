"""The forms of this room. The contestant's form comes in steps, the clerk's is the same fields on one page."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange

from competition.accounts.identity import DOCUMENTS, Document, clean_name, parse_contact_phone, parse_document
from competition.core.forms import BaseForm, BoxesField, at_most, choices, chosen, one_line, optional, reads_as, required
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration.forms_paper import PaperForm
from competition.registration.forms_paper import ScanForm as ScanForm
from competition.registration.models import Entry
from competition.registration.rules import DECISIONS, SEXES, TEAM_ROLES
from competition.registration.rules_data import EntryData, TeamData, with_birth


class PersonForm(BaseForm):
    """Who enters. A correction may leave the number empty: ``known`` says that it is on record."""

    name = StringField(_("姓名"), [required(_("请填写姓名，与证件上的一致。")), reads_as(clean_name)], filters=[one_line])
    name_bo = StringField(_("藏文姓名"), [optional(), at_most(80)], filters=[one_line])
    document_type = SelectField(_("证件类型"), choices=choices(DOCUMENTS.items()), default="id_card")
    document_number = StringField(_("证件号码"))
    document_country = StringField(_("护照签发国家或地区"), [optional(), at_most(40)], filters=[one_line])
    sex = SelectField(_("性别"), choices=choices(SEXES.items(), empty=_("请选择")), default="")
    birth_on = DateField(_("出生日期"), [optional()])
    phone = StringField(_("手机号码"))
    photo = FileField(_("本人照片"))
    known = has_phone = False
    phone_required = True

    def know(self, known: bool, *, has_phone: bool = False) -> None:
        """Say whether number and phone are on record already; what must be typed carries the mark."""
        self.known, self.has_phone = known, has_phone
        self.document_number.flags.required = not known
        self.phone.flags.required = self.phone_required and not has_phone

    def validate_document_number(self, field: StringField) -> None:
        """The check digit is the best proof that a number was not mistyped."""
        if not (field.data or "").strip():
            if not self.known:
                raise ValidationError(_("请填写证件号码。"))
            return
        try:
            self.document()
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def validate_phone(self, field: StringField) -> None:
        """Needed by contestants who enter themselves: it is how they are reached."""
        if not (field.data or "").strip():
            if self.phone_required and not self.has_phone:
                raise ValidationError(_("请填写手机号码，用来通知审核结果和比赛安排。"))
            return
        try:
            parse_contact_phone(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def document(self) -> Document | None:
        """The document as it was typed; None when a correction leaves it as it is."""
        if not (self.document_number.data or "").strip():
            return None
        found = parse_document(self.document_type.data, self.document_number.data or "", self.document_country.data or "CN")
        return with_birth(found, self.birth_on.data, self.sex.data or None)


class WorkForm(BaseForm):
    """Where the person works, and to which union and region that belongs."""

    employer = StringField(_("工作单位"), [required(_("请填写工作单位全称。没有固定单位的，填写主要从业的门店或平台。")), at_most(100)],
                           filters=[one_line])
    employer_ownership = SelectField(_("单位性质"), default="unknown", choices=choices(
        (k, _("不清楚") if k == "unknown" else v) for k, v in OWNERSHIP.items()))
    region_code = SelectField(_("工作地区"), [chosen(_("请选择工作地区。"))])
    union_id = SelectField(_("所属工会"), default="")
    trade = StringField(_("工种"), [optional(), at_most(60)], filters=[one_line])
    skill_level = SelectField(_("技能等级"), choices=choices(SKILL_LEVELS.items(), empty=_("没有等级或不清楚")), default="")
    worker_group = SelectField(_("所属群体"), choices=choices(WORKER_GROUPS.items()), default="none")


class EventsForm(BaseForm):
    """What the person enters for."""

    events = BoxesField(_("参赛项目"))
    team_id = SelectField(_("代表队"), default="")
    team_role = RadioField(_("队内身份"), choices=choices(TEAM_ROLES.items()), default="member")


class CheckForm(BaseForm):
    """The last step: each consent is a tick of its own."""

    sensitive = BooleanField(_("我已阅读《敏感个人信息单独同意书》，单独同意为报名和资格审核处理我的证件号码和照片"),
                             [InputRequired(_("请阅读并单独同意；不同意则无法核对身份，不能报名。"))])
    truth = BooleanField(_("以上信息真实、与证件一致；同意公布成绩时公开我的姓名、代表队和地区，以及名次和奖项"),
                         [InputRequired(_("请确认信息真实。"))])


class StaffEntryForm(PersonForm, WorkForm, EventsForm, PaperForm):
    """The whole entry on one page, for somebody without a phone."""

    consent = BooleanField(_("已取得本人书面同意（含单独同意处理证件号码和照片），同意书由本单位存档"),
                           [InputRequired(_("代为报名须先取得本人书面同意。"))])
    phone_required = False


STEPS: Mapping[str, tuple[Any, type[BaseForm]]] = {
    "person": (_("本人信息"), PersonForm), "work": (_("工作信息"), WorkForm),
    "events": (_("参赛项目"), EventsForm), "check": (_("核对提交"), CheckForm),
}


def from_draft(form_class: type[BaseForm], draft: Mapping[str, Any]) -> Any:
    """A form filled from what was typed before; checked or shown, never a request of its own."""
    return form_class(MultiDict((k, v) for k, vs in draft.items() for v in (vs if isinstance(vs, list) else [vs])))


def unchecked(form_class: type[BaseForm], draft: Mapping[str, Any]) -> Any:
    """The same without the token of a request: to read the earlier steps."""
    values = MultiDict((k, v) for k, vs in draft.items() for v in (vs if isinstance(vs, list) else [vs]))
    form = form_class(values, meta={"csrf": False})
    form.is_of_request = False
    return form


def typed(form: BaseForm, values: "MultiDict[str, str]") -> dict[str, Any]:
    """What was typed into the fields of a form, as it is kept in a draft; files and tokens are left out."""
    kept: dict[str, Any] = {}
    for name, field in form._fields.items():
        if name == "csrf_token" or isinstance(field, FileField):
            continue
        if isinstance(field, SelectMultipleField):
            kept[name] = values.getlist(name)
        elif isinstance(field, BooleanField):
            kept[name] = values.get(name, "")
        elif name in values:
            kept[name] = values[name]
    return kept


def draft_of(entry: Entry) -> dict[str, Any]:
    """The fields of an entry that was handed in, to be corrected; the number stays where it is."""
    person = entry.person
    return {
        "name": entry.name, "name_bo": (person.name_bo or "") if person else "",
        "document_type": (person.document_type or "id_card") if person else "id_card",
        "document_country": (person.document_country or "") if person and person.document_type == "passport" else "",
        "sex": (person.sex or "") if person else "", "birth_on": person.birth_on.isoformat() if person and person.birth_on else "",
        "employer": entry.employer, "employer_ownership": entry.employer_ownership, "region_code": entry.region_code or "",
        "union_id": str(entry.union_id or ""), "trade": entry.trade, "worker_group": entry.worker_group,
        "skill_level": "" if entry.skill_level is None else str(entry.skill_level),
        "events": [str(e.event_id) for e in entry.entrants if not e.event.is_compulsory],
        "team_id": str(entry.team_id or ""), "team_role": entry.team_role,
    }


def entry_data(person: PersonForm, work: WorkForm, events: EventsForm) -> EntryData:
    """What three accepted forms (or three times the same one) say together."""
    phone = (person.phone.data or "").strip()
    return EntryData(
        name=clean_name(person.name.data or ""), document=person.document(), phone=parse_contact_phone(phone) if phone else None,
        name_bo=person.name_bo.data or None, region_code=work.region_code.data, employer=work.employer.data or "",
        employer_ownership=work.employer_ownership.data, union_id=_uuid(work.union_id.data), trade=work.trade.data or "",
        skill_level=int(work.skill_level.data) if work.skill_level.data else None, worker_group=work.worker_group.data,
        events=frozenset(uuid.UUID(e) for e in events.events.data or []), team_id=_uuid(events.team_id.data),
        team_role=events.team_role.data if events.team_id.data else "member",
    )


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


class WithdrawForm(BaseForm):
    """Taking an entry back."""

    reason = StringField(_("撤回原因"), [required(_("请写明撤回的原因，方便组委会办公室了解情况。")), at_most(200)], filters=[one_line])


class ReviewForm(BaseForm):
    """One union's decision."""

    decision = RadioField(_("审核意见"), [chosen(_("请选择通过、退回修改或不通过。"))], choices=choices(DECISIONS.items()))
    reason = TextAreaField(_("理由"), [at_most(500)])
    version = HiddenField()


class BatchForm(BaseForm):
    """The same decision about several people, as previewed."""

    decision = HiddenField()
    reason = TextAreaField(_("理由"), [at_most(500)])


class RevealForm(BaseForm):
    """Why the full number must be seen."""

    what = RadioField(_("查看什么"), [chosen()], default="document",
                      choices=choices([("document", _("证件号码")), ("phone", _("手机号码"))]))
    why = StringField(_("查看理由"), [required(_("请写明查看完整号码的理由，理由会留痕。")), at_most(200)], filters=[one_line])


class RosterForm(PaperForm):
    """A workbook of people."""

    file = FileField(_("填好的名单（.xlsx、.xls 或 .csv）"))
    consent = BooleanField(_("名单中的每个人都已书面同意（含单独同意处理证件号码），同意书由本单位存档"),
                           [InputRequired(_("代为报名须先取得每个人的书面同意。"))])


class TeamForm(BaseForm):
    """A team."""

    name = StringField(_("代表队名称"), [required(_("请填写代表队名称。")), at_most(60)], filters=[one_line])
    union_id = SelectField(_("派出工会"), [chosen(_("请选择派出工会。"))])
    leader_id = SelectField(_("领队账号"), default="")
    leader_name = StringField(_("领队姓名"), [optional(), at_most(40)], filters=[one_line])
    coach_name = StringField(_("教练姓名"), [optional(), at_most(40)], filters=[one_line])
    events = BoxesField(_("团体项目"))

    def to_data(self) -> TeamData:
        """The team as the service takes it."""
        return TeamData(
            name=self.name.data or "", union_id=uuid.UUID(self.union_id.data), leader_id=_uuid(self.leader_id.data),
            leader_name=self.leader_name.data or "", coach_name=self.coach_name.data or "",
            events=frozenset(uuid.UUID(e) for e in self.events.data or []),
        )


class MemberForm(BaseForm):
    """Somebody who is entered joins a team."""

    entry_id = SelectField(_("选手"), [chosen(_("请选择选手。"))])
    role = RadioField(_("队内身份"), choices=choices(TEAM_ROLES.items()), default="member")


class DelegationForm(BaseForm):
    """A delegation."""

    union_id = SelectField(_("派出工会"), [chosen(_("请选择派出工会。"))])
    name = StringField(_("代表团名称"), [required(_("请填写代表团名称。")), at_most(60)], filters=[one_line])


class DelegationChangeForm(BaseForm):
    """Name and place in the order."""

    name = StringField(_("代表团名称"), [required(_("请填写代表团名称。")), at_most(60)], filters=[one_line])
    position = IntegerField(_("顺序"), [InputRequired(_("请填写顺序，从 1 起。")), NumberRange(1, 999, _("顺序应为 1 至 999。"))])


def _count(label: Any, most: int = 200) -> IntegerField:
    return IntegerField(label, [optional(), NumberRange(1, most, _("请填写 1 至 %(max)s 的整数，不限时请留空。"))])


class ConditionForm(BaseForm):
    """What is asked of those who enter; an empty field asks nothing."""

    age_least = _count(_("最小年龄"), 100)
    age_most = _count(_("最大年龄"), 100)
    age_on = DateField(_("年龄计算日"), [optional()])
    skill_at_least = SelectField(_("最低技能等级"), choices=choices(SKILL_LEVELS.items(), empty=_("不限")), default="")
    worker_groups = BoxesField(_("限定群体"), choices=choices((k, v) for k, v in WORKER_GROUPS.items() if k != "none"))
    events_most = _count(_("每人最多项目数"), 50)
    team_least = _count(_("每队正式队员下限"))
    team_most = _count(_("每队正式队员上限"))
    reserve_most = _count(_("每队替补上限"))
    needs_team = BooleanField(_("必须属于一支代表队"))
    needs_photo = BooleanField(_("必须上传照片"))
    note = TextAreaField(_("报名须知"), [at_most(1000)])

    def to_values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        level = self.skill_at_least.data
        return {
            "age_least": self.age_least.data, "age_most": self.age_most.data, "age_on": self.age_on.data,
            "skill_at_least": int(level) if level else None, "worker_groups": list(self.worker_groups.data or []),
            "events_most": self.events_most.data, "team_least": self.team_least.data, "team_most": self.team_most.data,
            "reserve_most": self.reserve_most.data,
            "needs_team": self.needs_team.data, "needs_photo": self.needs_photo.data, "note": (self.note.data or "").strip(),
        }
