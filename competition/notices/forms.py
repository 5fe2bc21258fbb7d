"""Forms of announcements."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField

from competition.core.forms import BaseForm, at_most, one_line, required, strip


class NoticeForm(BaseForm):
    """Title and text."""

    title = StringField(_("标题"), [required(_("请填写标题。")), at_most(120)], filters=[one_line])
    body = TextAreaField(_("正文"), [required(_("请填写正文。")), at_most(20_000)], filters=[strip])


class AttachmentForm(BaseForm):
    """One file."""

    file = FileField(_("附件"), [FileRequired(_("请选择文件。"))])
