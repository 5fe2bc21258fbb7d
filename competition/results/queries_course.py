"""How far sums and publications are, over many contests at once: reads for the contests' homes and the desks."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from competition.core.database import db
from competition.judging.queries import figures_of_event, marks_of_event
from competition.judging.queries_answers import key_figures, key_of
from competition.results.gathering import marks_digest
from competition.results.models import Publication, SumCheck, SumSample, SumSignature
from competition.results.rules import must_check_all


@dataclass(frozen=True)
class Sampled:
    """The newest check of an event's sums: when its works were chosen, how many they are, what was found."""

    event_id: uuid.UUID
    at: datetime
    marks_digest: str
    total: int
    is_full: bool
    checked: int
    errors: int
    is_signed: bool

    @property
    def must_check_all(self) -> bool:
        """Too many errors in a sample."""
        return not self.is_full and must_check_all(self.total, self.errors)


def sampled(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sampled]:
    """The newest sample of each event, fitting the marks or not; three statements."""
    query = select(SumSample).where(SumSample.contest_id.in_(contest_ids)).order_by(SumSample.at)
    samples = {sample.event_id: sample for sample in db.session.scalars(query)}
    ids = [sample.id for sample in samples.values()]
    checks: dict[uuid.UUID, dict[uuid.UUID, bool]] = {}
    right = select(SumCheck.sample_id, SumCheck.work_id, SumCheck.is_right).where(SumCheck.sample_id.in_(ids)).order_by(SumCheck.at)
    for sample_id, work_id, is_right in db.session.execute(right):
        checks.setdefault(sample_id, {})[work_id] = is_right
    signed = set(db.session.scalars(select(SumSignature.sample_id).where(SumSignature.sample_id.in_(ids))))
    return {event_id: _sampled(sample, checks.get(sample.id, {}), sample.id in signed) for event_id, sample in samples.items()}


def _sampled(sample: SumSample, checks: dict[uuid.UUID, bool], is_signed: bool) -> Sampled:
    errors = sum(not is_right for is_right in checks.values())
    return Sampled(sample.event_id, sample.at, sample.marks_digest, len(sample.works), sample.is_full, len(checks), errors, is_signed)


def still_fits(sample: Sampled, locked_at: datetime | None) -> bool:
    """Is the sample worth anything? The marks are read only when the round was locked anew since it was drawn."""
    if locked_at is None or locked_at <= sample.at:
        return True
    figures = [*figures_of_event(sample.event_id), *key_figures(sample.event_id, key_of(sample.event_id))]
    return marks_digest(marks_of_event(sample.event_id), figures) == sample.marks_digest


def first_published(contest_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], datetime]:
    """When each ranking was first published, by contest and scope."""
    query = select(Publication.contest_id, Publication.scope, func.min(Publication.published_at)).where(
        Publication.contest_id.in_(contest_ids)).group_by(Publication.contest_id, Publication.scope)
    return {(contest, scope): at for contest, scope, at in db.session.execute(query)}
