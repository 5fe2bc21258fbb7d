"""What the page asks."""

from flask_babel import lazy_gettext as _
from wtforms import StringField

from competition.core.forms import BaseForm, at_most, required, strip


class KeptForm(BaseForm):
    """Where the keys are kept."""

    where = StringField(_("保管处"), [required(), at_most(100)], filters=[strip])
