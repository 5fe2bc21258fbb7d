"""Pages: who gets in, what they show, how many statements they cost."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.certificates import service
from competition.certificates.issuing import new_code
from competition.certificates.models import Batch, Certificate
from competition.certificates.queries import ready_template
from competition.certificates.rules import printed_texts
from competition.certificates.rules_numbers import grouped
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.crypto import unseal
from competition.core.database import atomic, db, get
from competition.core.limits import limiter
from competition.registration.models import Entry
from tests.cast import Cast
from tests.certificates.given import certificates, issued, prepared, print_all, published
from tests.queries import statements_of


@pytest.fixture(autouse=True)
def _no_limits(app: object) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


def code_of(certificate: Certificate) -> str:
    return unseal(certificate.code_sealed, "certificate", "code", certificate.id)


def here(batch: Batch) -> str:
    return f"/manage/contests/{batch.contest_id}/certificates"


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("organizer"))


def test_from_publication_to_paper(office: FlaskClient, cast: Cast) -> None:
    publication = published(cast, 4, names={3: "王\U000323af"})
    base = f"/manage/contests/{publication.contest_id}/certificates"
    assert "准备一批证书" in office.get(base).text
    form = office.get(f"{base}/prepare").text
    assert "手工拉面基本功（第 1 版）" in form
    template = str(ready_template("award").id)
    answer = office.post(f"{base}/prepare", data={
        "source": publication.id, "template": template, "title": "金银铜奖", "dated_on": "2026-06-02"})
    assert answer.status_code == 303
    page = office.get(answer.location).text
    assert "字库中没有这些字：\U000323af（U+323AF）" in page
    assert "申请签发 3 份证书" in page
    assert office.get(f"{answer.location}/preview-0.png").data[:4] == b"\x89PNG"
    assert office.get(f"{answer.location}/preview-3.png").status_code == 404
    assert office.get(f"{answer.location}/preview.pdf").data[:5] == b"%PDF-"
    assert office.post(f"{answer.location}/ask", data={"reason": "名单已核对"}).status_code == 303
    assert "等待第二人批准" in office.get(answer.location).text
    asked = db.session.scalars(select(Approval)).one()
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    batch = db.session.scalars(select(Batch)).one()
    assert "正在排队" in office.get(answer.location).text
    assert office.get(f"{answer.location}/certificates.pdf").status_code == 404
    print_all(batch)
    merged, archive = (office.get(f"{answer.location}/certificates.{kind}", buffered=True) for kind in ("pdf", "zip"))
    assert (merged.data[:5], archive.data[:2]) == (b"%PDF-", b"PK")
    assert merged.headers["Content-Disposition"].startswith("attachment")
    assert "王\U000323af" not in office.get(f"{base}/register").text


def test_a_refused_preparation_keeps_what_was_typed(office: FlaskClient, cast: Cast) -> None:
    publication = published(cast, 1, status={1: "ABSENT"})
    base = f"/manage/contests/{publication.contest_id}/certificates/prepare"
    template = str(ready_template("award").id)
    answer = office.post(base, data={
        "source": publication.id, "template": template, "title": "没有人的一批", "dated_on": "2026-06-02"})
    assert answer.status_code == 422
    assert "没有可以颁发这种证书的人" in answer.text
    assert "没有人的一批" in answer.text
    assert office.post(base, data={"source": "x", "template": template, "title": "", "dated_on": "昨天"}).status_code == 422


def test_asking_needs_a_reason(office: FlaskClient, cast: Cast) -> None:
    batch = prepared(cast, published(cast, 1))
    answer = office.post(f"{here(batch)}/{batch.id}/ask", data={"reason": " "})
    assert answer.status_code == 422
    assert "请写明理由" in answer.text


def test_stopping_and_going_on(office: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 1))
    page = f"{here(batch)}/{batch.id}"
    assert office.post(f"{page}/again").status_code == 409
    assert office.post(f"{page}/stop").status_code == 303
    assert "已停止" in office.get(f"{page}/progress").text
    assert office.post(f"{page}/again").status_code == 303


def test_a_prepared_list_is_discarded(office: FlaskClient, cast: Cast) -> None:
    batch = prepared(cast, published(cast, 1))
    assert office.post(f"{here(batch)}/{batch.id}/discard").status_code == 303
    assert get(Batch, batch.id).state == "discarded"


@pytest.mark.parametrize("role", ["judge", "contestant", "clerk", "scorekeeper"])
def test_others_do_not_get_in(client: FlaskClient, cast: Cast, role: str) -> None:
    batch = prepared(cast, published(cast, 1))
    cast.sign_in(client, cast.account(role))
    assert client.get(here(batch)).status_code in (403, 404)
    assert client.post(f"{here(batch)}/{batch.id}/ask", data={"reason": "x"}).status_code in (403, 404)


def test_an_office_of_another_contest_sees_nothing(client: FlaskClient, cast: Cast) -> None:
    batch, other = prepared(cast, published(cast, 1)), published(cast, 1)
    cast.sign_in(client, cast.account("organizer", "contest", other.contest_id))
    assert client.get(here(batch)).status_code == 404
    assert client.get(f"/manage/contests/{other.contest_id}/certificates/{batch.id}").status_code == 404


def test_supervisors_look_and_do_not_prepare(client: FlaskClient, cast: Cast) -> None:
    batch = prepared(cast, published(cast, 1))
    cast.sign_in(client, cast.account("supervisor"))
    page = client.get(f"{here(batch)}/{batch.id}")
    assert page.status_code == 200
    assert "申请签发 1 份证书" not in page.text
    assert client.get(f"{here(batch)}/prepare").status_code == 403


def test_the_register_is_searched_by_name_and_number(office: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 3))
    second = certificates(batch)[1]
    for word in ("选手002", second.number, second.number[-10:].lower()):
        page = office.get(f"{here(batch)}/register?q={word}").text
        assert second.number in page
        assert certificates(batch)[0].number not in page
    assert "没有符合条件的证书" in office.get(f"{here(batch)}/register?q=100%25").text
    assert "没有符合条件的证书" in office.get(f"{here(batch)}/register?state=revoked").text


def test_lists_cost_the_same_with_3_and_with_30_rows(office: FlaskClient, cast: Cast) -> None:
    few, many = issued(cast, published(cast, 3)), issued(cast, published(cast, 30))
    for kind in ("participation",) * 2:
        prepared(cast, few.publication, kind)
    for address in ("", "/register"):
        assert len(statements_of(office, here(few) + address)) == len(statements_of(office, here(many) + address))
    pages = [f"{here(batch)}/{batch.id}" for batch in (few, many)]
    assert Counter(statements_of(office, pages[0])) == Counter(statements_of(office, pages[1]))


# ---- verification ------------------------------------------------------------------------------------


def test_whoever_holds_the_code_sees_every_printed_field_and_the_paper(client: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    print_all(batch)
    certificate = certificates(batch)[0]
    code = code_of(certificate)
    answer = client.get(f"/v/{code}")
    assert answer.status_code == 200
    for text in printed_texts(batch.template.layout, {**certificate.data, "验证码": grouped(code)}):
        for line in text.split("\n"):
            assert line in answer.text or line in ("证书编号", "验证码（扫码或在查验页输入）"), text
    for name in ("姓名", "单位", "赛事", "项目", "奖项", "颁证单位", "日期", "证书编号"):
        assert certificate.data[name] in answer.text
    assert certificate.data["名次"] not in answer.text
    assert grouped(code) in answer.text
    assert "有效" in answer.text
    assert "演示" in answer.text
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/v/{code}/certificate.png").data[:4] == b"\x89PNG"


def test_a_typed_code_is_forgiven_and_led_to_its_page(client: FlaskClient, cast: Cast) -> None:
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    code = code_of(certificate)
    typed = " ".join(grouped(code).lower().split("-")).replace("0", "o").replace("1", "l")
    answer = client.get("/v", query_string={"code": typed}, follow_redirects=True)
    assert certificate.number in answer.text
    assert client.get(f"/v/{grouped(code).lower()}").status_code == 200


def test_numbers_and_names_lead_nowhere_and_an_unknown_code_looks_the_same(client: FlaskClient, cast: Cast) -> None:
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    for typed in (certificate.number, certificate.name, str(certificate.id), certificate.code_hash, new_code(), "'; --"):
        answer = client.get("/v", query_string={"code": typed}, follow_redirects=True)
        assert answer.status_code == 404
        assert "没有这个验证码的证书" in answer.text
        assert certificate.data["奖项"] not in answer.text
    assert "您输入的是证书编号" in client.get(f"/v/{certificate.number}").text
    assert client.get("/v").status_code == 200
    assert client.get(f"/v/{new_code()}/certificate.png").status_code == 404


def test_looking_up_is_limited(client: FlaskClient, cast: Cast) -> None:
    answers = [client.get("/v/unknown").status_code for _ in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_revoked_by_two_people(office: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 1))
    certificate = certificates(batch)[0]
    page = f"{here(batch)}/register/{certificate.id}"
    assert office.get(f"{page}/revoke").status_code == 200
    assert office.post(f"{page}/revoke", data={"reason": ""}).status_code == 422
    assert office.post(f"{page}/revoke", data={"reason": "发错了人"}).status_code == 303
    assert "有效" in office.get(f"/v/{code_of(certificate)}").text
    asked = db.session.scalars(select(Approval).where(Approval.kind == "certificates.revoke")).one()
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    shown = office.get(f"/v/{code_of(certificate)}").text
    assert "已撤销" in shown
    assert "2026年6月1日" in shown
    assert "理由：发错了人" in shown
    assert "发错了人" in office.get(page).text
    assert office.post(f"{page}/revoke", data={"reason": "再来一次"}).status_code == 409


def test_replaced_by_a_corrected_one(office: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    old = certificates(batch)[0]
    page = f"{here(batch)}/register/{old.id}"
    same = {"name": old.name, "pinyin": old.data["姓名拼音"], "unit": old.data["单位"], "delegation": old.data["代表团"], "team": "",
            "reason": "姓名写错"}
    assert "内容相同" in office.post(f"{page}/replace", data=same).text
    assert office.post(f"{page}/replace", data={**same, "name": "选手\U000323af"}).status_code == 422
    assert office.post(f"{page}/replace", data={**same, "name": "选手零零一"}).status_code == 303
    asked = db.session.scalars(select(Approval).where(Approval.kind == "certificates.replace", Approval.state == "asked")).one()
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    old = get(Certificate, old.id)
    new = get(Certificate, old.superseded_by)
    assert (old.state, new.state, new.name, new.serial) == ("superseded", "issued", "选手零零一", 3)
    assert new.data["奖项"] == old.data["奖项"]
    for each in (old, new):
        shown = office.get(f"/v/{code_of(each)}").text
        assert ("已替换" in shown) == (each is old)
        assert shown.index(f">{old.number}<") < shown.index(f">{new.number}<")
    assert "选手零零一" in office.get(f"/v/{code_of(new)}").text
    assert old.number in office.get(f"{here(batch)}/register/{new.id}").text
    print_all(get(Batch, new.batch_id))
    assert get(Certificate, new.id).file_id is not None
    assert get(Certificate, new.id).file_id != get(Certificate, old.id).file_id


# ---- the own certificates ----------------------------------------------------------------------------


def test_mine_and_not_yours(client: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    owner, other = cast.account("contestant", name="本人"), cast.account("contestant", name="别人")
    mine = certificates(batch)[0]
    assert mine.row is not None
    with atomic():
        get(Entry, mine.row.entry_id).account_id = owner.id
        audit.record("test.account", actor=SYSTEM, subject=("entry", mine.row.entry_id), at=cast.at)
    pages = [f"/my/certificates/{mine.id}{tail}" for tail in ("", "/certificate.pdf", "/certificate.png")]
    assert client.get(pages[0]).status_code == 303
    cast.sign_in(client, owner)
    assert "正在制作" in client.get(pages[0]).text
    print_all(batch)
    assert [client.get(page, buffered=True).status_code for page in pages] == [200, 200, 200]
    assert client.get(pages[1], buffered=True).data == client.get(pages[1], buffered=True).data
    cast.sign_in(client, other)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_discarded_batches_are_not_listed(office: FlaskClient, cast: Cast) -> None:
    batch = prepared(cast, published(cast, 1))
    service.discard_batch(batch.id, actor=SYSTEM, at=cast.at)
    assert "还没有证书" in office.get(here(batch)).text
