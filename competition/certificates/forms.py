"""What organizers say about certificates: what a batch is made from, why it is issued, what was wrong with one."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from competition.certificates.models import Template
from competition.core.forms import BaseForm, at_most, choices, chosen, one_line, optional, required, strip
from competition.results.book import name_of
from competition.results.models import Publication


class PrepareForm(BaseForm):
    """A batch from a publication."""

    publication = SelectField(_("依据哪份公布的成绩"), [chosen()])
    template = SelectField(_("证书模板"), [chosen()])
    title = StringField(_("这批证书的名称"), [required(), at_most(60)], filters=[one_line])
    dated_on = DateField(_("证书上的日期"), [DataRequired(_("请填写日期，例如 2026-11-22。"))])

    def offer(self, publications: Iterable[Publication], templates: Iterable[Template], today: date) -> "PrepareForm":
        """Fill the choices, and what is usual."""
        self.publication.choices = choices([(str(p.id), _("%(name)s（第 %(n)s 版）", name=name_of(p), n=p.version)) for p in publications])
        self.template.choices = choices([(str(t.id), t.name) for t in templates])
        if not self.is_submitted():
            self.dated_on.data = today
        return self


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
