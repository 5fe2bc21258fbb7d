"""Papers: the stamped form, and what whoever enters somebody else says of that person's consent."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import StringField

from competition.core.forms import BaseForm, at_most, one_line, required


class ScanForm(BaseForm):
    """The stamped form as a picture or PDF."""

    scan = FileField(_("盖章后的报名表（照片或扫描件）"))


class PaperForm(BaseForm):
    """On which paper the person agreed, since when, where it lies."""

    paper = StringField(_("同意书的名称、签署日期和存放处"),
                        [required(_("请写明本人签字的同意书：名称、签署日期、存放处。")), at_most(200)], filters=[one_line])
