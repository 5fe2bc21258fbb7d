"""The forms of returns: begin one, fill it in, decide about it."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from competition.activities.rules import MEASURES
from competition.core.characters import int_or
from competition.core.forms import BaseForm, at_most, choices, chosen, optional, required, strip
from competition.core.money import MoneyField
from competition.core.numbers import WholeField
from competition.returns.rules import BULK, CORRECTIONS, MOST_HEADS, MOST_MEASURE, WAYS


class BeginForm(BaseForm):
    """For which union, about which month, and how."""

    union = SelectField(_("上报工会"), [chosen()])
    month = SelectField(_("月份"), [chosen(_("请选择月份。"))])
    kind = RadioField(_("上报方式"), [chosen(_("请选择按名册还是按总数上报。"))], choices=choices(WAYS.items()), default=BULK)


class FiguresForm(BaseForm):
    """Heads with their evidence where it is a bulk figure, and what the activity brought besides people."""

    heads = WholeField(_("参加人数"), [InputRequired(_("请填写参加人数。")), NumberRange(
        1, MOST_HEADS, _("请填写人数，在 1 与 1,000,000 之间。"))])
    overlap = WholeField(_("其中已实名登记的人数"), [InputRequired(_("请填写其中已实名登记的人数，没有就填 0。")), NumberRange(
        0, MOST_HEADS, _("请填写其中已实名登记的人数，在 0 与总人数之间。"))], default=0)
    evidence = FileField(_("依据材料"))

    def may_be_unfinished(self) -> None:
        """A draft is kept with what is there of it: nobody has to have the evidence at hand to put the work aside."""
        for field in (self.heads, self.overlap) if "heads" in self else ():
            field.validators = [optional(), *field.validators[1:]]

    @property
    def measures(self) -> dict[str, int]:
        """What was typed, the benefit in hundredths of 10,000 yuan."""
        return {name: self[name].data or 0 for name in MEASURES}


def _measure(name: str) -> Any:
    measure = MEASURES[name]
    if measure.is_money:
        return MoneyField(measure.label, [optional()])
    return WholeField(measure.label, [optional(), NumberRange(0, MOST_MEASURE, _("请填不小于 0 的整数，没有的留空。"))])


for _name in MEASURES:
    setattr(FiguresForm, _name, _measure(_name))


def shown_measures(values: dict[str, int]) -> dict[str, Any]:
    """What a form shows of measures that are kept."""
    return dict(values)


class SeenForm(BaseForm):
    """A decision about exactly what was shown: how many steps the return had then."""

    seen = HiddenField()

    @property
    def steps(self) -> int:
        """As many as the page said; a page that says none has shown nothing."""
        return int_or(self.seen.raw_data[0] if self.seen.raw_data else "", -1)


class DecideForm(SeenForm):
    """Approve, or give back with a reason."""

    decision = RadioField(_("审核意见"), [chosen(_("请选择通过或退回修改。"))],
                          choices=choices([("approve", _("通过")), ("give_back", _("退回修改"))]))
    reason = TextAreaField(_("退回理由"), [at_most(500)], filters=[strip])


class CorrectForm(BaseForm):
    """How something is corrected, and why."""

    kind = RadioField(_("怎样更正"), [chosen(_("请选择怎样更正。"))], choices=choices(CORRECTIONS.items()))
    reason = TextAreaField(_("更正理由"), [required(_("请写明理由。")), at_most(500)], filters=[strip])


class ConfirmForm(BaseForm):
    """A button that acts, with its token alone."""
