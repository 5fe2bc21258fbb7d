"""What belongs to an entry as a file: the photo, the stamped form."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from competition.accounts.models import Account
from competition.accounts.service_consent import check_consents
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import Upload, keep_upload, take_upload
from competition.registration import queries_own, rules
from competition.registration.models import Entry
from competition.registration.service_line import lock_entry

KINDS = {"photo": ("image",), "scan": ("image", "pdf")}


def take_file(kind: str, data: bytes, name: str) -> Upload:
    """Clean what was sent, before the transaction that keeps it. A refusal names the form's field, which is the kind."""
    if kind not in KINDS:
        raise NotFound(_("没有这种文件。"))
    if not data:
        raise RuleBroken(_("请先选择文件。"), code="no_file", status=422, field=kind)
    try:
        return take_upload(data, name=f"{kind}{Path(name).suffix}", kinds=KINDS[kind])
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, status=error.status, field=kind) from error


def attach(entry_id: uuid.UUID, kind: str, data: bytes, name: str, *, actor: Actor, at: datetime) -> Entry:
    """Keep a photo (until the entry is approved) or the stamped form (until the contest begins)."""
    upload = take_file(kind, data, name)
    with atomic():
        entry, contest = lock_entry(entry_id)
        keep_file(entry, contest, kind, upload, actor=actor, at=at)
    return entry


def carry_photo(entry_id: uuid.UUID, *, actor: Actor, at: datetime) -> Entry:
    """The contestant takes the photo of the own earlier entry for this one, knowingly: nothing is carried by itself, and whoever
    took a consent back agrees anew first (decision 0040). The caller has checked whose entry it is."""
    account = get(Account, actor.own_id)
    with atomic():
        entry, contest = lock_entry(entry_id)
        check_consents(account.id)
        earlier = queries_own.earlier_own(account, contest.id)
        if earlier is None or earlier.photo is None:
            raise RuleBroken(_("没有可以沿用的照片，请上传。"), code="no_photo", field="photo")
        photo = earlier.photo
        photo.read()  # raises when its bytes are gone
        keep_file(entry, contest, "photo", Upload(photo.sha256, photo.size, photo.media_type, photo.name), actor=actor, at=at,
                  carried={"from": str(earlier.id)})
    return entry


def keep_file(
    entry: Entry, contest: Contest, kind: str, upload: Upload, *, actor: Actor, at: datetime, carried: Mapping[str, str] | None = None,
) -> None:
    """The same inside another verb's transaction, which holds entry and contest. ``carried``: from where, for the audit."""
    open_states = rules.ALIVE - {"approved"} if kind == "photo" else rules.ALIVE
    if entry.state not in open_states or contest.phase in ("running", "finished"):
        raise RuleBroken(_("现在不能再上传文件。需要更换请联系审核的工会退回报名。"), code="not_editable", field=kind)
    stored = keep_upload(upload, sensitivity="personal", actor=actor, at=at)
    setattr(entry, "photo_id" if kind == "photo" else "form_scan_id", stored.id)
    db.session.flush()
    audit.record("registration.attach", actor=actor, subject=("entry", entry.id), at=at, chain=contest.id,
                 details={"kind": kind, "sha256": stored.sha256, **(carried or {})})
