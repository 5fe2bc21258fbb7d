"""Preparing, asking, issuing: the refusals, the numbers, the register."""

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.certificates import rules_numbers, service
from competition.certificates.issuing import new_code
from competition.certificates.models import Batch, Certificate, NumberSeries, Template
from competition.certificates.queries import find_by_code, plan_of, ready_template
from competition.certificates.queries_winners import winners_of
from competition.certificates.ready import READY
from competition.certificates.service_issue import take_serials
from competition.contests.models import Contest
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.audit import AuditRow
from competition.core.crypto import unseal
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.jobs import Job
from competition.registration.models import Entry
from competition.results.models import PublishedRow
from tests.builders import make_contest, make_field, published_contest
from tests.cast import AT, Cast
from tests.certificates.given import asked, certificates, demo_contest, issued, prepared, publish, published

RARE = "\U000323af"


def test_reading_a_ready_template_writes_nothing_and_ensuring_it_writes_once(any_cast: Cast) -> None:
    before = ready_template("award")
    assert db.session.scalar(select(func.count()).select_from(Template)) == 0
    first = service.ensure_ready_templates(any_cast.at)
    second = service.ensure_ready_templates(any_cast.at)
    assert [t.id for t in first] == [t.id for t in second]
    assert ready_template("award").id == before.id
    assert db.session.scalar(select(func.count()).select_from(Template)) == len(READY)


def test_a_prepared_batch_names_those_who_are_left_out_and_why(any_cast: Cast) -> None:
    publication = published(any_cast, 5, names={2: f"王{RARE}", 3: "长" * 60}, status={5: "ABSENT"})
    batch = prepared(any_cast, publication)
    assert len(batch.settings["rows"]) == 2
    problems = {p["name"]: p for p in batch.settings["problems"]}
    assert problems[f"王{RARE}"]["glyphs"] == RARE
    assert problems["长" * 60]["too_long"] == ["姓名"]
    assert len(problems) == 2
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_issuing_goes_on_with_the_others(any_cast: Cast) -> None:
    batch = issued(any_cast, published(any_cast, 4, names={2: f"王{RARE}"}))
    assert [c.name for c in certificates(batch)] == ["选手001", "选手003", "选手004"]


def test_awards_go_to_those_with_an_award_and_participation_to_all_who_came(any_cast: Cast) -> None:
    publication = published(any_cast, 4, awards={1: "金奖", 2: "", 3: "", 4: ""}, status={4: "WITHDRAWN"})
    assert len(prepared(any_cast, publication, "award").settings["rows"]) == 1
    assert len(prepared(any_cast, publication, "participation").settings["rows"]) == 3


def test_winners_without_a_certificate_are_counted(any_cast: Cast) -> None:
    publication = published(any_cast, 4, names={2: f"王{RARE}"}, status={4: "ABSENT"})
    contest_id = publication.contest_id

    def counted() -> list[tuple[str, int, int, int, int]]:
        return [(w.scope, w.due, w.issued, w.revoked, w.left) for w in winners_of([contest_id])[contest_id]]

    assert counted() == [("event:basic", 3, 0, 0, 3)]
    prepared(any_cast, publication, "participation")
    batch = issued(any_cast, publication)
    assert counted() == [("event:basic", 3, 2, 0, 1)]
    revoking = service.ask_revoke(certificates(batch)[0].id, "颁错了人。", actor=any_cast.actor("organizer"), at=any_cast.at)
    approvals.decide(revoking.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert counted() == [("event:basic", 3, 1, 1, 1)]
    assert winners_of([uuid.uuid4()]) == {}


def test_rows_narrow_the_batch(any_cast: Cast) -> None:
    publication = published(any_cast, 4)
    rows = [row.id for row in db.session.scalars(select(PublishedRow).order_by(PublishedRow.position))]
    assert prepared(any_cast, publication, rows=[rows[2]]).settings["rows"] == [str(rows[2])]


def test_the_register_holds_number_code_and_frozen_data(any_cast: Cast) -> None:
    batch = issued(any_cast, published(any_cast, 3))
    contest = batch.contest
    found = certificates(batch)
    year = any_cast.at.year
    assert [c.number[:-2] for c in found] == [f"63-{year}-{contest.code}-J-{n:06d}" for n in (1, 2, 3)]
    assert all(rules_numbers.is_number(c.number) for c in found)
    first = found[0]
    assert first.data == {
        "姓名": "选手001", "姓名拼音": first.data["姓名拼音"], "单位": "测试面馆1", "代表团": "第1代表团", "赛事": contest.name_zh,
        "竞赛日期": first.data["竞赛日期"], "地点": contest.venue, "项目": "手工拉面基本功", "项目英文": "Hand-pulling basic skills",
        "名次": "第1名", "奖项": "金奖", "奖项英文": "Gold prize", "颁证单位": "测试省总工会", "颁证单位1": "测试省总工会",
            "日期": f"{year}年6月1日",
        "证书编号": first.number,
    }
    code = unseal(first.code_sealed, "certificate", "code", first.id)
    assert rules_numbers.is_code(code)
    assert code not in first.code_hash
    assert code not in str(first.data)
    with pytest.raises(ValueError, match="does not belong"):
        unseal(first.code_sealed, "certificate", "code", found[1].id)
    assert find_by_code(rules_numbers.grouped(code).lower()) is first
    assert find_by_code(new_code()) is None


def test_issuing_is_one_transaction_with_its_job_and_audit_row(any_cast: Cast) -> None:
    batch = issued(any_cast, published(any_cast, 3))
    assert batch.state == "approved"
    assert get(Job, batch.job_id).total == 3
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "certificates.issue")).one()
    assert row.details["count"] == 3
    assert row.details["first"] == certificates(batch)[0].number


def test_nobody_issues_alone(any_cast: Cast) -> None:
    request = asked(any_cast, prepared(any_cast, published(any_cast, 2)))
    with pytest.raises(Forbidden):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_the_second_person_approves_exactly_what_was_asked(any_cast: Cast) -> None:
    batch = prepared(any_cast, published(any_cast, 2))
    request = asked(any_cast, batch)
    with atomic():
        entry = db.session.scalars(select(Entry)).first()
        assert entry is not None
        entry.employer = "另一家面馆"
        audit.record("test.change", actor=SYSTEM, subject=("entry", entry.id), at=any_cast.at)
    with pytest.raises(RuleBroken, match="与批准的内容不一致"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0
    assert db.session.scalar(select(func.count()).select_from(NumberSeries)) == 0
    assert get(Approval, request.id).state == "asked"


def test_a_superseded_publication_is_refused_at_every_step(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    entries = make_field(any_cast, contest, persons=2)
    first = publish(any_cast, contest, entries)
    batch = prepared(any_cast, first)
    request = asked(any_cast, batch)
    publish(any_cast, contest, entries)
    with pytest.raises(RuleBroken, match="已更正为第 2 版"):
        prepared(any_cast, first)
    with pytest.raises(RuleBroken, match="已更正为第 2 版"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)


def test_nobody_gets_two_valid_certificates_of_a_kind_from_one_scope(any_cast: Cast) -> None:
    publication = published(any_cast, 2)
    late = prepared(any_cast, publication)
    first = issued(any_cast, publication)
    again = prepared(any_cast, publication)
    assert again.settings["rows"] == []
    assert certificates(first)[0].number in again.settings["problems"][0]["holds"]
    for batch, words in ((late, "请重新准备"), (again, "请重新准备|没有可以签发的人")):
        with pytest.raises(RuleBroken, match=words):
            asked(any_cast, batch)
    assert len(prepared(any_cast, publication, "participation").settings["rows"]) == 2


def test_without_a_public_address_only_a_demonstration_is_issued(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="finished", open=False, events=("theory", "basic"))
    publication = publish(any_cast, contest, make_field(any_cast, contest, persons=1))
    with pytest.raises(RuleBroken, match="COMP_PUBLIC_URL"):
        asked(any_cast, prepared(any_cast, publication))
    demo = issued(any_cast, published(any_cast, 1))
    assert demo.settings["base_url"] == "http://127.0.0.1:8000"
    assert demo.settings["is_demo"] is True


@pytest.mark.parametrize("title", ["", "   "])
def test_a_batch_has_a_title(any_cast: Cast, title: str) -> None:
    publication = published(any_cast, 1)
    with pytest.raises(RuleBroken) as refused:
        service.prepare_batch(publication.id, ready_template("award").id, title=title, actor=SYSTEM, at=any_cast.at)
    assert refused.value.details["field"] == "title"


def test_nobody_to_certify(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="缺考"):
        prepared(any_cast, published(any_cast, 1, status={1: "ABSENT"}))


def test_an_issued_batch_is_not_asked_for_again_nor_discarded(any_cast: Cast) -> None:
    batch = issued(any_cast, published(any_cast, 1))
    for verb in (lambda: asked(any_cast, batch), lambda: service.discard_batch(batch.id, actor=SYSTEM, at=any_cast.at)):
        with pytest.raises(RuleBroken):
            verb()


def test_a_prepared_batch_can_be_discarded_unless_it_waits(any_cast: Cast) -> None:
    publication = published(any_cast, 1)
    batch = prepared(any_cast, publication)
    request = asked(any_cast, batch)
    with pytest.raises(RuleBroken, match="等待第二人"):
        service.discard_batch(batch.id, actor=SYSTEM, at=any_cast.at)
    approvals.withdraw(request.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert service.discard_batch(batch.id, actor=SYSTEM, at=any_cast.at).state == "discarded"


def test_serials_have_no_gap_and_no_double_whatever_happens_at_once(any_app: Flask) -> None:
    counts, taken, errors = [3, 1, 5, 2, 4, 1], [], []
    start = threading.Barrier(len(counts))

    def take(count: int) -> None:
        with any_app.app_context():
            try:
                start.wait()
                with atomic():
                    first = take_serials("63-2026-TEST-J", count)
                    audit.record("test.take", actor=SYSTEM, subject=("series", first), at=AT)
                taken.extend(range(first, first + count))
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(count,)) for count in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(taken) == list(range(1, sum(counts) + 1))


def test_a_serial_taken_in_a_transaction_that_failed_is_taken_again(any_cast: Cast) -> None:
    def take_and_fail() -> None:
        with atomic():
            take_serials("63-2026-TEST-J", 7)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        take_and_fail()
    with atomic():
        assert take_serials("63-2026-TEST-J", 1) == 1
        audit.record("test.take", actor=SYSTEM, subject=("series", 1), at=any_cast.at)


def test_a_real_published_contest_can_be_certified(cast: Cast) -> None:
    contest = published_contest(cast, 6, events=("theory", "basic"))
    with atomic():
        get(Contest, contest.id).is_demo = True
        audit.record("test.demo", actor=SYSTEM, subject=("contest", contest.id), at=cast.at)
    publication = db.session.scalars(select(PublishedRow).where(PublishedRow.award_name == "金奖")).first()
    assert publication is not None
    batch = issued(cast, publication.publication)
    found = certificates(batch)
    assert len(found) == 6
    assert found[0].data["奖项"] == "金奖"
    assert found[0].data["奖项英文"] == "Gold prize"
    assert uuid.UUID(batch.settings["rows"][0]) == found[0].row_id
    assert plan_of(get(Batch, batch.id)).people == []
