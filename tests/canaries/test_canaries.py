"""Canaries: a value that exists nowhere else in every personal field, a small contest, and a search of everything
that the program wrote or served. The tables below say where which of them may stand; anywhere else is a leak."""

import contextlib
import io
import json
import logging
import re
import tempfile
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.accounts.identity import parse_phone
from competition.accounts.models import HelpRequest
from competition.certificates.models import Batch, Certificate
from competition.certificates.service_telling import send_due
from competition.contests.models import Contest
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.crypto import unseal
from competition.core.database import atomic, db, get
from competition.core.files import StoredFile
from competition.core.jobs import Job
from competition.core.logs import init_logs
from competition.core.masks import spaced
from competition.registration import queries_work
from competition.registration.models import Entry, RosterImport
from competition.registration.service_numbers import number_entries
from tests import builders
from tests.canaries.walk import Answer, Walker
from tests.cast import Cast, id_card
from tests.certificates import given
from tests.house import read_files
from tests.registration.rosters import filled

NUMBER, OTHER_NUMBER, RIGHT_NUMBER = id_card(731), id_card(732), id_card(733)
CANARIES = {
    "name": "金丝雀试甲", "name_bo": "བྱ་གསེར་མདོག", "number": NUMBER, "phone": "19900007391", "employer": "金丝雀单位拉面馆",
    "trade": "金丝雀工种",
    "exif": "CanaryExif7391", "comment": "CanaryComment7391", "photo_file": "CanaryPhotoFile7391", "scan_file": "CanaryScanFile7391",
    "pdf_title": "CanaryPdfTitle7391", "password": "canary-Pass-7391-long", "wrong_password": "canary-wrong-7392-long",
    "reason": "金丝雀退回理由", "why": "金丝雀查看理由", "other_name": "金丝雀试乙", "other_number": OTHER_NUMBER, "passport": "EX7391846",
    "other_phone": "19900007392", "fetcher": "金丝雀领证人",
    "roster_file": "CanaryRoster7391", "leader": "金丝雀领队", "withdrawn": "金丝雀撤回原因",
    # The same in groups, as the check of an own entry shows them.
    "number_spaced": spaced(NUMBER), "phone_spaced": spaced("19900007391"),
    "right_name": "金丝雀更正甲", "right_number": RIGHT_NUMBER, "right_note": "金丝雀更正说明",
}
# Never in clear in any file that the program wrote; a phone also not in the form of the world (+86…).
NEVER_STORED = ("number", "phone", "exif", "comment", "photo_file", "scan_file", "pdf_title", "password", "wrong_password", "other_number",
                "passport", "other_phone", "right_number")
# Whoever typed it sees it again in the own form; who holds the entry reads name, work and reasons.
OFFICE, CLERK, SELF = "organizer", "clerk", "contestant"
ENTRY = r"/manage/contests/[^ ]+/registration/(entries|teams|delegations|batch)"
MAY: dict[str, list[tuple[str, str]]] = {
    "name": [
        (SELF, r"."),  # the own name
        (CLERK, r"/manage/help"),  # who asked for help
        (f"{OFFICE}|{CLERK}", rf"{ENTRY}|/arena/print/|/certificates|/approvals|/manage/contests/[^ ]+/arena|/system/audit/things/entry"),
        ("auditor", r"/certificates|/system/audit"),  # as the one who acted, never as a value
        ("leader", r"/certificates"),  # who only looks reads the register
        (".*", r"GET /(contests/[^ ]+/results|v/)"),  # published
    ],
    "name_bo": [(SELF, r"/contests/[^ ]+/entry|/my/"), (f"{OFFICE}|{CLERK}", ENTRY)],
    "number": [(SELF, r"POST /contests/[^ ]+/entry/person|GET /contests/[^ ]+/entry/person"), (CLERK, r"POST [^ ]+/reveal"),
               (SELF, r"POST /my/data\.xlsx")],
    "phone": [(SELF, r"(POST|GET) (/contests/[^ ]+/entry/person|/sign-up|/my/data/correction)|POST /sign-in|POST /my/data\.xlsx"),
              (CLERK, r"POST [^ ]+/reveal")],
    "number_spaced": [(SELF, r"/contests/[^ ]+/entry/check")], "phone_spaced": [(SELF, r"/contests/[^ ]+/entry/check")],
    "employer": [(".*", r"GET /v/"),  # printed on the certificate, agreed to when entering
                 (SELF, r"/contests/[^ ]+/entry|/my/"), (f"{OFFICE}|{CLERK}", rf"{ENTRY}|/certificates")],
    "trade": [(SELF, r"/contests/[^ ]+/entry|/my/"), (f"{OFFICE}|{CLERK}", ENTRY)],
    "reason": [(SELF, r"/my/|/contests/[^ ]+/entry|/messages"), (f"{OFFICE}|{CLERK}", rf"{ENTRY}"), ("auditor", r"/system/audit")],
    "why": [(CLERK, r"POST [^ ]+/reveal"), ("auditor", r"/system/audit"), (SELF, r"/my/data")],
    # Asked for by the person, read by the clerk; the number is typed once more from the document and shown to nobody.
    "right_name": [(CLERK, r"/manage/help"), (SELF, r".")],
    "right_note": [(CLERK, r"/manage/help")],
    "other_name": [(OFFICE, rf"{ENTRY}|/registration/roster")],
    "other_number": [(OFFICE, r"POST [^ ]+/refused\.xlsx")],
    "passport": [(OFFICE, r"POST [^ ]+/refused\.xlsx")],
    "other_phone": [(OFFICE, r"POST [^ ]+/refused\.xlsx")],
    # Whose certificate it is may ask who fetched it.
    "fetcher": [(OFFICE, r"/certificates"), (SELF, r"/my/data")],
    "roster_file": [(OFFICE, r"/registration/roster|/desk")],
    "leader": [(OFFICE, ENTRY)],
    "withdrawn": [(SELF, r"/my/"), (f"{OFFICE}|{CLERK}", ENTRY), ("auditor", r"/system/audit")],
}


@pytest.fixture
def world(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[Answer], Path]]:
    """The answers of the walk, and the folder for whatever is put into temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    init_logs(as_json=True)
    yield [], temporary
    init_logs(as_json=False)


def photo() -> io.BytesIO:
    """A picture that says more than it shows."""
    image, out = Image.new("RGB", (60, 80), "#0e5a6b"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = CANARIES["exif"]
    image.save(out, "JPEG", exif=exif, comment=CANARIES["comment"].encode())
    out.seek(0)
    return out


def scan() -> io.BytesIO:
    """A PDF with a title."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        pdf.docinfo["/Title"] = CANARIES["pdf_title"]
        with pdf.open_metadata() as about:
            about["dc:title"] = CANARIES["pdf_title"]
        pdf.save(out)
    out.seek(0)
    return out


def person(**more: object) -> dict[str, object]:
    return {"name": CANARIES["name"], "name_bo": CANARIES["name_bo"], "document_type": "id_card", "document_number": NUMBER,
            "phone": CANARIES["phone"], **more}


WORK = {"employer": CANARIES["employer"], "employer_ownership": "non_public", "region_code": "630224", "union_id": "",
        "trade": CANARIES["trade"], "skill_level": "3", "worker_group": "lamian"}


def sign_up_and_enter(one: Walker, contest: Contest) -> Entry:
    """A contestant signs up, mistypes, enters with photo, sends the stamped form."""
    one.get("/sign-up")
    one.post("/sign-in", login=CANARIES["phone"], password=CANARIES["wrong_password"])
    done = one.post("/sign-up", name=CANARIES["name"], phone=CANARIES["phone"], password=CANARIES["password"], privacy="y", sensitive="y")
    assert done.status_code == 200, done.text
    one.post("/sign-in", login=CANARIES["phone"], password=CANARIES["wrong_password"])
    assert one.post("/sign-in", login=CANARIES["phone"], password=CANARIES["password"]).status_code == 303
    base = f"/contests/{contest.id}/entry"
    assert one.post(f"{base}/person", **person(document_number=NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"))).status_code == 422
    assert one.post(f"{base}/person", **person(photo=(photo(), f"{CANARIES['photo_file']}.jpg"))).status_code == 303
    one.get(f"{base}/person")
    assert one.post(f"{base}/work", **WORK).status_code == 303
    events = [str(e.id) for e in contest.events if e.kind != "theory"]
    assert one.post(f"{base}/events", events=events, team_id="", team_role="member").status_code == 303
    one.get(f"{base}/check")
    done = one.post(f"{base}/check", sensitive="y", truth="y")
    assert done.status_code == 303, done.text
    for address in (done.location, "/my/entries", "/messages", f"{done.location}/form", f"{done.location}/form.pdf", "/account"):
        one.get(address)
    db.session.rollback()
    entry = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id)).one()
    one.post(f"/my/entries/{entry.id}/scan", scan=(scan(), f"{CANARIES['scan_file']}.pdf"), file=(scan(), f"{CANARIES['scan_file']}.pdf"))
    return entry


def review(clerk: Walker, office: Walker, contest: Contest, entry: Entry) -> None:
    """Clerk and office look at everything, reveal, return, export."""
    root = f"/manage/contests/{contest.id}/registration"
    here = f"{root}/entries/{entry.id}"
    for walker in (clerk, office):
        for address in ("/manage/registration", f"{root}/entries", here, f"{here}/form", f"{here}/form.pdf", f"{here}/files/photo",
                        f"/system/audit/things/entry/{entry.id}"):
            walker.get(address)
        walker.post(f"{root}/entries.xlsx", purpose="资格审核")
    for what in ("document", "phone"):
        assert clerk.post(f"{here}/reveal", what=what, why=CANARIES["why"]).status_code == 200
    assert clerk.post(f"{here}/reveal", what="document", why="").status_code == 422
    clerk.post(f"{here}/review", decision="return", reason=CANARIES["reason"])
    clerk.get(here)


def bring_a_roster(office: Walker, contest: Contest) -> None:
    """A roster with a fault in it: read, shown, handed back."""
    root = f"/manage/contests/{contest.id}/registration/roster"
    template = office.get(f"{root}/template.xlsx").data
    rows = [{"姓名": CANARIES["other_name"], "证件号码": OTHER_NUMBER + "9", "手机号码": CANARIES["other_phone"],
             "工作地区": "化隆回族自治县"},
            {"姓名": CANARIES["other_name"], "证件类型": "护照", "证件号码": CANARIES["passport"], "工作地区": "没有这里"}]
    sent = office.post(root, file=(io.BytesIO(filled(template, rows)), f"{CANARIES['roster_file']}.xlsx"), consent="y",
                       paper="同意书，存测试工会")
    assert sent.status_code == 303, sent.text
    office.get(sent.location)
    office.post(f"{sent.location}/take", take="all")
    assert office.post(f"{sent.location}/refused.xlsx", purpose="改正名单").status_code == 200


def errors(walkers: list[Walker], entry_id: uuid.UUID, contest_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """404, 403, 422 and a 500 whose error quotes everything."""
    for walker in walkers:
        for address in (f"/my/entries/{entry_id}", f"/manage/contests/{contest_id}/registration/entries/{entry_id}", f"/nothing/{entry_id}",
                        f"/manage/contests/{contest_id}/registration/entries", f"/system/audit/things/entry/{entry_id}"):
            walker.get(address)
    words = " ".join(CANARIES.values())

    def broken(*_args: object) -> object:
        quoted = IntegrityError("INSERT INTO entry (name) VALUES (?)", (words,), Exception(words))
        raise RuntimeError(words) from quoted

    flask = walkers[0].client.application
    with monkeypatch.context() as patch:
        patch.setattr(queries_work, "desk", broken)
        flask.config["TESTING"] = False
        try:
            for walker in walkers:
                walker.get("/manage/registration")
        finally:
            flask.config["TESTING"] = True
    # A job that fails with the same words.
    with monkeypatch.context() as patch:
        patch.setitem(jobs.HANDLERS, "auditing.prove", broken)
        with atomic():
            job = jobs.start("auditing.prove", title="验证审计链", payload={}, actor=SYSTEM, at=now())
        jobs.run_job(job.id)


def finish(cast: Cast, contest: Contest, entry_id: uuid.UUID) -> Certificate:
    """Review, number, rank and certificate, by the services; then the certificate is printed."""
    with atomic():
        entry = get(Entry, entry_id, lock=True)
        entry.state = "approved"
        get(Contest, contest.id).is_demo = True
        audit.record("test.approve", actor=SYSTEM, subject=("entry", entry.id), at=cast.at, chain=contest.id)
    number_entries(contest.id, actor=SYSTEM, at=cast.at)
    builders._set_phase(contest, "finished")
    batch = given.issued(cast, given.publish(cast, contest, [get(Entry, entry_id)]))
    batch_id = batch.id
    for job_id in db.session.scalars(select(Job.id).where(Job.state == "queued")).all():
        jobs.run_job(job_id)
    return given.certificates(get(Batch, batch_id))[0]


def test_no_canary_is_found_where_it_may_not_stand(
    app: Flask, cast: Cast, world: tuple[list[Answer], Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    answers, temporary = world

    def walker(role: str, *scope: object) -> Walker:
        client: FlaskClient = app.test_client()
        if role not in ("anonymous", SELF):
            cast.sign_in(client, cast.account(role, *scope))  # type: ignore[arg-type]
        return Walker(client, cast, answers, role)

    contest = builders.make_contest(cast, events=("theory", "basic"))
    here = ("contest", contest.id)
    one, stranger = walker(SELF), walker("anonymous")
    clerk, office, judge = walker(CLERK, "union", cast.county.id), walker(OFFICE, *here), walker("judge", *here)
    far, leader, auditor = walker(CLERK, "union", cast.other_county.id), walker("leader"), walker("auditor")
    administrator, chief = walker("administrator"), walker("chief_judge", *here)
    far.who = "far clerk"
    entry = sign_up_and_enter(one, contest)
    entry_id, contest_id, county_id = entry.id, contest.id, cast.county.id
    review(clerk, office, contest, entry)
    bring_a_roster(office, contest)
    errors([stranger, judge, far, leader, administrator, chief], entry_id, contest_id, monkeypatch)
    contest = db.session.get_one(Contest, contest_id)
    certificate = finish(cast, contest, entry_id)
    certificate_id = certificate.id
    code = unseal(certificate.code_sealed, "certificate", "code", certificate_id)
    batch = f"/manage/contests/{contest_id}/certificates/{certificate.batch_id}"
    office.post(f"{batch}/outs", ids=str(certificate_id), fetched_by=CANARIES["fetcher"], fetched_on="2026-06-01")
    office.post(f"{batch}/telling", sms="{姓名}，您的证书已签发", go="yes")
    assert send_due(clock=lambda: (now() + timedelta(days=1)).replace(hour=4)) == {"sent": 1}
    for row in db.session.scalars(select(AuditRow)).all():
        auditor.get(f"/system/audit/{row.chain}/{row.seq}")
    auditor.get("/system/audit")
    auditor.post("/system/audit/export", purpose="年度审计")
    contest = db.session.get_one(Contest, contest_id)
    public = [f"/contests/{contest.id}", f"/contests/{contest.id}/results", "/", "/contests", f"/v/{code}", "/v/AAAA"]
    inner = [f"/manage/contests/{contest.id}", *(f"{batch}/{page}" for page in ("outs", "ceremony", "telling", "labels.pdf")),
             f"/manage/contests/{contest.id}/certificates/register",
             f"/manage/contests/{contest.id}/arena/print/order-book", "/desk", "/jobs", "/approvals",
             "/system/operations", "/participation/"]
    for each in (stranger, one, clerk, office, judge, far, leader, auditor, administrator, chief):
        for address in public if each is stranger else [*public, *inner]:
            each.get(address)
    office.post(f"/manage/contests/{contest.id}/arena/print/order-book.pdf")
    for address in ("/my/certificates", f"/my/certificates/{certificate_id}/certificate.pdf", "/my/results"):
        one.get(address)
    look_at_the_own_data(one, clerk, county_id)
    assert len(answers) > 150
    said = capfd.readouterr()
    found = leaks_in_answers(answers) + leaks_in_words(said.out + said.err + caplog.text, "output and logs", CANARIES)
    found += leaks_in_rows() + leaks_in_files(app.extensions["settings"].instance, temporary)
    assert found == [], "\n".join(found)
    # The search bites: what may be seen was seen.
    assert any(NUMBER in a.text for a in answers)
    assert any(CANARIES["name"] in a.text for a in answers if a.who == CLERK)
    assert '"trace"' in said.out, "the forced errors were logged"


def look_at_the_own_data(one: Walker, clerk: Walker, union_id: uuid.UUID) -> None:
    """The page, the file with and without the password, a correction that the clerk settles."""
    one.get("/my/data")
    one.get("/my/data.xlsx")
    masked, full = one.post("/my/data.xlsx"), one.post("/my/data.xlsx", password=CANARIES["password"])
    assert (masked.status_code, full.status_code) == (200, 200)
    one.get("/my/data/erase")
    one.get("/my/data/correction")
    asked = one.post("/my/data/correction", name=CANARIES["right_name"], document_kind="id_card", document_number=RIGHT_NUMBER,
                     phone=CANARIES["phone"], union=str(union_id), note=CANARIES["right_note"])
    assert asked.status_code == 200, asked.text
    db.session.rollback()
    request_id = db.session.scalars(select(HelpRequest.id)).one()
    clerk.get("/manage/help")
    clerk.get(f"/manage/help/{request_id}")
    done = clerk.post(f"/manage/help/{request_id}/done", checked="y", reason="已核对证件原件", number=RIGHT_NUMBER)
    assert done.status_code == 303, done.text
    clerk.get(f"/manage/help/{request_id}")
    one.get("/my/data")
    one.get("/messages")


def leaks_in_answers(answers: list[Answer]) -> list[str]:
    """Canaries in pages and files for people who must not see them; in headers and addresses, for anybody."""
    found = []
    for answer in answers:
        for name, value in CANARIES.items():
            allowed = any(re.fullmatch(who, answer.who) and re.search(where, answer.asked) for who, where in MAY.get(name, []))
            if value in answer.text and not allowed:
                found.append(f"{name} in {answer}")
            if value in answer.headers or value in answer.asked:
                found.append(f"{name} in the headers of {answer}")
    return sorted(set(found))


def leaks_in_words(text: str, where: str, canaries: dict[str, str]) -> list[str]:
    """Canaries in something that nobody should have written them to."""
    plain = [text, text.encode().decode("unicode_escape", "replace") if "\\u" in text else ""]
    return [f"{name} in {where}" for name, value in canaries.items() if any(value in each for each in plain)]


def leaks_in_rows() -> list[str]:
    """Audit rows hold reasons in the words of who acted and no value of a person; jobs, file names hold nothing."""
    db.session.rollback()
    acted = {name: value for name, value in CANARIES.items() if name not in ("reason", "why", "withdrawn")}
    found = []
    for row in db.session.scalars(select(AuditRow)):
        found += leaks_in_words(row.line, f"audit row {row.act}", acted)
    for job in db.session.scalars(select(Job)):
        kept = json.dumps([job.title, job.payload, job.message, job.error, job.result], ensure_ascii=False)
        found += leaks_in_words(kept, f"job {job.kind}", CANARIES)
    for stored in db.session.scalars(select(StoredFile)):
        found += leaks_in_words(stored.name, "name of a stored file", CANARIES)
    for table in db.metadata.sorted_tables:
        if table.name in ("security_row", "message", "delivery"):
            rows = "\n".join(str(tuple(row)) for row in db.session.execute(select(table)))
            wanted = {k: v for k, v in CANARIES.items() if k in NEVER_STORED or table.name == "security_row"}
            found += leaks_in_words(rows, table.name, wanted)
    assert db.session.scalars(select(RosterImport)).all()
    return found


def leaks_in_files(instance: Path, temporary: Path) -> list[str]:
    """Database, journal, queue, stored files and temporary files as raw bytes, and their names."""
    forms = {name: [CANARIES[name]] for name in NEVER_STORED}
    forms["phone"].append(parse_phone(CANARIES["phone"]))
    forms["other_phone"].append(parse_phone(CANARIES["other_phone"]))
    found = []
    written = read_files(instance) | {path: path.read_bytes() for path in temporary.rglob("*") if path.is_file()}
    for path, data in written.items():
        read = data
        if data[:5] == b"%PDF-":
            with contextlib.suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(data)) as pdf:
                read = data + str(dict(pdf.docinfo)).encode()
        found += [f"{name} in {path.name}" for name, values in forms.items() for value in values
                  if value.encode() in read or value.encode("utf-16-le") in read]
        found += leaks_in_words(str(path), "file names", CANARIES)
    return found
