"""The paper: what stands on it, that it is what the register says, that a kill costs nothing."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import func, select, update

from competition.certificates import queries_print, service
from competition.certificates.models import Batch, Certificate
from competition.certificates.rules import printed_texts
from competition.certificates.service_print import sheet_of
from competition.core import audit, jobs
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db, get
from competition.core.jobs import Cancelled, Job
from competition.notices.models import Message
from tests.cast import Cast
from tests.certificates.given import certificates, issued, print_all, published

Tool = Callable[..., str]


@pytest.fixture
def poppler(tmp_path: Path) -> Tool:
    """Run one of poppler's programs on bytes: an other reader than the one that we check with ourselves."""

    def run(program: str, data: bytes, *options: str) -> str:
        path = tmp_path / "paper.pdf"
        path.write_bytes(data)
        last = ["-"] if program == "pdftotext" else []
        return subprocess.run([program, *options, path, *last], capture_output=True, text=True, check=True).stdout

    return run


def plain(text: str) -> str:
    return "".join(text.split())


def test_the_text_of_twelve_certificates_equals_the_register(cast: Cast, poppler: Tool) -> None:
    names = {1: "才让多杰", 2: "阿不都热依木·买买提", 3: "王\u4dae", 4: "李\U0002b5a9", 5: "张𠅤", 6: "བཀྲ་ཤིས།", 7: "O'Neil-测试 <b>"}
    batch = issued(cast, published(cast, 12, names=names))
    assert batch.settings["problems"] == []
    print_all(batch)
    for certificate in certificates(batch):
        assert certificate.file is not None, certificate.error
        inside = plain(poppler("pdftotext", certificate.file.read(), "-raw"))
        sheet = sheet_of(certificate, batch.settings["base_url"])
        for text in printed_texts(batch.template.layout, sheet.data):
            assert plain(text) in inside
        assert certificate.number in inside
        assert "演示证书，不具效力" in inside
        assert "非正式印章" in inside


def test_a_certificate_is_one_a4_page_in_chinese_and_tells_nothing_else(cast: Cast, poppler: Tool) -> None:
    batch = issued(cast, published(cast, 2))
    print_all(batch)
    certificate = certificates(batch)[0]
    assert certificate.file is not None
    data = certificate.file.read()
    facts = dict(line.split(":", 1) for line in poppler("pdfinfo", data).splitlines() if ":" in line)
    assert facts["Pages"].strip() == "1"
    assert "841.89 x 595.276" in facts["Page size"]
    assert facts["Title"].strip() == f"获奖证书 {certificate.number}"
    assert facts["Producer"].strip() == "competition"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.Lang == "zh-CN"
        assert "/Names" not in pdf.Root
    assert len(data) < 120_000


def test_the_code_on_the_paper_leads_to_the_certificate(cast: Cast, tmp_path: Path) -> None:
    batch = issued(cast, published(cast, 1))
    certificate = certificates(batch)[0]
    sheet = sheet_of(certificate, batch.settings["base_url"])
    address, code = sheet.address, sheet.data["验证码"]
    assert address.partition("#")[0] == f"http://127.0.0.1:8000/v/{code.replace('-', '')}"
    assert [len(group) for group in code.split("-")] == [5, 5, 5, 5]


def test_without_a_demonstration_there_is_no_mark_and_no_invented_seal(cast: Cast, poppler: Tool) -> None:
    batch = issued(cast, published(cast, 1))
    with atomic():
        row = get(Batch, batch.id)
        row.settings = {**row.settings, "is_demo": False}
        audit.record("test.real", actor=SYSTEM, subject=("batch", row.id), at=cast.at)
    print_all(batch)
    file = certificates(batch)[0].file
    assert file is not None
    inside = poppler("pdftotext", file.read())
    assert "演示" not in inside
    assert "印章" not in inside


def test_a_batch_ends_with_one_file_in_order_an_archive_by_unit_and_is_issued(cast: Cast, poppler: Tool) -> None:
    batch = issued(cast, published(cast, 5))
    print_all(batch)
    batch = get(Batch, batch.id)
    assert batch.state == "issued"
    assert batch.merged is not None
    assert batch.zip is not None
    whole = batch.merged.read()
    pages = poppler("pdftotext", whole, "-raw").split("\f")[:-1]
    numbers = [certificate.number for certificate in certificates(batch)]
    assert [next(n for n in numbers if n in page) for page in pages] == numbers
    assert len(whole) < sum(len(c.file.read()) for c in certificates(batch) if c.file)
    with zipfile.ZipFile(io.BytesIO(batch.zip.read())) as archive:
        names = archive.namelist()
        assert archive.read(names[0]) == certificates(batch)[0].file.read()
    assert names[0] == f"第1代表团/0001-选手001-{numbers[0]}.pdf"
    assert len({name.split("/")[0] for name in names}) == 3


@pytest.mark.parametrize(("data", "place"), [
    ({"代表团": "西宁代表团", "代表队": "一队", "单位": "一厂"}, ("西宁代表团", "一队")), ({"单位": "一厂"}, ("一厂",)),
    ({"单位": "一厂", "代表队": "一厂"}, ("一厂",)), ({"姓名": "张三"}, ()),
])
def test_the_archive_has_a_folder_for_each_who_fetches_or_else_a_unit(data: dict[str, str], place: tuple[str, ...]) -> None:
    assert queries_print.folders(data) == place


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing after it runs."""


def test_a_batch_that_was_killed_goes_on_where_it_was_with_the_same_numbers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("competition.certificates.service_print.CHUNK", 2)
    batch = issued(cast, published(cast, 7))
    before = [(c.number, c.data_digest) for c in certificates(batch)]

    def die_at(limit: int) -> Callable[[int, int, str], None]:
        def report(done: int, total: int, message: str) -> None:
            if done >= limit:
                raise Killed

        return report

    with pytest.raises(Killed):
        service.print_batch(batch.id, report=die_at(4), clock=now)
    kept = {c.id: c.file.sha256 for c in certificates(batch) if c.file}
    assert len(kept) == 4
    with pytest.raises(Killed):
        service.print_batch(batch.id, report=die_at(7), clock=now)
    print_all(batch)
    print_all(batch)
    found = certificates(batch)
    assert [(c.number, c.data_digest) for c in found] == before
    assert {c.id: c.file.sha256 for c in found if c.file and c.id in kept} == kept
    assert all(c.file_id for c in found)
    assert get(Batch, batch.id).state == "issued"
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 7


def test_a_stopped_job_can_be_started_again(cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    assert batch.job_id is not None
    jobs.cancel(batch.job_id, actor=SYSTEM, at=now())
    with pytest.raises(Cancelled):
        service.print_batch(batch.id, report=jobs.Progress(batch.job_id).report, clock=now)
    service.restart_printing(batch.id, actor=cast.actor("organizer"), at=cast.at)
    job = get(Job, get(Batch, batch.id).job_id)
    jobs.run_job(job.id)
    assert get(Job, job.id).state == "done"
    assert get(Batch, batch.id).state == "issued"


def test_one_that_cannot_be_printed_does_not_stop_the_others(cast: Cast) -> None:
    batch = issued(cast, published(cast, 3))
    with atomic():
        second = certificates(batch)[1]
        # Around the guard of the register, as a broken disk would do it.
        db.session.execute(update(Certificate).where(Certificate.id == second.id).values(data={**second.data, "姓名": "王\U000323af"}))
        audit.record("test.spoil", actor=SYSTEM, subject=("certificate", second.id), at=cast.at)
    print_all(batch)
    found = certificates(batch)
    assert [bool(c.file_id) for c in found] == [True, False, True]
    assert found[1].error is not None
    assert "\U000323af" in found[1].error
    assert get(Batch, batch.id).state == "failed"


def test_those_concerned_are_told_once(cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    with atomic():
        row = certificates(batch)[0].row
        assert row is not None
        assert row.entry is not None
        row.entry.account_id = cast.account("contestant").id
        audit.record("test.account", actor=SYSTEM, subject=("entry", row.entry.id), at=cast.at)
    print_all(batch)
    print_all(batch)
    told = select(Message.title).where(Message.account_id == cast.account("contestant").id)
    assert list(db.session.scalars(told)) == ["您的获奖证书已制作完成"]
