"""What is said to the holders of a batch."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField

from competition.certificates import rules_telling
from competition.core.forms import BaseForm, reads_as, required, strip


class TellingForm(BaseForm):
    """The text message with its placeholders."""

    sms = TextAreaField(_("短信内容"), [required(_("请填写短信内容。")), reads_as(rules_telling.check_words)], filters=[strip],
                          default=rules_telling.USUAL)
