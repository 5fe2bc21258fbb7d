"""What is left of entries once their person had the own data erased: that somebody took part, with whom, and the number."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from competition.accounts.identity import ERASED
from competition.core import audit, files
from competition.core.actors import Actor
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.files import StoredFile
from competition.registration.models import Entry, EntryDraft
from competition.registration.queries_own import teams_led


def erase_entries(entries: Sequence[Entry], account_id: uuid.UUID, names: Collection[str], *, actor: Actor, at: datetime) -> None:
    """Within the caller's act: personal fields, files, drafts, reasons. Team, delegation and number stay for the figures."""
    session, keys = db.session(), [entry.id for entry in entries]
    session.execute(delete(EntryDraft).where(EntryDraft.entry_id.in_(keys)))
    kept = _files_of(entries, account_id)
    for entry in entries:
        _empty(entry, account_id, at)
        for review in entry.reviews:
            review.reason = ""
        audit.record("entry.erase", actor=actor, subject=("entry", entry.id), at=at, chain=entry.contest_id)
    for team in teams_led(account_id):
        team.leader_id, team.leader_name = None, ""
        team.coach_name = "" if team.coach_name in names else team.coach_name
    session.flush()
    files.drop(kept)


def _empty(entry: Entry, account_id: uuid.UUID, at: datetime) -> None:
    entry.name, entry.employer, entry.employer_ownership, entry.trade = ERASED, "", "unknown", ""
    entry.skill_level, entry.worker_group, entry.union_id, entry.region_code = None, "none", None, None
    entry.photo_id, entry.form_scan_id, entry.return_reason, entry.withdraw_reason = None, None, None, None
    entry.account_id, entry.review_union_id = None, None
    entry.registered_by = None if entry.registered_by == account_id else entry.registered_by
    entry.state = "withdrawn" if entry.state == "draft" else entry.state
    entry.version, entry.erased_at = entry.version + 1, at


def _files_of(entries: Sequence[Entry], account_id: uuid.UUID) -> list[StoredFile]:
    """Photos and forms of these entries, also those that were replaced: the audit trail knows their hashes."""
    rows = select(AuditRow).where(AuditRow.subject_kind == "entry", AuditRow.act == "registration.attach",
                                  AuditRow.subject_id.in_([str(entry.id) for entry in entries]))
    hashes = {row.details["sha256"] for row in db.session.scalars(rows)}
    own = {key for entry in entries for key in (entry.photo_id, entry.form_scan_id) if key}
    named = StoredFile.name.in_(("photo.jpg", "photo.png", "scan.jpg", "scan.png", "scan.pdf"))
    found = list(db.session.scalars(select(StoredFile).where(
        StoredFile.sensitivity == "personal",
        or_(StoredFile.id.in_(own), named & StoredFile.sha256.in_(hashes), named & (StoredFile.owner_id == account_id)))))
    ids = [row.id for row in found]
    others = select(Entry.photo_id, Entry.form_scan_id).where(
        Entry.id.not_in([entry.id for entry in entries]), or_(Entry.photo_id.in_(ids), Entry.form_scan_id.in_(ids)))
    used = {key for pair in db.session.execute(others) for key in pair}
    return [row for row in found if row.id not in used]
