"""Entries that a union or employer made become the person's own: by the clerk, or by the code of the contestant's card."""

import pytest
from flask.testing import FlaskClient

from competition.accounts import service_help
from competition.accounts.identity import parse_document
from competition.accounts.models import Account, Person
from competition.accounts.service_claim import claim_by_code
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import unseal
from competition.core.database import get
from competition.core.errors import RuleBroken
from competition.registration.claims import claim_code
from competition.registration.models import Entry
from competition.registration.service_numbers import number_entries
from tests.accounts.test_service import sign_up
from tests.builders import approved_entries, make_contest
from tests.cast import AT, Cast, id_card, phone


def entry_number(entry: Entry) -> str:
    """The ID number of who is entered."""
    assert entry.person_id is not None
    person = get(Person, entry.person_id)
    assert person.document_sealed is not None
    return unseal(person.document_sealed, "person", "document", person.id)


def test_who_was_entered_by_others_claims_it_at_the_union(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    (entry,) = approved_entries(any_cast, contest, 1)
    claimant = sign_up(2)
    words = {"document": parse_document("id_card", entry_number(entry)), "phone": "+8613900000002", "union_id": any_cast.county.id,
             "note": "", "at": AT, "account_id": claimant.id}
    asked = service_help.ask_help("claim", name="别的名字", **words)
    with pytest.raises(RuleBroken, match="姓名与系统中的不一致"):
        service_help.check_settleable(asked)
    service_help.refuse_help(asked.id, "姓名不符", actor=any_cast.actor("clerk", "union", any_cast.county.id), at=AT)
    asked = service_help.ask_help("claim", name=entry.name, **words)
    service_help.check_settleable(asked)
    service_help.settle_document(asked.id, "已核对原件", actor=any_cast.actor("clerk", "union", any_cast.county.id), at=AT)
    assert (get(Entry, entry.id).account_id, get(Account, claimant.id).person_id) == (claimant.id, entry.person_id)


def test_the_code_of_the_card_proves_it_at_once(any_cast: Cast) -> None:
    contest = make_contest(any_cast)
    (entry,) = approved_entries(any_cast, contest, 1)
    number_entries(contest.id, actor=SYSTEM, at=AT)
    claimant, document, code = sign_up(2), parse_document("id_card", entry_number(entry)), claim_code(entry.id)
    me = Actor("account", claimant.id, name="测试乙")
    wrong = "2" * 8 if code != "2" * 8 else "3" * 8
    for name, papers, typed in ((entry.name, document, wrong), ("别的名字", document, code),
                                (entry.name, parse_document("id_card", id_card(77)), code), (entry.name, document, "")):
        with pytest.raises(RuleBroken) as refused:
            claim_by_code(claimant.id, name=name, document=papers, code=typed, actor=me, at=AT)
        assert refused.value.code == "claim_unfit"
    claim_by_code(claimant.id, name=entry.name, document=document, code=f" {code[:4].upper()}-{code[4:]}", actor=me, at=AT)
    assert (get(Entry, entry.id).account_id, get(Account, claimant.id).person_id) == (claimant.id, entry.person_id)
    with pytest.raises(RuleBroken, match="对不上"):
        claim_by_code(sign_up(3).id, name=entry.name, document=document, code=code, actor=me, at=AT)


def test_nobody_tries_codes_for_long(cast: Cast) -> None:
    claimant = sign_up(2)
    me = Actor("account", claimant.id)
    for _try in range(10):
        with pytest.raises(RuleBroken, match="对不上"):
            claim_by_code(claimant.id, name="测试甲", document=parse_document("id_card", id_card(9)), code="22223333", actor=me, at=AT)
    with pytest.raises(RuleBroken, match="试的次数太多"):
        claim_by_code(claimant.id, name="测试甲", document=parse_document("id_card", id_card(9)), code="22223333", actor=me, at=AT)


def test_the_page_of_who_was_entered_by_others(client: FlaskClient, cast: Cast) -> None:
    (entry,) = approved_entries(cast, make_contest(cast), 1)
    number_entries(entry.contest_id, actor=SYSTEM, at=AT)
    cast.sign_in(client, sign_up(2))
    for page in ("/my/entries", "/my/certificates", "/my/results"):
        assert "单位或工会已为我报名" in client.get(page).text
    assert "认领码" in client.get("/account/dispute?as=claim").text
    words = {"name": entry.name, "document_kind": "id_card", "document_number": entry_number(entry)}
    answer = client.post("/account/dispute?as=claim", data=words)
    assert (answer.status_code, "请填写手机号" in answer.text, "请选择您方便前往的工会" in answer.text) == (422, True, True)
    assert "对不上" in client.post("/account/dispute?as=claim", data=words | {"code": "22222222"}).text
    assert "您的编号" in client.post("/account/dispute?as=claim", data=words | {"phone": phone(1), "union": str(cast.county.id)}).text
    assert client.post("/account/dispute?as=claim", data=words | {"code": claim_code(entry.id)}).location == "/my/entries"
    assert entry.contest.name in client.get("/my/entries").text
