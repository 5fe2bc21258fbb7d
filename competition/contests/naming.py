"""What a rulebook calls its things, and how scoring speaks of them, for whoever reads.

Where words go on record, ``name.zh`` is taken, and scoring speaks Chinese by itself.
"""

from dataclasses import replace

from flask_babel import get_locale, gettext

from competition.core.formats import joined
from competition.scoring.model import Rulebook, Words
from competition.scoring.wording import Wording

# How whoever reads is told where no rulebook gives names.
READER = Wording(gettext, joined=joined)


def named(words: Words) -> str:
    """The words in the language that is spoken now; Chinese where the rulebook has no others."""
    return words.read(language())


def wording(rulebook: Rulebook) -> Wording:
    """How the reader is told about this rulebook and what was computed by it."""
    return replace(READER, texts=rulebook.texts(language()))


def language() -> str:
    """The language that is spoken now: zh, en."""
    locale = get_locale()
    return "zh" if locale is None else str(locale.language)
