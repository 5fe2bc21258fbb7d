"""Announcements: drafted, given attachments, published; what was published is corrected by a new one."""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import keep_upload, take_upload
from competition.notices.models import Notice, NoticeAttachment

MAX_ATTACHMENTS = 10


def save_notice(
    topic_kind: str, topic_id: uuid.UUID | None, *, title: str, body: str, actor: Actor, at: datetime,
    notice_id: uuid.UUID | None = None,
) -> Notice:
    """A new draft about a topic, or the same draft with other words. The caller has checked the right."""
    if not title.strip() or not body.strip():
        raise RuleBroken(_("公告要有标题和正文。"), code="notice_empty", status=422)
    with atomic() as session:
        if notice_id:
            notice = load_draft(notice_id)
        else:
            notice = Notice(topic_kind=topic_kind, topic_id=topic_id, created_by=actor.id, created_at=at)
            session.add(notice)
        notice.title, notice.body = title.strip(), body.strip()
        session.flush()
        audit.record("notice.save", actor=actor, subject=("notice", notice.id), at=at, chain=_chain(notice))
    return notice


def load_draft(notice_id: uuid.UUID) -> Notice:
    """The announcement, locked, if it is still a draft; what is published does not change any more."""
    notice = get(Notice, notice_id, lock=True)
    if notice.state != "draft":
        raise RuleBroken(_("公告已发布，不能再改。请另起一份更正公告。"), code="notice_published")
    return notice


def _chain(notice: Notice) -> uuid.UUID | None:
    return notice.topic_id if notice.topic_kind == "contest" else None


def attach_file(notice_id: uuid.UUID, data: bytes, *, name: str, actor: Actor, at: datetime) -> NoticeAttachment:
    """A PDF or a picture for a draft, cleaned and kept; public once the announcement is."""
    upload = take_upload(data, name=name, kinds=("pdf", "image"))
    with atomic() as session:
        notice = load_draft(notice_id)
        count = session.scalar(select(func.count()).select_from(NoticeAttachment).where(NoticeAttachment.notice_id == notice.id)) or 0
        if count >= MAX_ATTACHMENTS:
            raise RuleBroken(_("一份公告最多 %(n)s 个附件。", n=MAX_ATTACHMENTS), code="too_many_files", status=422)
        file = keep_upload(upload, sensitivity="public", actor=actor, at=at)
        last = session.scalar(select(func.max(NoticeAttachment.position)).where(NoticeAttachment.notice_id == notice.id)) or 0
        attachment = NoticeAttachment(notice_id=notice.id, file_id=file.id, position=last + 1)
        session.add(attachment)
        session.flush()
        session.expire(notice, ["attachments"])
        audit.record("notice.attach", actor=actor, subject=("notice", notice.id), at=at, chain=_chain(notice),
                     details={"file": file.sha256})
    return attachment


def remove_attachment(attachment_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Take a file from a draft."""
    with atomic() as session:
        attachment = get(NoticeAttachment, attachment_id)
        notice = load_draft(attachment.notice_id)
        session.delete(attachment)
        session.flush()
        session.expire(notice, ["attachments"])
        audit.record("notice.detach", actor=actor, subject=("notice", notice.id), at=at, chain=_chain(notice),
                     details={"file": str(attachment.file_id)})


def publish_notice(notice_id: uuid.UUID, *, actor: Actor, at: datetime) -> Notice:
    """Show a draft to everybody. What it corrects stays readable and says that it was corrected."""
    with atomic():
        notice = load_draft(notice_id)
        notice.state, notice.published_at = "published", at
        if notice.replaces_id:
            get(Notice, notice.replaces_id, lock=True).state = "replaced"
        audit.record("notice.publish", actor=actor, subject=("notice", notice.id), at=at, chain=_chain(notice),
                     details={"replaces": str(notice.replaces_id) if notice.replaces_id else None})
    return notice


def correct_notice(notice_id: uuid.UUID, *, actor: Actor, at: datetime) -> Notice:
    """A draft that corrects a published announcement; the words are copied, the files are taken over."""
    with atomic() as session:
        old = get(Notice, notice_id, lock=True)
        if old.state != "published":
            raise RuleBroken(_("只能更正正在公布的公告。"), code="not_published")
        if find(Notice, replaces_id=old.id, state="draft"):
            raise RuleBroken(_("这份公告已有一份更正草稿，请继续编辑那一份。"), code="correction_exists")
        new = Notice(topic_kind=old.topic_kind, topic_id=old.topic_id, title=f"更正：{old.title.removeprefix('更正：')}",
                     body=old.body, created_by=actor.id, created_at=at, replaces_id=old.id)
        session.add(new)
        session.flush()
        files = session.scalars(select(NoticeAttachment).where(NoticeAttachment.notice_id == old.id))
        session.add_all([NoticeAttachment(notice_id=new.id, file_id=a.file_id, position=a.position) for a in files])
        session.flush()
        audit.record("notice.correct", actor=actor, subject=("notice", new.id), at=at, chain=_chain(new),
                     details={"replaces": str(old.id)})
    return new


def discard_draft(notice_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Throw a draft away."""
    with atomic():
        notice = load_draft(notice_id)
        notice.state = "withdrawn"
        audit.record("notice.discard", actor=actor, subject=("notice", notice.id), at=at, chain=_chain(notice))


def load_public(notice_id: uuid.UUID) -> Notice:
    """An announcement that the public may read: published, or corrected since."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.state not in ("published", "replaced"):
        raise NotFound(_("没有找到这份公告，它可能尚未发布。"))
    return notice
