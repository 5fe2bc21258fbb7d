"""Announcements as organizers write them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.forms import try_verb
from competition.notices import queries, service
from competition.notices.forms import AttachmentForm, NoticeForm
from competition.notices.models import Notice, NoticeAttachment
from competition.notices.topics import Topic, load_topic
from competition.notices.views import blueprint

Answer = Response | str | tuple[str, int]


def asked_topic() -> Topic:
    """The topic in the address (``?contest=…``), for who may write about it."""
    given = request.args.get("contest", "")
    try:
        topic = load_topic("contest", UUID(given) if given else None)
    except ValueError as error:
        raise NotFound(_("没有找到这项赛事。")) from error
    _check(topic)
    return topic


def _check(topic: Topic) -> None:
    """Whoever may not write about a thing finds none of its announcements; those of the whole system are refused."""
    if topic.id is not None and not may(current_actor(), "notices.edit", topic.scope):
        raise NotFound(_("没有找到这份公告，它可能已被移走，或您无权查看。"))
    check(current_actor(), "notices.edit", topic.scope)


def load_notice(notice_id: UUID) -> tuple[Notice, Topic]:
    """An announcement with its topic, for who may write about that."""
    notice = get(Notice, notice_id)
    topic = load_topic(notice.topic_kind, notice.topic_id)
    _check(topic)
    return notice, topic


@blueprint.get("/manage/notices")
@act("notices.edit")
def manage() -> str:
    """All announcements about a topic, drafts too."""
    topic = asked_topic()
    return render_template("notices/manage.html", topic=topic, contest=topic.contest, rows=queries.list_notices(topic.kind, topic.id))


@blueprint.get("/manage/notices/new")
@act("notices.edit")
def new() -> str:
    """An empty announcement."""
    return _edit_page(None, asked_topic(), NoticeForm(formdata=None))


def _edit_page(notice: Notice | None, topic: Topic, form: NoticeForm, upload: AttachmentForm | None = None) -> str:
    return render_template("notices/edit.html", notice=notice, topic=topic, contest=topic.contest, form=form,
                           upload=upload or AttachmentForm(formdata=None))


@blueprint.post("/manage/notices/new")
@act("notices.edit")
def create() -> Answer:
    """Keep a new draft."""
    topic, form = asked_topic(), NoticeForm()
    saved = _save(topic, form, None) if form.validate_on_submit() else None
    if not saved:
        return _edit_page(None, topic, form), form.status
    flash(_("草稿已保存，尚未公布。"), "success")
    return redirect(url_for("notices.edit", notice_id=saved.id), 303)


def _save(topic: Topic, form: NoticeForm, notice_id: UUID | None) -> Notice | None:
    return try_verb(form, lambda: service.save_notice(
        topic.kind, topic.id, title=form.title.data or "", body=form.body.data or "", actor=current_actor(), at=now(),
        notice_id=notice_id))


@blueprint.get("/manage/notices/<uuid:notice_id>")
@act("notices.edit")
def edit(notice_id: UUID) -> str:
    """A draft to write on, or what was published."""
    notice, topic = load_notice(notice_id)
    return _edit_page(notice, topic, NoticeForm(formdata=None, obj=notice))


@blueprint.post("/manage/notices/<uuid:notice_id>")
@act("notices.edit")
def save(notice_id: UUID) -> Answer:
    """Keep the draft."""
    notice, topic = load_notice(notice_id)
    form = NoticeForm()
    if form.validate_on_submit() and _save(topic, form, notice.id):
        flash(_("草稿已保存，尚未公布。"), "success")
        return redirect(url_for("notices.edit", notice_id=notice.id), 303)
    return _edit_page(notice, topic, form), form.status


@blueprint.post("/manage/notices/<uuid:notice_id>/files")
@act("notices.edit")
def attach(notice_id: UUID) -> Answer:
    """Add a file to the draft."""
    notice, topic = load_notice(notice_id)
    form = AttachmentForm()
    if form.validate_on_submit():
        sent = form.file.data
        if try_verb(form, lambda: service.attach_file(notice.id, sent.read(), name=sent.filename or "", actor=current_actor(), at=now())):
            flash(_("附件已添加。"), "success")
            return redirect(url_for("notices.edit", notice_id=notice.id), 303)
    return _edit_page(notice, topic, NoticeForm(formdata=None, obj=notice), form), form.status


@blueprint.get("/manage/notices/files/<uuid:attachment_id>")
@act("notices.edit")
def preview_file(attachment_id: UUID) -> Response:
    """A file of a draft, for who writes it."""
    found = get(NoticeAttachment, attachment_id)
    load_notice(found.notice_id)
    return send_stored(found.file)


@blueprint.post("/manage/notices/files/<uuid:attachment_id>/remove")
@act("notices.edit")
def detach(attachment_id: UUID) -> Response:
    """Take a file from the draft."""
    found = get(NoticeAttachment, attachment_id)
    notice, _topic = load_notice(found.notice_id)
    service.remove_attachment(found.id, actor=current_actor(), at=now())
    flash(_("附件已移除。"), "success")
    return redirect(url_for("notices.edit", notice_id=notice.id), 303)


@blueprint.post("/manage/notices/<uuid:notice_id>/publish")
@act("notices.edit")
def publish(notice_id: UUID) -> Answer:
    """Show the draft to everybody, as it stands in the form that was sent."""
    notice, topic = load_notice(notice_id)
    form = NoticeForm()
    if notice.state == "draft" and not (form.validate_on_submit() and _save(topic, form, notice.id)):
        return _edit_page(notice, topic, form), form.status
    service.publish_notice(notice.id, actor=current_actor(), at=now())
    flash(_("公告已发布，任何人都可以看到。"), "success")
    return redirect(url_for("notices.edit", notice_id=notice.id), 303)


@blueprint.post("/manage/notices/<uuid:notice_id>/correct")
@act("notices.edit")
def correct(notice_id: UUID) -> Response:
    """Begin a correction of what was published."""
    notice, _topic = load_notice(notice_id)
    draft = service.correct_notice(notice.id, actor=current_actor(), at=now())
    flash(_("已建立更正草稿。发布后，原公告会标明“已更正”。"), "success")
    return redirect(url_for("notices.edit", notice_id=draft.id), 303)


@blueprint.post("/manage/notices/<uuid:notice_id>/discard")
@act("notices.edit")
def discard(notice_id: UUID) -> Response:
    """Throw the draft away."""
    notice, topic = load_notice(notice_id)
    service.discard_draft(notice.id, actor=current_actor(), at=now())
    flash(_("草稿已丢弃。"), "success")
    return redirect(url_for("notices.manage", contest=topic.id), 303)
