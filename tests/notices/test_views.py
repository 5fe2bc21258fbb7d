"""Announcements and messages in a browser."""

import io
import re

from flask import Flask
from flask.testing import FlaskClient

from competition.core.actors import SYSTEM
from competition.notices import queries, service
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.notices.test_service import draft, pdf
from tests.queries import statements_of

WORDS = {"title": "关于测试的通知", "body": "第一段\n<script>第二段</script>"}


def test_from_the_draft_to_the_correction(client: FlaskClient, cast: Cast, app: Flask) -> None:
    public = app.test_client()
    cast.sign_in(client, cast.account("organizer"))
    assert client.post("/manage/notices/new", data=WORDS | {"title": ""}).status_code == 422
    page = client.post("/manage/notices/new", data=WORDS).location
    notice = queries.list_notices("system", None)[0]
    assert page == f"/manage/notices/{notice.id}"
    assert client.post(page + "/files", data={}).status_code == 422
    bad = {"file": (io.BytesIO(b"MZ"), "a.exe")}
    assert "只接受" in client.post(page + "/files", data=bad).text
    assert client.post(page + "/files", data={"file": (io.BytesIO(pdf()), "规程.pdf")}).status_code == 303
    assert public.get(f"/notices/{notice.id}").status_code == 404
    file_page = f"/notices/{notice.id}/files/{queries.list_notices('system', None)[0].attachments[0].id}"
    assert public.get(file_page).status_code == 404
    assert client.post(page + "/publish", data=WORDS | {"title": ""}).status_code == 422
    assert public.get(f"/notices/{notice.id}").status_code == 404
    assert client.post(page + "/publish", data=WORDS).status_code == 303
    shown = public.get(f"/notices/{notice.id}").text
    assert "&lt;script&gt;第二段" in shown
    with public.get(file_page) as sent:
        assert (sent.mimetype, sent.headers["Content-Disposition"].split(";")[0]) == ("application/pdf", "attachment")
        assert "sandbox" in sent.headers["Content-Security-Policy"]
    correction = client.post(page + "/correct").location
    client.post(correction + "/publish", data=WORDS | {"title": "更正：关于测试的通知"})
    assert "这份公告已更正" in public.get(f"/notices/{notice.id}").text
    listed = public.get("/notices").text
    assert "更正：关于测试的通知" in listed
    assert str(notice.id) not in listed


def test_a_draft_is_kept_loses_a_file_and_is_thrown_away(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    page = client.post("/manage/notices/new", data=WORDS).location
    assert client.post(page, data=WORDS | {"body": ""}).status_code == 422
    assert client.post(page, data=WORDS | {"title": "改过的通知"}).location == page
    client.post(page + "/files", data={"file": (io.BytesIO(pdf()), "规程.pdf")})
    notice = queries.list_notices("system", None)[0]
    assert (notice.title, len(notice.attachments)) == ("改过的通知", 1)
    away = f"/manage/notices/files/{notice.attachments[0].id}/remove"
    assert client.post(away).location == page
    assert client.post(away).status_code == 404
    assert client.post(page + "/discard").status_code == 303
    assert [one.state for one in queries.list_notices("system", None)] == ["withdrawn"]


def test_a_file_belongs_to_its_own_notice(client: FlaskClient, cast: Cast) -> None:
    one, other = draft(), draft("另一份")
    found = service.attach_file(one.id, pdf(), name="a.pdf", actor=SYSTEM, at=AT)
    service.publish_notice(other.id, actor=SYSTEM, at=AT)
    assert client.get(f"/notices/{other.id}/files/{found.id}").status_code == 404


def test_organizers_write_about_their_own_contests(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    mine, other = cast.account("organizer", "contest", contest.id), cast.account("organizer", "union", cast.county.id)
    cast.sign_in(client, mine)
    assert client.get(f"/manage/notices?contest={contest.id}").status_code == 200
    assert client.get("/manage/notices").status_code == 403
    page = client.post(f"/manage/notices/new?contest={contest.id}", data=WORDS).location
    cast.sign_in(client, other)
    assert client.get(page).status_code == 404
    assert client.post(page + "/publish").status_code == 404
    assert client.get(f"/manage/notices?contest={contest.id}").status_code == 404
    cast.sign_in(client, cast.account("judge"))
    assert client.get(page).status_code == 403
    assert client.get(f"/manage/notices?contest={cast.county.id}").status_code == 403


def test_messages_are_read_one_by_one_or_together(client: FlaskClient, cast: Cast, app: Flask) -> None:
    reader = cast.account("contestant", name="读者")
    for link in ("/my/results", "https://evil.example/", None):
        service.tell([reader.id], kind="test", title="成绩已发布", body="正文", link=link, at=AT)
    cast.sign_in(client, reader)
    page = client.get("/messages").text
    assert "3 条未读" in page
    addresses = re.findall(r"/messages/[0-9a-f-]+/read", page)
    stranger = cast.sign_in(app.test_client(), cast.account("judge"))
    assert stranger.post(addresses[0]).status_code == 404
    leads = {client.post(address).location for address in addresses[:3]}
    assert leads == {"/my/results", "/messages"}
    service.tell([reader.id], kind="test", title="又一条", body="正文", link=None, at=AT)
    assert client.post("/messages/read").status_code == 303
    assert queries.count_unread(reader.id) == 0


def test_lists_cost_the_same_for_many(client: FlaskClient, cast: Cast) -> None:
    reader = cast.account("contestant", name="读者")

    def fill(count: int) -> None:
        for _ in range(count):
            service.tell([reader.id], kind="test", title="消息", body="正文", link="/", at=AT)
            notice = draft()
            service.attach_file(notice.id, pdf(), name="a.pdf", actor=SYSTEM, at=AT)
            service.publish_notice(notice.id, actor=SYSTEM, at=AT)

    cast.sign_in(client, reader)
    fill(3)
    few = [len(statements_of(client, page)) for page in ("/messages", "/notices")]
    fill(14)
    assert [len(statements_of(client, page)) for page in ("/messages", "/notices")] == few
