"""The forms of this room."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from competition.core.forms import BaseForm, BoxesField, at_most, chosen, half_width, one_line, required, strip


class DrawForm(BaseForm):
    """Draw lots for those who were shown."""

    expected = HiddenField()


class RedrawForm(DrawForm):
    """Draw again, and say why."""

    reason = TextAreaField(_("重新抽签的理由"), filters=[strip], validators=[required(), at_most(500)],
                           description=_("会和新的抽签结果一起公开。"))


class OpenCodesForm(BaseForm):
    """Ask that codes be opened."""

    reason = TextAreaField(_("理由"), filters=[strip], validators=[required(), at_most(500)],
                           description=_("例如：本项目评分已锁定，统分复核完毕。"))


class LineupForm(BaseForm):
    """Who of a team goes in."""

    people = BoxesField(_("上场队员"))
    reason = TextAreaField(_("换人的原因"), filters=[strip], validators=[required(), at_most(300)],
                           description=_("例如：队员生病，由替补上场。会告知领队和有关队员。"))


class NumberForm(BaseForm):
    """A number typed or scanned at the door."""

    number = StringField(_("参赛编号"), filters=[half_width, one_line], validators=[required(_("请输入或扫描参赛编号。")), at_most(80)])


class OutcomeForm(BaseForm):
    """A ruling, or its lifting."""

    kind = RadioField(_("记为"), validators=[chosen()])
    reason = TextAreaField(_("理由"), filters=[strip], validators=[required(), at_most(500)],
                           description=_("本人和领队会收到这条理由；成绩和名次随之变化。"))
