"""The demonstration: what the bulk writers leave behind is what the services themselves would have left."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select

from competition.accounts import service as accounts
from competition.accounts.identity import parse_document
from competition.accounts.models import Account, Person
from competition.arena.models import Outcome
from competition.certificates.models import Certificate
from competition.certificates.queries_winners import winners_of
from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.counting.models import Fact
from competition.demo.load import is_loaded, load
from competition.demo.returns import ROSTERS
from competition.demo.staff import CONTESTANTS, ROLES, demo_accounts
from competition.demo.targets import ALIKE, PEOPLE
from competition.judging import rules as marking
from competition.judging import service as judging
from competition.judging.models import Device, MarkEvent, Sheet
from competition.registration.models import Entrant, Entry
from competition.results.drafting import draft
from competition.results.gathering import compute
from competition.results.models import Publication, PublishedRow
from tests.cast import phone
from tests.house import build
from tests.services import PostgresServer

CONTESTANTS_LOADED, PERSONS = 24, 150
EVENTS = ("theory", "basic", "broth", "bowl", "creative")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small demonstration, loaded once for all tests that only look."""
    url = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    app = build(tmp_path_factory.mktemp("demo"), url, COMP_DEMO="1")
    with app.app_context():
        load(now(), contestants=CONTESTANTS_LOADED, persons=PERSONS, seed=7, say=lambda _: None)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo_app(loaded_app: Flask) -> Iterator[Flask]:
    """The same inside its context."""
    with loaded_app.app_context():
        yield loaded_app
        db.session.rollback()
        db.session.remove()


def contest(code: str) -> Contest:
    """One of the three."""
    return db.session.scalars(select(Contest).where(Contest.code == code)).one()


def count(query: Select[Any]) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def said(rows: Iterable[object], names: Iterable[str]) -> list[Any]:
    """What rows say in these fields, as they come back from a JSON column."""
    found: list[Any] = json.loads(json.dumps([[getattr(row, name) for name in names] for row in rows], default=str))
    return found


def test_it_has_the_shape_of_the_contest_that_it_shows(demo_app: Flask) -> None:
    assert is_loaded()
    assert [contest(code).phase for code in ("YSLM2", "YSLM3", "YSLM4")] == ["finished", "running", "announced"]
    for code in ("YSLM2", "YSLM3", "YSLM4"):
        assert [event.key for event in contest(code).events] == list(EVENTS)
    done = contest("YSLM2")
    assert count(select(Entry).where(Entry.contest_id == done.id, Entry.state == "approved")) == CONTESTANTS_LOADED
    assert count(select(Entrant).where(Entrant.contest_id == done.id)) == CONTESTANTS_LOADED * len(EVENTS)
    published = set(db.session.scalars(select(Publication.scope).where(Publication.contest_id == done.id)))
    assert {f"event:{key}" for key in EVENTS} | {"total:overall"} <= published
    issued = db.session.scalars(select(Certificate.number).where(Certificate.contest_id == done.id)).all()
    winners = winners_of([done.id])[done.id]
    assert len(winners) > 1
    assert [one.left for one in winners] == [0] * len(winners)
    assert len(issued) == len(set(issued)) == CONTESTANTS_LOADED + sum(one.due for one in winners)


def test_every_chain_is_whole_and_covers_every_event_of_the_tablets(demo_app: Flask) -> None:
    assert list(audit.verify()) == []
    covered: dict[str, list[object]] = {}
    for row in db.session.scalars(select(AuditRow).where(AuditRow.act == "judging.accept_events")):
        covered |= row.details["events"]
    held = {str(row.id): [row.seq, row.state] for row in db.session.scalars(select(MarkEvent))}
    assert held
    assert covered == held


def test_the_tablets_could_have_sent_it(demo_app: Flask) -> None:
    """The way in for tablets knows every event of the bulk path as the one that it has taken already."""
    device = db.session.scalars(select(Device).order_by(Device.id)).first()
    assert device is not None
    rows = db.session.scalars(select(MarkEvent).where(MarkEvent.device_id == device.id).order_by(MarkEvent.device_seq).limit(50)).all()
    # The demonstration signs nothing and names no rulebook; a signature is kept beside its event.
    names = [each.name for each in fields(marking.DeviceEvent) if each.name not in ("signature", "rulebook")]
    said = [marking.DeviceEvent(**{name: getattr(row, name) for name in names}) for row in rows]
    receipt = judging.accept_events(device.id, said, at=now())
    assert [answer.result for answer in receipt.answers] == ["repeated"] * len(said)


def test_every_sheet_follows_from_its_events(demo_app: Flask) -> None:
    sheets = db.session.scalars(select(Sheet)).all()
    assert sheets
    for sheet in sheets:
        query = select(MarkEvent).where(MarkEvent.seat_id == sheet.seat_id, MarkEvent.work_id == sheet.work_id)
        events = db.session.scalars(query.order_by(MarkEvent.seq)).all()
        marks = {marking.slot(e.criterion, e.attempt): e.value for e in events if e.kind == marking.MARK}
        assert {key: mark["value"] for key, mark in sheet.marks.items()} == marks
        handed_in = [event.value for event in events if event.kind == marking.HAND_IN]
        assert handed_in == ([marking.sheet_text(sheet.marks)] if sheet.state == "handed_in" else [])


def test_what_was_published_is_what_the_marks_give(demo_app: Flask) -> None:
    done = contest("YSLM2")
    made = draft(compute(done.id, explained=True), [*(f"event:{key}" for key in EVENTS), "total:overall"])
    for scope, found in made.items():
        rows = db.session.scalars(
            select(PublishedRow).join(Publication).where(Publication.contest_id == done.id, Publication.scope == scope)
            .order_by(PublishedRow.position)).all()
        assert len(rows) == CONTESTANTS_LOADED
        names = ("public_name", "team_name", "rank", "value", "status", "award", "derivation", "standing")
        assert said(rows, names) == said(found.rows, names)


def test_whoever_registers_with_the_card_of_a_bulk_person_is_that_person(demo_app: Flask) -> None:
    held = db.session.scalars(select(Person).join(Entry, Entry.person_id == Person.id)).first()
    assert held is not None
    before = count(select(Person))
    number = accounts.reveal_document(held.id, "核对", SYSTEM, now())
    made = accounts.get_or_create_person(name=held.name, document=parse_document("id_card", number), phone=phone(1), actor=SYSTEM, at=now())
    assert made.id == held.id
    assert count(select(Person)) == before


def test_the_year_is_counted(demo_app: Flask) -> None:
    """The reported persons, those of two rosters on their way, those whom two unions name in part alike, and whoever was checked in
    at a contest of this system."""
    came = select(Entry.person_id).join(Entrant, Entrant.entry_id == Entry.id).join(Outcome, Outcome.entrant_id == Entrant.id)
    persons = db.session.scalar(select(func.count(func.distinct(Fact.participant_id))))
    assert persons == PERSONS + sum(ROSTERS) + 2 * PEOPLE - ALIKE + count(came.where(Outcome.kind == "CHECKED_IN").distinct())


def test_nobody_gets_in_with_a_password(demo_app: Flask) -> None:
    everybody = db.session.scalars(select(Account)).all()
    assert len(everybody) > len(ROLES)
    for account in everybody:
        for guess in ("", account.login, account.password_hash):
            with pytest.raises(RuleBroken):
                accounts.sign_in(account.login, guess, device="", at=now())


@pytest.mark.parametrize("role", [role.key for role in (*ROLES, *CONTESTANTS)])
def test_one_click_is_enough_for_every_role(demo_app: Flask, role: str) -> None:
    client = demo_app.test_client()
    name = demo_accounts()[role].display_name
    answer = client.post(f"/demo/sign-in/{role}")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert name in page.text


def test_a_card_for_a_judge_opens_a_seat(demo_app: Flask) -> None:
    client = demo_app.test_client()
    page = client.get("/demo/")
    assert page.status_code == 200
    address = page.text.split('action="/demo/seats/')[1].split('"')[0]
    assert client.post(f"/demo/seats/{address}").status_code == 200
    assert client.post("/demo/sign-in/nobody").status_code == 404


def test_it_is_for_this_machine_only(demo_app: Flask) -> None:
    away = {"REMOTE_ADDR": "203.0.113.7"}
    client = demo_app.test_client()
    assert client.get("/demo/", environ_base=away).status_code == 404
    assert client.post("/demo/sign-in/administrator", environ_base=away).status_code == 404


def test_elsewhere_it_does_not_exist(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in/administrator").status_code == 404
    refused = app.test_cli_runner().invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert "这不是演示数据库" in refused.output


class BrokenOff(Exception):
    """Somebody stopped the loading."""


def test_the_command_clears_what_was_broken_off_and_loads_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = build(tmp_path_factory.mktemp("demo"), COMP_DEMO="1")
    said: list[str] = []

    def stop_at_the_second(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 2:
            raise BrokenOff

    with app.app_context():
        with pytest.raises(BrokenOff):
            load(now(), contestants=12, persons=0, seed=1, say=stop_at_the_second)
        assert not is_loaded()
        db.session.remove()
    order = ["demo", "load", "--contestants", "12", "--persons", "20"]
    first = app.test_cli_runner().invoke(args=order)
    assert first.exit_code == 0, first.output
    second = app.test_cli_runner().invoke(args=order)
    assert "已经载入" in second.output
    with app.app_context():
        assert is_loaded()
        assert list(audit.verify()) == []
        assert count(select(Contest).where(Contest.code == "YSLM2")) == 1
        db.engine.dispose()
