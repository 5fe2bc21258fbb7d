"""How unions number: the rule as data, its page, and a whole issue of several batches at once without a gap."""

import threading
import uuid
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.certificates import rules_numbers, service
from competition.certificates.models import Certificate, NumberSeries
from competition.certificates.queries_numbers import numbering_of
from competition.certificates.rules_numbers import Numbering
from competition.core import approvals
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.core.errors import RuleBroken
from tests.builders import make_field
from tests.cast import Cast
from tests.certificates.given import asked, certificates, demo_contest, issued, prepared, publish, published


def test_the_rule_of_the_issuing_union_holds_from_the_next_batch_on(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    entries = make_field(any_cast, contest, persons=2)
    before = certificates(issued(any_cast, publish(any_cast, contest, entries)))[0].number
    rule = Numbering("QHZGH", ("kind",), 5, {"participation": "CS"})
    service.set_numbering(contest.host_union_id, rule, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert numbering_of(contest.host_union_id).as_data() == rule.as_data()
    year = any_cast.at.year
    found = certificates(issued(any_cast, publish(any_cast, contest, entries, scope="event:theory"), "participation"))
    assert [one.number[:-2] for one in found] == [f"QHZGH-{year}-CS-00001", f"QHZGH-{year}-CS-00002"]
    assert before == db.session.scalars(select(Certificate.number).order_by(Certificate.issued_at, Certificate.number)).first()
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "certificates.numbering")).one()
    assert row.details["before"] is None


def test_a_rule_that_mixes_two_kinds_is_refused(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    with pytest.raises(RuleBroken, match="不能用同一个代号"):
        service.set_numbering(contest.host_union_id, Numbering(letters={"award": "C"}), actor=any_cast.actor("organizer"), at=any_cast.at)
    assert numbering_of(contest.host_union_id) == Numbering()


def test_the_same_people_are_issued_to_once_even_in_two_series_at_the_same_time(any_app: Flask, any_cast: Cast) -> None:
    """Two batches of one ranking with days in two years: no series is shared, and no lock of one."""
    contest = demo_contest(any_cast)
    publication = publish(any_cast, contest, make_field(any_cast, contest, persons=3))
    batches = [prepared(any_cast, publication, dated_on=date(year, 5, 31)) for year in (2025, 2026)]
    requests = [asked(any_cast, batch).id for batch in batches]
    db.session.rollback()
    supervisor, start, refused = any_cast.actor("supervisor"), threading.Barrier(2), list[BaseException]()

    def approve(request: uuid.UUID) -> None:
        with any_app.app_context():
            try:
                start.wait()
                approvals.decide(request, approve=True, actor=supervisor, at=any_cast.at)
            except BaseException as error:
                refused.append(error)

    threads = [threading.Thread(target=approve, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(type(error), getattr(error, "code", "")) for error in refused] == [(RuleBroken, "plan_changed")]
    db.session.rollback()
    assert len(db.session.scalars(select(Certificate)).all()) == 3
    assert [row.next_serial for row in db.session.scalars(select(NumberSeries))] == [4]


def test_nobody_numbers_in_anothers_name(any_cast: Cast) -> None:
    province, county, actor, at = any_cast.province.id, any_cast.county.id, any_cast.actor("organizer"), any_cast.at
    own = rules_numbers.issuer_code(any_cast.county.region_code)
    service.set_numbering(province, Numbering("QHZGH"), actor=actor, at=at)
    for code, words in (("QHZGH", any_cast.province.name_zh), (rules_numbers.issuer_code(any_cast.province.region_code), own), ("99", own)):
        with pytest.raises(RuleBroken, match=words) as refused:
            service.set_numbering(county, Numbering(code), actor=actor, at=at)
        assert refused.value.code == "not_your_code"
    assert numbering_of(county) == Numbering()
    for code in (own, "XNGH", ""):
        service.set_numbering(county, Numbering(code), actor=actor, at=at)
    service.set_numbering(province, Numbering("QHZGH", digits=5), actor=actor, at=at)


def test_batches_that_are_issued_at_once_share_a_series_without_a_gap(any_app: Flask, any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    entries = make_field(any_cast, contest, persons=3)
    scopes = ("event:basic", "event:theory", "total:all")
    batches = [prepared(any_cast, publish(any_cast, contest, entries, scope=scope)) for scope in scopes]
    requests = [asked(any_cast, batch).id for batch in batches]
    db.session.rollback()
    supervisor, start, errors = any_cast.actor("supervisor"), threading.Barrier(len(requests)), []

    def approve(request: object) -> None:
        with any_app.app_context():
            try:
                start.wait()
                approvals.decide(request, approve=True, actor=supervisor, at=any_cast.at)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=approve, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    # What was read before the threads began is a snapshot of its own.
    db.session.rollback()
    assert sorted(db.session.scalars(select(Certificate.serial))) == list(range(1, 10))
    assert db.session.scalars(select(NumberSeries)).one().next_serial == 10
    assert all(len({one.serial for one in certificates(batch)}) == 3 for batch in batches)


def test_the_page_of_the_rule(client: FlaskClient, cast: Cast) -> None:
    publication = published(cast, 1)
    page = f"/manage/contests/{publication.contest_id}/certificates/numbers"
    office = cast.sign_in(client, cast.account("organizer"))
    shown = office.get(page).text
    assert "不是任何机关规定的证书编号" in shown
    assert "获奖证书=J" in shown
    typed = {"issuer": "qhzgh", "parts": ["kind"], "digits": "5", "letters": "获奖证书＝JX"}
    assert office.post(page, data={**typed, "letters": "奖状=J"}).status_code == 422
    assert office.post(page, data={**typed, "digits": "12"}).status_code == 422
    assert office.post(page, data=typed).status_code == 303
    assert f"QHZGH-{cast.at.year}-JX-00001-" in office.get(page).text
    of_one_contest = cast.account("organizer", "contest", publication.contest_id)
    client.post("/sign-out")
    other = cast.sign_in(client, of_one_contest)
    assert "由主办工会的组委会办公室设置" in other.get(page).text
    assert other.post(page, data=typed).status_code == 403
