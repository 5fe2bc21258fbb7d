"""The forms of this room: a target, freezing a period."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from competition.core.forms import BaseForm, at_most, one_line
from competition.core.numbers import WholeField
from competition.participation.rules_forecast import AMBER, GREEN


class TargetForm(BaseForm):
    """The year's target and what the year before brought."""

    year = WholeField(_("年度"), [InputRequired(), NumberRange(2000, 2100)])
    persons = WholeField(_("目标人数"), [InputRequired(), NumberRange(1, 10_000_000)])
    previous = WholeField(_("上一年度人数"), [Optional(), NumberRange(0, 10_000_000)])
    reason = StringField(_("改动理由"), [at_most(200)], filters=[one_line])
    green = WholeField(_("绿灯：不少于应完成的"), [InputRequired(), NumberRange(1, 200)], default=GREEN)
    amber = WholeField(_("黄灯：不少于应完成的"), [InputRequired(), NumberRange(1, 200)], default=AMBER)


class FreezeForm(BaseForm):
    """Freeze a period: its name typed, and why when it was frozen before."""

    reason = StringField(_("原因"), [at_most(200)], filters=[one_line])
    confirm_name = StringField(_("期间"), filters=[one_line])
