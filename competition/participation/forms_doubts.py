"""Forms of the list of doubts."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from competition.core.forms import BaseForm, at_most, one_line, required
from competition.core.numbers import WholeField

ASKED = _("请填整数。")


class DecideForm(BaseForm):
    """Why a doubt is accepted, or what the union is asked to mend; ``seen``: of what the page showed (rules_doubts.mark_of)."""

    seen = HiddenField()
    reason = StringField(_("理由或要求"), [required(_("请写明理由。")), at_most(200)], filters=[one_line])


class LimitsForm(BaseForm):
    """The thresholds, by the names of rules_doubts."""

    shared_least = WholeField(_("不同工会同月名册里的同一批人，至少"), [InputRequired(ASKED)])
    copied_percent = WholeField(_("两项活动的名册相同，占较小名册的"), [InputRequired(ASKED)])
    copied_least = WholeField(_("两项活动的名册相同，至少"), [InputRequired(ASKED)])
    round_from = WholeField(_("整百整千的总数，从"), [InputRequired(ASKED)])
    jump_times = WholeField(_("比本工会以前各月的中位数大"), [InputRequired(ASKED)])
    jump_least = WholeField(_("大增的月份至少"), [InputRequired(ASKED)])
