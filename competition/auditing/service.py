"""The proof of the chains, asked for by a person or by the clock, and what follows when one is broken."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from competition.accounts.queries import holders
from competition.auditing.queries import PROVE, running_proof
from competition.core import audit, jobs
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.jobs import Job
from competition.core.languages import lines
from competition.notices import service as notices

WATCHERS = ("auditor", "security_officer", "administrator")


# A message is read: the page names them all.
NAMED = 5


def ask_proof(*, actor: Actor, at: datetime) -> Job:
    """Have every chain walked; a walk that is under way is not started twice."""
    with atomic():
        job = running_proof()
        if job is None:
            job = jobs.start(PROVE, title=_("验证审计链"), payload={}, actor=actor, at=at)
            audit.record("auditing.prove", actor=actor, subject=("job", job.id), at=at)
    return job


def prove(at: datetime) -> dict[str, Any]:
    """Walk every chain; the watchers are told of the first broken row of each. Returns what the page shows."""
    proofs = list(audit.prove())
    broken = [{"chain": p.broken.chain, "seq": p.broken.seq, "why": str(p.broken.why)} for p in proofs if p.broken]
    if broken:
        words = lines(*(_("链 %(chain)s 第 %(seq)s 行：%(why)s", chain=p.broken.chain, seq=p.broken.seq, why=p.broken.why)
                        for p in [p for p in proofs if p.broken][:NAMED] if p.broken))
        with atomic():
            notices.tell(holders(WATCHERS, at), kind="audit", title=_("审计链断裂"), body=words, link="/system/audit", at=at)
    return {"chains": len(proofs), "rows": sum(p.rows for p in proofs), "broken": broken, "href": "/system/audit",
            "label": str(_("查看审计记录"))}
