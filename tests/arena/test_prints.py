"""Papers: what stands on them, and what must not."""

import io
import re
import subprocess
import uuid

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from competition.arena import queries, work_queries
from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import audit, files, jobs
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db
from competition.core.jobs import Job
from competition.registration.models import Entry
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast


@pytest.fixture
def contest(cast: Cast) -> Contest:
    made = make_contest(cast, open=False, events=("theory", "basic"))
    make_field(cast, made, persons=9, delegations=3)
    draw_contest(cast, made)
    return made


@pytest.fixture
def office(client: FlaskClient, cast: Cast, contest: Contest) -> FlaskClient:
    return cast.sign_in(client, cast.account("organizer", "contest", contest.id))


def base(contest: Contest) -> str:
    return f"/manage/contests/{contest.id}/arena/print"


def basic(contest: Contest) -> uuid.UUID:
    return rounds_of(contest.id)[1].id


def text_of(pdf: bytes) -> str:
    """The words of a PDF, in reading order."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return found.stdout.decode()


def check_no_secrets(text: str, contest: Contest) -> None:
    """Neither codes nor documents nor employers, on a paper that many hands touch."""
    assert not any(work.code in text for work in [*work_queries.list_works(basic(contest))])
    people = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id)).all()
    assert not any(entry.person and (entry.person.document_masked or "-") in text for entry in people)
    assert "测试面馆" not in text
    assert not re.search(r"\d{11}", text)


def test_the_order_book_has_everybody_and_no_station(office: FlaskClient, contest: Contest) -> None:
    answer = office.post(f"{base(contest)}/order-book.pdf")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    words = ("秩序册", "测试省总工会", "测试县人民政府", "手工拉面基本功", "第1代表团", "领队1", "0001", "选手001", "选手009",
             "共9名选手", "工位在检录时告知")
    assert [word for word in words if word not in "".join(text.split())] == []
    check_no_secrets(text, contest)
    # In each batch numbers stand in their own order, which is not that of the stations.
    page = office.get(f"{base(contest)}/order-book").get_data(as_text=True)
    for keys in re.findall(r'class="order-names">((?:<span>\d{4}</span> ?)+)', page):
        numbers = re.findall(r"\d{4}", keys)
        assert numbers == sorted(numbers)


def test_sign_in_sheets_have_a_page_for_each_batch(office: FlaskClient, contest: Contest) -> None:
    text = text_of(office.post(f"{base(contest)}/rounds/{basic(contest)}/sign-in.pdf", data={"purpose": "检录签到"}).data)
    places = queries.placed(basic(contest))
    pages = text.rstrip("\f\n").split("\f")
    assert len(pages) == max(p.batch for p in places)
    for place in places:
        assert place.entrant.entry is not None
        assert place.entrant.entry.name in pages[place.batch - 1]
    assert "本人签名" in pages[0]
    check_no_secrets(text, contest)


def test_station_labels_are_numbers(office: FlaskClient, contest: Contest) -> None:
    text = text_of(office.get(f"{base(contest)}/rounds/{basic(contest)}/stations.pdf").data)
    most = max(p.station for p in queries.placed(basic(contest)))
    assert [int(n) for n in re.findall(r"^\s*(\d+)\s*$", text, re.MULTILINE)] == list(range(1, most + 1))
    assert "选手" not in text


def test_code_labels_have_codes_and_nobody(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    cast.sign_in(client, cast.account("coding_judge", "contest", contest.id))
    text = text_of(client.get(f"{base(contest)}/rounds/{basic(contest)}/codes.pdf?copies=2").data)
    works = work_queries.list_works(basic(contest))
    assert all(text.count(work.code) == 2 for work in works)
    assert "选手" not in text
    assert "代表团" not in text
    look = audit.history("round", basic(contest))[0]
    assert (look.act, look.details["purpose"]) == ("arena.read_codes", "labels")


def give_photo(cast: Cast, contest: Contest) -> Entry:
    picture = io.BytesIO()
    Image.new("RGB", (600, 800), (120, 140, 160)).save(picture, "JPEG")
    entry = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.number)).all()[0]
    with atomic() as session:
        stored = files.store(picture.getvalue(), name="p.jpg", media_type="image/jpeg", sensitivity="personal", actor=SYSTEM,
                             at=cast.at)
        session.execute(update(Entry).where(Entry.id == entry.id).values(photo_id=stored.id))
        audit.record("test.photo", actor=SYSTEM, subject=("entry", entry.id), at=cast.at)
    return entry


def test_badges_are_made_by_a_job(office: FlaskClient, cast: Cast, contest: Contest) -> None:
    give_photo(cast, contest)
    answer = office.post(f"{base(contest)}/badges", data={"delegation": "", "names": "yes"})
    assert answer.status_code == 303
    job_id = db.session.scalars(select(Job.id).where(Job.kind == "arena.badges")).one()
    assert office.get(f"{base(contest)}/badges/{job_id}.pdf").status_code == 404
    jobs.run_job(job_id)
    done = db.session.get(Job, job_id)
    assert done is not None
    assert (done.state, done.error, done.done) == ("done", None, 9)
    assert done.result is not None
    with office.get(done.result["href"]) as file:
        text = text_of(file.data)
    for n in range(1, 10):
        assert f"{n:04d}" in text
        assert f"选手{n:03d}" in text
    assert text.rstrip("\f\n").count("\f") == 1
    check_no_secrets(text, contest)


def test_badges_of_one_delegation_without_names(office: FlaskClient, cast: Cast, contest: Contest) -> None:
    entry = give_photo(cast, contest)
    answer = office.post(f"{base(contest)}/badges", data={"delegation": str(entry.delegation_id), "names": "no", "page": "yes"})
    page = office.get(answer.location).get_data(as_text=True)
    assert page.count('class="badge-card"') == 3
    assert entry.number is not None
    assert entry.number in page
    assert "选手" not in page
    assert "data:image/jpeg" in page
    assert "代表团" not in page


def test_badges_of_another_contest_are_not_found(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    other = make_contest(cast, open=False, events=("basic",))
    make_field(cast, other, persons=2)
    mine, theirs = base(contest), base(other)
    cast.sign_in(client, cast.account("organizer", "contest", other.id))
    client.post(f"{theirs}/badges", data={})
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    job_id = db.session.scalars(select(Job.id).where(Job.kind == "arena.badges")).one()
    jobs.run_job(job_id)
    assert client.get(f"{theirs}/badges/{job_id}.pdf").status_code == 404
    assert client.get(f"{mine}/badges/{job_id}.pdf").status_code == 404


def test_finished_badges_are_for_who_asked_and_for_the_office(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    asker, other, office = (cast.sign_in(client.application.test_client(), cast.account(role, "contest", contest.id))
                            for role in ("coding_judge", "check_in_judge", "organizer"))
    asker.post(f"{base(contest)}/badges", data={})
    job_id, root = db.session.scalars(select(Job.id).where(Job.kind == "arena.badges")).one(), base(contest)
    jobs.run_job(job_id)
    seen = []
    for reader in (asker, other, office):
        with reader.get(f"{root}/badges/{job_id}.pdf") as answer:
            seen.append(answer.status_code)
    assert seen == [200, 404, 200]


def test_the_list_of_papers_offers_what_the_reader_may_print(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    for role, offered in (("organizer", False), ("coding_judge", True)):
        cast.sign_in(client, cast.account(role, "contest", contest.id))
        page = client.get(base(contest)).get_data(as_text=True)
        assert ("codes.pdf" in page) is offered
        assert "order-book.pdf" in page


def test_before_the_draw_there_is_no_sign_in_sheet(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, open=False, events=("basic",))
    make_field(cast, contest, persons=2)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    where = f"{base(contest)}/rounds/{rounds_of(contest.id)[0].id}"
    assert client.get(f"{where}/sign-in").status_code == 404
    assert client.get(f"{where}/stations").status_code == 200
    assert "尚未抽签" in client.get(f"{base(contest)}/order-book").get_data(as_text=True)
