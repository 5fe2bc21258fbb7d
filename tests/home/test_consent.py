"""Consent: what is needed is asked at the sign-in and when an entry is handed in; taken back it takes entries with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import terms
from competition.accounts.models import Consent
from competition.accounts.queries import given_consents
from competition.accounts.service_consent import agree, missing_consents
from competition.arena.models import Code
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.home import service_rights
from competition.notices.models import Message
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry
from tests import builders
from tests.cast import Cast, phone
from tests.home import own

SIGNED = "个人信息同意书，2026年6月1日签，存测试工会"


def draw(cast: Cast, entry: Entry) -> None:
    """Lots are drawn for the contest of an entry that is approved."""
    with atomic():
        get(Entry, entry.id, lock=True).state = "approved"
        audit.record("test.approve", actor=SYSTEM, subject=("entry", entry.id), at=cast.at, chain=entry.contest_id)
    contest = entry.contest
    builders.approved_entries(cast, contest, 1)
    builders.draw_contest(cast, contest)


def test_taken_back_it_withdraws_what_has_no_lot_yet(any_cast: Cast) -> None:
    account = own.sign_up(any_cast)
    fresh = own.enter(any_cast, builders.make_contest(any_cast, events=("basic",)), account)
    drawn = own.enter(any_cast, builders.make_contest(any_cast, events=("basic",)), account)
    draw(any_cast, drawn)
    assert db.session.scalars(select(Code).join(Entrant, Entrant.id == Code.entrant_id).where(Entrant.entry_id == drawn.id)).first()
    gone = service_rights.withdraw_consent("sensitive", actor=own.own_actor(account), at=any_cast.at)
    assert [entry.id for entry in gone] == [fresh.id]
    assert (get(Entry, fresh.id).state, get(Entry, drawn.id).state) == ("withdrawn", "approved")
    mine = select(Consent).where(Consent.account_id == account.id)
    rows = db.session.scalars(mine.where(Consent.purpose == "sensitive")).all()
    assert {row.withdrawn_at for row in rows} == {any_cast.at}
    assert {row.withdrawn_at for row in db.session.scalars(mine.where(Consent.purpose == "privacy"))} == {None}
    assert missing_consents(account.id) == ["sensitive"]
    acts = [row.act for row in audit.history("consent", rows[0].id)]
    assert acts[0] == "account.withdraw_consent"
    with pytest.raises(RuleBroken, match="已经撤回"):
        service_rights.withdraw_consent("sensitive", actor=own.own_actor(account), at=any_cast.at)


def test_without_consent_nothing_is_handed_in_and_with_it_again(any_cast: Cast) -> None:
    account = own.sign_up(any_cast)
    contest = builders.make_contest(any_cast, events=("basic",))
    service_rights.withdraw_consent("privacy", actor=own.own_actor(account), at=any_cast.at)
    with pytest.raises(RuleBroken) as refused:
        own.enter(any_cast, contest, account)
    assert refused.value.code == "consent_missing"
    assert not db.session.scalars(select(Entry).where(Entry.account_id == account.id)).all(), "nothing is half done"
    given = agree(account.id, ["privacy", "sensitive"], actor=own.own_actor(account), at=any_cast.at)
    assert [consent.purpose for consent in given] == ["privacy"], "what holds is not given twice"
    assert own.enter(any_cast, contest, account).state == "submitted"


def test_staff_say_on_which_paper_somebody_agreed(any_cast: Cast) -> None:
    contest = builders.make_contest(any_cast, events=("basic",))
    clerk = any_cast.actor("clerk", "union", any_cast.county.id, name="测试登记人")
    data = builders.entry_data(contest, union_id=any_cast.county.id)
    for paper in ("", "  x "):
        with pytest.raises(RuleBroken) as refused:
            registration.register_for(contest.id, data, actor=clerk, at=any_cast.at, paper=paper)
        assert (refused.value.code, refused.value.details["field"]) == ("paper_required", "paper")
    entry = registration.register_for(contest.id, data, actor=clerk, at=any_cast.at, paper=SIGNED)
    kept = get(Consent, entry.consent_id)
    assert (kept.channel, kept.recorded_by, kept.recorded_name, kept.paper) == ("paper", clerk.id, "测试登记人", SIGNED)
    both = db.session.scalars(select(Consent.purpose).where(Consent.person_id == entry.person_id)).all()
    assert set(both) == {"privacy", "sensitive"}


def test_the_entry_shows_who_recorded_the_consent(client: FlaskClient, cast: Cast) -> None:
    contest = builders.make_contest(cast, events=("basic",))
    clerk = cast.actor("clerk", "union", cast.county.id, name="测试登记人")
    data = builders.entry_data(contest, union_id=cast.county.id)
    entry = registration.register_for(contest.id, data, actor=clerk, at=cast.at, paper=SIGNED)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id, name="测试登记人"))
    page = client.get(f"/manage/contests/{contest.id}/registration/entries/{entry.id}").text
    for said in ("本人的同意", "书面签字", "测试登记人", SIGNED):
        assert said in page


@pytest.fixture
def new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules appear in a new version."""
    for old in terms.TEXTS.glob("*.txt"):
        (tmp_path / old.name).write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "privacy-9.txt").write_text("# 新的规则\n新版的正文。\n", encoding="utf-8")
    monkeypatch.setattr(terms, "TEXTS", tmp_path)
    monkeypatch.setitem(terms.CURRENT, "privacy", "9")
    terms.terms.cache_clear()
    yield
    terms.terms.cache_clear()


def sign_in(client: FlaskClient, **more: str) -> str:
    done = client.post("/sign-in", data={"login": phone(own.SERIAL), "password": own.GOOD, **more})
    assert done.status_code == 303, done.text
    return done.location


def test_a_new_version_is_shown_at_the_sign_in(client: FlaskClient, cast: Cast, new_version: None) -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setitem(terms.CURRENT, "privacy", "1")
        terms.terms.cache_clear()
        account = own.sign_up(cast)
    terms.terms.cache_clear()
    assert sign_in(client, next="/my/results") == "/account/consent?next=/my/results"
    page = client.get("/account/consent?next=/my/results").text
    assert "新版的正文。" in page
    assert "第 9 版" in page
    assert "我单独同意" not in page, "that consent holds"
    refused = client.post("/account/consent", data={"next": "/my/results"})
    assert (refused.status_code, "请阅读后勾选" in refused.text) == (422, True)
    assert client.post("/account/consent", data={"next": "/my/results", "privacy": "y"}).location == "/my/results"
    assert {(c.purpose, c.text_version) for c in given_consents(account.id)} == {("privacy", "1"), ("privacy", "9"), ("sensitive", "1")}
    assert client.get("/account/consent").status_code == 303, "nothing is missing"
    client.post("/sign-out")
    assert sign_in(client) == "/begin"


def test_who_does_not_agree_still_reaches_everything_but_the_form(client: FlaskClient, cast: Cast) -> None:
    account, contest = own.sign_up(cast), builders.make_contest(cast, events=("basic",))
    service_rights.withdraw_consent("privacy", actor=own.own_actor(account), at=cast.at)
    assert sign_in(client).startswith("/account/consent")
    assert "暂不同意" in client.get("/account/consent").text
    for address in ("/my/entries", "/my/data", "/account", "/my/data/erase"):
        assert client.get(address).status_code == 200
    assert client.get(f"/contests/{contest.id}/entry").location == f"/account/consent?next=/contests/{contest.id}/entry"
    assert "阅读并同意" in client.get("/my/data").text
    assert client.post("/account/consent", data={"next": "https://elsewhere.example/", "privacy": "y"}).location == "/begin"


def test_staff_are_not_asked_to_agree_before_they_work(client: FlaskClient, cast: Cast) -> None:
    account = cast.account("clerk", "union", cast.county.id)
    cast.sign_in(client, account)
    assert missing_consents(account.id)
    assert client.get("/desk").status_code == 200


def test_the_page_says_before_what_goes_and_what_stays(client: FlaskClient, cast: Cast) -> None:
    account = own.sign_up(cast)
    goes = own.enter(cast, builders.make_contest(cast, events=("basic",), name="测试未抽签竞赛"), account)
    drawn = own.enter(cast, builders.make_contest(cast, events=("basic",), name="测试已抽签竞赛"), account)
    draw(cast, drawn)
    cast.sign_in(client, account)
    page = client.get("/my/data/consent/sensitive/withdraw").text
    assert page.index("会撤回的报名") < page.index("测试未抽签竞赛") < page.index("不受影响的报名") < page.index("测试已抽签竞赛")
    for said in ("1 份报名同时撤回", "以后报名须先重新同意", "仍然有效"):
        assert said in page
    done = client.post("/my/data/consent/sensitive/withdraw")
    assert done.location == "/my/data"
    assert "同时撤回了 1 份报名" in client.get("/my/data").text
    db.session.rollback()
    assert get(Entry, goes.id).state == "withdrawn"
    for address in ("/my/data/consent/sensitive/withdraw", "/my/data/consent/unknown/withdraw"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert not db.session.scalars(select(Message).where(Message.account_id == account.id, Message.kind == "registration.withdraw")).all()
