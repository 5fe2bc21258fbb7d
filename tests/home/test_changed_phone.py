"""A changed phone of somebody who signed up and entered himself: the clerk finds the account; another's is never found."""

from competition.accounts import service_help
from competition.accounts.identity import parse_phone
from competition.accounts.logins import phone_login
from competition.accounts.models import Account, HelpRequest
from competition.accounts.service_correct import document_of
from competition.core.database import db, get
from competition.registration.models import Entry
from tests import builders
from tests.cast import Cast, phone
from tests.home import own

NEW_PHONE = phone(431)


def ask(cast: Cast, entry: Entry) -> HelpRequest:
    return service_help.ask_help(
        "phone", name=own.NAME, document=document_of(entry.person), phone=parse_phone(NEW_PHONE), union_id=cast.county.id, note="",
        at=cast.at)


def test_who_entered_himself_gets_the_new_phone_and_keeps_everything(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    asked = ask(any_cast, story.entry)
    assert [each.id for each in service_help.found_behind(asked).accounts] == [story.account_id]
    clerk = any_cast.actor("clerk", "union", any_cast.county.id, name="测试办理人")
    assert service_help.give_link(asked.id, story.account_id, "已核对身份证原件", actor=clerk, at=any_cast.at)
    db.session.expire_all()
    assert get(Account, story.account_id).login == phone_login(parse_phone(NEW_PHONE))
    assert get(Entry, story.entry.id).account_id == story.account_id


def test_an_account_of_another_name_that_used_the_number_is_not_found(any_cast: Cast) -> None:
    contest = builders.make_contest(any_cast, events=("theory", "basic"))
    other = own.sign_up(any_cast, name="测试另一人")
    asked = ask(any_cast, own.enter(any_cast, contest, other))
    assert service_help.found_behind(asked).accounts == []
