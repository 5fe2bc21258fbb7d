"""Forms about the own data: the file, a correction, the erasure."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from competition.accounts.identity import IdentityFault, clean_name, parse_document, parse_phone
from competition.core.forms import BaseForm, DayField, at_most, choices, chosen, one_line, optional, reads_as, required, strip


class FileForm(BaseForm):
    """The file; with the password the own numbers stand in it in full."""

    password = PasswordField(_("现在的密码"), [at_most(200)])


class CorrectionForm(BaseForm):
    """What should be otherwise; what is left empty is right. Choices come from the view."""

    name = StringField(_("正确的姓名"), [optional(), reads_as(clean_name)], filters=[one_line])
    document_kind = SelectField(_("证件类型"), [chosen()])
    document_number = StringField(_("正确的证件号码"), [at_most(30)], filters=[strip])
    birth_on = DayField(_("正确的出生日期"), [optional()])
    sex = SelectField(_("正确的性别"), choices=choices([("male", _("男")), ("female", _("女"))], empty=_("不更正")), default="")
    entry = SelectField(_("哪一份报名"), default="")
    employer = StringField(_("当时的工作单位"), [optional(), at_most(100)], filters=[one_line])
    union_then = SelectField(_("当时的所属工会"), default="")
    phone = StringField(_("现在用的手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])
    union = SelectField(_("到哪个工会办理"), [chosen(_("请选择您所属的工会。"))])
    note = TextAreaField(_("哪里不对，凭什么证明"), [required(_("请说明哪里不对，工作人员据此核对。")), at_most(300)], filters=[strip])
    # Somebody of whom no document is on record yet says by which one he will be compared.
    must_show = False

    def validate_document_number(self, field: StringField) -> None:
        """The number must fit the kind."""
        if not field.data:
            if self.must_show:
                raise ValidationError(_("请填写证件号码，办理时用它核对本人。"))
            return
        try:
            parse_document(self.document_kind.data or "", field.data)
        except IdentityFault as error:
            raise ValidationError(str(error)) from error

    def validate_entry(self, field: SelectField) -> None:
        """Work belongs to one entry."""
        if (self.employer.data or self.union_then.data) and not field.data:
            raise ValidationError(_("请选择是哪一份报名的工作单位或工会。"))


class EraseForm(BaseForm):
    """The password; the typed word comes beside it."""

    password = PasswordField(_("现在的密码"), [required(_("请填写现在的密码。")), at_most(200)])


class BackForm(BaseForm):
    """Nothing to fill in: one button."""
