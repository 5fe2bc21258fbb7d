"""Roles: who may hold what beside what, who gives them, when they are over."""

import uuid
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service, service_staff
from competition.accounts.access import DUTIES, ROLES
from competition.accounts.identity import Document
from competition.accounts.models import Account, Grant
from competition.accounts.rules import EXCLUSIVE, ROLE_SCOPES, end_of, last_day, scopes_words
from competition.core import approvals, audit
from competition.core.actors import SYSTEM, Actor
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.errors import Forbidden, RuleBroken
from tests.cast import Cast, id_card

PAIRS = [(held, wanted) for held in sorted(EXCLUSIVE) for wanted in sorted(EXCLUSIVE) if held != wanted]


def ask(cast: Cast, account: Account, role: str, *, by: Actor | None = None, **more: object) -> Approval:
    actor = by or cast.actor("administrator", name="申请人")
    return service_staff.ask_grant(account.id, role, scope_kind="system", scope_id=None, reason="工作需要", actor=actor, at=cast.at, **more)  # type: ignore[arg-type]


def approve(cast: Cast, asked: Approval, *, at: object = None) -> Approval:
    return approvals.decide(asked.id, approve=True, actor=cast.actor("security_officer", name="批准人"), at=at or cast.at)  # type: ignore[arg-type]


def test_every_role_of_the_house_has_its_scopes() -> None:
    assert ROLE_SCOPES.keys() == ROLES.keys() - {"contestant"}
    assert {"organizer", "clerk", "leader", "chief_judge", "judge", "scorekeeper", "timekeeper", "coding_judge", "supervisor",
            "team_leader", "administrator", "security_officer", "auditor"} <= ROLE_SCOPES.keys()


@pytest.mark.parametrize(("held", "wanted"), PAIRS)
def test_three_roles_exclude_each_other_when_asked_and_when_given(cast: Cast, held: str, wanted: str) -> None:
    account = cast.account(held, name="一人")
    with pytest.raises(RuleBroken, match="互斥"):
        ask(cast, account, wanted)
    with pytest.raises(RuleBroken, match="互斥"):
        service.grant_role(account.id, wanted, scope_kind="system", scope_id=None, actor=SYSTEM, at=cast.at)


def test_a_role_that_came_between_asking_and_approving_excludes(cast: Cast) -> None:
    account = cast.account("leader", name="一人")
    asked = ask(cast, account, "auditor")
    service.grant_role(account.id, "administrator", scope_kind="system", scope_id=None, actor=SYSTEM, at=cast.at)
    with pytest.raises(RuleBroken, match="互斥"):
        approve(cast, asked)
    assert get(Approval, asked.id).state == "asked"


def test_the_instant_of_expiry_parts_two_excluding_roles(cast: Cast) -> None:
    account, end = cast.account("leader", name="一人"), cast.at + timedelta(days=1)
    service.grant_role(account.id, "auditor", scope_kind="system", scope_id=None, actor=SYSTEM, at=cast.at, valid_to=end)
    with pytest.raises(RuleBroken, match="互斥"):
        service.grant_role(account.id, "administrator", scope_kind="system", scope_id=None, actor=SYSTEM,
                           at=end - timedelta(microseconds=1))
    service.grant_role(account.id, "administrator", scope_kind="system", scope_id=None, actor=SYSTEM, at=end)
    for at in (end - timedelta(microseconds=1), end):
        assert len({g.role for g in service.active_grants(account.id, at)} & EXCLUSIVE) == 1


def test_a_role_that_begins_later_excludes_already(cast: Cast) -> None:
    account = cast.account("leader", name="一人")
    with atomic() as session:
        begins = cast.at + timedelta(days=9)
        session.add(Grant(account_id=account.id, role="auditor", scope_kind="system", scope_id=None, valid_from=begins))
        audit.record("test.grant", actor=SYSTEM, subject=("account", account.id), at=cast.at)
    with pytest.raises(RuleBroken, match="互斥"):
        ask(cast, account, "administrator")


def test_nobody_gives_himself_a_role_under_another_account(cast: Cast) -> None:
    person = service.get_or_create_person(
        name="试双号", document=Document("id_card", "CHN", id_card()), phone=None, actor=SYSTEM, at=cast.at)
    first, second = cast.account("administrator", name="其一"), cast.account("contestant", name="其二")
    with atomic() as session:
        for account in (first, second):
            session.get_one(Account, account.id).person_id = person.id
        audit.record("test.person", actor=SYSTEM, subject=("person", person.id), at=cast.at)
    actor = Actor("account", first.id, person.id, "其一", cast.actor("administrator", name="其一").held)
    asked = ask(cast, second, "organizer", by=actor)
    with pytest.raises(RuleBroken, match="不能给自己授予角色"):
        approve(cast, asked)


def test_whoever_is_meant_does_not_approve(cast: Cast) -> None:
    account = cast.account("security_officer", name="本人")
    asked = service_staff.ask_grant(account.id, "leader", scope_kind="system", scope_id=None, reason="工作需要",
                                    actor=cast.actor("administrator"), at=cast.at)
    with pytest.raises(Forbidden):
        approvals.decide(asked.id, approve=True, actor=cast.actor("security_officer", name="本人"), at=cast.at)


def test_a_request_dies_with_the_right_of_who_asked(cast: Cast) -> None:
    account, asking = cast.account("contestant", name="一人"), cast.account("administrator", name="申请人")
    asked = ask(cast, account, "organizer")
    grant = db.session.scalars(select(Grant).where(Grant.account_id == asking.id)).one()
    service.end_grant(grant.id, actor=SYSTEM, at=cast.at, reason="调离")
    with pytest.raises(RuleBroken, match="申请人已不再担任"):
        approve(cast, asked)
    assert service.active_grants(account.id, cast.at) == []


def test_a_last_day_is_kept_said_and_over_at_midnight(cast: Cast) -> None:
    account, day = cast.account("contestant", name="一人"), date(2026, 6, 30)
    asked = ask(cast, account, "leader", until=end_of(day))
    assert "至 2026年6月30日" in asked.summary
    approve(cast, asked)
    grant = service.active_grants(account.id, cast.at)[0]
    assert grant.valid_to is not None
    assert (grant.valid_to, last_day(grant.valid_to)) == (end_of(day), day)
    assert service.active_grants(account.id, end_of(day) - timedelta(seconds=1)) != []
    assert service.active_grants(account.id, end_of(day)) == []


def test_a_last_day_in_the_past_is_refused_then_and_at_the_approval(cast: Cast) -> None:
    account = cast.account("contestant", name="一人")
    with pytest.raises(RuleBroken, match="到期日"):
        ask(cast, account, "leader", until=cast.at)
    asked = ask(cast, account, "leader", until=cast.at + timedelta(hours=1))
    with pytest.raises(RuleBroken, match="已经过去"):
        approve(cast, asked, at=cast.at + timedelta(hours=2))


def test_a_role_that_is_over_is_not_ended_again(cast: Cast) -> None:
    account, end = cast.account("contestant", name="一人"), cast.at + timedelta(days=1)
    grant = service.grant_role(account.id, "leader", scope_kind="system", scope_id=None, actor=SYSTEM, at=cast.at, valid_to=end)
    with pytest.raises(RuleBroken, match="已经到期"):
        service.end_grant(grant.id, actor=SYSTEM, at=end + timedelta(days=5))
    assert get(Grant, grant.id).valid_to == end


def set_grant(account_id: uuid.UUID, **values: object) -> None:
    with atomic() as session:
        for grant in session.scalars(select(Grant).where(Grant.account_id == account_id)):
            for name, value in values.items():
                setattr(grant, name, value)
        audit.record("test.grant", actor=SYSTEM, subject=("account", account_id), at=now())


def test_an_expired_role_closes_the_pages_of_a_running_session(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("administrator")
    cast.sign_in(client, account)
    assert client.get("/manage/accounts").status_code == 200
    set_grant(account.id, valid_to=now())
    assert client.get("/manage/accounts").status_code == 403
    assert client.get("/account").status_code == 200


def test_an_expired_account_ends_a_running_session(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("administrator")
    cast.sign_in(client, account)
    with atomic() as session:
        session.get_one(Account, account.id).expires_at = now()
        audit.record("test.account", actor=SYSTEM, subject=("account", account.id), at=now())
    assert client.get("/manage/accounts").location.startswith("/sign-in")


def test_the_page_asks_with_a_last_day(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("contestant", name="一人")
    cast.sign_in(client, cast.account("administrator"))
    form = {"role": "leader", "scope": "system:", "reason": "工作需要"}
    assert client.post(f"/manage/accounts/{account.id}/grants", data={**form, "until": "2026-13-45"}).status_code == 422
    assert client.post(f"/manage/accounts/{account.id}/grants", data={**form, "until": "2020-01-01"}).status_code == 422
    day = (now() + timedelta(days=40)).date()
    assert client.post(f"/manage/accounts/{account.id}/grants", data={**form, "until": day.isoformat()}).status_code == 303
    asked = db.session.scalars(select(Approval)).one()
    assert asked.payload["until"] == end_of(day).isoformat()


def test_several_roles_of_one_scope_are_asked_for_and_approved_together(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("contestant", name="一人多职")
    client = cast.sign_in(client, cast.account("administrator"))
    grants, scope = f"/manage/accounts/{account.id}/grants", f"union:{cast.county.id}"
    form = {"role": "clerk", "scope": scope, "reason": "工作需要"}
    assert client.post(grants, data={**form, "also": ["auditor"]}).status_code == 422, "no role of a union"
    assert client.post(grants, data={**form, "also": ["nobody"]}).status_code == 422
    system = {"role": "administrator", "scope": "system:", "reason": "工作需要"}
    assert "互斥" in client.post(grants, data={**system, "also": ["auditor"]}).text
    assert db.session.scalars(select(Approval)).all() == []
    assert client.post(grants, data={**form, "also": ["organizer", "clerk"]}).status_code == 303
    asked = db.session.scalars(select(Approval)).one()
    assert asked.payload["roles"] == ["clerk", "organizer"]
    assert "工会审核员、组委会办公室" in client.get(f"/approvals/{asked.id}").text
    approvals.decide(asked.id, approve=True, actor=cast.actor("security_officer"), at=now())
    assert {(g.role, g.scope_id) for g in service.active_grants(account.id, now())} == {
        ("clerk", cast.county.id), ("organizer", cast.county.id)}
    refused = client.post(grants, data={**form, "role": "leader", "also": ["organizer"]})
    assert (refused.status_code, "已有角色：组委会办公室" in refused.text) == (409, True)

    assert [g.role for g in service.active_grants(account.id, now())].count("leader") == 0


def test_who_looks_at_the_own_account_reads_why_nothing_can_be_done_there(client: FlaskClient, cast: Cast) -> None:
    own = cast.account("administrator")
    page = cast.sign_in(client, own).get(f"/manage/accounts/{own.id}").text
    assert "申请、收回角色和停用都由另一人办理" in page
    assert "提出申请" not in page


def test_the_form_chooses_nothing_and_says_what_each_role_does(cast: Cast, client: FlaskClient) -> None:
    account = cast.account("contestant", name="试无角色")
    cast.sign_in(client, cast.account("administrator"))
    page = client.get(f"/manage/accounts/{account.id}").text
    assert "请选择角色" in page
    assert "请选择范围" in page
    assert set(DUTIES) == set(ROLE_SCOPES)
    for role, duty in DUTIES.items():
        assert str(duty) in page
        assert f"{ROLES[role]}（范围：{scopes_words(role)}）" in page
    empty = client.post(f"/manage/accounts/{account.id}/grants", data={"role": "", "scope": "", "reason": "试"})
    assert empty.status_code == 422
    assert "请选择角色。" in empty.text
