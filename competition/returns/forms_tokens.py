"""The form for a new token."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from competition.core.forms import BaseForm, choices, one_line
from competition.core.numbers import WholeField
from competition.returns.rules_api import MOST_DAYS


class TokenForm(BaseForm):
    """Which system, for which union, what it may, for how long."""

    title = StringField(_("哪个系统使用"), [InputRequired(_("请写明是哪个系统使用。")), Length(max=60, message=_("请写 60 个字以内。"))],
                        filters=[one_line], description=_("例如：某集团人力资源系统。办理记录里写的就是它。"))
    union = SelectField(_("工会"), description=_("能上报和读取的，是这个工会和它的下级。"))
    right = RadioField(_("可以做什么"), default="read",
                       choices=choices([("read", _("只读取数字")), ("report", _("读取数字，并代本工会和下级上报"))]))
    days = WholeField(_("有效天数"), [InputRequired(_("请填写天数。")), NumberRange(1, MOST_DAYS, _("请填 1 至 730 天。"))])
