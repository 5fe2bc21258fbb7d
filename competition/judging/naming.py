"""What a rulebook calls its things, for whoever reads. Where words go on record, ``name.zh`` is taken instead."""

from flask_babel import get_locale

from competition.scoring.texts import Words


def named(words: Words) -> str:
    """The words in the language that is spoken now; Chinese where the rulebook has no others."""
    locale = get_locale()
    return words.read(locale.language if locale is not None else "zh")
