"""Forms of accounts: signing in and up, passwords, staff accounts and roles."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import EqualTo, Length, ValidationError

from competition.accounts.identity import IdentityFault, clean_name, parse_document, parse_phone
from competition.accounts.logins import staff_login
from competition.core.forms import BaseForm, BoxesField, DayField, at_most, chosen, one_line, optional, reads_as, required, strip

MIN_PASSWORD = 10
PASSWORD_RULES = (
    required(_("请填写密码。")),
    Length(min=MIN_PASSWORD, max=200, message=_("密码至少 10 个字符，可以是一句话。")),
)


class SignInForm(BaseForm):
    """Login and password."""

    login = StringField(_("手机号或登录名"), [required(_("请填写手机号或登录名。")), at_most(60)], filters=[strip])
    password = PasswordField(_("密码"), [required(_("请填写密码。")), at_most(200)])
    next = HiddenField()


class SignUpFieldsForm(BaseForm):
    """Who wants an account, the password, and what has to be agreed to. Faults are listed in the order of the page."""

    name = StringField(_("姓名"), [required(_("请填写姓名。")), reads_as(clean_name)], filters=[one_line])
    phone = StringField(_("手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])
    password = PasswordField(_("设置密码"), PASSWORD_RULES)
    privacy = BooleanField(_("我已阅读并同意《个人信息处理规则》"), [required(_("不同意处理规则就无法报名。请阅读后勾选。"))])
    sensitive = BooleanField(
        _("我单独同意处理我的身份证件号码等敏感个人信息"),
        [required(_("身份证件号码用于核验参赛资格，需要您单独同意。"))],
    )
    next = HiddenField()


class SignUpForm(SignUpFieldsForm):
    """A contestant's own account, where nothing can be sent to phones."""


class SignUpPhoneForm(BaseForm):
    """The phone alone: figures are sent to it first."""

    phone = StringField(_("手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])
    next = HiddenField()


class SignUpCodeForm(SignUpFieldsForm):
    """The figures that came to the phone, and the rest."""

    phone = None  # type: ignore[assignment]
    code = StringField(_("短信验证码"), [required(_("请填写验证码。")), at_most(20)], filters=[strip])


class ConsentForm(BaseForm):
    """A tick for each text."""

    privacy = BooleanField(_("我已阅读并同意《个人信息处理规则》"), [required(_("请阅读后勾选。不同意就不能报名。"))])
    sensitive = BooleanField(_("我单独同意处理我的身份证件号码等敏感个人信息"), [required(_("请阅读后勾选。不同意就不能报名。"))])
    next = HiddenField()

    def ask_only(self, purposes: list[str]) -> None:
        """Leave out what is agreed to already."""
        for name in ("privacy", "sensitive"):
            if name not in purposes and name in self:
                del self[name]


class PasswordForm(BaseForm):
    """The old password and a new one."""

    old = PasswordField(_("现在的密码"), [required(_("请填写现在的密码。"))])
    password = PasswordField(_("新密码"), PASSWORD_RULES)
    again = PasswordField(_("再输入一次新密码"), [EqualTo("password", message=_("两次输入的新密码不一样。"))])


class LinkPasswordForm(BaseForm):
    """The first password of an invited account."""

    password = PasswordField(_("设置密码"), PASSWORD_RULES)
    again = PasswordField(_("再输入一次密码"), [EqualTo("password", message=_("两次输入的密码不一样。"))])


class FirstAdministratorForm(LinkPasswordForm):
    """The first account of an installation."""

    login = StringField(_("登录名"), [required(_("请填写登录名。")), reads_as(staff_login)], filters=[strip])
    display_name = StringField(_("姓名"), [required(_("请填写姓名。")), reads_as(clean_name)], filters=[one_line])
    second_login = StringField(_("安全管理员的登录名"), [required(_("请填写登录名。")), reads_as(staff_login)], filters=[strip])
    second_name = StringField(_("安全管理员的姓名"), [required(_("请填写姓名。")), reads_as(clean_name)], filters=[one_line])


class StaffForm(BaseForm):
    """A staff account, before its owner has chosen a password."""

    login = StringField(_("登录名"), [required(_("请填写登录名。")), reads_as(staff_login)], filters=[strip])
    display_name = StringField(_("姓名"), [required(_("请填写姓名。")), reads_as(clean_name)], filters=[one_line])


class GrantForm(BaseForm):
    """Which role, where, why. The choices of ``scope`` come from the view."""

    role = SelectField(_("角色"), [chosen(_("请选择角色。"))])
    also = BoxesField(_("同一范围的其他角色"), [optional()])
    scope = SelectField(_("范围"), [chosen(_("请选择范围。"))])
    until = DayField(_("到期日（当天仍有效，不填为长期）"), [optional()])
    reason = TextAreaField(_("理由"), [required(_("请写明理由，第二人需要据此判断。")), at_most(500)], filters=[strip])


class ReasonForm(BaseForm):
    """Why."""

    reason = TextAreaField(_("理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])


class ResetForm(ReasonForm):
    """Why, and whether the phone with the authenticator is gone too."""

    factor = BooleanField(_("手机也丢失或更换了：同时解除两步验证"))


class CodeForm(BaseForm):
    """The figures of an authenticator, or a recovery code."""

    code = StringField(_("验证码"), [required(_("请填写验证码。")), at_most(20)], filters=[strip])
    next = HiddenField()


class OwnPasswordForm(BaseForm):
    """Who sits here is the owner."""

    password = PasswordField(_("现在的密码"), [required(_("请填写现在的密码。")), at_most(200)])


class OwnerForm(CodeForm):
    """Password and code: switching the second factor off, new recovery codes."""

    password = PasswordField(_("现在的密码"), [required(_("请填写现在的密码。")), at_most(200)])


class PhoneForm(BaseForm):
    """A phone."""

    phone = StringField(_("注册时的手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])


class CodePasswordForm(LinkPasswordForm):
    """The figures that came to the phone, and a new password."""

    code = StringField(_("短信验证码"), [required(_("请填写验证码。")), at_most(20)], filters=[strip])


class NewPhoneForm(BaseForm):
    """Another phone, for who knows the password."""

    phone = StringField(_("新手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])
    password = PasswordField(_("现在的密码"), [required(_("请填写现在的密码。")), at_most(200)])


class DisputeForm(BaseForm):
    """Somebody's document, where to reach the person, which union helps."""

    name = StringField(_("姓名"), [required(_("请填写姓名。")), reads_as(clean_name)], filters=[one_line])
    document_kind = SelectField(_("证件类型"), [chosen()])
    document_number = StringField(_("证件号码"), [required(_("请填写证件号码。")), at_most(30)], filters=[strip])
    phone = StringField(_("现在用的手机号"), [required(_("请填写手机号。")), reads_as(parse_phone)], filters=[strip])
    union = SelectField(_("到哪个工会办理"), [chosen(_("请选择您方便前往的工会。"))])
    note = TextAreaField(_("说明"), [at_most(300)], filters=[strip])

    def validate_document_number(self, field: StringField) -> None:
        """The number must fit the kind."""
        try:
            parse_document(self.document_kind.data or "", field.data or "")
        except IdentityFault as error:
            raise ValidationError(str(error)) from error


class ClaimForm(DisputeForm):
    """Entries that others made: proved by the code on the contestant's card, else by a clerk, who needs phone and union."""

    code = StringField(_("认领码"), [at_most(20)], filters=[one_line])
    phone = StringField(_("现在用的手机号"), [optional(), reads_as(parse_phone)], filters=[strip])
    union = SelectField(_("到哪个工会办理"), [optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Without a code the clerk is asked, who has to reach the person."""
        sound = super().validate(extra_validators)
        if self.code.data:
            return sound
        if not self.phone.data:
            self.phone.errors = [_("请填写手机号。")]
        if not self.union.data:
            self.union.errors = [_("请选择您方便前往的工会。")]
        return sound and bool(self.phone.data and self.union.data)


class HelpForm(DisputeForm):
    """The same, and what happened."""

    kind = RadioField(_("需要办理"), [chosen()])


class HandleForm(ReasonForm):
    """The clerk's own words, after comparing the document; a corrected number is typed once more from it."""

    checked = BooleanField(_("我已当面核对证件原件：姓名、号码、照片与本人一致"), [required(_("核对证件原件后才能办理。"))])
    account = HiddenField()
    number = StringField(_("照证件原件输入新号码"), [at_most(30)], filters=[strip])
