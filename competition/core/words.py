"""A sentence in the reader's language, with a type: what pure rules say with."""

from flask_babel import gettext


def say(text: str, **values: object) -> str:
    """``gettext``, which by its own types could be anything."""
    return str(gettext(text, **values))
