"""Setting how a union numbers its certificates. What is issued keeps its number."""

import uuid
from datetime import datetime

from competition.certificates import rules, rules_numbers
from competition.certificates.models import NumberRule
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.organisations.models import Union


def set_numbering(union_id: uuid.UUID, numbering: rules_numbers.Numbering, *, actor: Actor, at: datetime) -> NumberRule:
    """Number by this rule from the next batch on."""
    try:
        rules_numbers.check_numbering(numbering, rules.KIND_CODES)
    except ValueError as error:
        raise RuleBroken(str(error), code="bad_numbering", status=422) from error
    with atomic():
        get(Union, union_id, lock=True)
        kept = db.session.get(NumberRule, union_id)
        before = kept.rule if kept else None
        if kept is None:
            kept = NumberRule(union_id=union_id, rule={}, changed_at=at)
            db.session.add(kept)
        kept.rule, kept.changed_by, kept.changed_at = numbering.as_data(), actor.id, at
        db.session.flush()
        audit.record("certificates.numbering", actor=actor, subject=("union", union_id), at=at,
                     details={"before": before, "after": kept.rule})
    return kept
