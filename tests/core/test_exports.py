"""Every file that the program hands out is a declared export, or says why it is none."""

import io
import re
import uuid
from copy import deepcopy
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from competition.arena import service as arena
from competition.contests.queries import current_rulebook, rounds_of
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.database import db
from competition.core.jobs import run_job
from competition.core.pictures import text_of
from competition.core.sheets import write_table
from competition.core.taken import EXPORTS
from competition.registration import service as registration
from competition.registration.roster_sheet import COLUMNS, NAME, NUMBER
from tests.builders import make_contest, make_field, preview_rules, published_contest
from tests.cast import Cast
from tests.certificates.given import issued
from tests.certificates.given import published as ranking

PURPOSE = "测试用途一二三"

# The addresses of lists, by the export that they hand out; the results' book has two.
LISTS = {
    "registration.export": "registration.entries", "registration.refused_rows": "registration.refused", "results.book_xlsx": "results.book",
    "results.live_file": "results.live", "activities.export": "activities.list",
    "results.book_pdf": "results.book", "participation.export": "participation.figures",
    "participation.targets_export": "participation.targets",
    "participation.bulletin_pdf": "participation.bulletin",
    "participation.snapshot_pdf": "participation.bulletin", "arena.order_book": "arena.order_book",
    "evaluation.export": "evaluation.ranking",
    "participation.doubts_export": "participation.doubts",
    "arena.sign_in_sheets": "arena.sign_in", "auditing.export": "auditing.rows",
    "results.rulebook_change_list": "results.rulebook_change",
    "certificates.sign_sheet": "certificates.sign", "certificates.ceremony_script": "certificates.script",
    "home.my_data_file": "home.own_data", "home.take_my_data": "home.own_data",
}
# Files that are no list taken out of the program, each with the reason.
NO_LISTS = {
    "registration.roster_template": "an empty form to fill in",
    "certificates.list_template": "an empty form to fill in",
    "registration.own_pdf": "the person's own form, to be stamped",
    "registration.entry_form_pdf": "one person's form, to be stamped by the union",
    "judging.template": "a form to fill in: codes of works and marks, no person",
    "judging.key_template": "a form to fill in: questions, no person",
    "judging.faulty": "the workbook that was handed in, its faults in red: codes of works, no person",
    "judging.board_state": "the state of a page, codes alone", "judging.paper_sheets": "empty score sheets: codes of works, no person",
    "displays_screen.picture": "what a screen shows to everybody", "displays_screen.code": "the number of a screen",
    "certificates.public_keys": "public: what signatures are checked by", "certificates.public_key": "the same, one of them",
    "certificates.revoked_list": "public: hashes of codes, no person", "certificates.revoked_badges": "public: random names, no person",
    "judging_api.description": "the description of the interface",
    "arena.station_labels": "labels with numbers, stuck to stations",
    "arena.code_labels": "labels of works; that they were printed is on record",
    "arena.badges_file": "badges that people wear; that they were printed is on record",
    "arena.public_list": "public, byte for byte as its hash was taken",
    "contests.rulebook_file": "rules, no person", "contests.version_workbook": "rules, no person",
    "contests.draft_workbook": "rules, no person", "contests.draft_file": "rules, no person", "contests.ready_workbook": "rules, no person",
    "contests.marked_workbook": "the workbook that was handed in, its faults in red: rules, no person",
    "certificates.preview": "three certificates with invented numbers, to look at", "certificates.preview_file": "the same as PDF",
    "certificates.preview_picked": "one certificate with an invented number, to look at",
    "certificates.font_sample": "a few words in a font", "certificates.glyph_picture": "a picture of one character",
    "returns.marked_table": "the union's own table back to it, its faults in red; that it was fetched is on record",
    "certificates.merged": "the certificates themselves, for the printer",
    "certificates.archive": "the certificates themselves, for the units",
    "certificates.certificate_file": "one certificate, for its owner", "certificates.certificate_picture": "the same as a picture",
    "certificates.own_file": "the person's own certificate", "certificates.own_picture": "the same as a picture",
    "certificates.verified_picture": "public: the certificate behind its code",
    "certificates.design_preview": "one certificate with an invented number, to look at", "certificates.design_file": "the same as PDF",
    "certificates.ready_picture": "a design of ours with the names of the fields, no person",
    "certificates.template_file": "a design, no person", "certificates.template_picture": "a seal or a logo, no person",
    "certificates.labels": "labels stuck to envelopes; that they were printed is on record",
    "certificates.calibration": "a sheet with rulers, no person",
    "home.guide_picture": "a picture of a guide, with invented people",
}
FILES = re.compile(r"\.(xlsx|csv|pdf|zip|txt|json|png|<any\(|<any)|/export")


def file_rules(app: Flask) -> dict[str, Rule]:
    return {r.endpoint: r for r in app.url_map.iter_rules() if FILES.search(r.rule) and not r.rule.startswith(("/static", "/api"))}


def test_every_address_of_a_file_is_a_list_or_says_why_not(app: Flask) -> None:
    assert {e for e in file_rules(app) if e not in LISTS and e not in NO_LISTS} == set()
    assert set(LISTS.values()) == set(EXPORTS)


@dataclass(frozen=True)
class Place:
    """A list that can be taken here, and who takes it."""

    address: str
    role: str
    export: str


@pytest.fixture
def places(cast: Cast) -> list[Place]:
    """A contest before the draw's end with every list that it can hand out."""
    contest = make_contest(cast, open=False, events=("basic",))
    make_field(cast, contest, persons=3)
    root, round_ = f"/manage/contests/{contest.id}", rounds_of(contest.id)[0]
    arena.draw_round(round_.id, actor=SYSTEM, at=now())
    opened = make_contest(cast)
    book = write_table("x", [*COLUMNS], [["试无号" if c == NAME else "123" if c == NUMBER else "" for c in COLUMNS]], taken=None, note="x")
    roster = registration.read_roster(opened, book, "x.xlsx", "同意书，存测试工会", actor=cast.actor("organizer"), at=now())
    published = published_contest(cast, 2, events=("basic",))
    rules = deepcopy(current_rulebook(published.id).document)
    rules["events"][0]["rounding"] = {"places": 0, "mode": "half_up"}
    effects = preview_rules(published.id, rules, reason="测试", actor=cast.actor("organizer"), at=now())
    batch = issued(cast, ranking(cast, 2))
    handed = f"/manage/contests/{batch.contest_id}/certificates/{batch.id}"
    return [
        Place(f"{root}/registration/entries.xlsx", "organizer", "registration.entries"),
        Place(f"/manage/contests/{opened.id}/registration/roster/{roster.id}/refused.xlsx", "organizer", "registration.refused"),
        Place(f"{root}/arena/print/order-book.pdf", "organizer", "arena.order_book"),
        Place(f"{root}/arena/print/rounds/{round_.id}/sign-in.pdf", "organizer", "arena.sign_in"),
        Place(f"/manage/contests/{published.id}/results/book.xlsx", "organizer", "results.book"),
        Place(f"/manage/contests/{published.id}/results/rulebook-changes/{effects.id}/list.xlsx", "organizer", "results.rulebook_change"),
        Place(f"{handed}/outs/sign.pdf", "organizer", "certificates.sign"),
        Place(f"{handed}/ceremony.xlsx", "organizer", "certificates.script"),
        Place(f"/manage/contests/{published.id}/results/live", "organizer", "results.live"),
        Place("/participation/export", "leader", "participation.figures"), Place("/activities/export", "leader", "activities.list"),
        Place("/participation/doubts/export", "auditor", "participation.doubts"),
        Place("/participation/targets/630200/export", "leader", "participation.targets"),
        Place("/participation/bulletin.pdf?year=2026&month=5", "leader", "participation.bulletin"),
        Place("/evaluation/export", "leader", "evaluation.ranking"),
        Place("/system/audit/export", "auditor", "auditing.rows"),
        Place("/my/data.xlsx", "contestant", "home.own_data"),
    ]


def words_in(data: bytes) -> list[str]:
    """What stands on each sheet of a workbook or page of a PDF."""
    if data[:5] == b"%PDF-":
        return ["".join(page.split()) for page in text_of(data).rstrip("\f\n").split("\f")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names if name != "选项"]
    return ["".join(str(cell) for row in sheet for cell in row) for sheet in shown]


def test_every_list_says_who_took_it_when_and_what_for(client: FlaskClient, cast: Cast, places: list[Place]) -> None:
    assert {place.export for place in places} == set(EXPORTS)
    for place in places:
        export, account = EXPORTS[place.export], cast.account(place.role)
        name, account_id = account.display_name, account.id
        cast.sign_in(client, account)
        before = rows_of(place.export)
        asked = client.get(place.address)
        assert (asked.status_code, asked.mimetype) == (200, "text/html"), place
        assert rows_of(place.export) == before, "looking is no act"
        if export.is_personal:
            assert client.post(place.address, data={"purpose": " "}).status_code == 422, place
            assert client.post(place.address, data={"purpose": "x" * 101}).status_code == 422, place
        assert rows_of(place.export) == before, "a refused taking is none"
        answer = taken(client, place)
        assert answer.status_code == 200, place
        assert answer.headers["Cache-Control"] == "private, no-store"
        purpose = PURPOSE if export.is_personal else str(export.purpose)
        for words in words_in(answer.data):
            for said in (f"导出人：{name}", "导出时间：20", f"用途：{purpose}"):
                assert said in words, (place, said)
        row = rows_of(place.export)[-1]
        assert (row.actor_id, row.reason, len(rows_of(place.export))) == (account_id, purpose, len(before) + 1)


def test_the_mark_across_the_page_stands_where_people_are_named(client: FlaskClient, cast: Cast, places: list[Place]) -> None:
    account = cast.account("organizer")
    name = account.display_name
    cast.sign_in(client, account)
    papers = [place for place in places if place.address.endswith(".pdf")]
    assert {EXPORTS[place.export].is_personal for place in papers} == {True, False}
    for place in papers:
        words = words_in(client.post(place.address, data={"purpose": PURPOSE}).data)
        mark = f"{name}{now():%Y-%m-%d}"
        assert {mark in page for page in words} == {EXPORTS[place.export].is_personal}, place


def taken(client: FlaskClient, place: Place) -> TestResponse:
    """The file, at once or from the job that makes it."""
    answer = client.post(place.address, data={"purpose": PURPOSE})
    if answer.status_code != 303:
        return answer
    job_id = uuid.UUID(answer.location.rpartition("/")[2])
    run_job(job_id)
    return client.get(f"{place.address}/{job_id}.xlsx", buffered=True)


def rows_of(export: str) -> list[AuditRow]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRow).where(AuditRow.act == f"export.{export}").order_by(AuditRow.at, AuditRow.seq)))
