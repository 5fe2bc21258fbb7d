"""Announcements and messages on both databases."""

import io

import pikepdf
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from competition.core import jobs
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.notices import queries, service
from competition.notices.channels import ChannelFailed
from competition.notices.models import Delivery, Message, Notice
from tests.cast import AT, Cast


def draft(title: str = "测试通知") -> Notice:
    return service.save_notice("system", None, title=title, body="第一段\n第二段", actor=SYSTEM, at=AT)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def pdf() -> bytes:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def test_a_draft_is_published_once_and_never_changes_again(any_cast: Cast) -> None:
    notice = draft()
    service.save_notice("system", None, title="改过的标题", body="正文", actor=SYSTEM, at=AT, notice_id=notice.id)
    assert queries.public_notices() == []
    service.publish_notice(notice.id, actor=SYSTEM, at=AT)
    assert [n.title for n in queries.public_notices("system")] == ["改过的标题"]
    for verb in (service.publish_notice, service.discard_draft):
        with pytest.raises(RuleBroken, match="已发布"):
            verb(notice.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="已发布"):
        service.save_notice("system", None, title="x", body="x", actor=SYSTEM, at=AT, notice_id=notice.id)
    with pytest.raises(RuleBroken, match="已发布"):
        service.attach_file(notice.id, pdf(), name="a.pdf", actor=SYSTEM, at=AT)


def test_an_empty_notice_is_refused(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="标题和正文"):
        service.save_notice("system", None, title=" ", body="x", actor=SYSTEM, at=AT)


def test_a_correction_takes_the_files_over_and_replaces_the_old(any_cast: Cast) -> None:
    old = draft()
    service.attach_file(old.id, pdf(), name="规程.pdf", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="正在公布"):
        service.correct_notice(old.id, actor=SYSTEM, at=AT)
    service.publish_notice(old.id, actor=SYSTEM, at=AT)
    new = service.correct_notice(old.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="更正草稿"):
        service.correct_notice(old.id, actor=SYSTEM, at=AT)
    assert [n.id for n in queries.public_notices()] == [old.id]
    service.publish_notice(new.id, actor=SYSTEM, at=AT)
    shown = queries.public_notices()
    assert [(n.id, n.title, [a.file.name for a in n.attachments]) for n in shown] == [(new.id, "更正：测试通知", ["规程.pdf"])]
    assert get(Notice, old.id).state == "replaced"
    assert queries.replaced_by(old.id) == new
    assert service.load_public(old.id).id == old.id


def test_drafts_are_not_public(any_cast: Cast) -> None:
    notice = draft()
    with pytest.raises(NotFound):
        service.load_public(notice.id)
    service.discard_draft(notice.id, actor=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        service.load_public(notice.id)


def test_attachments_are_cleaned_counted_and_removed(any_cast: Cast) -> None:
    notice = draft()
    first = service.attach_file(notice.id, picture(), name="../../海报.exe", actor=SYSTEM, at=AT)
    assert (first.file.name, first.file.media_type) == ("海报.png", "image/png")
    with pytest.raises(RuleBroken, match="只接受"):
        service.attach_file(notice.id, b"<script>", name="a.pdf", actor=SYSTEM, at=AT)
    for _ in range(9):
        service.attach_file(notice.id, pdf(), name="a.pdf", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="最多 10 个"):
        service.attach_file(notice.id, pdf(), name="a.pdf", actor=SYSTEM, at=AT)
    service.remove_attachment(first.id, actor=SYSTEM, at=AT)
    assert len(queries.list_notices("system", None)[0].attachments) == 9


def tell(cast: Cast, *names: str) -> list[Message]:
    readers = [cast.account("contestant", name=n).id for n in names]
    return service.tell([*readers, None, *readers], kind="test", title="审核通过", body="请按时参赛", link="/my/entries", at=AT)


def test_everybody_is_told_once_and_one_job_sends_it_on(any_cast: Cast, any_app: Flask) -> None:
    with atomic():
        tell(any_cast, "甲", "乙")
        tell(any_cast, "甲")
    reader = any_cast.account("contestant", name="甲")
    assert queries.count_unread(reader.id) == 2
    waiting = jobs.latest("notices.deliver")
    assert len(waiting) == 1
    jobs.run_job(waiting[0].id)
    assert get(jobs.Job, waiting[0].id).result == {"sent": 3}
    assert set(db.session.scalars(select(Delivery.state))) == {"sent"}


def test_nobody_is_told_when_the_act_is_taken_back(any_cast: Cast) -> None:
    def refused() -> None:
        with atomic():
            tell(any_cast, "甲")
            raise RuleBroken("不行")

    with pytest.raises(RuleBroken):
        refused()
    assert db.session.scalars(select(Message)).all() == []
    assert jobs.latest("notices.deliver") == []


class Broken:
    """A channel that is down."""

    name = "console"

    def send(self, delivery: Delivery) -> None:
        raise ChannelFailed("网关没有应答")


def test_a_channel_that_is_down_is_tried_again_and_given_up(any_cast: Cast, any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(any_app.extensions["channels"], "console", Broken())
    tell(any_cast, "甲")
    delivery = db.session.scalars(select(Delivery)).one()
    states = [service.deliver(delivery.id, at=AT) for _ in range(6)]
    assert states == ["failed"] * 4 + ["given_up"] * 2
    assert (get(Delivery, delivery.id).attempts, get(Delivery, delivery.id).error) == (5, "网关没有应答")


def test_reading_is_the_readers_own(any_cast: Cast) -> None:
    message = tell(any_cast, "甲")[0]
    other = any_cast.actor("judge")
    with pytest.raises(NotFound):
        service.read_message(message.id, actor=other, at=AT)
    service.read_all(actor=other, at=AT)
    assert queries.count_unread(message.account_id) == 1
