"""What organizers say about handing certificates out: who fetched, why a note was wrong, how labels lie."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, NumberRange

from competition.certificates.forms_templates import read_mm
from competition.certificates.models_templates import TemplatePrinter
from competition.certificates.rules_labels import SHEETS, LabelSheet
from competition.core.forms import BaseForm, DayField, at_most, choices, one_line, optional, reads_as, required, strip

OWN_SHEET = "own"
SHEET_WORDS = {
    "14": _("14 张（2×7，每张 99.1×38.1 毫米）"), "21": _("21 张（3×7，每张 63.5×38.1 毫米）"), "24": _("24 张（3×8，每张 70×37 毫米）"),
    "10": _("10 张（2×5，每张 99.1×57 毫米）"), "8": _("8 张（2×4，每张 105×74.25 毫米）"), OWN_SHEET: _("自定尺寸（填写下面各项）")}


class HandOutForm(BaseForm):
    """Who fetched what is ticked in the list."""

    fetched_by = StringField(_("领取人"), [required(_("请填写领取人姓名。")), at_most(60)], filters=[one_line])
    fetched_on = DayField(_("领取日期"), [DataRequired(_("请填日期，例如 2026-11-22。"))])
    note = StringField(_("备注"), [optional(), at_most(200)], filters=[one_line])

    def usual(self, today: date) -> Self:
        """Most are noted on the day."""
        if not self.is_submitted():
            self.fetched_on.data = today
        return self


class UndoForm(BaseForm):
    """What was wrong."""

    reason = TextAreaField(_("原因"), [required(_("请写明原因，会留在记录里。")), at_most(300)], filters=[strip])


class LabelsForm(BaseForm):
    """Which labels, on which sheets, on which printer."""

    what = RadioField(_("每张标签"), choices=choices([("one", _("一份证书一张")), ("group", _("一个代表团或单位一张"))]), default="one")
    group = SelectField(_("给谁打印"), default="")
    sheet = SelectField(_("标签纸"), choices=choices(SHEET_WORDS.items()), default="14")
    first = IntegerField(_("从第几张开始"), [optional(), NumberRange(1, 300, _("请填写 1 到 300 的数。"))], default=1)
    printer = SelectField(_("打印机"), default="")
    right_mm = StringField(_("再向右"), [reads_as(read_mm)], default="0")
    down_mm = StringField(_("再向下"), [reads_as(read_mm)], default="0")
    columns = IntegerField(_("每行几张"), [optional()], default=2)
    rows = IntegerField(_("共几行"), [optional()], default=7)
    width = StringField(_("每张宽"), [reads_as(read_mm)], default="99.1")
    height = StringField(_("每张高"), [reads_as(read_mm)], default="38.1")
    left = StringField(_("左边距"), [reads_as(read_mm)], default="4.65")
    top = StringField(_("上边距"), [reads_as(read_mm)], default="15.15")
    gap_x = StringField(_("横向间距"), [reads_as(read_mm)], default="2.5")
    gap_y = StringField(_("纵向间距"), [reads_as(read_mm)], default="0")

    def offer(self, printers: Iterable[TemplatePrinter], groups: Iterable[str], own: LabelSheet | None) -> Self:
        """Fill the choices; ``own``: the union's own sheet, which it measured before and most likely prints on again."""
        self.printer.choices = choices([(str(one.id), one.name) for one in printers], empty=_("不偏移"))
        self.group.choices = choices([(group, group) for group in groups if group], empty=_("全部"))
        if own is not None and not self.is_submitted():
            self.sheet.data = OWN_SHEET
            for each in fields(LabelSheet):
                size = getattr(own, each.name)
                self[each.name].data = size if isinstance(size, int) else f"{size:g}"
        return self

    def chosen_sheet(self) -> LabelSheet:
        """How the labels lie."""
        if self.sheet.data != OWN_SHEET:
            return SHEETS[self.sheet.data]
        sizes = [read_mm(self[name].data or "0") for name in ("width", "height", "left", "top", "gap_x", "gap_y")]
        return LabelSheet(self.columns.data or 0, self.rows.data or 0, *sizes)
