"""Whoever guesses, or tries to learn whether somebody is known: how often, how alike the answers are, how much work at once."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from competition.accounts import hashing, service, service_factor, service_own, service_phone, service_sign_up, service_staff
from competition.accounts.hashing import AT_ONCE, hash_password
from competition.accounts.identity import parse_phone
from competition.accounts.logins import login_of
from competition.accounts.models import Account
from competition.accounts.signin import IDLE
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.core.refusals import SecurityRow
from competition.notices.channels import Outbox
from tests.accounts.test_factor import figures, switch_on, worker
from tests.accounts.test_service import GOOD, make_person, sign_up
from tests.cast import AT, Cast, id_card, phone
from tests.queries import count_statements

NEW = "hetao-liuxing-41"


def refused(login: str, at_minute: float = 0) -> str:
    with pytest.raises(RuleBroken) as found:
        service.sign_in(login, "not-the-password", device="x", at=AT + timedelta(minutes=at_minute))
    return found.value.message


# ---- the lock-out ------------------------------------------------------------------------------------


def test_the_lock_grows_and_never_lasts_for_ever(any_cast: Cast) -> None:
    account, minute = sign_up(), 0.0
    login, locks = login_of(phone(1)), []
    for _try in range(14):
        refused(login, minute)
        row = get(Account, account.id)
        locks.append(round((row.locked_until - AT).total_seconds() / 60 - minute) if row.locked_until else 0)
        minute += max(locks[-1], 0) + 0.1
    assert locks == [0, 0, 0, 0, 1, 0, 0, 5, 0, 15, 15, 15, 15, 15]
    assert service.sign_in(login, GOOD, device="x", at=AT + timedelta(minutes=minute))
    assert get(Account, account.id).failed_count == 0


def test_while_it_is_locked_nothing_counts(any_cast: Cast) -> None:
    account = sign_up()
    for _try in range(40):
        refused(login_of(phone(1)))
    assert get(Account, account.id).failed_count == 5
    assert service.sign_in(login_of(phone(1)), GOOD, device="x", at=AT + timedelta(minutes=1.1))


def test_a_lock_keeps_out_who_guesses_and_not_who_is_in(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, sign_up())
    for _try in range(5):
        with pytest.raises(RuleBroken):
            service.sign_in(login_of(phone(1)), "not-the-password", device="x", at=now())
    with pytest.raises(RuleBroken):
        service.sign_in(login_of(phone(1)), GOOD, device="x", at=now())
    assert client.get("/account").status_code == 200


def test_at_an_open_browser_nobody_guesses_the_password_more_often(any_cast: Cast) -> None:
    account = sign_up()
    actor = Actor("account", account.id)

    def change(old: str, minute: float = 0) -> object:
        return service_own.change_password(account.id, old, NEW, device="x", actor=actor, at=AT + timedelta(minutes=minute))

    for _try in range(5):
        with pytest.raises(RuleBroken, match="不正确"):
            change("not-the-password")
    with pytest.raises(RuleBroken, match="锁定") as found:
        change(GOOD)
    assert found.value.details["field"] == "old"
    assert change(GOOD, 1.1)


def test_at_an_open_browser_nobody_guesses_the_figures(any_cast: Cast) -> None:
    account, actor = worker(any_cast)
    secret, _codes = switch_on(account, actor)
    later = AT + timedelta(minutes=1)
    for number in range(5):
        with pytest.raises(RuleBroken, match="验证码不对"):
            service_factor.renew_recovery_codes(account.id, GOOD, f"00000{number}", actor=actor, at=later)
    with pytest.raises(RuleBroken, match="账号已暂时锁定"):
        service_factor.renew_recovery_codes(account.id, GOOD, figures(secret, later), actor=actor, at=later)
    after = later + timedelta(minutes=2)
    assert len(service_factor.renew_recovery_codes(account.id, GOOD, figures(secret, after), actor=actor, at=after)) == 10


def test_a_guess_that_is_shown_in_its_form_leaves_a_security_row(client: FlaskClient, cast: Cast) -> None:
    account = sign_up()
    cast.sign_in(client, account)
    sent = {"old": "not-the-password", "password": NEW, "again": NEW}
    assert client.post("/account/password", data=sent).status_code == 422
    row = db.session.scalars(select(SecurityRow)).one()
    assert (row.code, row.actor_id, row.endpoint) == ("password_wrong", account.id, "accounts.change_password")


# ---- known or not ------------------------------------------------------------------------------------


def writes(sent: list[str]) -> list[str]:
    found = [re.match(r"(INSERT INTO|UPDATE|DELETE FROM) \W?(\w+)", statement) for statement in sent]
    return [f"{one[1]} {one[2]}" for one in found if one]


def test_unknown_wrong_and_locked_cost_the_same(any_cast: Cast) -> None:
    """The same hash before it, and the same waiting for the disk: an audit row each, in one transaction."""
    account, login = sign_up(), login_of(phone(1))
    kinds = {}
    for kind, name in (("unknown", login_of(phone(2))), ("wrong", login), *(("wrong", login),) * 4, ("locked", login)):
        with count_statements() as sent:
            refused(name)
        kinds[kind] = sent
    assert get(Account, account.id).locked_until is not None
    assert writes(kinds["unknown"]) == writes(kinds["locked"])
    assert sorted(writes(kinds["wrong"])) == sorted(["UPDATE account", *writes(kinds["unknown"])])
    acts = ("account.sign_in_refused", "account.locked")
    rows = db.session.execute(select(AuditRow.subject_kind, func.count()).where(AuditRow.act.in_(acts))
                              .group_by(AuditRow.subject_kind)).all()
    assert dict(rows) == {"account": 5, "sign_in": 2}


def test_a_reset_by_phone_says_nothing_of_who_is_known(any_cast: Cast, any_app: Flask, tmp_path: Path) -> None:
    """Neither the sentence nor a rule about the owner's name tells a stranger that there is an owner."""
    any_app.extensions["phone_channel"] = Outbox(tmp_path)
    try:
        service_sign_up.sign_up(name="测试甲乙丙", phone=parse_phone(phone(1)), password=GOOD, purposes=(), at=AT)
        said = set()
        for serial in (1, 2):
            service_phone.ask_code(parse_phone(phone(serial)), "password", at=AT)
            with pytest.raises(RuleBroken) as found:
                service_phone.reset_by_code(login_of(phone(serial)), "000000x", "测试甲乙丙-hetao-41", at=AT)
            said.add((found.value.code, found.value.message))
        assert len(said) == 1
    finally:
        any_app.extensions["phone_channel"] = None


# ---- the work ----------------------------------------------------------------------------------------


class Counting:
    """The library's hasher, and how many of its calls are under way at once."""

    def __init__(self, plain: object) -> None:
        self.plain, self.running, self.most, self.within = plain, 0, 0, 0
        self.lock = threading.Lock()

    def __getattr__(self, name: str) -> object:
        def call(*given: str) -> object:
            with self.lock:
                self.running += 1
                self.most = max(self.most, self.running)
                self.within += bool(db.session().info.get("atomic"))
            try:
                return getattr(self.plain, name)(*given)
            finally:
                with self.lock:
                    self.running -= 1

        return call


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    found = Counting(hashing._hasher)
    monkeypatch.setattr(hashing, "_hasher", found)
    return found


def test_passwords_are_kept_as_argon2id(app: Flask) -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_passwords_are_worked_on_at_once_and_no_more(app: Flask, counting: Counting) -> None:
    def work() -> None:
        with app.app_context():
            hash_password(GOOD)

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.most == AT_ONCE == 2


def test_nobody_waits_for_the_database_while_a_password_is_hashed(any_cast: Cast, counting: Counting) -> None:
    account = sign_up()
    service.sign_in(login_of(phone(1)), GOOD, device="x", at=AT)
    service_own.change_password(account.id, GOOD, NEW, device="x", actor=Actor("account", account.id), at=AT)
    _invited, link = service_staff.invite(login="worker", display_name="测试职员", actor=SYSTEM, at=AT)
    service_own.set_password_by_link(link, GOOD, device="x", at=AT)
    first = service_staff.first_link(AT) or ""
    service_staff.found_office(first, login="first", display_name="测试一", password=GOOD, second_login="second",
                               second_name="测试二", at=AT)
    assert counting.within == 0
    assert counting.most == 1


# ---- what was open when an account was closed, and who is one person --------------------------------------


def test_what_was_open_when_an_account_was_closed_is_over_for_good(client: FlaskClient, cast: Cast) -> None:
    account, admin = sign_up(), cast.actor("administrator")
    link = service_staff.renew_link(account.id, actor=admin, at=now())
    cast.sign_in(client, account)
    assert client.get("/account").status_code == 200
    service_staff.set_active(account.id, False, "离岗", actor=admin, at=now())
    with pytest.raises(RuleBroken, match="停用"):
        service_staff.renew_link(account.id, actor=admin, at=now())
    service_staff.set_active(account.id, True, "返岗", actor=admin, at=now())
    assert client.get("/account").status_code == 303
    assert client.get(f"/invited/{link}").status_code == 404
    assert client.post(f"/invited/{link}", data={"password": NEW, "again": NEW}).status_code == 404


def test_a_link_is_dead_once_the_password_was_changed_another_way(any_cast: Cast) -> None:
    account = sign_up()
    link = service_staff.renew_link(account.id, actor=any_cast.actor("administrator"), at=AT)
    service_own.change_password(account.id, GOOD, NEW, device="x", actor=Actor("account", account.id), at=AT)
    with pytest.raises(RuleBroken, match="已失效或已用过"):
        service_own.set_password_by_link(link, GOOD, device="x", at=AT)
    again = service_staff.renew_link(account.id, actor=any_cast.actor("administrator"), at=AT)
    assert service_own.set_password_by_link(again, GOOD, device="x", at=AT)
    with pytest.raises(RuleBroken, match="已失效或已用过"):
        service_own.set_password_by_link(again, NEW, device="x", at=AT)


def test_an_account_past_its_last_day_gets_no_password(any_cast: Cast) -> None:
    account = sign_up()
    link = service_staff.renew_link(account.id, actor=any_cast.actor("administrator"), at=AT)
    with atomic():
        get(Account, account.id).expires_at = AT + timedelta(hours=1)
        audit.record("test.expiry", actor=SYSTEM, subject=("account", account.id), at=AT)
    with pytest.raises(RuleBroken, match="到期"):
        service_own.set_password_by_link(link, NEW, device="x", at=AT + timedelta(hours=2))


def one_person(cast: Cast, *roles: str) -> list[Account]:
    """Accounts with these roles, all of one human being."""
    person = make_person(SYSTEM, id_card(77))
    accounts = [cast.account(role, name=f"测试{role}其人") for role in roles]
    with atomic():
        for account in accounts:
            get(Account, account.id).person_id = person.id
        audit.record("test.person", actor=SYSTEM, subject=("person", person.id), at=AT)
    return accounts


def test_two_accounts_of_one_person_do_not_hold_what_excludes_each_other(any_cast: Cast) -> None:
    _administrator, other = one_person(any_cast, "administrator", "contestant")
    with pytest.raises(RuleBroken, match="互斥"):
        service.grant_role(other.id, "auditor", scope_kind="system", scope_id=None, actor=SYSTEM, at=AT)


def test_two_accounts_of_one_person_are_not_two_people(any_cast: Cast) -> None:
    one_person(any_cast, "administrator", "organizer")
    asking = any_cast.actor("administrator", name="测试administrator其人")
    asked = service_staff.ask_grant(any_cast.account("contestant").id, "leader", scope_kind="system", scope_id=None, reason="工作需要",
                                    actor=asking, at=AT)
    with pytest.raises(Forbidden, match="自己的申请"):
        approvals.decide(asked.id, approve=True, actor=any_cast.actor("organizer", name="测试organizer其人"), at=AT)
    assert approvals.decide(asked.id, approve=True, actor=any_cast.actor("security_officer"), at=AT).state == "approved"


# ---- the cookie --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [None, "x", -1])
def test_a_cookie_that_was_idle_too_long_is_no_sign_in(client: FlaskClient, cast: Cast, seen: object) -> None:
    """Also one that says nothing of when it was last used: it could be as old as it likes."""
    cast.sign_in(client, sign_up())
    assert client.get("/account").status_code == 200
    with client.session_transaction() as session:
        session["seen"] = int((now() - IDLE).timestamp()) - 1 if seen == -1 else seen
    assert client.get("/account").status_code == 303


def test_the_first_cookie_of_a_sign_in_says_when_it_was_used(client: FlaskClient, cast: Cast) -> None:
    sign_up()
    client.post("/sign-in", data={"login": phone(1), "password": GOOD})
    with client.session_transaction() as session:
        assert session["seen"] >= int(now().timestamp()) - 60


def test_signing_in_starts_a_new_session(client: FlaskClient, cast: Cast) -> None:
    """What somebody put into the browser before is gone, and a second sign-in is another one."""
    sign_up()
    with client.session_transaction() as session:
        session["_user_id"], session["planted"] = "planted", "planted"
    client.post("/sign-in", data={"login": phone(1), "password": GOOD})
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "planted"
