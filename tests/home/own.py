"""Somebody who entered, was reviewed, took part, was placed and certified: with a value in every field that says who it is."""

import io
import uuid
from dataclasses import dataclass

from PIL import Image
from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts import service_sign_up
from competition.accounts.identity import parse_document, parse_phone
from competition.accounts.logins import phone_login
from competition.accounts.models import Account, Person
from competition.accounts.terms import CURRENT
from competition.arena.models import Outcome
from competition.certificates.models import Certificate
from competition.certificates.models_fonts import GlyphPicture
from competition.contests.models import Contest
from competition.core import audit, files
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, get
from competition.counting.service import collect_facts
from competition.notices import service as notices
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry
from competition.registration.rules_data import TeamData
from tests import builders
from tests.cast import Cast, id_card, phone
from tests.certificates import given

GOOD = "gaoshan-maitian-23"
NAME, EMPLOYER, TRADE, TIBETAN = "试删除甲", "试删除单位拉面馆", "试删除工种", "བྱ་གསེར"
SERIAL = 771


@dataclass(frozen=True)
class Story:
    """The ids of what was made."""

    account_id: uuid.UUID
    person_id: uuid.UUID
    entry_id: uuid.UUID
    contest_id: uuid.UUID

    @property
    def account(self) -> Account:
        return db.session.get_one(Account, self.account_id)

    @property
    def person(self) -> Person:
        return db.session.get_one(Person, self.person_id)

    @property
    def entry(self) -> Entry:
        return db.session.get_one(Entry, self.entry_id)

    @property
    def contest(self) -> Contest:
        return db.session.get_one(Contest, self.contest_id)

    @property
    def actor(self) -> Actor:
        """Who signs in with the account."""
        account = self.account
        return Actor("account", account.id, account.person_id, account.display_name)


def sign_up(cast: Cast, name: str = NAME, serial: int = SERIAL) -> Account:
    """An account by phone, with both consents."""
    made = service_sign_up.sign_up(name=name, phone=parse_phone(phone(serial)), password=GOOD, purposes=tuple(CURRENT), at=cast.at)
    assert made is not None
    return made


def own_actor(account: Account) -> Actor:
    return Actor("account", account.id, account.person_id, account.display_name)


def enter(cast: Cast, contest: Contest, account: Account, name: str = NAME, serial: int = SERIAL, **more: object) -> Entry:
    """The account's own entry, handed in."""
    values: dict[str, object] = {
        "name": name, "name_bo": TIBETAN, "document": parse_document("id_card", id_card(serial)), "phone": parse_phone(phone(serial)),
        "employer": EMPLOYER, "trade": TRADE, "union_id": cast.county.id, **more}
    data = builders.entry_data(contest, **values)
    return registration.submit_entry(contest.id, data, actor=own_actor(account), at=cast.at, consent="web")


def picture(colour: str = "#0e5a6b") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(out, "JPEG")
    return out.getvalue()


def entered(cast: Cast, **more: object) -> Story:
    """Signed up and entered, with a replaced photo, a draft of another contest, sent back once and looked at by a clerk."""
    contest = builders.make_contest(cast, events=("theory", "basic"), **more)  # type: ignore[arg-type]
    account = sign_up(cast)
    actor = own_actor(account)
    leader = cast.account("team_leader", "contest", contest.id, name="测试领队")
    data = TeamData("测试代表队", cast.county.id, leader.id, leader.display_name)
    team_id = registration.create_team(contest.id, data, actor=SYSTEM, at=cast.at).id
    entry = enter(cast, contest, account, team_id=team_id)
    clerk = cast.actor("clerk", "union", cast.county.id, name="测试办理人")
    registration.attach(entry.id, "photo", picture("#ffffff"), "photo.jpg", actor=actor, at=cast.at)
    registration.attach(entry.id, "photo", picture(), "photo.jpg", actor=actor, at=cast.at)
    accounts.reveal_document(entry.person_id, "核对证件原件", clerk, cast.at)  # type: ignore[arg-type]
    registration.review_entry(entry.id, "return", "试删除理由：单位名称不全", actor=clerk, at=cast.at)
    enter(cast, contest, account, team_id=team_id)
    person_id = get(Entry, entry.id).person_id
    assert person_id is not None
    return Story(account.id, person_id, entry.id, contest.id)


def certified(cast: Cast) -> Story:
    """The same, approved, checked in, counted, placed first and certified, a character of the name as a picture; the contest is over."""
    story = entered(cast)
    with atomic() as session:
        entry, contest = get(Entry, story.entry_id, lock=True), get(Contest, story.contest_id)
        entry.state, entry.number, contest.is_demo = "approved", "0007", True
        for entrant in session.scalars(select(Entrant).where(Entrant.entry_id == entry.id)).all():
            session.add(Outcome(contest_id=contest.id, event_id=entrant.event_id, entrant_id=entrant.id, kind="CHECKED_IN",
                                reason="试删除备注", by_name="测试检录人", at=cast.at))
        drawn = files.store(b"glyph", name="glyph.png", media_type="image/png", sensitivity="internal", actor=SYSTEM, at=cast.at)
        session.add(GlyphPicture(contest_id=contest.id, name=NAME, char=NAME[0], file_id=drawn.id, added_at=cast.at))
        audit.record("test.approve", actor=SYSTEM, subject=("entry", entry.id), at=cast.at, chain=contest.id, personal={"name": NAME})
        leader = cast.account("team_leader", "contest", contest.id, name="测试领队")
        notices.tell([leader.id, entry.account_id], kind="registration.lineup", title="上场名单有调整",
                     body=f"上场：{NAME}。", link="/my/entries", at=cast.at)
    builders._set_phase(get(Contest, story.contest_id), "finished")
    collect_facts(story.contest_id, actor=SYSTEM, at=cast.at)
    given.issued(cast, given.publish(cast, get(Contest, story.contest_id), [get(Entry, story.entry_id)]))
    return story


def certificate_of(story: Story) -> Certificate:
    return db.session.scalars(select(Certificate).where(Certificate.contest_id == story.contest_id)).one()


def login() -> str:
    return phone_login(parse_phone(phone(SERIAL)))
