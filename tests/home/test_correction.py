"""A correction: asked for by the person, compared and applied by the union's clerk; and every refusal."""

import uuid
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.accounts import service_help
from competition.accounts.identity import parse_document, parse_phone
from competition.accounts.models import Account, HelpRequest, Person
from competition.accounts.service_correct import FIELDS, Line, ask_correction, document_of, person_lines, settle_correction, wanted_of
from competition.core import audit
from competition.core.actors import Actor
from competition.core.crypto import blind_index
from competition.core.database import db, get
from competition.core.errors import Forbidden, RuleBroken
from competition.counting.models import Fact
from competition.counting.rules_periods import age_band
from competition.notices.models import Message
from competition.registration.models import Entry
from competition.registration.service_correct import entry_lines
from competition.results.models import PublishedRow
from tests import builders
from tests.cast import Cast, id_card, phone
from tests.home import own

RIGHT = id_card(775, born="19910203")
NOTE, WHY = "身份证上的名字少写了一个字", "本人持身份证原件到窗口，已核对"


def clerk(cast: Cast) -> Actor:
    return cast.actor("clerk", "union", cast.county.id, name="测试办理人")


def ask(cast: Cast, story: own.Story, lines: list[Line], entry: Entry | None = None) -> HelpRequest:
    return ask_correction(
        story.account_id, lines, person=story.person, document=document_of(story.person), phone=parse_phone(phone(own.SERIAL)),
        union_id=cast.county.id, note=NOTE, at=cast.at, entry=(entry.id, entry.contest.name) if entry else None)


def lines(story: own.Story, **more: Any) -> list[Line]:
    values: dict[str, Any] = {"name": "", "document": None, "birth_on": None, "sex": ""}
    return person_lines(story.account, story.person, **(values | more))


def test_a_name_is_corrected_everywhere_but_in_what_was_published(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    asked = ask(any_cast, story, lines(story, name="试更正甲"))
    assert [(line.field, line.before, line.after) for line in wanted_of(asked).lines] == [("name", own.NAME, "试更正甲")]
    done = settle_correction(asked.id, "", WHY, actor=clerk(any_cast), at=any_cast.at)
    assert (done.state, done.decided_name) == ("done", "测试办理人")
    assert (story.person.name, story.person.name_pinyin, story.account.display_name) == ("试更正甲", "Shi Gengzhengjia", "试更正甲")
    assert story.entry.name == "试更正甲"
    assert db.session.scalars(select(PublishedRow.public_name)).one() == own.NAME
    assert own.certificate_of(story).name == own.NAME
    told = db.session.scalars(select(Message).where(Message.account_id == story.account_id, Message.title == "您申请的更正已办理")).one()
    assert "已更正：姓名" in told.body
    assert "组委会" in told.body
    row = audit.history("person", story.person_id)[0]
    assert (row.act, row.reason, row.details["fields"]) == ("person.correct", WHY, ["name"])
    assert "试更正甲" not in row.line
    assert audit.history("entry", story.entry_id)[0].act == "entry.correct"
    assert list(audit.verify()) == []


def test_a_number_is_typed_again_from_the_document_and_figures_follow(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    right = parse_document("id_card", RIGHT)
    asked = ask(any_cast, story, lines(story, document=right))
    with pytest.raises(RuleBroken) as refused:
        settle_correction(asked.id, id_card(776), WHY, actor=clerk(any_cast), at=any_cast.at)
    assert (refused.value.code, refused.value.details["field"]) == ("number_unfit", "number")
    before = story.person.document_index
    settle_correction(asked.id, f" {RIGHT[:6]} {RIGHT[6:]}", WHY, actor=clerk(any_cast), at=any_cast.at)
    person = story.person
    assert (document_of(person).number, person.document_index) == (RIGHT, blind_index("document", right.index_text))
    assert (person.birth_on, person.document_masked) == (date(1991, 2, 3), right.masked)
    fact = db.session.scalars(select(Fact)).one()
    band = age_band(1991, fact.present_on.year)
    assert (fact.participant.key, fact.standing.age_band, fact.withdrawn_at) == (person.document_index, band, None)
    assert before != person.document_index


def test_a_number_of_somebody_else_is_not_taken_over(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    builders.approved_entries(any_cast, builders.make_contest(any_cast), 1, document=parse_document("id_card", RIGHT))
    asked = ask(any_cast, story, lines(story, document=parse_document("id_card", RIGHT)))
    with pytest.raises(RuleBroken, match="另一个人"):
        settle_correction(asked.id, RIGHT, WHY, actor=clerk(any_cast), at=any_cast.at)
    assert get(HelpRequest, asked.id).state == "open"


def test_work_and_union_of_one_entry(any_cast: Cast) -> None:
    story = own.certified(any_cast)
    entry = story.entry
    found = entry_lines(entry, employer="试更正单位", union_id=any_cast.prefecture.id)
    asked = ask(any_cast, story, found, entry)
    settle_correction(asked.id, "", WHY, actor=clerk(any_cast), at=any_cast.at)
    assert (story.entry.employer, story.entry.union_id) == ("试更正单位", any_cast.prefecture.id)
    assert db.session.scalars(select(Fact)).one().standing.place.union_id == any_cast.prefecture.id
    assert entry_lines(story.entry, employer="试更正单位", union_id=any_cast.prefecture.id) == []


def test_an_entry_under_review_is_corrected_otherwise(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    with pytest.raises(RuleBroken, match="没有通过审核"):
        entry_lines(story.entry, employer="试更正单位", union_id=None)
    assert entry_lines(story.entry, employer="", union_id=None) == []


def test_birthday_and_sex_of_a_card_follow_from_the_number(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    with pytest.raises(RuleBroken) as refused:
        lines(story, birth_on=date(1990, 1, 2))
    assert (refused.value.code, refused.value.details["field"]) == ("said_by_number", "birth_on")
    passport = parse_document("passport", "E12345678", "CN")
    found = lines(story, document=passport, birth_on=date(1990, 1, 2), sex="female")
    assert {line.field for line in found} <= FIELDS.keys()
    settle_correction(ask(any_cast, story, found).id, "e12345678", WHY, actor=clerk(any_cast), at=any_cast.at)
    assert (story.person.document_type, story.person.birth_on) == ("passport", date(1990, 1, 2))


def test_nothing_wrong_nothing_asked(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    assert lines(story, name=own.NAME, document=document_of(story.person)) == []
    with pytest.raises(RuleBroken, match="没有需要更正"):
        ask(any_cast, story, [])


def test_who_may_not_settle_and_what_is_no_correction(any_cast: Cast) -> None:
    story = own.entered(any_cast)
    asked = ask(any_cast, story, lines(story, name="试更正甲"))
    for actor, why, expected in ((story.actor, WHY, Forbidden), (clerk(any_cast), " ", RuleBroken),
                                 (Actor("account", uuid.uuid4(), story.person_id, "x"), WHY, Forbidden)):
        with pytest.raises(expected):
            settle_correction(asked.id, "", why, actor=actor, at=any_cast.at)
    service_help.refuse_help(asked.id, "证件与申请不符", actor=clerk(any_cast), at=any_cast.at)
    told = db.session.scalars(select(Message).where(Message.account_id == story.account_id, Message.kind == "account")).one()
    assert ("更正登记信息" in told.title, "证件与申请不符" in told.body) == (True, True)
    with pytest.raises(RuleBroken, match="已经办理过"):
        settle_correction(asked.id, "", WHY, actor=clerk(any_cast), at=any_cast.at)
    other = service_help.ask_help("document", name=own.NAME, document=document_of(story.person), phone=parse_phone(phone(own.SERIAL)),
                                  union_id=any_cast.county.id, note="", at=any_cast.at, account_id=story.account_id)
    with pytest.raises(RuleBroken, match="不是更正"):
        settle_correction(other.id, "", WHY, actor=clerk(any_cast), at=any_cast.at)
    with pytest.raises(RuleBroken, match="与申请不符"):
        service_help.give_link(ask(any_cast, story, lines(story, name="试更正乙")).id, story.account_id, WHY, actor=clerk(any_cast),
                               at=any_cast.at)
    assert story.person.name == own.NAME


def form(cast: Cast, **more: str) -> dict[str, str]:
    return {"document_kind": "id_card", "phone": phone(own.SERIAL), "union": str(cast.county.id), "note": NOTE, **more}


def test_asked_on_the_page_and_settled_on_the_clerks(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    page = client.get("/my/data/correction").text
    for said in (f"现在登记的是：{own.NAME}", "证书上的内容不对，由该赛事的组委会更正", "测试拉面职工职业技能竞赛"):
        assert said in page
    assert client.post("/my/data/correction", data=form(cast)).status_code == 422, "nothing to correct"
    mistyped = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")
    for wrong, sentence in (({"name": "<b>"}, "不能使用的字符"), ({"document_number": mistyped}, "校验位"),
                            ({"employer": "某店"}, "请选择是哪一份报名"), ({"note": "", "name": "试更正甲"}, "请说明哪里不对")):
        answer = client.post("/my/data/correction", data=form(cast, **wrong))
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert client.post("/my/data/correction", data=form(cast, employer="某店", entry=str(uuid.uuid4()))).status_code == 422
    done = client.post("/my/data/correction", data=form(cast, name="试更正甲", document_number=RIGHT))
    assert (done.status_code, "您的编号" in done.text) == (200, True)
    db.session.rollback()
    asked = db.session.scalars(select(HelpRequest)).one()
    assert "待办理" in client.get("/my/data").text
    cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id))
    assert client.get(f"/manage/help/{asked.id}").status_code == 404
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert "更正登记信息" in client.get("/manage/help").text
    page = client.get(f"/manage/help/{asked.id}").text
    assert "试更正甲" in page
    assert RIGHT not in page, "the clerk reads the number from the document, not from the page"
    where = f"/manage/help/{asked.id}/done"
    assert client.post(where, data={"checked": "y", "reason": WHY, "number": id_card(9)}).status_code == 422
    assert client.post(where, data={"checked": "y", "reason": WHY, "number": RIGHT}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, story.person_id).name == "试更正甲"


def test_of_an_entry_decides_the_union_that_it_belongs_to(client: FlaskClient, cast: Cast) -> None:
    story = own.certified(cast)
    cast.sign_in(client, story.account)
    sent = form(cast, entry=str(story.entry_id), employer="试更正单位", union=str(cast.other_county.id))
    assert client.post("/my/data/correction", data=sent).status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(HelpRequest.union_id)).one() == cast.county.id


def test_without_an_entry_the_accounts_name_alone_and_a_document_to_compare(client: FlaskClient, cast: Cast) -> None:
    account = own.sign_up(cast)
    known = builders.approved_entries(cast, builders.make_contest(cast), 1, name="试真人丙", document=parse_document("id_card", RIGHT))[0]
    cast.sign_in(client, account)
    assert client.post("/my/data/correction", data=form(cast, name="试更正甲")).status_code == 422
    assert client.post("/my/data/correction", data=form(cast, name="试更正甲", document_number=RIGHT)).status_code == 200
    db.session.rollback()
    asked = db.session.scalars(select(HelpRequest)).one()
    settle_correction(asked.id, "", WHY, actor=clerk(cast), at=cast.at)
    assert db.session.get_one(Account, account.id).display_name == "试更正甲"
    assert get(Entry, known.id).name == get(Person, known.person_id).name == "试真人丙", "the typed document names nobody"
