"""What is not handed in yet: drafts."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import seal, unseal
from competition.core.database import atomic, db, get
from competition.registration import queries, rules
from competition.registration.models import Entry, EntryDraft
from competition.registration.service_changes import forget_draft
from competition.registration.service_entries import check_open


def save_draft(
    contest_id: uuid.UUID, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Entry:
    """Keep what was typed, checked or not; ``values`` replace those of the same name. Begins an entry if there is none."""
    with atomic() as session:
        entry = queries.own_entry(contest_id, actor.own_id) or _begin(contest_id, actor, at)
        if entry.state in rules.SETTLED:
            check_open(get(Contest, contest_id), entry, at)
        draft = session.get(EntryDraft, entry.id)
        text = json.dumps({**(_open(draft) if draft else {}), **values}, ensure_ascii=False)
        sealed = seal(text, "entry_draft", "sealed", entry.id)
        if draft is None:
            session.add(EntryDraft(entry_id=entry.id, sealed=sealed, saved_at=at))
        else:
            draft.sealed, draft.saved_at = sealed, at
    return entry


def discard_draft(entry_id: uuid.UUID) -> None:
    """Forget a change that was not handed in: the entry stays as it was. The caller has checked whose it is."""
    with atomic():
        entry = get(Entry, entry_id, lock=True)
        if entry.state != "draft":
            forget_draft(entry)


def _begin(contest_id: uuid.UUID, actor: Actor, at: datetime) -> Entry:
    session = db.session()
    contest = get(Contest, contest_id, lock=True)
    check_open(contest, None, at)
    again = queries.own_entry(contest_id, actor.own_id)
    if again is not None:
        return again
    entry = Entry(contest_id=contest_id, account_id=actor.id, created_at=at)
    session.add(entry)
    session.flush()
    audit.record("registration.begin", actor=actor, subject=("entry", entry.id), at=at, chain=contest_id)
    return entry


def _open(draft: EntryDraft) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unseal(draft.sealed, "entry_draft", "sealed", draft.entry_id))
    return found


def read_draft(entry_id: uuid.UUID) -> dict[str, Any]:
    """What was typed and not handed in; empty when nothing is kept. The caller has checked whose it is."""
    draft = db.session.get(EntryDraft, entry_id)
    return _open(draft) if draft else {}
