"""The contestant's pages of registration: the form in steps, the own entry."""

import io

from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from competition.core.clock import now
from competition.core.database import db
from competition.registration import queries, service
from tests.builders import approved_entries, make_contest
from tests.cast import Cast, id_card
from tests.pictures import picture
from tests.registration.steps import WORK, event_ids, fill, kind_of, person, submitted


def test_a_contestant_enters_in_four_steps(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account = cast.account("contestant")
    cast.sign_in(client, account)
    assert client.get(f"/contests/{contest.id}/entry").location.endswith("/entry/person")
    base = fill(client, contest.id, event_ids(contest.id)[:2])
    check = client.get(f"{base}/check").get_data(as_text=True)
    assert "试·选手" in check
    assert "提交前还要修改" not in check
    done = client.post(f"{base}/check", data={"sensitive": "y", "truth": "y"})
    assert done.status_code == 303, done.get_data(as_text=True)
    page = client.get(done.location).get_data(as_text=True)
    assert "待审核" in page
    assert "化隆" in page
    entry = queries.own_entry(contest.id, account.id)
    assert entry is not None
    assert len(entry.entrants) == 3
    assert service.read_draft(entry.id) == {}


def test_both_consents_are_ticks_of_their_own(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("contestant"))
    base = fill(client, contest.id, event_ids(contest.id)[:1])
    refused = client.post(f"{base}/check", data={"truth": "y"})
    assert refused.status_code == 422
    assert "单独同意" in refused.get_data(as_text=True)


def test_a_wrong_number_is_told_and_nothing_is_lost(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("contestant"))
    address = f"/contests/{contest.id}/entry/person"
    wrong = id_card()
    wrong = wrong[:-1] + ("1" if wrong[-1] != "1" else "2")
    answer = client.post(address, data=person(name="才让·试", document_number=wrong))
    assert answer.status_code == 422
    assert "校验位" in answer.get_data(as_text=True)
    again = client.get(address).get_data(as_text=True)
    assert "才让·试" in again
    assert wrong in again


def test_a_draft_is_kept_quietly_and_sealed(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account = cast.account("contestant")
    cast.sign_in(client, account)
    number = id_card()
    answer = client.post(f"/contests/{contest.id}/entry/person/draft", data={"name": "半", "document_number": number})
    assert answer.status_code == 200
    assert "已自动保存" in answer.get_data(as_text=True)
    entry = queries.own_entry(contest.id, account.id)
    assert entry is not None
    assert service.read_draft(entry.id)["document_number"] == number
    raw = db.session.connection().exec_driver_sql("SELECT sealed FROM entry_draft").scalar_one()
    assert number not in raw


def test_draft_button_and_photo(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    account = cast.account("contestant")
    cast.sign_in(client, account)
    address = f"/contests/{contest.id}/entry/person"
    data = {**person(), "photo": (picture(), "我.jpg"), "save": "1"}
    assert client.post(address, data=data, content_type="multipart/form-data").location.endswith("/person")
    entry = queries.own_entry(contest.id, account.id)
    assert entry is not None
    assert kind_of(client, f"/my/entries/{entry.id}/files/photo") == "image/jpeg"
    bad = {**person(), "photo": (io.BytesIO(b"<svg/>"), "x.svg")}
    assert client.post(address, data=bad, content_type="multipart/form-data").status_code == 422


def test_registration_that_is_over_says_why(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast, open=False)
    cast.sign_in(client, cast.account("contestant"))
    page = client.get(f"/contests/{contest.id}/entry").get_data(as_text=True)
    assert "截止" in page
    assert client.post(f"/contests/{contest.id}/entry/person", data=person()).status_code == 409


def test_an_unannounced_contest_does_not_exist(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast, phase="draft")
    cast.sign_in(client, cast.account("contestant"))
    assert client.get(f"/contests/{contest.id}/entry").status_code == 404
    assert client.get(f"/contests/{contest.id}/entry/person").status_code == 404


def test_nobody_opens_somebody_elses_entry(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = submitted(cast, contest, "甲")
    own = [f"/my/entries/{entry.id}{rest}" for rest in ("", "/withdraw", "/form", "/form.pdf", "/files/photo")]
    for address in own:
        assert client.get(address).status_code == 303, address
    cast.sign_in(client, cast.account("contestant", name="乙"))
    for address in own:
        assert client.get(address).status_code == 404, address
    assert client.post(f"/my/entries/{entry.id}/scan").status_code == 404
    assert client.post(f"/my/entries/{entry.id}/withdraw", data={"reason": "x"}).status_code == 404


def test_withdrawing_needs_a_reason_and_frees_the_place(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast, quota=1)
    first, second = submitted(cast, contest, "甲"), submitted(cast, contest, "乙")
    cast.sign_in(client, cast.account("contestant", name="乙"))
    page = client.get(f"/my/entries/{second.id}").get_data(as_text=True)
    assert "候补第 1 位" in page
    assert "名额已满" in page
    cast.sign_in(client, cast.account("contestant", name="甲"))
    assert "不再保留" in client.get(f"/my/entries/{first.id}/withdraw").get_data(as_text=True)
    assert client.post(f"/my/entries/{first.id}/withdraw", data={}).status_code == 422
    assert client.post(f"/my/entries/{first.id}/withdraw", data={"reason": "临时有事"}).status_code == 303
    assert queries.get_entry(second.id).state == "submitted"


def test_the_form_is_printed_and_its_scan_kept(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = submitted(cast, contest, "甲")
    cast.sign_in(client, cast.account("contestant", name="甲"))
    page = client.get(f"/my/entries/{entry.id}/form").get_data(as_text=True)
    assert entry.name in page
    assert "单位意见" in page
    pdf = client.get(f"/my/entries/{entry.id}/form.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert len(PdfDocument(pdf.data)) == 1
    assert f'href="/my/entries/{entry.id}"' in page
    assert "data-print" in page
    sent = client.post(f"/my/entries/{entry.id}/scan", data={"scan": (picture("PNG"), "表.png")}, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert kind_of(client, f"/my/entries/{entry.id}/files/scan") == "image/png"
    empty = client.post(f"/my/entries/{entry.id}/scan", data={}, content_type="multipart/form-data")
    assert empty.status_code == 422
    assert "请先选择文件" in empty.get_data(as_text=True)


def test_a_returned_entry_is_corrected_without_the_number(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = submitted(cast, contest, "甲")
    clerk = cast.actor("clerk", "union", cast.county.id)
    service.review_entry(entry.id, "return", "单位名称写全称", actor=clerk, at=now())
    cast.sign_in(client, cast.account("contestant", name="甲"))
    assert "单位名称写全称" in client.get(f"/my/entries/{entry.id}").get_data(as_text=True)
    base = f"/contests/{contest.id}/entry"
    page = client.get(f"{base}/person").get_data(as_text=True)
    assert "不需要更换请留空" in page
    assert client.post(f"{base}/work", data={**WORK, "employer": "化隆测试拉面有限公司"}).status_code == 303
    assert client.post(f"{base}/check", data={"sensitive": "y", "truth": "y"}).status_code == 303
    again = queries.get_entry(entry.id)
    assert (again.state, again.employer, again.person_id) == ("submitted", "化隆测试拉面有限公司", entry.person_id)


def test_employers_are_offered(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    approved_entries(cast, contest, 1)
    cast.sign_in(client, cast.account("contestant"))
    assert 'value="测试拉面馆"' in client.get("/employers/options?employer=测试").get_data(as_text=True)
