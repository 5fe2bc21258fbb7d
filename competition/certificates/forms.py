"""What organizers say about certificates: what a batch is made from, why it is issued, what was wrong with one."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, NumberRange

from competition.certificates.models import Template
from competition.certificates.source_published import Only, Published
from competition.certificates.sources import WHOLE
from competition.core.forms import BaseForm, BoxesField, at_most, choices, chosen, one_line, optional, required, strip
from competition.organisations.models import Union
from competition.results.models import Publication
from competition.scoring.wording import N_

MOST_PLACES = 9999


class BatchForm(BaseForm):
    """What every batch has, whatever it is made from."""

    template = SelectField(_("证书模板"), [chosen()])
    title = StringField(_("这批证书的名称"), [required(), at_most(60)], filters=[one_line])
    dated_on = DateField(_("证书上的日期"), [DataRequired(_("请填写日期，例如 2026-11-22。"))])

    def offer(self, templates: Sequence[Template], today: date, *, wanted: str = "", kind: str = "") -> Self:
        """Fill the choices, and what is usual: the template with the id ``wanted``, else the ready-made of this ``kind``."""
        self.template.choices = choices([(str(t.id), t.name) for t in templates])
        if not self.is_submitted():
            self.dated_on.data = today
            fits = (str(one.id) for one in templates if str(one.id) == wanted or (not wanted and one.key == f"ready-{kind}"))
            self.template.data = next(fits, self.template.data)
        return self


class PrepareForm(BatchForm):
    """A batch from a publication, or from what the contest knows of who was there: then ``source`` is its scope."""

    source = SelectField(_("发给谁"), [chosen()])
    awards = BoxesField(_("只发给这些奖项"))
    places = IntegerField(_("只发给前几名"), [optional(), NumberRange(1, MOST_PLACES, _("请填写 1 到 9999 的数，例如 3。"))])

    def offer_sources(self, contest_id: uuid.UUID, publications: Iterable[Publication]) -> Self:
        """The rankings in force, then the lists."""
        self.source.choices = choices([
            *((str(p.id), Published(p).words()) for p in publications),
            *((name, kind(contest_id).words()) for name, kind in WHOLE.items())])
        return self

    def offer_awards(self, names: Iterable[str]) -> Self:
        """The awards of the rankings in force."""
        self.awards.choices = choices([(name, name) for name in names])
        return self

    def validate_source(self, field: SelectField) -> None:
        """A list of who was there has no awards and no places."""
        if field.data in WHOLE and (self.awards.data or self.places.data):
            raise ValidationError(_("奖项和名次只能用来挑选公布的成绩；按这份名单发证书，请不选奖项、不填名次。"))

    def only(self) -> Only:
        """Which lines of a ranking are wanted."""
        return Only(tuple(self.awards.data or ()), self.places.data)


class UnitsForm(BatchForm):
    """A batch for chosen unions."""

    units = BoxesField(_("单位"), [InputRequired(_("请至少选择一个单位。"))])
    award = StringField(_("奖项或称号"), [required(), at_most(40)], filters=[one_line], default=N_("优秀组织奖"))

    def offer_units(self, units: Iterable[tuple[Union, str]]) -> Self:
        """Who sent people."""
        self.units.choices = choices([(str(union.id), union.name_zh) for union, _delegation in units])
        return self


class ListForm(BatchForm):
    """A batch from a workbook."""

    file = FileField(_("填好的名单（.xlsx）"))


class ReasonForm(BaseForm):
    """Why: the second person decides by it, and it stays in the record."""

    reason = TextAreaField(_("理由"), [required(_("请写明理由，第二人据此判断。")), at_most(300)], filters=[strip])


class ReplaceForm(ReasonForm):
    """What the new certificate says otherwise. Rank and award are those of the result in force."""

    name = StringField(_("姓名"), [required(), at_most(60)], filters=[one_line])
    pinyin = StringField(_("姓名拼音"), [optional(), at_most(80)], filters=[one_line])
    unit = StringField(_("单位"), [optional(), at_most(80)], filters=[one_line])
    delegation = StringField(_("代表团"), [optional(), at_most(60)], filters=[one_line])
    team = StringField(_("代表队"), [optional(), at_most(60)], filters=[one_line])

    members = StringField(_("队员"), [optional(), at_most(200)], filters=[one_line])

    FIELDS = {"name": "姓名", "pinyin": "姓名拼音", "unit": "单位", "delegation": "代表团", "team": "代表队", "members": "队员"}

    def changes(self) -> dict[str, str]:
        """The wanted texts by placeholder, of the fields that the page had: a person and a team have different ones."""
        return {placeholder: self[name].data or "" for name, placeholder in self.FIELDS.items() if self[name].raw_data}
