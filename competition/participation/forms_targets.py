"""Forms about targets. The figures of parts and months are as many as there are parts and months: the view reads them."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField

from competition.core.forms import BaseForm, at_most, choices, chosen, one_line, required
from competition.participation.rules_targets import REGISTERED, WITH_REPORTED

HEADLINES = {REGISTERED: _("实名人数：只计有名册、按人去重的"), WITH_REPORTED: _("含上报：实名人数，加上按总数上报的（已减去声明重复的）")}


class SplitForm(BaseForm):
    """What every step of a split carries besides the figures."""

    reason = StringField(_("理由"), [at_most(200)], filters=[one_line])
    file = FileField(_("填好的表格（.xlsx）"))


class PaceForm(BaseForm):
    """How the twelve figures are meant."""

    meant = RadioField(_("填的是"), [chosen()], default="so_far", choices=choices([
        ("so_far", _("累计：从 1 月到这个月底一共多少人")), ("new", _("当月新增：以前没有参加过、这个月才参加的人"))]))
    file = FileField(_("十二个月的表格（.xlsx）"))


class HeadlineForm(BaseForm):
    """The one number, and why."""

    headline = RadioField(_("年度主数字"), [chosen()], choices=choices(HEADLINES.items()))
    reason = StringField(_("理由"), [required(_("请写明理由。")), at_most(200)], filters=[one_line])


class ReminderForm(BaseForm):
    """When unions behind are reminded by the clock, and when nothing is sent."""

    is_on = BooleanField(_("每周一 09:00 自动提醒进度落后的单位"))
    quiet_from = StringField(_("安静时段从"), [required(), at_most(5)], filters=[one_line])
    quiet_to = StringField(_("到第二天"), [required(), at_most(5)], filters=[one_line])
    weekends = BooleanField(_("星期六、星期日也不发"))
