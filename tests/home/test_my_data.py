"""The page and the file of the own data: everything about oneself, nobody else, numbers in full for the password alone."""

import io

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.accounts.identity import parse_document
from competition.contests.models import Contest
from competition.core.audit import AuditRow
from competition.core.database import db, get
from competition.registration import service as registration
from tests import builders
from tests.cast import Cast, id_card, phone
from tests.home import own
from tests.queries import statements_of

NUMBER = id_card(own.SERIAL)
SECTIONS = ("本人", "账号", "同意记录", "报名", "资格审核", "照片和文件", "检录和比赛当天的记录", "公布的成绩", "证书", "参赛统计", "消息",
            "登录记录", "谁查看过我的完整号码")


def sheets(data: bytes) -> dict[str, str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: "\n".join(" ".join(map(str, row)) for row in book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}


def test_everything_about_oneself_stands_on_the_page(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    page = client.get("/my/data").text
    for section in SECTIONS:
        assert f">{section}<" in page, section
    document = parse_document("id_card", NUMBER)
    said = (own.NAME, "Shi Shanchujia", own.TIBETAN, document.masked, own.EMPLOYER, own.TRADE, "试删除理由：单位名称不全", "0007", "已检录",
            "试删除备注", "金奖", own.certificate_of(story).number, "核对证件原件", "测试代表队", "敏感个人信息单独同意书")
    for words in said:
        assert words in page, words
    for address in (f"/my/entries/{story.entry_id}", f"/my/entries/{story.entry_id}/files/photo", "/terms/privacy/2", "/my/results/"):
        assert address in page


def test_nobody_else_stands_on_it(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    mate = own.enter(cast, builders.make_contest(cast, events=("basic",)), own.sign_up(cast, "试队友乙", 772), "试队友乙", 772)
    cast.sign_in(client, story.account)
    page = client.get("/my/data").text
    for hidden in ("测试办理人", "测试检录人", "测试领队", "上场：", "试队友乙", NUMBER, phone(own.SERIAL), str(mate.id)):
        assert hidden not in page, hidden
    # Who looked at the number is an office.
    assert f"{cast.county.name} 工会审核员" in page
    assert "工作消息或涉及队友" in page


def test_the_file_says_the_same_and_full_numbers_for_the_password_alone(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    assert "下载工作簿" in client.get("/my/data.xlsx").text
    masked = client.post("/my/data.xlsx")
    book = sheets(masked.data)
    assert {*SECTIONS} <= book.keys()
    everything = "\n".join(book.values())
    assert own.EMPLOYER in book["报名"]
    assert own.certificate_of(story).number in book["证书"]
    assert NUMBER not in everything
    assert phone(own.SERIAL) not in everything
    assert "测试办理人" not in everything
    assert client.post("/my/data.xlsx", data={"password": "falsch-falsch-9"}).status_code == 422
    full = sheets(client.post("/my/data.xlsx", data={"password": own.GOOD}).data)
    assert NUMBER in full["本人"]
    assert f"+86{phone(own.SERIAL)}" in full["本人"]
    taken = db.session.scalars(select(AuditRow).where(AuditRow.act == "export.home.own_data").order_by(AuditRow.seq)).all()
    assert [(row.actor_id, row.details["full"]) for row in taken] == [(story.account_id, False), (story.account_id, True)]


def test_a_typed_number_does_not_open_somebody_elses_record(client: FlaskClient, cast: Cast) -> None:
    """The person was known before: entered by a clerk, with a phone and a birthday of her own."""
    contest = builders.make_contest(cast, events=("basic",))
    document = parse_document("id_card", NUMBER)
    known = builders.approved_entries(cast, contest, 1, name="试真人丙", document=document, phone="+8619900009999")[0]
    thief = own.sign_up(cast, "试冒名丁", 773)
    own.enter(cast, builders.make_contest(cast, events=("basic",)), thief, "试冒名丁")
    cast.sign_in(client, thief)
    page = client.get("/my/data").text
    for hidden in ("试真人丙", "199****9999", "1990年1月1日", known.employer, str(known.id)):
        assert hidden not in page, hidden
    assert "试冒名丁" in page
    assert "带证件到工会核对" in page
    book = sheets(client.post("/my/data.xlsx", data={"password": own.GOOD}).data)
    assert NUMBER not in "\n".join(book.values())


def test_somebody_without_anything_sees_what_will_stand_there(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, own.sign_up(cast))
    page = client.get("/my/data").text
    assert "首次报名时填写后" in page
    assert "没有保存的内容" in page
    assert client.post("/my/data.xlsx").status_code == 200


def test_staff_have_the_page_too(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get("/my/data").text
    assert "担任过的角色" in page
    assert "工会审核员" in page


def test_the_page_costs_the_same_however_much_there_is(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    few = len(statements_of(client, "/my/data"))
    for _again in range(3):
        contest: Contest = builders.make_contest(cast, events=("basic",))
        entry = own.enter(cast, contest, story.account)
        registration.attach(entry.id, "photo", own.picture("#aa0000"), "photo.jpg", actor=story.actor, at=cast.at)
    assert get(Contest, contest.id)
    many = len(statements_of(client, "/my/data"))
    assert many == few


def test_without_a_sign_in_there_is_nothing(client: FlaskClient) -> None:
    for address in ("/my/data", "/my/data.xlsx", "/my/data/correction", "/my/data/erase", "/my/data/consent/privacy/withdraw"):
        assert client.get(address).status_code == 303
    assert client.post("/my/data/erase").status_code == 401
