"""Setting how a union numbers its certificates. What is issued keeps its number."""

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from competition.certificates import rules, rules_numbers
from competition.certificates.models import NumberRule
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.organisations.models import Union


def set_numbering(union_id: uuid.UUID, numbering: rules_numbers.Numbering, *, actor: Actor, at: datetime) -> NumberRule:
    """Number by this rule from the next batch on. Raises RuleBroken for a code that says it is another union's."""
    try:
        rules_numbers.check_numbering(numbering, rules.KIND_CODES)
    except ValueError as error:
        raise RuleBroken(str(error), code="bad_numbering", status=422) from error
    with atomic():
        # One union after the other, so that no two choose the same code at once.
        db.session.execute(select(Union.id).where(Union.parent_id.is_(None)).order_by(Union.id).with_for_update())
        check_issuer(get(Union, union_id, lock=True), numbering.issuer)
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


def check_issuer(union: Union, code: str) -> None:
    """Raise unless numbers with this code can be taken for this union's alone: figures are codes of regions, and a word is
    that of the union which chose it first."""
    own = rules_numbers.issuer_code(union.region_code)
    if code.isdigit() and code != own:
        raise RuleBroken(_("纯数字的代号是地区代号，本单位的是 %(own)s。请留空，或用带字母的代号。", own=own), code="not_your_code",
                         status=422, field="issuer")
    others = select(NumberRule, Union).join(Union, Union.id == NumberRule.union_id).where(NumberRule.union_id != union.id)
    for rule, other in db.session.execute(others):
        if code and rule.rule["issuer"] == code and not code.isdigit():
            raise RuleBroken(_("代号 %(code)s 已由“%(name)s”使用，请换一个。", code=code, name=other.name_zh), code="not_your_code",
                             status=422, field="issuer")
