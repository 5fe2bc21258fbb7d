"""What is said about a licensed font, and about a picture of a character."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField

from competition.core.forms import BaseForm, at_most, one_line, required, strip


class FontForm(BaseForm):
    """A font of a union's own."""

    file = FileField(_("字体文件"), [FileRequired(_("请选择 TTF 或 OTF 字体文件。"))])
    licence = TextAreaField(_("授权说明"), [required(_("请写明授权依据，例如授权书编号、授权单位和期限。")), at_most(300)], filters=[strip])


class GlyphForm(BaseForm):
    """A picture of a character of somebody's name."""

    name = StringField(_("姓名"), [required(), at_most(60)], filters=[one_line])
    char = StringField(_("缺的字"), [required(), at_most(2)], filters=[one_line])
    file = FileField(_("这个字的图片"), [FileRequired(_("请选择图片。"))])
