"""The columns that a clerk chose are remembered."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from competition.core.actors import Actor
from competition.core.database import atomic, find, get
from competition.core.errors import RuleBroken
from competition.organisations.models import Union
from competition.rosters.models import RosterLayout
from competition.rosters.rules_columns import FIELDS, REQUIRED, Head, with_choice


def choose_columns(union_id: uuid.UUID, head: Head, chosen: Mapping[str, int], *, actor: Actor, at: datetime) -> Head:
    """The head as it was chosen, remembered for this union's next table with the same titles. The caller has checked the right.

    Raises RuleBroken when no column was chosen for what every person must have.
    """
    found = with_choice(head, chosen)
    missing = next((name for name in REQUIRED if name not in found.fields), None)
    if missing:
        raise RuleBroken(_("请指明哪一列是“%(field)s”。", field=FIELDS[missing]), code="column_missing", status=422, field=missing)
    with atomic() as session:
        # The union's row guards the rule: one layout for the same titles.
        get(Union, union_id, lock=True)
        kept = find(RosterLayout, union_id=union_id, fingerprint=head.fingerprint)
        if kept is None:
            kept = RosterLayout(union_id=union_id, fingerprint=head.fingerprint)
            session.add(kept)
        kept.columns, kept.chosen_by, kept.chosen_at = dict(found.fields), actor.id, at
    return found
