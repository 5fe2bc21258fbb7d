"""A published ranking written as rows, and batches of it: computing and publishing have tests of their own."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from competition.certificates import service
from competition.certificates.models import Batch, Certificate
from competition.certificates.queries import ready_template
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.registration.models import Delegation, Entry
from competition.results.models import Publication, PublishedRow
from tests.builders import make_contest, make_field
from tests.cast import Cast

AWARDS = {1: "金奖", 2: "银奖", 3: "银奖", 4: "铜奖", 5: "铜奖", 6: "铜奖"}


def demo_contest(cast: Cast, **more: Any) -> Contest:
    """A contest of the demonstration that is over."""
    contest = make_contest(cast, phase="finished", open=False, events=("theory", "basic"), **more)
    with atomic():
        get(Contest, contest.id).is_demo = True
        audit.record("test.demo", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)
    return contest


def publish(
    cast: Cast, contest: Contest, entries: Sequence[Entry], *, scope: str = "event:basic", names: dict[int, str] | None = None,
    status: dict[int, str] | None = None, awards: dict[int, str] | None = None,
) -> Publication:
    """The next version of a ranking: the entries in their order, with awards by rank."""
    version = 1 + (db.session.scalar(select(func.max(Publication.version)).where(
        Publication.contest_id == contest.id, Publication.scope == scope)) or 0)
    rulebook = current_rulebook(contest.id)
    publication = Publication(
        id=uuid.uuid4(), contest_id=contest.id, scope=scope, scope_name="手工拉面基本功", version=version, rulebook_id=rulebook.id,
        rulebook_digest=rulebook.digest, inputs_digest="0" * 64, payload={}, payload_digest="0" * 64, published_at=cast.at)
    groups = {d.id: d.name for d in db.session.scalars(select(Delegation).where(Delegation.contest_id == contest.id))}
    with atomic() as session:
        session.add(publication)
        session.flush()
        session.add_all(
            PublishedRow(
                publication_id=publication.id, entry_id=entry.id, position=n, rank=n, value=f"{100 - n}.00",
                status=(status or {}).get(n, "OK"), award=None, award_name=(awards or AWARDS).get(n, "优秀选手奖"),
                public_name=(names or {}).get(n, entry.name), team_name="", delegation_name=groups.get(entry.delegation_id, ""),
                region_name="", figures={})
            for n, entry in enumerate(entries, 1))
        audit.record("test.publish", actor=SYSTEM, subject=("publication", publication.id), at=cast.at, chain=contest.id)
    return publication


def published(cast: Cast, count: int = 6, **more: Any) -> Publication:
    """A ranking of ``count`` people of a demonstration."""
    contest = demo_contest(cast)
    return publish(cast, contest, make_field(cast, contest, persons=count), **more)


def prepared(cast: Cast, publication: Publication, kind: str = "award", **more: Any) -> Batch:
    """A batch of everybody in it."""
    return service.prepare_batch(publication.id, ready_template(kind).id, title="测试证书", actor=cast.actor("organizer"),
                                 at=cast.at, **more)


def asked(cast: Cast, batch: Batch) -> Approval:
    """The organizer asked for the batch."""
    return service.ask_issue(batch.id, "名单已核对。", cast.actor("organizer"), cast.at)


def issued(cast: Cast, publication: Publication, kind: str = "award", **more: Any) -> Batch:
    """A batch approved by a second person; nothing is printed yet."""
    batch = prepared(cast, publication, kind, **more)
    approvals.decide(asked(cast, batch).id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    return get(Batch, batch.id)


def print_all(batch: Batch) -> None:
    """The work of the job."""
    service.print_batch(batch.id, report=lambda done, total, message: None, clock=now)


def certificates(batch: Batch) -> list[Certificate]:
    """The register's lines of a batch, in their order."""
    return list(db.session.scalars(select(Certificate).where(Certificate.batch_id == batch.id).order_by(Certificate.position)))


def as_real(batch: Batch) -> Batch:
    """The same batch as if its contest were no demonstration: what its codes and papers say then."""
    with atomic():
        row = get(Batch, batch.id)
        row.settings = {**row.settings, "is_demo": False, "demo_signed": False}
        audit.record("test.real", actor=SYSTEM, subject=("batch", row.id), at=row.created_at, chain=row.contest_id)
    return row
