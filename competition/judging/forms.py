"""The forms of panels, seats, decisions and figures."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from competition.contests.naming import named
from competition.core.forms import BaseForm, BoxesField, at_most, choices, chosen, one_line, optional, required, strip
from competition.judging.rules_figures import FigureKey
from competition.judging.rules_paper import Line
from competition.judging.rules_spread import ACCEPT, TOGETHER
from competition.scoring.paper import ANSWERS, Paper

_LONGEST_ANSWERS = 20_000


class PanelForm(BaseForm):
    """A new panel of an event."""

    event = SelectField(_("项目"), validators=[chosen()])
    name = StringField(_("裁判组名称"), validators=[required(), at_most(40)], filters=[one_line], default="裁判组")
    seats = IntegerField(_("座位数"), validators=[chosen(_("请填写座位数。")), NumberRange(1, 15, _("可以有 1 至 15 个座位。"))], default=5)


class SitterForm(BaseForm):
    """Who sits in a seat."""

    account = SelectField(_("裁判员账号"), validators=[optional()])
    name = StringField(_("姓名"), validators=[at_most(40)], filters=[one_line])
    employer = StringField(_("工作单位"), validators=[at_most(80)], filters=[one_line])

    def offer(self, accounts: Iterable[tuple[str, str]]) -> "SitterForm":
        """Fill the choices."""
        self.account.choices = [("", str(_("没有账号，只登记姓名"))), *accounts]
        return self

    def account_name(self) -> str:
        """The name of the chosen account, for when no other was written."""
        names = {str(choice[0]): str(choice[1]) for choice in self.account.choices or ()}
        return names.get(self.account.data, "") if self.account.data else ""


class SittersFields(BaseForm):
    """Who sits in each seat of a panel; made for the panel by :func:`sitters_form`."""


def sitters_form(numbers: Sequence[int]) -> type[SittersFields]:
    """A form class with an account, a name, an employer for each seat, and who sat there when the page was made."""
    fields: dict[str, Any] = {}
    for n in numbers:
        fields |= {f"account_{n}": SelectField(_("裁判员账号"), validators=[optional()]),
                   f"name_{n}": StringField(_("姓名"), validators=[at_most(40)], filters=[one_line]),
                   f"employer_{n}": StringField(_("工作单位"), validators=[at_most(80)], filters=[one_line]),
                   f"seen_{n}": HiddenField()}
    return type("SittersForm", (SittersFields,), fields)


class ReasonForm(BaseForm):
    """A reason that is kept with the act."""

    reason = TextAreaField(_("理由"), validators=[required(_("请写明理由，它会和这次操作一起保存。")), at_most(500)], filters=[strip])


class StopForm(BaseForm):
    """Why a tablet is locked out. Its field has a name of its own: the page has other forms."""

    stop_reason = TextAreaField(_("停用的理由"), filters=[strip], description=_("会显示在这台平板上，并记入操作记录。"),
                                validators=[required(_("请写明停用的理由，它会显示在这台平板上。")), at_most(200)])


class LockForm(BaseForm):
    """The round's name, typed to make sure that it is this one."""

    confirm_name = StringField(_("本轮的名称"), filters=[one_line], id="confirm-name")


class ExcusalForm(ReasonForm):
    """Which seat does not mark which work."""

    seat = SelectField(_("座位"), validators=[optional()])
    work = SelectField(_("作品"), validators=[optional()])

    def offer(self, seats: Iterable[tuple[uuid.UUID, str]], works: Iterable[tuple[uuid.UUID, str]]) -> "ExcusalForm":
        """Fill the choices."""
        self.seat.choices = [("", str(_("全部座位"))), *((str(i), label) for i, label in seats)]
        self.work.choices = [("", str(_("全部作品"))), *((str(i), label) for i, label in works)]
        return self


class BackForm(ReasonForm):
    """Which sheet goes back to its judge."""

    sheet = SelectField(_("评分表"), validators=[chosen(_("请选择要退回的评分表。"))])


class MoveForm(ReasonForm):
    """Whose sheet goes to which work. ``seen``: the state that the preview showed; ``swap``: both are exchanged."""

    seat = SelectField(_("评分表"), validators=[chosen(_("请选择要移动的评分表。"))])
    to = SelectField(_("移到作品"), validators=[chosen(_("请选择移到哪件作品。"))])
    seen = HiddenField()
    swap = HiddenField()


class SpreadForm(ReasonForm):
    """What the chief judge decides about judges who lie apart on a part of a work."""

    part = SelectField(_("哪一项"), validators=[chosen(_("请选择要决定的一项。"))])
    decision = RadioField(_("决定"), choices=choices([
        (ACCEPT, _("认可现有评分：分歧有正当理由，按现有评分计算")),
        (TOGETHER, _("全组重新评分：请参加比较的裁判一起复核，各自重新评分或写明理由维持原分")),
    ]), validators=[chosen(_("请选择一种决定。"))])


class LateForm(ReasonForm):
    """Which quarantined events are decided."""

    ids = BoxesField(_("另存项"), validators=[required(_("请选择要处理的另存项。"))])


class FigureFields(BaseForm):
    """The figures of one work; made for an event by :func:`figure_form`."""

    reason = StringField(_("更正理由"), validators=[at_most(300)], filters=[one_line])


def figure_form(keys: Sequence[FigureKey]) -> type[FigureFields]:
    """A form class with a text field for each figure."""
    return type("FigureForm", (FigureFields,), {key.key: _figure_field(key) for key in keys})


def _figure_field(key: FigureKey) -> StringField:
    if key.kind == "answers":
        return TextAreaField(key.label, validators=[at_most(_LONGEST_ANSWERS)])
    return StringField(key.label, validators=[at_most(20)], filters=[one_line])


class KeyFields(BaseForm):
    """The key of a paper; made for its sections by :func:`key_form`. ``seen``: what it changes was shown."""

    reason = StringField(_("理由"), validators=[at_most(300)], filters=[one_line])
    seen = HiddenField()


def key_form(paper: Paper) -> type[KeyFields]:
    """A form class with a field for each section."""
    fields = {ANSWERS + one.key: TextAreaField(LazyString(named, one.name), validators=[at_most(_LONGEST_ANSWERS)])
              for one in paper.sections}
    return type("KeyForm", (KeyFields,), fields)


class ImportForm(BaseForm):
    """A filled-in workbook."""

    file = FileField(_("填好的表格"), validators=[FileRequired(_("请选择 .xlsx 表格。"))])


class TakeForm(BaseForm):
    """Take a preview over."""

    reason = StringField(_("更正理由"), validators=[at_most(300)], filters=[one_line])


class HandoverForm(BaseForm):
    """Files from tablets without a network; ``way`` says whether a camera read them."""

    files = MultipleFileField(_("评分交接文件"), validators=[FileRequired(_("请选择平板导出的 .json 文件，可以一次选多份。"))])
    way = HiddenField()


class TakeHandoverForm(BaseForm):
    """Take a file; perhaps also what the server had refused before."""

    stuck = BooleanField(_("服务器以前没有接受的也再交一次"))


class NumberForm(BaseForm):
    """The number of a sheet of paper. It has a name of its own: what is called code is never brought back."""

    number = StringField(_("评分表编号"), validators=[required(_("请扫评分表上的二维码，或输入编号。")), at_most(40)], filters=[one_line])


class PrintForm(BaseForm):
    """Which sheets are printed: of a batch, of a seat, or all of the round."""

    batch = SelectField(_("批次"), validators=[optional()])
    seat = SelectField(_("座位"), validators=[optional()])


class PaperFields(BaseForm):
    """The boxes of a sheet of paper; made for the sheet by :func:`paper_form`."""


def paper_form(lines: Sequence[Line]) -> type[PaperFields]:
    """A form class with a text field for each box; what is in it is judged by the rules that judge a tablet's marks."""
    fields = {box.field: StringField(f"{line.name} {box.name}".strip(), validators=[at_most(20)], filters=[one_line])
              for line in lines for box in line.boxes}
    return type("PaperForm", (PaperFields,), fields)
