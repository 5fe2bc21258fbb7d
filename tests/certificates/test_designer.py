"""The pages of the designer, without scripts: who gets in, what a refused form keeps, what is printed."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.certificates import queries_templates as queries
from competition.certificates.models import Template
from competition.certificates.models_templates import TemplateAsset, TemplateDraft
from competition.contests.models import Contest
from competition.core.audit import AuditRow
from competition.core.database import db, get
from competition.core.pictures import text_of
from tests.cast import Cast
from tests.certificates.given import certificates, demo_contest, issued, print_all, published
from tests.certificates.test_templates import picture


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("organizer"))


@pytest.fixture
def desk(office: FlaskClient, cast: Cast) -> str:
    """The address of a draft's page."""
    contest = demo_contest(cast)
    base = f"/manage/contests/{contest.id}/certificates/templates"
    answer = office.post(f"{base}/new", data={
        "name": "本会证书", "source": "ready-honour", "size": "A4", "orientation": "portrait", "language": "zh"})
    assert answer.status_code == 303
    return answer.location.partition("?")[0]


def draft() -> TemplateDraft:
    return db.session.scalars(select(TemplateDraft)).one()


def typed(**more: str) -> dict[str, str]:
    return {"seen": str(draft().edits), "text1": "荣誉证书", "x": "20", "y": "40", "w": "170", "h": "22", "size": "44", "align": "center",
            "weight": "700", "color": "red", "spacing": "0.3", "indent": "", "leading": "1.3", "lang": "", "lines": "", "font": "", **more}


def test_a_block_is_changed_undone_and_published(office: FlaskClient, desk: str, cast: Cast) -> None:
    page = office.get(f"{desk}?block=2").text
    assert "荣誉证书" in page
    assert "{姓名}" in page
    assert office.post(f"{desk}?block=2", data=typed(text1="嘉奖令")).status_code == 303
    assert queries.layout_of(draft())["blocks"][2]["texts"] == ["嘉奖令"]
    assert office.post(f"{desk}/do", data={"act": "undo", "seen": str(draft().edits), "block": "2"}).status_code == 303
    assert queries.layout_of(draft())["blocks"][2]["texts"] == ["荣誉证书"]
    assert office.post(f"{desk}/do", data={"act": "redo", "seen": str(draft().edits), "block": "2"}).status_code == 303
    assert office.post(f"{desk}/publish", data={"seen": str(draft().edits)}).status_code == 303
    found = db.session.scalars(select(Template)).one()
    assert (found.kind, found.version, found.union_id) == ("honour", 1, draft().union_id)
    base = desk.rpartition("/")[0]
    assert "本会证书" in office.get(base).text
    data = office.get(f"{base}/version/{found.id}/template.zip").data
    answer = office.post(f"{base}/take", data={"file": (io.BytesIO(data), "template.zip")})
    assert answer.status_code == 303


def test_a_refused_block_keeps_what_was_typed(office: FlaskClient, desk: str) -> None:
    answer = office.post(f"{desk}?block=2", data=typed(text1="{身份证号}", size="十二"))
    assert answer.status_code == 422
    assert "字号要写成数字" in answer.text
    assert "{身份证号}" in answer.text
    assert draft().edits == 1
    answer = office.post(f"{desk}?block=2", data={**typed(text1="别人的"), "seen": "0"})
    assert answer.status_code == 409
    assert "刚被改动过" in answer.text
    assert "别人的" in answer.text


def test_other_paper_and_another_name(office: FlaskClient, desk: str) -> None:
    paper = {"paper-name": "新名称", "paper-english": "New name", "paper-size": "A3", "paper-orientation": "landscape", "paper-bleed": "3",
             "paper-language": "zh-bo", "paper-seen": "1"}
    bad = office.post(f"{desk}/paper", data={**paper, "paper-bleed": "9"})
    assert bad.status_code == 422
    assert "出血不能大于 5" in bad.text
    assert "新名称" in bad.text
    assert office.post(f"{desk}/paper", data=paper).status_code == 303
    assert (draft().name_zh, draft().edits) == ("新名称", 2)
    assert queries.layout_of(draft())["page"] == {"size": "A3", "orientation": "landscape", "bleed": 3}


@pytest.mark.parametrize("act", ["copy", "earlier", "later", "remove", "add"])
def test_blocks_are_arranged(office: FlaskClient, desk: str, act: str) -> None:
    before = queries.layout_of(draft())
    assert office.post(f"{desk}/do", data={"act": act, "kind": "line", "block": "4", "seen": "1"}).status_code == 303
    assert queries.layout_of(draft()) != before


def test_the_preview_is_the_real_paper_with_a_real_person(office: FlaskClient, desk: str, cast: Cast) -> None:
    publication = published(cast, 2)
    contest = get(Contest, publication.contest_id)
    base = f"/manage/contests/{contest.id}/certificates/templates/{draft().id}"
    page = office.get(base).text
    assert "选手001" in page
    row = page.split("选手001")[0].rpartition('<option value="')[2].split('"')[0]
    assert "选手001" in text_of(office.get(f"{base}/preview.pdf?row={row}").data)
    place = f"{base}/preview.png?row={row}&block=3&x=30&y=60&w=100&h=20"
    assert office.get(place).data[:4] == b"\x89PNG"
    # What stands in the form is shown before it is saved; what cannot be is not.
    form, saved = office.get(f"{place}&whole=1&text1={{姓名}}样子&size=40").data, office.get(f"{base}/preview.png?row={row}").data
    assert office.get(f"{place}&whole=1&text1={{没有}}&size=40").data == saved != form
    assert office.get(f"{base}/preview.png?row={draft().id}").status_code == 404
    assert office.get(f"{desk}/preview.png?row={row}").status_code == 404


def test_a_seal_of_the_union_is_on_what_it_issues(office: FlaskClient, cast: Cast) -> None:
    publication = published(cast, 1)
    base = f"/manage/contests/{publication.contest_id}/certificates"
    data = {"kind": "seal", "name": "省总印章", "width_mm": "42", "slot": "seal1"}
    bad = office.post(f"{base}/templates/pictures", data={**data, "file": (io.BytesIO(b"<svg/>"), "x.svg")})
    assert bad.status_code == 422
    assert "不接受 SVG" in bad.text
    assert office.post(f"{base}/templates/pictures", data={**data, "file": (io.BytesIO(picture()), "x.png")}).status_code == 303
    asset = db.session.scalars(select(TemplateAsset)).one()
    batch = issued(cast, publication)
    assert batch.settings["pictures"] == {"seal1": asset.sha256}
    print_all(batch)
    assert certificates(batch)[0].file_id is not None
    assert office.post(f"{base}/templates/printers", data={"name": "文印室", "right_mm": "1,5", "down_mm": "x"}).status_code == 422
    assert office.post(f"{base}/templates/printers", data={"name": "文印室", "right_mm": "1,5", "down_mm": "-2"}).status_code == 303
    printer = office.get(f"{base}/{batch.id}/overprint").text.split('<option value="')[2].split('"')[0]
    over = office.post(f"{base}/{batch.id}/overprint", data={"printer": printer, "first": "1", "last": "1"})
    assert "选手001" in text_of(over.data)
    assert "获奖证书" not in text_of(over.data)
    [row] = db.session.scalars(select(AuditRow).where(AuditRow.act == "certificates.overprint"))
    assert (row.subject_id, row.details["count"]) == (str(batch.id), 1)
    for last, words in (("200", "一次最多"), ("2", "只有 1 份")):
        answer = office.post(f"{base}/{batch.id}/overprint", data={"printer": "", "first": "1", "last": last})
        assert (answer.status_code, words in answer.text) == (422, True)
    assert "证书编号" in office.get(f"{base}/{batch.id}/overprint").text.split("纸上没有其中哪一块")[0].rpartition("套打时不印")[2]
    sheet = office.get(f"{base}/templates/printers/calibration.pdf?printer={printer}&size=A3&orientation=portrait")
    assert "文印室" in text_of(sheet.data)
    assert office.post(f"{base}/templates/printers/{printer}/remove").status_code == 303
    assert office.post(f"{base}/templates/printers/{printer}/remove").status_code == 404
    mine = f"{base}/templates/pictures/{asset.id}"
    assert office.post(mine, data={"slot": "seal9"}).status_code == 422
    assert office.post(mine, data={"slot": "seal2"}).status_code == 303
    assert get(TemplateAsset, asset.id).slot == "seal2"
    assert office.post(mine, data={"act": "remove"}).status_code == 303
    assert get(TemplateAsset, asset.id).removed_at is not None


def test_ready_designs_are_seen_before_one_is_chosen(office: FlaskClient, desk: str) -> None:
    place = desk.rpartition("/")[0]
    assert f"{place}/ready/honour.png" in office.get(place).text
    shown = office.get(f"{place}/ready/honour.png").data
    assert shown[:4] == b"\x89PNG"
    (kept,) = (office.application.extensions["settings"].instance / "designs").glob("*.png")
    assert kept.read_bytes() == shown
    kept.write_bytes(b"\x89PNG of before")
    assert office.get(f"{place}/ready/honour.png").data == b"\x89PNG of before", "the next process prints nothing"
    assert office.get(f"{place}/ready/none.png").status_code == 404


@pytest.mark.parametrize("role", ["judge", "contestant", "supervisor", "leader"])
def test_others_do_not_design(client: FlaskClient, cast: Cast, role: str) -> None:
    contest = demo_contest(cast)
    cast.sign_in(client, cast.account(role))
    assert client.get(f"/manage/contests/{contest.id}/certificates/templates").status_code in (403, 404)


def test_a_block_at_the_edge_keeps_its_place(office: FlaskClient, desk: str) -> None:
    page = office.get(f"{desk}?block=0").text
    assert all(re.search(f'<input[^>]* name="{name}"[^>]* value="0"', page) for name in ("x", "y"))
    data = {"seen": "1", "x": "0", "y": "0", "w": "210", "h": "297", "style": "portrait"}
    assert office.post(f"{desk}?block=0", data=data).status_code == 303
    assert queries.layout_of(draft())["blocks"][0]["style"] == "portrait"
