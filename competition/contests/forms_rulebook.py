"""The forms of a rulebook: one from a file, a ready one."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from competition.contests.rules_fit import Cut, weight_faults
from competition.core.forms import BaseForm, BoxesField, at_most, one_line, required, strip


class FileForm(BaseForm):
    """A rulebook from a file, for the draft."""

    seen = HiddenField()
    file = FileField(_("规则文件（JSON）"), validators=[FileRequired(_("请选择规则文件。"))])


class WorkbookForm(BaseForm):
    """A workbook that was filled in."""

    file = FileField(_("填好的工作簿"), [FileRequired(_("请选择 .xlsx 工作簿。"))])


class TakeWorkbookForm(BaseForm):
    """The workbook is taken over. ``seen``: from which state of the draft the page listed the differences."""

    seen = HiddenField()


class ReadyForm(BaseForm):
    """One of the rulebooks that come with the system."""

    key = SelectField(_("现成的评分规则"), [required(_("请选择一套评分规则。"))])


def plain_weight(weight: str) -> str:
    """A weight as typed, full-width or with the sign of per cent, as a plain number."""
    return unicodedata.normalize("NFKC", weight).strip().removesuffix("%").strip()


class AdoptForm(BaseForm):
    """Which events of a ready rulebook are kept. ``seen``: the events for which the page listed what changes;
    ``draft_seen``: the draft that it was made from. The fields of
    weights to be given anew are made from the cut by :func:`adopt_form`."""

    cut: Cut | None = None

    key = HiddenField()
    keep = BoxesField(_("采用规则中的哪些项目"))
    add = BooleanField(_("本赛事还没有的项目，同时按规则添加（工位、批次和时间以后在“项目”中填写）"))
    seen = HiddenField()
    draft_seen = HiddenField()
    reason = TextAreaField(_("修改理由"), [at_most(500)], filters=[strip])

    @property
    def weights(self) -> dict[str, str]:
        """The weights as typed, by field name."""
        return {share.field: plain_weight(self[share.field].data or "") for share in self.cut.shares} if self.cut else {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Events are chosen, and the weights are whole."""
        sound = super().validate(extra_validators)
        if not self.keep.data:
            self.keep.errors = [str(_("请至少采用一个项目。"))]
        faults = weight_faults(self.cut, self.weights) if self.cut else []
        for name, sentence in faults:
            self[name].errors = [sentence]
        return sound and bool(self.keep.data) and not faults


def adopt_form(cut: Cut) -> AdoptForm:
    """The form with one field for each weight that has to be given anew; what it was stands beside it."""
    fields: dict[str, Any] = {"cut": cut}
    for share in cut.shares:
        fields[share.field] = StringField(
            _("%(title)s：%(name)s", title=share.title, name=share.name), filters=[one_line],
            description=_("原来是 %(weight)s%%", weight=share.before))
    form: AdoptForm = type("AdoptingForm", (AdoptForm,), fields)()
    return form
