"""What one county has, and what its parts are made of: a file, a picture, long work, the audit row of what a test writes."""

import io
import uuid
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from PIL import Image

from competition.accounts.models import Account
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic
from competition.core.files import store
from competition.core.jobs import Job
from competition.organisations.models import Union
from tests.cast import Cast
from tests.judges import Judge

EVENT = "basic"
Values = dict[str, dict[str, Any]]


@dataclass
class Side:
    """What one county has. ``common``: a contest of the province in which it has an entry. ``values``: the
    parameters of addresses, by what they are about."""

    county: Union
    common: Contest
    clerk: Actor
    contestant: Account
    leader: Account
    contests: dict[str, Contest]
    values: Values = field(default_factory=dict)
    judges: list[Judge] = field(default_factory=list)

    @property
    def mine(self) -> list[Contest]:
        """The contests for which the people of the table hold roles."""
        return list(self.contests.values())


def record(what: str, contest: Contest, cast: Cast) -> None:
    """The audit row of what a test writes as rows."""
    audit.record(f"test.{what}", actor=SYSTEM, subject=("contest", contest.id), at=cast.at, chain=contest.id)


def picture_bytes() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "JPEG")
    return out.getvalue()


def paper(contest: Contest, cast: Cast) -> uuid.UUID:
    """A page that printing would have made."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    with atomic() as session:
        row = store(out.getvalue(), name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=cast.at)
        session.flush()
        record("paper", contest, cast)
    return row.id


def finished(job: Job, contest: Contest, cast: Cast) -> None:
    """Long work that is done, as its worker leaves it."""
    made = paper(contest, cast)
    with atomic() as session:
        row = session.get_one(Job, job.id)
        row.state, row.finished_at, row.result = "done", cast.at, {"file": str(made)}
        record("job", contest, cast)


def queued(kind: str, contest: Contest | None, cast: Cast) -> uuid.UUID:
    """Long work that nobody of the table asked for."""
    with atomic():
        job = jobs.start(kind, title="测试任务", payload={}, actor=SYSTEM, at=cast.at, chain=contest.id if contest else None)
        audit.record("test.job", actor=SYSTEM, subject=("job", job.id), at=cast.at)
    return job.id
