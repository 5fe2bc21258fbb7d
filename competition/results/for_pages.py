"""Figures for pages that show them: scored once for each state of a contest's audit chain. What is written is computed anew."""

import uuid
from collections import OrderedDict

from sqlalchemy import select

from competition.contests.models import RulebookPreview
from competition.core.audit import AuditChain
from competition.core.database import db
from competition.results.gathering import compute
from competition.results.standing import Computed

KEPT_MOST = 3
_kept: OrderedDict[tuple[uuid.UUID, str, bool, uuid.UUID | None], Computed] = OrderedDict()


def compute_for_page(contest_id: uuid.UUID, *, explained: bool = False, proposed: RulebookPreview | None = None) -> Computed:
    """A contest as it stands, by its rulebook or by a ``proposed`` one.

    Every mark, figure, outcome, decision and entry leaves a row in the contest's chain.
    """
    head = db.session.scalar(select(AuditChain.digest).where(AuditChain.chain == str(contest_id))) or ""
    key = (contest_id, head, explained, proposed.id if proposed else None)
    found = _kept.pop(key, None) or compute(contest_id, explained=explained, proposed=proposed.document if proposed else None)
    _kept[key] = found
    while len(_kept) > KEPT_MOST:
        _kept.popitem(last=False)
    return found
