"""The head of a table, read as it was read before."""

import uuid

from competition.core.database import find
from competition.rosters.models import RosterLayout
from competition.rosters.rules_columns import Head, with_choice


def remembered(union_id: uuid.UUID, head: Head) -> Head:
    """The head with the columns that a person of this union chose for these titles; as it was guessed when nobody did."""
    kept = find(RosterLayout, union_id=union_id, fingerprint=head.fingerprint)
    return with_choice(head, kept.columns) if kept else head
