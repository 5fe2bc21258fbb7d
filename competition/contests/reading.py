"""A rulebook for whoever reads it now: its own texts, and what is said about it, in the reader's language."""

import uuid
from dataclasses import replace

from flask_babel import get_locale, gettext

from competition.contests.models import RulebookVersion
from competition.contests.queries import load_rules
from competition.core.database import get
from competition.core.formats import joined
from competition.scoring.model import Rulebook
from competition.scoring.wording import Wording

# How whoever reads is told where no rulebook gives names.
READER = Wording(gettext, joined=joined)


def wording(rulebook: Rulebook) -> Wording:
    """How the reader is told about this rulebook and what was computed by it."""
    return replace(READER, texts=rulebook.texts(_language()))


def wording_of(version_id: uuid.UUID) -> Wording:
    """The same by the id of the rulebook's version, which is read only where it is needed."""
    return wording(load_rules(get(RulebookVersion, version_id))) if _language() != "zh" else READER


def _language() -> str:
    locale = get_locale()
    return "zh" if locale is None else str(locale.language)
