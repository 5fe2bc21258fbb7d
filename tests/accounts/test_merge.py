"""Accounts that turn out to be of one human being: roles that exclude each other do not come together by a clerk's hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from competition.accounts import service, service_help
from competition.accounts.models import Account, HelpRequest
from competition.accounts.service_merge import HELD, clashes
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.notices.models import Message
from tests.accounts.test_guessing import one_person
from tests.accounts.test_help import known, request
from tests.accounts.test_service import sign_up
from tests.cast import AT, Cast


def dispute(cast: Cast, *, holder: str | None = None, claimant: str | None = None) -> tuple[Account, Account, HelpRequest]:
    """Who holds the number so far, who claims it, and the request; with roles."""
    wrong, right = known(), sign_up(2)
    for account, role in ((wrong, holder), (right, claimant)):
        if role:
            service.grant_role(account.id, role, scope_kind="system", scope_id=None, actor=SYSTEM, at=AT)
    return wrong, right, request(cast, "document", account_id=right.id)


@pytest.mark.parametrize(("holder", "claimant"), [("administrator", "auditor"), ("auditor", None), ("leader", "administrator")])
def test_a_dispute_about_a_working_account_is_refused_with_a_task(any_cast: Cast, holder: str, claimant: str | None) -> None:
    officer = any_cast.account("security_officer")
    wrong, right, asked = dispute(any_cast, holder=holder, claimant=claimant)
    before, clerk = get(Account, wrong.id).person_id, any_cast.actor("clerk", "union", any_cast.county.id)
    for hours in (0, 1, 26):
        with pytest.raises(RuleBroken, match="安全管理员核实"):
            service_help.settle_document(asked.id, "已核对原件", actor=clerk, at=AT + timedelta(hours=hours))
    assert (get(Account, wrong.id).person_id, get(Account, right.id).person_id) == (before, None)
    assert get(HelpRequest, asked.id).state == "open"
    tasks = db.session.execute(select(Message.account_id, Message.body)).all()
    assert [account for account, _body in tasks] == [officer.id] * 2
    assert asked.code in tasks[0].body
    rows = db.session.scalars(select(AuditRow).where(AuditRow.act == HELD)).all()
    assert {row.subject_id for row in rows} == {str(wrong.id), str(right.id)}
    assert {tuple(row.details["roles"]) for row in rows} == {(holder,), (claimant,) if claimant else ()}


def test_once_the_roles_are_ended_the_clerk_goes_on(any_cast: Cast) -> None:
    wrong, right, asked = dispute(any_cast, holder="auditor", claimant="administrator")
    clerk = any_cast.actor("clerk", "union", any_cast.county.id)
    service.end_grant(service.active_grants(wrong.id, AT)[0].id, actor=SYSTEM, at=AT)
    service_help.settle_document(asked.id, "已核对原件", actor=clerk, at=AT + timedelta(seconds=1))
    assert get(Account, right.id).person_id is not None


def test_a_working_claimant_may_get_the_own_number_back(any_cast: Cast) -> None:
    _wrong, right, asked = dispute(any_cast, claimant="leader")
    service_help.settle_document(asked.id, "已核对原件", actor=any_cast.actor("clerk", "union", any_cast.county.id), at=AT)
    assert get(Account, right.id).person_id is not None


def test_what_came_together_all_the_same_is_found(any_cast: Cast) -> None:
    assert clashes(AT) == []
    accounts = one_person(any_cast, "administrator", "auditor", "leader")
    assert [{account.id for account in found} for found in clashes(AT)] == [{account.id for account in accounts[:2]}]
