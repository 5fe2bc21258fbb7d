"""Handing out: who fetched what, the order of the stage with its readings, the papers of both, labels for envelopes."""

import io
import re
import uuid
from datetime import UTC, date, datetime

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from competition.accounts.pinyin import spoken_name
from competition.certificates import outs_paper, queries_outs, rules_labels, rules_outs
from competition.certificates import service_outs as outs
from competition.certificates.models import Batch
from competition.certificates.models_outs import HandOut
from competition.certificates.service_register import ask_replace
from competition.core import approvals, audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import store
from competition.core.pictures import text_of
from competition.core.sheets import read_table
from competition.registration.models import Entry
from competition.results.models import PublishedRow
from tests.cast import Cast
from tests.certificates.given import certificates, issued, prepared, published
from tests.queries import statements_of

NAMES = {1: "单小梅", 2: "曾乐", 3: "卓玛·才让", 4: "马秀兰"}
DAY = date(2026, 6, 1)


def note(cast: Cast, batch: Batch, *positions: int, by: str = "测试领队") -> list[HandOut]:
    held = certificates(batch)
    return outs.note_hand_outs(batch.id, [held[n].id for n in positions], fetched_by=by, fetched_on=DAY, note="", at=cast.at,
                               actor=cast.actor("organizer"))


def here(batch: Batch) -> str:
    return f"/manage/contests/{batch.contest_id}/certificates/{batch.id}"


def drawing() -> bytes:
    """A page of the size of a certificate."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        pdf.save(out)
    return out.getvalue()


def words_of(pdf: bytes, page: int = 0) -> str:
    return "".join(text_of(pdf, page).split())


@pytest.fixture
def batch(cast: Cast) -> Batch:
    return issued(cast, published(cast, 4, names=NAMES))


@pytest.fixture
def office(client: FlaskClient, cast: Cast) -> FlaskClient:
    return cast.sign_in(client, cast.account("organizer"))


# ---- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "spoken"), [
    ("单小梅", "Shàn Xiǎoméi"), ("曾乐", "Zēng Lè"), ("欧阳娜", "Ōuyáng Nà"), ("吕绿", "Lǚ Lǜ"), ("卓玛·才让", "Zhuómǎ Cáiràng"),
    ("任西安", "Rén Xī'ān"), ("བསོད་ནམས", "བསོད་ནམས"),
])
def test_names_are_read_with_tones_and_surnames_as_surnames(name: str, spoken: str) -> None:
    assert spoken_name(name) == spoken


def test_the_last_prize_is_called_first_and_the_best_one_last() -> None:
    ranking = [(("项目", award), n) for n, award in enumerate(["金奖", "银奖", "银奖", "铜奖", "银奖"], 1)]
    assert rules_outs.in_reverse(ranking) == [
        (("项目", "铜奖"), [4]), (("项目", "银奖"), [5, 3, 2]), (("项目", "金奖"), [1])]


def test_pinyin_is_latin_with_tones() -> None:
    assert rules_outs.read_pinyin("  Mǎ   Xiùlán ") == "Mǎ Xiùlán"
    assert rules_outs.read_pinyin("") == ""
    for wrong in ("马 Xiulan", "Ma <b>", "Ma1 Xiu4"):
        with pytest.raises(ValueError, match="拉丁字母"):
            rules_outs.read_pinyin(wrong)
    with pytest.raises(ValueError, match="太长"):
        rules_outs.read_pinyin("a" * 121)


@pytest.mark.parametrize("key", rules_labels.SHEETS)
def test_labels_of_the_trade_lie_on_the_sheet_and_not_on_each_other(key: str) -> None:
    sheet = rules_labels.SHEETS[key]
    rules_labels.check_sheet(sheet)
    assert len({sheet.place(n) for n in range(sheet.count)}) == sheet.count
    assert sheet.moved(1, -0.5).place(0) == (sheet.left + 1, sheet.top - 0.5)


@pytest.mark.parametrize(("sheet", "words"), [
    (rules_labels.LabelSheet(3, 7, 80, 38, 0, 0), "放不下"), (rules_labels.LabelSheet(0, 7, 80, 38, 0, 0), "每行"),
    (rules_labels.LabelSheet(2, 7, 5, 38, 0, 0), "太小"), (rules_labels.LabelSheet(2, 7, 80, 38, -1, 0), "小于 0")])
def test_labels_that_do_not_lie_on_the_sheet_are_refused(sheet: rules_labels.LabelSheet, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rules_labels.check_sheet(sheet)


def test_text_shrinks_into_its_label_or_is_refused() -> None:
    small = rules_labels.LabelSheet(1, 1, 30, 15, 0, 0)
    assert rules_labels.sizes(rules_labels.SHEETS["14"], [("试甲", 19)]) == [19]
    shrunk = rules_labels.sizes(small, [("试甲乙丙丁戊己庚", 19)])
    assert shrunk is not None
    assert shrunk[0] < 19
    assert rules_labels.sizes(small, [("试" * 200, 19)]) is None


# ---- verbs ---------------------------------------------------------------------------------------


def test_what_was_fetched_is_noted_once_and_taken_back_with_a_reason(any_cast: Cast) -> None:
    batch = issued(any_cast, published(any_cast, 3))
    first = note(any_cast, batch, 0, 1)
    with pytest.raises(RuleBroken, match="已登记为领取"):
        note(any_cast, batch, 1, 2)
    assert sum(fetched for _group, _all, fetched in queries_outs.groups_of(batch.id)) == 2
    outs.undo_hand_out(first[1].id, "登记错了人", actor=any_cast.actor("organizer"), at=any_cast.at)
    with pytest.raises(RuleBroken, match="已经撤回"):
        outs.undo_hand_out(first[1].id, "再来", actor=any_cast.actor("organizer"), at=any_cast.at)
    note(any_cast, batch, 1, 2)
    noted = queries_outs.hand_outs_of(certificates(batch)[1].id)
    assert sorted(one.undone_reason or "" for one in noted) == ["", "登记错了人"]
    acts = [row.act for row in db.session.scalars(select(AuditRow).where(AuditRow.act.contains("hand_out")).order_by(AuditRow.seq))]
    assert acts == ["certificates.hand_out", "certificates.hand_out_undone", "certificates.hand_out"]
    assert not any("测试领队" in row.line for row in db.session.scalars(select(AuditRow)))
    with atomic():
        outs.forget_outs([], ["测试领队"], "已删除")
        audit.record("test.erase", actor=SYSTEM, subject=("batch", batch.id), at=any_cast.at)
    assert {one.fetched_by for one in db.session.scalars(select(HandOut).execution_options(populate_existing=True))} == {"已删除"}


def test_nothing_chosen_another_batch_and_tomorrow_are_refused(cast: Cast, batch: Batch) -> None:
    other = issued(cast, published(cast, 1))
    said = {"fetched_by": "测试领队", "note": "", "actor": cast.actor("organizer"), "at": datetime(2026, 6, 1, 17, tzinfo=UTC)}
    with pytest.raises(RuleBroken, match="先在名单里勾选"):
        outs.note_hand_outs(batch.id, [], fetched_on=DAY, **said)
    with pytest.raises(RuleBroken, match="不属于这一批"):
        outs.note_hand_outs(batch.id, [certificates(batch)[0].id, certificates(other)[0].id], fetched_on=DAY, **said)
    own = [certificates(batch)[0].id]
    with pytest.raises(RuleBroken, match="不能在今天之后"):
        outs.note_hand_outs(batch.id, own, fetched_on=date(2026, 6, 3), **said)
    # One in the morning at home is the evening before in UTC.
    assert outs.note_hand_outs(batch.id, own, fetched_on=date(2026, 6, 2), **said)


def test_a_corrected_certificate_stands_where_the_old_one_stood(cast: Cast, batch: Batch) -> None:
    old = certificates(batch)[2]
    asked = ask_replace(old.id, {"姓名": "卓玛·才让措"}, "证件上是这个名字", cast.actor("organizer"), cast.at)
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    held = queries_outs.all_held(batch.id)
    assert [one.name for one in held] == ["单小梅", "曾乐", "卓玛·才让措", "马秀兰"]
    assert held[2].number != old.number
    with pytest.raises(RuleBroken, match="已替换"):
        note(cast, batch, 2)
    outs.note_hand_outs(batch.id, [held[2].id], fetched_by="测试领队", fetched_on=DAY, note="", actor=cast.actor("organizer"), at=cast.at)
    fetched = [fetched for _group, _all, fetched in queries_outs.groups_of(held[2].batch_id)]
    assert fetched == [1], "the same certificate in the batch that it came with"


def test_readings_are_kept_for_the_next_contest_of_the_union(any_cast: Cast) -> None:
    publication = published(any_cast, 2, names=NAMES)
    batch = issued(any_cast, publication)
    subject = queries_outs.key_of(certificates(batch)[1])
    actor = any_cast.actor("organizer")
    assert outs.keep_readings(batch, {(subject, "曾乐"): "Zēng Yuè"}, actor=actor, at=any_cast.at) == 1
    assert outs.keep_readings(batch, {(subject, "曾乐"): "Zēng Yuè"}, actor=actor, at=any_cast.at) == 0
    later = issued(any_cast, publication, "participation")
    called = [called for _key, group in queries_outs.on_stage(later) for one in group for called in one.called]
    assert [(one.pinyin, one.is_checked) for one in called] == [("Zēng Yuè", True), ("Shàn Xiǎoméi", False)]
    outs.keep_readings(batch, {(subject, "曾乐"): ""}, actor=actor, at=any_cast.at)
    assert queries_outs.readings(batch.contest.host_union_id, certificates(batch))[subject, "曾乐"].pinyin == "Zēng Lè"
    with pytest.raises(RuleBroken, match="名单在您打开页面之后有变化"):
        outs.keep_readings(batch, {(uuid.uuid4(), "曾乐"): "Zeng"}, actor=actor, at=any_cast.at)
    with pytest.raises(RuleBroken, match="拉丁字母"):
        outs.keep_readings(batch, {(subject, "曾乐"): "增乐"}, actor=actor, at=any_cast.at)


# ---- the person's own page -----------------------------------------------------------------------


def test_a_holder_sees_the_chain_and_a_picture_to_keep_in_wechat(client: FlaskClient, cast: Cast) -> None:
    batch = issued(cast, published(cast, 2))
    own, other = certificates(batch)
    account = cast.account("contestant", name="持证人")
    with atomic():
        paper = store(drawing(), name="x.pdf", media_type="application/pdf", sensitivity="personal", actor=SYSTEM, at=cast.at)
        entry = get(Entry, db.session.scalars(select(PublishedRow.entry_id).where(PublishedRow.id == own.row_id)).one())
        entry.account_id, own.file_id = account.id, paper.id
        audit.record("test.own", actor=SYSTEM, subject=("entry", entry.id), at=cast.at)
    asked = ask_replace(own.id, {"姓名": "改名试甲"}, "证件上是这个名字", cast.actor("organizer"), cast.at)
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)
    newer = queries_outs.all_held(batch.id)[0]
    cast.sign_in(client, account)
    page = client.get(f"/my/certificates/{own.id}")
    assert all(said in page.text for said in ("更正经过", own.number, newer.number, "证件上是这个名字", "已替换", "下载 PDF"))
    in_wechat = client.get(f"/my/certificates/{own.id}", headers={"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"}).text
    assert ("长按上面的图片" in in_wechat, "在浏览器打开" in in_wechat) == (True, True)
    picture = client.get(f"/my/certificates/{own.id}/certificate.png")
    assert Image.open(io.BytesIO(picture.data)).width == 1600
    mine = client.get(f"/my/entries/{entry.id}").text
    assert (f"/my/certificates/{own.id}" in mine, f"/my/certificates/{newer.id}" in mine, newer.number in mine) == (True, True, True)
    assert f"/my/certificates/{newer.id}" in client.get("/my/entries").text, "one valid certificate: straight to it"
    for address in (f"/my/certificates/{other.id}", f"/my/certificates/{other.id}/certificate.png"):
        assert client.get(address).status_code == 404
    cast.sign_in(client, cast.account("organizer"))
    staff = client.get(f"/manage/contests/{batch.contest_id}/registration/entries/{entry.id}").text
    assert f"certificates/register/{newer.id}" in staff


# ---- pages and papers ----------------------------------------------------------------------------


def test_the_list_is_ticked_filtered_and_undone_on_its_pages(office: FlaskClient, batch: Batch) -> None:
    page = f"{here(batch)}/outs"
    held = certificates(batch)
    assert "已领 0 份" in office.get(page).text
    answer = office.post(page, data={"ids": [str(held[0].id)], "fetched_by": "", "fetched_on": "2026-06-01"})
    assert (answer.status_code, "请填写领取人姓名" in answer.text) == (422, True)
    assert f'value="{held[0].id}" data-pick checked' in answer.text
    assert "先在名单里勾选" in office.post(page, data={"ids": ["x"], "fetched_by": "测试领队", "fetched_on": "2026-06-01"}).text
    sent = {"ids": [str(held[0].id), str(held[1].id)], "fetched_by": "测试领队", "fetched_on": "2026-06-01", "note": "代领"}
    assert office.post(f"{page}?state=no", data=sent).location.endswith("?state=no")
    assert "已领 2 份" in office.get(page).text
    assert ("单小梅" in office.get(f"{page}?state=no").text, "单小梅" in office.get(f"{page}?q=单小&state=yes").text) == (False, True)
    one = f"/manage/contests/{batch.contest_id}/certificates/register/{held[0].id}/hand-out"
    assert "测试领队" in office.get(one).text
    noted = db.session.scalars(select(HandOut).where(HandOut.certificate_id == held[0].id)).one()
    assert office.post(f"{one}/{noted.id}/undo", data={"reason": ""}).status_code == 422
    assert office.post(f"{one}/{noted.id}/undo", data={"reason": "登记错了人"}).status_code == 303
    assert "登记错了人" in office.get(one).text
    other = f"/manage/contests/{batch.contest_id}/certificates/register/{held[1].id}/hand-out/{noted.id}/undo"
    assert office.post(other, data={"reason": "别人的"}).status_code == 404


def test_a_batch_that_is_not_issued_has_nothing_to_hand_out(office: FlaskClient, cast: Cast) -> None:
    waiting = prepared(cast, published(cast, 1))
    for page in ("outs", "ceremony", "labels.pdf"):
        answer = office.get(f"{here(waiting)}/{page}")
        assert (answer.status_code, "签发以后" in answer.text) == (200, True), page
    for page in ("outs/sign.pdf", "ceremony.xlsx"):
        assert office.post(f"{here(waiting)}/{page}", data={"purpose": "现场发放"}).status_code == 404


def test_the_register_to_sign_says_everything_on_pages_of_each_delegation(office: FlaskClient, cast: Cast, batch: Batch) -> None:
    note(cast, batch, 0)
    pdf = office.post(f"{here(batch)}/outs/sign.pdf", data={"purpose": "现场发放"}).data
    words = words_of(pdf)
    for said in ("证书领取签收表", "领取人签名", "测试证书", "单小梅", "卓玛·才让", "已领：测试领队", "第1页，共1页", "用途：现场发放",
                 *(one.number for one in certificates(batch))):
        assert said in words, said
    table = read_table(office.post(f"{here(batch)}/outs/sign.xlsx", data={"purpose": "现场发放"}).data)
    assert table[1][:3] == ["代表团或单位", "序号", "姓名或名称"]
    assert [row[2] for row in table[2:]] == ["单小梅", "马秀兰", "曾乐", "卓玛·才让"], "by delegation"
    assert table[2][6:8] == ["测试领队", "2026-06-01"]


def test_the_host_reads_the_last_prize_first(office: FlaskClient, batch: Batch) -> None:
    pdf = office.post(f"{here(batch)}/ceremony.pdf", data={"purpose": "颁奖仪式"}).data
    words = words_of(pdf) + words_of(pdf, 1)
    places = [words.index(said) for said in ("铜奖（1人）", "马秀兰", "银奖（2人）", "卓玛·才让", "曾乐", "金奖（1人）", "单小梅")]
    assert places == sorted(places)
    assert "ShànXiǎoméi" in words
    table = read_table(office.post(f"{here(batch)}/ceremony.xlsx", data={"purpose": "颁奖仪式"}).data)
    assert [(row[3], row[4]) for row in table[2:]] == [
        ("马秀兰", "Mǎ Xiùlán"), ("卓玛·才让", "Zhuómǎ Cáiràng"), ("曾乐", "Zēng Lè"), ("单小梅", "Shàn Xiǎoméi")]


def test_readings_are_corrected_on_the_page_of_the_ceremony(office: FlaskClient, batch: Batch) -> None:
    page = f"{here(batch)}/ceremony"
    field = f"read:{queries_outs.key_of(certificates(batch)[1])}:曾乐"
    assert f'name="{field}" value="Zēng Lè"' in office.get(page).text
    wrong = office.post(page, data={field: "曾 Le"})
    assert (wrong.status_code, 'value="曾 Le"' in wrong.text, "拉丁字母" in wrong.text) == (422, True, True)
    assert office.post(page, data={field: "Zēng Yuè"}).status_code == 303
    assert re.search(r'value="Zēng Yuè".*?已核对', office.get(page).text, re.DOTALL)
    assert office.post(page, data={f"read:{uuid.uuid4()}:曾乐": "Zeng"}).status_code == 409


def test_labels_are_printed_from_the_first_that_is_left(office: FlaskClient, batch: Batch) -> None:
    page = f"{here(batch)}/labels.pdf"
    assert "14 张" in office.get(page).text
    pdf = office.post(page, data={"first": "13"}).data
    assert all(name in words_of(pdf) + words_of(pdf, 1) for name in NAMES.values())
    assert "单小梅" in words_of(pdf)
    assert "单小梅" not in words_of(pdf, 1)
    assert "第1代表团证书2份" in words_of(office.post(page, data={"what": "group", "sheet": "own", "columns": "1", "rows": "3"}).data)
    for sent, words in (({"sheet": "own", "columns": "5"}, "放不下"), ({"right_mm": "30"}, "偏移应在"), ({"first": "0"}, "1 到 300"),
                        ({"sheet": "own", "width": "20", "height": "10"}, "标签放不下"), ({"printer": str(uuid.uuid4())}, "错误")):
        answer = office.post(page, data=sent)
        assert (answer.status_code, words in answer.text) == (422, True), sent
    assert len(list(db.session.scalars(select(AuditRow).where(AuditRow.act == "certificates.labels")))) == 2


def test_a_rare_character_is_printed_as_on_the_certificate(cast: Cast, batch: Batch) -> None:
    held = certificates(batch)
    assert outs_paper.Letters(held).write("单<小梅") == "单&lt;小梅"
    pdf = outs_paper.labels_pdf(held[:1], rules_labels.SHEETS["14"], what="one", first=1)
    assert "单小梅" in words_of(pdf)


@pytest.mark.parametrize("role", ["judge", "contestant", "supervisor", "leader"])
def test_others_hand_nothing_out(client: FlaskClient, cast: Cast, batch: Batch, role: str) -> None:
    cast.sign_in(client, cast.account(role))
    for page in ("outs", "outs/sign.pdf", "ceremony", "ceremony.xlsx", "labels.pdf"):
        assert client.get(f"{here(batch)}/{page}").status_code in (403, 404), page
    assert client.post(f"{here(batch)}/outs", data={"ids": [str(certificates(batch)[0].id)]}).status_code in (403, 404)


def test_an_office_of_another_contest_hands_nothing_out(client: FlaskClient, cast: Cast, batch: Batch) -> None:
    other = published(cast, 1)
    cast.sign_in(client, cast.account("organizer", "contest", other.contest_id))
    assert client.get(f"{here(batch)}/outs").status_code == 404
    through = f"/manage/contests/{other.contest_id}/certificates/{batch.id}"
    assert [client.get(f"{through}/{page}").status_code for page in ("outs", "ceremony", "labels.pdf", "outs/sign.pdf")] == [404] * 4


def test_lists_cost_the_same_with_one_and_with_many(client: FlaskClient, cast: Cast) -> None:
    few, many = issued(cast, published(cast, 1)), issued(cast, published(cast, 8))
    cast.sign_in(client, cast.account("organizer"))
    for page in ("outs", "ceremony"):
        assert len(statements_of(client, f"{here(few)}/{page}")) == len(statements_of(client, f"{here(many)}/{page}")), page
