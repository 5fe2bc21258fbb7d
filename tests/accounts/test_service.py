"""People and accounts on both databases, with every refusal."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from competition.accounts import service, service_own, service_sign_up, service_staff
from competition.accounts.hashing import hash_password
from competition.accounts.identity import parse_document, parse_phone
from competition.accounts.logins import login_of, phone_login
from competition.accounts.models import Account, Consent, OneTimeLink, Person
from competition.accounts.queries import live_sign_ins
from competition.accounts.terms import terms
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.database import db, find, get
from competition.core.errors import Forbidden, NotFound, RuleBroken
from tests.cast import AT, Cast, id_card, phone

GOOD = "gaoshan-maitian-23"


def make_person(actor: Actor, number: str, name: str = "测试甲", tel: str | None = None) -> Person:
    return service.get_or_create_person(
        name=name, document=parse_document("id_card", number), phone=parse_phone(tel) if tel else None, actor=actor, at=AT)


def test_a_person_is_sealed_masked_and_found_again(any_cast: Cast) -> None:
    number = id_card(1)
    first = make_person(SYSTEM, number, tel=phone(1))
    assert number not in str(vars(first))
    assert (first.document_masked, first.phone_masked) == (number[:3] + "*" * 11 + number[-4:], "199****0001")
    assert first.birth_on is not None
    assert make_person(SYSTEM, number).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_who_types_a_known_number_renames_nobody(any_cast: Cast) -> None:
    first = make_person(SYSTEM, id_card(1), "测试甲", phone(1))
    stranger = Actor("account", any_cast.account("contestant").id)
    again = make_person(stranger, id_card(1), "冒名者", phone(2))
    assert (again.id, again.name, again.phone_masked) == (first.id, "测试甲", "199****0001")
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    assert make_person(clerk, id_card(1), "测试甲", phone(2)).phone_masked == "199****0002"


def test_a_full_number_is_shown_for_a_reason_and_leaves_a_trace(any_cast: Cast) -> None:
    person, clerk = make_person(SYSTEM, id_card(1)), any_cast.actor("clerk", "union", any_cast.county.id)
    with pytest.raises(RuleBroken, match="理由"):
        service.reveal_document(person.id, "  ", clerk, AT)
    assert service.reveal_document(person.id, "核对资格", clerk, AT) == id_card(1)
    row = audit.history("person", person.id)[0]
    assert (row.act, row.reason, row.actor_id) == ("person.reveal_document", "核对资格", clerk.id)
    assert id_card(1) not in row.line
    with pytest.raises(RuleBroken, match="没有保存"):
        service.reveal_phone(person.id, "核对", clerk, AT)


def test_full_numbers_are_shown_twenty_times_an_hour_to_one_account(any_cast: Cast) -> None:
    person, clerk = make_person(SYSTEM, id_card(1), tel=phone(1)), any_cast.actor("clerk", "union", any_cast.county.id)
    for number in range(20):
        show = service.reveal_phone if number % 2 else service.reveal_document
        show(person.id, "逐人核对", clerk, AT + timedelta(minutes=number))
    with pytest.raises(RuleBroken, match="20 次") as refused:
        service.reveal_document(person.id, "逐人核对", clerk, AT + timedelta(minutes=59))
    assert refused.value.status == 429
    assert len([r for r in audit.history("person", person.id) if r.act.startswith("person.reveal")]) == 20
    other = any_cast.actor("clerk", "union", any_cast.prefecture.id)
    assert service.reveal_document(person.id, "逐人核对", other, AT + timedelta(minutes=59)) == id_card(1)
    assert service.reveal_document(person.id, "逐人核对", clerk, AT + timedelta(minutes=61)) == id_card(1)


def sign_up(serial: int = 1, password: str = GOOD) -> Account:
    made = service_sign_up.sign_up(name="测试甲", phone=parse_phone(phone(serial)), password=password,
                                   purposes=("privacy", "sensitive"), at=AT)
    assert made is not None
    return made


def test_signing_up_keeps_what_was_agreed_to(any_cast: Cast) -> None:
    account = sign_up()
    given = db.session.scalars(select(Consent).where(Consent.account_id == account.id)).all()
    assert {(c.purpose, c.text_digest) for c in given} == {(p, terms(p).digest) for p in ("privacy", "sensitive")}
    assert phone(1) not in account.login
    assert account.login == login_of(phone(1)) == login_of("+86 " + phone(1)) == phone_login("+86" + phone(1))
    assert service.sign_in(login_of(phone(1)), GOOD, device="x", at=AT)[0].account_id == account.id


def test_signing_up_weakly_is_refused(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="全是数字"):
        sign_up(2, "82736451029")
    assert find(Account, login=phone_login(parse_phone(phone(2)))) is None


def test_a_wrong_password_locks_for_a_while_with_the_same_sentence(any_cast: Cast) -> None:
    sign_up()
    login, sentences = login_of(phone(1)), set()
    for wrong in (login,) * 5 + ("nobody",):
        with pytest.raises(RuleBroken) as refused:
            service.sign_in(wrong, "not-the-password", device="x", at=AT)
        sentences.add(refused.value.message)
    with pytest.raises(RuleBroken) as refused:
        service.sign_in(login, GOOD, device="x", at=AT)
    assert sentences == {refused.value.message}
    assert service.sign_in(login, GOOD, device="x", at=AT + timedelta(minutes=2))


def test_a_new_password_ends_every_other_sign_in(any_cast: Cast) -> None:
    account = sign_up()
    old, _token = service.open_session(account.id, device="old", at=AT)
    actor = Actor("account", account.id)
    with pytest.raises(RuleBroken, match="现在的密码不正确"):
        service_own.change_password(account.id, "wrong-password", "hetao-liuxing-41", device="x", actor=actor, at=AT)
    row, _token = service_own.change_password(account.id, GOOD, "hetao-liuxing-41", device="x", actor=actor, at=AT)
    assert row.password_version > old.password_version
    service_own.end_sign_in(old.id, actor=actor, at=AT)
    assert [r.id for r in live_sign_ins(account.id, AT)] == [row.id]
    with pytest.raises(NotFound):
        service_own.end_sign_in(row.id, actor=Actor("account", any_cast.account("judge").id), at=AT)


def test_the_first_link_founds_the_office_once(any_cast: Cast) -> None:
    token = service_staff.first_link(AT)
    assert token is not None
    words = {"display_name": "管理员甲", "second_login": "second", "second_name": "管理员乙", "password": GOOD, "at": AT}
    with pytest.raises(RuleBroken, match="不能相同"):
        service_staff.found_office(token, login="second", **words)
    first, invitation = service_staff.found_office(token, login="first", **words)
    second = find(Account, login="second")
    assert second is not None
    assert [g.role for g in service.active_grants(first.id, AT)] == ["administrator"]
    assert [g.role for g in service.active_grants(second.id, AT)] == ["security_officer"]
    with pytest.raises(NotFound):
        service_staff.check_link(token, "first_administrator", AT)
    assert service_staff.first_link(AT) is None
    service_own.set_password_by_link(invitation, GOOD, device="x", at=AT)
    with pytest.raises(RuleBroken, match="失效"):
        service_own.set_password_by_link(invitation, GOOD, device="x", at=AT)


def test_a_link_ends_and_a_refused_password_does_not_use_it_up(any_cast: Cast) -> None:
    account, token = service_staff.invite(login="worker", display_name="工作人员", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="登录名"):
        service_own.set_password_by_link(token, "worker-worker-1", device="x", at=AT)
    with pytest.raises(RuleBroken, match="失效"):
        service_own.set_password_by_link(token, GOOD, device="x", at=AT + timedelta(hours=73))
    service_own.set_password_by_link(token, GOOD, device="x", at=AT + timedelta(hours=71))
    assert get(Account, account.id).password_hash.startswith("$argon2id$")


def ask(cast: Cast, account: Account, role: str = "clerk", actor: Actor | None = None) -> approvals.Approval:
    scope = ("union", cast.county.id) if role == "clerk" else ("system", None)
    return service_staff.ask_grant(account.id, role, scope_kind=scope[0], scope_id=scope[1], reason="工作需要",
                                   actor=actor or cast.actor("administrator"), at=AT)


def test_a_role_is_given_by_two_people(any_cast: Cast) -> None:
    worker, officer = any_cast.account("contestant", name="工作人员"), any_cast.actor("security_officer")
    request = ask(any_cast, worker)
    assert request.summary == f"授予“工作人员”角色：工会审核员（{any_cast.county.name_zh}）"
    assert service.active_grants(worker.id, AT) == []
    with pytest.raises(Forbidden, match="申请人不能"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("administrator"), at=AT)
    approvals.decide(request.id, approve=True, actor=officer, at=AT)
    grant = service.active_grants(worker.id, AT)[0]
    assert (grant.role, grant.scope_id, grant.granted_by, grant.approved_by) == (
        "clerk", any_cast.county.id, request.asked_by, officer.id)
    with pytest.raises(RuleBroken, match="已有角色：工会审核员"):
        ask(any_cast, worker)


def test_nobody_gives_a_role_to_himself(any_cast: Cast) -> None:
    admin, officer = any_cast.account("administrator"), any_cast.account("security_officer")
    with pytest.raises(Forbidden, match="不能给自己"):
        ask(any_cast, admin, "organizer")
    request = ask(any_cast, officer, "organizer")
    with pytest.raises(Forbidden, match="与本人账号有关"):
        approvals.decide(request.id, approve=True, actor=any_cast.actor("security_officer"), at=AT)
    assert [g.role for g in service.active_grants(officer.id, AT)] == ["security_officer"]
    assert get(approvals.Approval, request.id).state == "asked"


def test_roles_that_exclude_each_other_and_scopes_that_do_not_fit(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="互斥"):
        ask(any_cast, any_cast.account("auditor"), "security_officer")
    with pytest.raises(RuleBroken, match="范围只能是"):
        service_staff.ask_grant(any_cast.account("judge").id, "clerk", scope_kind="system", scope_id=None, reason="x",
                                actor=any_cast.actor("administrator"), at=AT)


def test_one_person_cannot_take_over_a_working_account(any_cast: Cast) -> None:
    admin, clerk = any_cast.actor("administrator"), any_cast.account("clerk", "union", any_cast.county.id)
    assert service_staff.renew_link(clerk.id, actor=admin, at=AT)
    service.set_password(clerk.id, hash_password(GOOD), actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不能由一人重设"):
        service_staff.renew_link(clerk.id, actor=admin, at=AT)
    assert service_staff.renew_link(clerk.id, actor=SYSTEM, at=AT)
    assert service_staff.renew_link(sign_up().id, actor=admin, at=AT)
    assert db.session.scalar(select(func.count()).select_from(OneTimeLink)) == 3


def test_a_closed_account_cannot_sign_in(any_cast: Cast) -> None:
    account, admin = sign_up(), any_cast.actor("administrator")
    service_staff.set_active(account.id, False, "离岗", actor=admin, at=AT)
    with pytest.raises(RuleBroken):
        service.sign_in(account.login, GOOD, device="x", at=AT)
    with pytest.raises(Forbidden):
        service_staff.set_active(any_cast.account("administrator").id, False, "x", actor=admin, at=AT)
    service_staff.set_active(account.id, True, "返岗", actor=admin, at=AT)
    assert service.sign_in(account.login, GOOD, device="x", at=AT)


def test_a_role_taken_back_is_over(any_cast: Cast) -> None:
    officer = any_cast.account("security_officer")
    grant = service.active_grants(officer.id, AT)[0]
    service.end_grant(grant.id, actor=any_cast.actor("administrator"), at=AT, reason="换岗")
    assert service.active_grants(officer.id, AT + timedelta(seconds=1)) == []
