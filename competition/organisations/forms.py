"""Forms of unions."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from competition.core.forms import BaseForm, at_most, choices, chosen, one_line, optional, required, strip
from competition.organisations.rules import BRANCHES, INDUSTRIES


class UnionForm(BaseForm):
    """Names and figures of a union."""

    name_zh = StringField(_("名称"), [required(_("请填写名称。")), at_most(80)], filters=[one_line])
    name_en = StringField(_("英文名称"), [at_most(160)], filters=[one_line])
    name_bo = StringField(_("藏文名称"), [at_most(200)], filters=[one_line])
    industry = SelectField(_("产业"), [optional()], choices=choices(INDUSTRIES.items(), empty=_("不按产业")))
    member_count = IntegerField(
        _("会员人数"), [optional(), NumberRange(0, 100_000_000, message=_("请填写 0 或以上的整数。"))])


class NewUnionForm(UnionForm):
    """The same with its place; the choices come from the view."""

    level = SelectField(_("级别"), [chosen()])
    branch = SelectField(_("系统"), [chosen()], choices=choices(BRANCHES.items()))


class EndForm(BaseForm):
    """Why a union ends."""

    reason = TextAreaField(_("理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])
