"""The own data erased: nothing is left that says who it was, what was awarded and counted stays, and every refusal."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service, service_staff
from competition.accounts.identity import ERASED, parse_document, parse_phone
from competition.accounts.models import Account, Person, SignIn
from competition.accounts.queries_own import consents_of
from competition.certificates.queries import find_by_code
from competition.contests.models import Contest
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow, AuditSalt
from competition.core.crypto import blind_index, unseal
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile, path_of
from competition.counting.models import Fact
from competition.home import service_rights
from competition.home.own_data import Subject
from competition.home.queries_rights import obstacles_of
from competition.home.rules_rights import WORD, obstacle_of, parted
from competition.notices.models import Message
from competition.registration.models import Entry
from competition.registration.service_line import withdraw_entry
from competition.results.models import PublishedRow
from competition.results.queries import lines_of_erased
from tests import builders
from tests.cast import Cast, id_card, phone
from tests.home import own
from tests.house import read_files

AWARDED = {"published_row", "publication", "certificate", "batch"}


def values() -> dict[str, str]:
    """What said who it was, in every form in which it stood anywhere."""
    document = parse_document("id_card", id_card(own.SERIAL))
    return {
        "name": own.NAME, "pinyin": "Shi Shanchujia", "tibetan": own.TIBETAN, "employer": own.EMPLOYER, "trade": own.TRADE,
        "number": document.number, "masked number": document.masked, "index": blind_index("document", document.index_text),
        "phone": phone(own.SERIAL), "masked phone": f"{phone(own.SERIAL)[:3]}****{phone(own.SERIAL)[-4:]}",
        "login": own.login(), "phone index": blind_index("phone", parse_phone(phone(own.SERIAL))), "reason": "试删除理由",
        "remark": "试删除备注",
    }


def rows_of_everything() -> Iterator[tuple[str, str]]:
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            yield table.name, " ".join(str(value) for value in row)


def found_in_tables() -> set[tuple[str, str]]:
    wanted = values()
    return {(table, word) for table, text in rows_of_everything() for word, value in wanted.items() if value in text}


def test_nothing_is_left_of_the_person_and_awards_stay(any_app: Flask, any_cast: Cast) -> None:
    story = own.certified(any_cast)
    before = found_in_tables()
    assert {word for _table, word in before} == values().keys() - {"number", "phone"}, "everything was there, numbers sealed"
    files = [path_of(row.sha256) for row in db.session.scalars(select(StoredFile).where(StoredFile.sensitivity == "personal"))]
    assert len(files) == 2
    certificate = own.certificate_of(story)
    code, paper = unseal(certificate.code_sealed, "certificate", "code", certificate.id), dict(certificate.data)
    salts = {salt.id for salt in db.session.scalars(select(AuditSalt))}
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)

    left = found_in_tables()
    # Reasons stand in the audit trail in the words of who acted: what is typed there is of the record.
    assert {(table, word) for table, word in left if table not in AWARDED} == {("audit_row", "reason")}
    # The name in all its letters: a corrected certificate is printed from what the first one knew.
    assert {word for table, word in left if table in AWARDED} <= {"name", "pinyin", "tibetan", "employer"}
    assert not any(path.exists() for path in files)
    assert list(audit.verify()) == []
    gone = salts - {salt.id for salt in db.session.scalars(select(AuditSalt))}
    assert gone
    about = {("person", str(story.person_id)), ("account", str(story.account_id)), ("entry", str(story.entry_id))}
    for row in db.session.scalars(select(AuditRow)):
        if (row.subject_kind, row.subject_id) in about:
            assert not db.session.scalars(select(AuditSalt).where(AuditSalt.chain == row.chain, AuditSalt.seq == row.seq)).all(), row.act

    assert story.person.name == story.account.display_name == story.entry.name == ERASED
    published = db.session.scalars(select(PublishedRow)).one()
    assert (published.public_name, published.rank) == (own.NAME, 1)
    again = find_by_code(code)
    assert again is not None
    assert (again.state, again.name, dict(again.data)) == ("issued", own.NAME, paper)
    fact = db.session.scalars(select(Fact)).one()
    assert (fact.participant.key, fact.withdrawn_at) == (f"person:{story.person_id}", None)
    assert {c.withdrawn_at for c in consents_of(story.account_id, [story.person_id])} == {any_cast.at}
    told = db.session.scalars(select(Message).where(Message.kind == "registration.lineup")).all()
    assert [m.body for m in told] == [ERASED], "the own ones are gone, in those of others nothing is left to read"


def test_the_file_on_disk_holds_nothing_either(app: Flask, cast: Cast) -> None:
    story = own.entered(cast)
    withdraw_entry(story.entry_id, "不参赛", actor=story.actor, at=cast.at)
    wanted = [value.encode() for word, value in values().items() if word != "reason"]
    instance = app.extensions["settings"].instance

    def on_disk() -> list[bytes]:
        data = b"".join(held for path, held in read_files(instance).items() if path.match("*.db*"))
        return [value for value in wanted if value in data]

    assert len(on_disk()) > 5
    db.session.rollback()
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=cast.at)
    assert on_disk() == []


def test_nobody_signs_in_again_and_the_same_person_may_begin_anew(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    other_staff = any_cast.actor("administrator")
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="不正确"):
        service.sign_in(own.login(), own.GOOD, device="x", at=any_cast.at)
    assert not db.session.scalars(select(SignIn).where(SignIn.account_id == story.account_id)).all()
    for act in (
        lambda: service_staff.set_active(story.account_id, True, "再启用", actor=other_staff, at=any_cast.at),
        lambda: service_staff.renew_link(story.account_id, actor=other_staff, at=any_cast.at),
        lambda: service_staff.ask_grant(story.account_id, "judge", scope_kind="contest", scope_id=story.contest_id, reason="x",
                                        actor=other_staff, at=any_cast.at),
    ):
        with pytest.raises(RuleBroken, match="本人申请删除"):
            act()
    account = own.sign_up(any_cast)
    entry = own.enter(any_cast, builders.make_contest(any_cast, events=("basic",)), account)
    assert (entry.person_id != story.person_id, entry.state) == (True, "submitted")


def test_a_later_correction_of_the_ranking_keeps_the_published_name(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    assert lines_of_erased(story.contest_id) == {}
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)
    assert {key: row.public_name for key, row in lines_of_erased(story.contest_id).items()} == {story.entry_id: own.NAME}


def test_password_and_word_are_asked_and_nothing_happens_without(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    for password, typed, code in ((own.GOOD, "删除", "not_confirmed"), ("falsch-falsch-9", str(WORD), "password_wrong")):
        with pytest.raises(RuleBroken) as refused:
            service_rights.erase_own(password, typed, actor=story.actor, at=any_cast.at)
        assert (refused.value.code, refused.value.status) == (code, 422)
    assert story.account.erased_at is None


def codes(story: own.Story, at: object) -> list[str]:
    return [one.code for one in obstacles_of(Subject(story.account, story.actor), at)]  # type: ignore[arg-type]


def test_what_stands_against_it_is_named(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    assert codes(story, any_cast.at) == ["entered"]
    with pytest.raises(RuleBroken, match="请先撤回报名"):
        service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)
    grant = service.grant_role(story.account_id, "team_leader", scope_kind="contest", scope_id=story.contest_id, actor=SYSTEM,
                               at=any_cast.at)
    assert codes(story, any_cast.at) == ["staff", "entered"]
    service.end_grant(grant.id, actor=SYSTEM, at=any_cast.at)
    asker = any_cast.actor("administrator")
    asked = service_staff.ask_grant(story.account_id, "judge", scope_kind="contest", scope_id=story.contest_id, reason="担任裁判",
                                    actor=asker, at=any_cast.at)
    later = any_cast.at + timedelta(seconds=1)
    assert codes(story, later) == ["entered", "waiting"]
    approvals.withdraw(asked.id, actor=asker, at=later)
    withdraw_entry(story.entry_id, "不参赛", actor=story.actor, at=later)
    assert codes(story, later) == []
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=later)
    assert story.account.erased_at == later


def entry_like(state: str, phase: str, condition: str = "normal", ends_on: date = date(2026, 6, 1)) -> SimpleNamespace:
    contest = SimpleNamespace(id=uuid.uuid4(), phase=phase, condition=condition, ends_on=ends_on, name="某竞赛")
    return SimpleNamespace(id=uuid.uuid4(), state=state, contest=contest)


@pytest.mark.parametrize(("state", "phase", "condition", "days", "code"), [
    ("draft", "announced", "normal", 0, None), ("submitted", "announced", "normal", 0, "entered"),
    ("waiting", "announced", "normal", 0, "entered"), ("approved", "running", "normal", 0, "competing"),
    ("approved", "running", "stopped", 0, None), ("withdrawn", "running", "normal", 0, None),
    ("rejected", "announced", "normal", 0, None), ("approved", "finished", "normal", 0, "unpublished"),
    ("approved", "finished", "normal", 179, "unpublished"), ("approved", "finished", "normal", 180, None),
    ("returned", "finished", "normal", 0, None), ("approved", "announced", "cancelled", 0, None),
])
def test_entries_that_stand_against_it(app: Flask, state: str, phase: str, condition: str, days: int, code: str | None) -> None:
    found = obstacle_of(entry_like(state, phase, condition), set(), date(2026, 6, 1) + timedelta(days=days))
    assert (found.code if found else None) == code


def test_published_results_stand_against_nothing(app: Flask) -> None:
    over = entry_like("approved", "finished")
    assert obstacle_of(over, {over.contest.id}, date(2026, 6, 2)) is None


def test_which_entries_go_with_a_consent(app: Flask) -> None:
    fresh, drawn, running, over, gone = (entry_like(*one) for one in (
        ("approved", "announced"), ("approved", "announced"), ("approved", "running"), ("approved", "finished"),
        ("withdrawn", "announced")))
    assert parted([fresh, drawn, running, over, gone], {drawn.id}) == ([fresh], [drawn, running])


def test_the_page_says_what_goes_and_the_button_does_it(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    page = client.get("/my/data/erase").text
    for said in ("会删除的", "会保留的", "成绩 1 行、证书 1 份", "参赛统计 1 次", "不能撤回", str(WORD)):
        assert said in page
    wrong = client.post("/my/data/erase", data={"password": own.GOOD, "confirm_name": "删"})
    assert (wrong.status_code, "照样输入" in wrong.text) == (422, True)
    wrong = client.post("/my/data/erase", data={"password": "falsch-falsch-9", "confirm_name": str(WORD)})
    assert (wrong.status_code, "现在的密码不正确" in wrong.text) == (422, True)
    done = client.post("/my/data/erase", data={"password": own.GOOD, "confirm_name": str(WORD)})
    assert (done.status_code, "不能再登录" in done.text) == (200, True)
    assert client.get("/my/data").status_code == 303, "signed out"
    db.session.rollback()
    assert db.session.get_one(Account, story.account_id).erased_at is not None


def test_the_page_names_what_stands_against_it(client: FlaskClient, cast: Cast) -> None:
    story = own.entered(cast)
    cast.sign_in(client, story.account)
    page = client.get("/my/data/erase").text
    assert "现在还不能删除" in page
    assert "请先撤回报名" in page
    assert "永久删除" not in page
    assert client.post("/my/data/erase", data={"password": own.GOOD, "confirm_name": str(WORD)}).status_code == 409


def test_who_typed_somebody_elses_number_erases_the_own_typing_alone(any_cast: Cast) -> None:
    known = builders.approved_entries(any_cast, builders.make_contest(any_cast, events=("basic",)), 1, name="试乙",
                                      document=parse_document("id_card", id_card(own.SERIAL)))[0]
    story = own.entered(any_cast)
    assert story.person_id == known.person_id
    withdraw_entry(story.entry_id, "不参赛", actor=story.actor, at=any_cast.at)
    service_rights.erase_own(own.GOOD, str(WORD), actor=story.actor, at=any_cast.at)
    assert story.entry.name == ERASED
    assert (get(Person, known.person_id).name, get(Entry, known.id).name) == ("试乙", "试乙")
    with atomic():
        assert get(Contest, known.contest_id).phase == "announced"
