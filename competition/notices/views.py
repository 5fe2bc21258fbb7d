"""Announcements as everybody reads them, and the reader's messages."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.paging import paginate
from competition.core.paths import local_path
from competition.notices import queries, service
from competition.notices.models import NoticeAttachment
from competition.notices.topics import load_topic

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@act("notices.read")
def index() -> str:
    """Published announcements, newest first."""
    page = paginate(queries.published(), request.args.get("page", 1, int), 20)
    return render_template("notices/index.html", page=page)


@blueprint.get("/notices/<uuid:notice_id>")
@act("notices.read")
def show(notice_id: UUID) -> str:
    """One announcement; a corrected one leads to its correction."""
    notice = service.load_public(notice_id)
    newer = queries.replaced_by(notice.id) if notice.state == "replaced" else None
    return render_template("notices/show.html", notice=notice, newer=newer, topic=load_topic(notice.topic_kind, notice.topic_id))


@blueprint.get("/notices/<uuid:notice_id>/files/<uuid:attachment_id>")
@act("notices.read")
def attachment(notice_id: UUID, attachment_id: UUID) -> Response:
    """A file of a public announcement, as the type that it was stored with."""
    notice, found = service.load_public(notice_id), get(NoticeAttachment, attachment_id)
    if found.notice_id != notice.id:
        raise NotFound(_("没有找到这个附件。"))
    return send_stored(found.file)


@blueprint.get("/messages")
@act("notices.messages")
def messages() -> str:
    """The reader's messages, newest first."""
    page = paginate(queries.messages_of(current_actor().own_id), request.args.get("page", 1, int), 20)
    return render_template("notices/messages.html", page=page, unread=queries.count_unread(current_actor().own_id))


@blueprint.post("/messages/<uuid:message_id>/read")
@act("notices.messages")
def read(message_id: UUID) -> Response:
    """Open a message: it counts as read, and its link is followed."""
    message = service.read_message(message_id, actor=current_actor(), at=now())
    return redirect(local_path(message.link, url_for("notices.messages")), 303)


@blueprint.post("/messages/read")
@act("notices.messages")
def read_all() -> Response:
    """All messages count as read."""
    service.read_all(actor=current_actor(), at=now())
    flash(_("全部消息已标为已读。"), "success")
    return redirect(url_for("notices.messages"), 303)
