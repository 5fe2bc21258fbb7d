"""Whole numbers as people type them: on a Chinese keyboard, with commas between thousands."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.widgets import TextInput

from competition.core.characters import plain_count


class WholeField(IntegerField):
    """A whole number. A browser's own field for numbers takes neither １２３ nor 1,200: this one is a line of text with the keys for
    numbers."""

    widget = TextInput()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"render_kw": {"inputmode": "numeric"}, **more})

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([plain_count(str(text)) for text in valuelist])
        except ValueError as error:
            raise ValueError(_("请填整数。")) from error
