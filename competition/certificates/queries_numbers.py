"""Reads: how a union numbers its certificates."""

import uuid

from competition.certificates.models import NumberRule
from competition.certificates.rules_numbers import Numbering, read_numbering
from competition.core.database import db


def numbering_of(union_id: uuid.UUID) -> Numbering:
    """The union's own rule, or the program's."""
    kept = db.session.get(NumberRule, union_id)
    return read_numbering(kept.rule) if kept else Numbering()
