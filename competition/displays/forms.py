"""The forms of the desk."""

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField

from competition.core.forms import BaseForm, at_most, choices, chosen, one_line, required
from competition.core.languages import LANGUAGES
from competition.displays.rules import LONGEST_SENTENCE, PAGES


class PairForm(BaseForm):
    """A screen that shows a number."""

    code = StringField(_("大屏上的配对码"), validators=[required(), at_most(12)], filters=[one_line])
    name = StringField(_("大屏名称"), validators=[required(), at_most(40)], filters=[one_line])
    language = SelectField(_("大屏的语言"), choices=choices((each.code, each.label) for each in LANGUAGES), validators=[chosen()])


class PageForm(BaseForm):
    """What a screen shows."""

    page = RadioField(_("显示"), choices=choices(PAGES.items()), validators=[chosen(_("请选择显示什么。"))])
    sentence = StringField(_("一句话"), validators=[at_most(LONGEST_SENTENCE)], filters=[one_line])


class CallForm(BaseForm):
    """Which batch is at the stations."""

    batch = SelectField(_("正在上场"))
    with_numbers = BooleanField(_("工位旁边显示参赛编号"))

    def offer(self, batches: Iterable[tuple[str, str]]) -> "CallForm":
        """The batches that are drawn."""
        self.batch.choices = [("", str(_("没有"))), *batches]
        return self

    @property
    def called(self) -> tuple[uuid.UUID | None, int]:
        """The round and the batch that were chosen."""
        round_id, _sep, batch = (self.batch.data or "").partition(":")
        return (uuid.UUID(round_id), int(batch)) if round_id else (None, 0)
