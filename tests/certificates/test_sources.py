"""Batches beside a publication: who was present, who judged and helped, unions, workbooks."""

import io
import re
import uuid
from collections.abc import Sequence

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from lxml import html
from PIL import Image, ImageOps
from sqlalchemy import select

from competition.certificates import queries, service, service_fonts, source_roster
from competition.certificates.models import Batch, Certificate
from competition.certificates.queries import ready_template
from competition.certificates.source_people import units_of
from competition.certificates.sources import source_from
from competition.contests.models import Contest, Event
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.languages import SOURCE
from competition.judging.models import Panel, Seat, Sitter
from competition.organisations.models import Union
from competition.registration.models import Entry
from tests.builders import check_in_all, draw_contest, make_contest, make_field
from tests.cast import Cast
from tests.certificates.given import asked, certificates, demo_contest, print_all, publish

KIND = "participation"
HEAD = ("姓名", "单位", "奖项", "项目", "名次", "代表团")
FIRST, SECOND, THIRD = ([name, "一厂", award, "拉面", f"第{n}名", "一团"] for n, (name, award) in enumerate(
    (("张三", "金奖"), ("李四", "银奖"), ("王五", "铜奖")), 1))


def sheet(*lines: Sequence[str], head: Sequence[str] = ("姓名*", "单位", "奖项")) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for n, line in enumerate([["说明"], head, *lines]):
            for place, text in enumerate(line):
                page.write_string(n, place, text)
    return out.getvalue()


def batch_of(cast: Cast, contest: Contest, kind: str) -> Batch:
    return service.prepare_from(source_from(contest.id, {"kind": kind}), ready_template(KIND).id, title="名单", at=cast.at,
                                actor=cast.actor("organizer"))


def roster(cast: Cast, contest: Contest, data: bytes) -> Batch:
    return service.prepare_roster(contest.id, data, "名单.xlsx", ready_template("award").id, title="表格", actor=cast.actor("organizer"),
                                  at=cast.at)


def approve(cast: Cast, batch: Batch) -> list[Certificate]:
    approvals.decide(asked(cast, batch).id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    return certificates(batch)


def all_fields(**more: str) -> list[str]:
    return [more.get("name", "张三"), more.get("unit", "测试面馆"), more.get("award", "金奖")]


def test_who_was_present_gets_one_certificate_whatever_the_number_of_events(any_cast: Cast) -> None:
    contest = make_contest(any_cast, phase="running", open=False, events=("theory", "basic"))
    entries = make_field(any_cast, contest, persons=3)
    with pytest.raises(RuleBroken, match="还没有人检录到场"):
        batch_of(any_cast, contest, "appearances")
    draw_contest(any_cast, contest)
    assert check_in_all(any_cast, contest) == 6
    batch = batch_of(any_cast, contest, "appearances")
    assert batch.publication_id is None
    assert sorted(batch.settings["rows"]) == sorted(str(entry.id) for entry in entries)
    with atomic():
        get(Contest, contest.id).is_demo = True
        audit.record("test.demo", actor=SYSTEM, subject=("contest", contest.id), at=any_cast.at, chain=contest.id)
    found = approve(any_cast, batch)
    assert {(one.scope, one.kind, one.row_id) for one in found} == {("appearances", KIND, None)}
    assert "、" in found[0].data["项目"]
    assert all(one["holds"] for one in batch_of(any_cast, contest, "appearances").settings["problems"])


def test_judges_come_from_the_panels_each_once(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    account = any_cast.account("judge")
    with atomic() as session:
        for event in session.scalars(select(Event).where(Event.contest_id == contest.id)):
            panel = Panel(id=uuid.uuid4(), contest_id=contest.id, event_id=event.id, name="裁判一组", created_at=any_cast.at)
            seats = [Seat(id=uuid.uuid4(), panel_id=panel.id, number=number) for number in (1, 2)]
            session.add(panel)
            session.flush()
            session.add_all(seats)
            session.flush()
            session.add_all([
                Sitter(seat_id=seats[0].id, account_id=account.id, name="王裁判", employer="测试学校", from_at=any_cast.at),
                Sitter(seat_id=seats[1].id, name="李裁判", employer="另一学校", from_at=any_cast.at)])
        audit.record("test.seats", actor=SYSTEM, subject=("contest", contest.id), at=any_cast.at, chain=contest.id)
    lines = source_from(contest.id, {"kind": "judges"}).lines("service")
    assert [(line.data["姓名"], line.subject_kind, line.data["类别"]) for line in lines] == [
        ("王裁判", "account", "裁判员"), ("李裁判", "judge", "裁判员")]
    assert "、" in lines[0].data["项目"]


def test_helpers_are_those_with_a_role_in_this_contest(any_cast: Cast) -> None:
    contest, other = demo_contest(any_cast), make_contest(any_cast, phase="finished", open=False)
    keeper = any_cast.account("timekeeper", "contest", contest.id)
    any_cast.account("judge", "contest", contest.id)
    any_cast.account("scorekeeper", "contest", other.id)
    lines = source_from(contest.id, {"kind": "volunteers"}).lines("service")
    assert [(line.subject_id, line.data["类别"]) for line in lines] == [(keeper.id, "计时员")]


def test_chosen_unions_are_honoured(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    make_field(any_cast, contest, persons=4)
    units = [union for union, _delegation in units_of(contest.id)]
    assert len(units) > 1
    source = {"kind": "units", "chosen": [str(units[0].id), str(uuid.uuid4())], "award": "优秀组织奖"}
    (line,) = source_from(contest.id, source).lines("honour")
    assert (line.subject_kind, line.subject_id) == ("union", units[0].id)
    assert (line.data["姓名"], line.data["奖项"]) == (get(Union, units[0].id).name_zh, "优秀组织奖")


def test_a_workbook_is_issued_once_also_when_it_comes_again_corrected(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    first = roster(any_cast, contest, sheet(FIRST, SECOND, head=HEAD))
    assert (first.settings["rows"], first.settings["problems"]) == (["3", "4"], [])
    found = approve(any_cast, first)
    assert found[0].scope == f"roster:{first.settings['source']['sha256'][:12]}"
    assert (found[0].data["姓名"], found[0].data["赛事"]) == ("张三", contest.name_zh)
    print_all(get(Batch, first.id))
    assert get(Certificate, found[0].id).file_id is not None
    again = roster(any_cast, contest, sheet(FIRST, SECOND, THIRD, head=HEAD))
    assert again.settings["rows"] == ["5"]
    assert [problem["holds"] for problem in again.settings["problems"]] == [one.number for one in found]


def test_a_correction_of_a_line_of_a_workbook_keeps_nobody_elses(any_cast: Cast) -> None:
    contest = demo_contest(any_cast)
    old = approve(any_cast, roster(any_cast, contest, sheet(FIRST, SECOND, head=HEAD)))[0]
    request = service.ask_replace(old.id, {"姓名": "张叁"}, "姓名写错。", actor=any_cast.actor("organizer"), at=any_cast.at)
    approvals.decide(request.id, approve=True, actor=any_cast.actor("supervisor"), at=any_cast.at)
    old = get(Certificate, old.id)
    new = get(Certificate, old.superseded_by)
    assert (old.state, new.data["姓名"], new.subject_id, new.scope) == ("superseded", "张叁", old.subject_id, old.scope)
    assert "李四" not in str(new.batch.settings)


def test_what_is_wrong_in_a_workbook_is_said_cell_by_cell() -> None:
    _columns, lines = source_roster.read(sheet(
        ["", "一厂"], ["张三", "长" * 121], ["李四", "=1+1"], ["王五", "a\u202eb"], ["赵六", "二厂"], ["赵六", "二厂"]))
    assert [list(line.errors) for line in lines] == [["姓名"], ["单位"], ["单位"], ["单位"], [], ["姓名"]]


@pytest.mark.parametrize(("data", "code"), [
    (b"PK\x03\x04 no workbook", None), (b"<script>", None), (sheet(["x"], head=("身份证",)), "no_head"),
    (sheet(["张三", "1"], head=("姓名", "身份证号")), "unknown_column"),
    (sheet(["张三", "a", "b"], head=("姓名", "单位", "单位")), "unknown_column"),
    (sheet(), "no_rows"), (sheet(*[[f"选手{n}"] for n in range(source_roster.MOST_LINES + 1)]), "too_many"),
])
def test_what_is_no_workbook_of_ours_is_refused(app: object, data: bytes, code: str | None) -> None:
    with pytest.raises(RuleBroken) as refused:
        source_roster.read(data)
    assert code in (None, refused.value.code)


def test_a_discarded_workbook_leaves_no_names(any_cast: Cast) -> None:
    batch = roster(any_cast, demo_contest(any_cast), sheet(all_fields(name="张某某")))
    service.discard_batch(batch.id, actor=any_cast.actor("organizer"), at=any_cast.at)
    assert "张某某" not in str(get(Batch, batch.id).settings)


@pytest.mark.parametrize("text", ["630100199001011234", "证件63010019900101123x", "手机13912345678"])
def test_identity_numbers_and_phones_are_not_taken_into_certificates(app: object, text: str) -> None:
    _columns, lines = source_roster.read(sheet(["张三", text], ["李四", "第1234567890123456789012号厂"]))
    assert [list(line.errors) for line in lines] == [["单位"], []]


def test_a_list_is_read_again_after_its_lack_was_mended(any_cast: Cast) -> None:
    office, contest = any_cast.actor("organizer"), demo_contest(any_cast)
    batch = roster(any_cast, contest, sheet(FIRST, ["王\U000323af", *SECOND[1:]], head=HEAD))
    assert (batch.settings["rows"], [one["glyphs"] for one in batch.settings["problems"]]) == (["3"], ["\U000323af"])
    out = io.BytesIO()
    ImageOps.expand(Image.new("L", (40, 40), 0), 20, 255).save(out, "PNG")
    service_fonts.add_picture(contest.id, "王\U000323af", "\U000323af", out.getvalue(), actor=office, at=any_cast.at)
    anew = service.prepare_anew(batch.id, actor=office, at=any_cast.at)
    assert (anew.settings["rows"], anew.settings["problems"]) == (["3", "4"], [])
    assert (anew.title, anew.settings["dated_on"]) == (batch.title, batch.settings["dated_on"])
    old = get(Batch, batch.id)
    assert (old.state, "张三" in str(old.settings)) == ("discarded", False)
    asked(any_cast, anew)
    for other in (batch, anew):
        with pytest.raises(RuleBroken):
            service.prepare_anew(other.id, actor=office, at=any_cast.at)


def test_a_correction_is_no_list_to_read_again(any_cast: Cast) -> None:
    old = approve(any_cast, roster(any_cast, demo_contest(any_cast), sheet(FIRST, head=HEAD)))[0]
    request = service.ask_replace(old.id, {"姓名": "张叁"}, "姓名写错。", actor=any_cast.actor("organizer"), at=any_cast.at)
    with pytest.raises(RuleBroken, match="更正"):
        service.prepare_anew(uuid.UUID(request.payload["batch"]), actor=any_cast.actor("organizer"), at=any_cast.at)


def test_a_list_shows_only_what_it_says_and_what_stays_blank(client: FlaskClient, cast: Cast) -> None:
    batch = roster(cast, demo_contest(cast), sheet(FIRST, SECOND, head=HEAD))
    office = cast.sign_in(client, cast.account("organizer"))
    page = office.get(f"/manage/contests/{batch.contest_id}/certificates/{batch.id}").text
    assert "名次" in page
    assert "担任的工作" not in page
    assert "姓名拼音（2 份）" in page
    answer = office.post(f"/manage/contests/{batch.contest_id}/certificates/{batch.id}/anew")
    assert answer.status_code == 303
    assert "已重新列出名单" in office.get(answer.location).text


def test_the_template_is_read_by_what_reads_it() -> None:
    with pytest.raises(RuleBroken, match="还没有名单"):
        source_roster.read(source_roster.template())


def test_a_batch_shows_any_line_that_somebody_picks(client: FlaskClient, cast: Cast) -> None:
    batch = roster(cast, demo_contest(cast), sheet(FIRST, SECOND, THIRD, head=HEAD))
    office = cast.sign_in(client, cast.account("organizer"))
    page = f"/manage/contests/{batch.contest_id}/certificates/{batch.id}"
    assert "look=4" in office.get(page).text
    assert f"{page}/preview/4.png" in office.get(f"{page}?look=4").text
    assert office.get(f"{page}/preview/4.png").data[:4] == b"\x89PNG"
    assert office.get(f"{page}/preview/9.png").status_code == 404


def test_pages(client: FlaskClient, cast: Cast) -> None:
    contest = demo_contest(cast)
    make_field(cast, contest, persons=2)
    office = cast.sign_in(client, cast.account("organizer"))
    base = f"/manage/contests/{contest.id}/certificates/prepare"
    more = {"template": str(ready_template("award").id), "title": "一批", "dated_on": "2026-06-02"}
    assert "到场参赛的人" in office.get(base).text
    answer = office.post(base, data={**more, "source": "judges"})
    assert (answer.status_code, "裁判组里还没有人就座" in answer.text) == (422, True)
    assert "优秀组织奖" in office.get(f"{base}/units").text
    assert office.post(f"{base}/units", data={**more, "award": "优秀组织奖"}).status_code == 422
    unit = units_of(contest.id)[0][0]
    assert office.post(f"{base}/units", data={**more, "award": "优秀组织奖", "units": [str(unit.id)]}).status_code == 303
    assert office.get(f"{base}/list.xlsx").data[:2] == b"PK"
    assert "请先选择填好的表格" in office.post(f"{base}/list", data=more).text
    bad = office.post(f"{base}/list", data={**more, "file": (io.BytesIO(sheet(["", "一厂"], ["李四", "二厂"])), "名单.xlsx")})
    assert bad.status_code == 422
    assert 'class="cell-wrong"' in bad.text
    assert "李四" not in bad.text
    good = office.post(f"{base}/list", data={**more, "file": (io.BytesIO(sheet(all_fields())), "名单.xlsx")})
    assert good.status_code == 303
    assert "表格名单“名单.xlsx”（1 行）" in office.get(good.location).text
    rows = db.session.scalars(select(AuditRow).where(AuditRow.act == "certificates.prepare"))
    assert {row.details["source"].partition(":")[0] for row in rows} == {"units", "roster"}
    assert "参赛单位：优秀组织奖" in office.get(f"/manage/contests/{contest.id}/certificates").text


def test_a_ranking_is_certified_in_part(client: FlaskClient, cast: Cast) -> None:
    contest = demo_contest(cast)
    publish(cast, contest, make_field(cast, contest, persons=6))
    office = cast.sign_in(client, cast.account("organizer"))
    base = f"/manage/contests/{contest.id}/certificates/prepare"
    assert re.findall(r'name="awards"[^>]*value="([^"]+)"', office.get(base).text) == ["金奖", "银奖", "铜奖"]
    form = {"template": str(ready_template("honour").id), "title": "荣誉证书", "dated_on": "2026-06-02",
            "source": str(queries.current_publications(contest.id)[0].id)}
    for wrong, said in (({"places": "0"}, "请填写 1 到 9999 的数"), ({"awards": "特等奖"}, "有一项已经不在可选之列"),
                        ({"awards": "铜奖", "places": "2"}, "没有符合所选奖项、名次的人"),
                        ({"awards": "金奖", "source": "judges"}, "奖项和名次只能用来挑选公布的成绩")):
        answer = office.post(base, data={**form, **wrong})
        assert (answer.status_code, said in answer.text) == (422, True), said
    office.post("/language", data={"locale": "en", "next": base})
    page = html.fromstring(office.get(base).text)
    assert page.xpath("string(//input[@name='places']/following-sibling::span)") == "places"
    office.post("/language", data={"locale": SOURCE, "next": base})
    made = office.post(base, data={**form, "awards": ["银奖", "铜奖"], "places": "4"})
    page = office.get(made.location).text
    assert "只发给银奖、铜奖、只发给前 4 名" in page
    batch = get(Batch, uuid.UUID(made.location.rpartition("/")[2]))
    assert names_in(batch) == ["选手002", "选手003", "选手004"]
    # What was wanted stays when the list is read again.
    publish(cast, contest, db.session.scalars(select(Entry).order_by(Entry.name)).all())
    again = service.prepare_anew(batch.id, actor=cast.actor("organizer"), at=cast.at)
    assert (names_in(again), again.settings["only"]) == (names_in(batch), {"awards": ["银奖", "铜奖"], "places": 4})


def names_in(batch: Batch) -> list[str]:
    return [one.data["姓名"] for one in queries.plan_of(batch).people]
