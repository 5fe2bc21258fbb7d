"""The pages of paper sheets: printed, keyed by two people who see nothing of each other, compared."""

import re

import pypdfium2
import pytest
from flask.testing import FlaskClient
from lxml import html

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.judging import queries, queries_paper, service
from competition.judging.queries_paper import OnPaper
from tests.cast import Cast
from tests.judging.pages import base, page, post
from tests.judging.test_api import broth as broth
from tests.queries import statements_of

BOXES = "//input[contains(@name, '__')]"


@pytest.fixture
def paper(broth: Round) -> OnPaper:
    return queries_paper.printed(broth, list_works(broth.id)[:1], queries.seats_of_round(broth.id)[:1])[0]


def keeper(client: FlaskClient, cast: Cast, name: str) -> FlaskClient:
    return cast.sign_in(client, cast.account("scorekeeper", name=name))


def boxes(paper: OnPaper, **changed: str) -> dict[str, str]:
    return {box.field: changed.get(line.criterion.key, "5") for line in paper.lines for box in line.boxes}


def test_from_the_scan_to_the_marks(client: FlaskClient, broth: Round, paper: OnPaper, cast: Cast) -> None:
    listing, one = f"{base(broth)}/rounds/{broth.id}/paper", f"{base(broth)}/rounds/{broth.id}/paper/sheets/{paper.number}"
    keeper(client, cast, "测试甲")
    post(client, listing, number=str(paper.number).lower())
    form = html.fromstring(page(client, one))
    assert {field.get("inputmode") for field in form.xpath(BOXES)} == {"decimal"}
    assert "第一遍录入" in form.text_content()
    # A wrong box: the sentence stands by it, and nothing that was typed is lost.
    refused = html.fromstring(post(client, one, 422, **boxes(paper, taste="1000")))
    assert refused.xpath("//input[@name='taste__1__0']/@value")[0] == "1000"
    assert refused.xpath("//input[@name='hygiene__1__0']/@value")[0] == "5"
    post(client, one, **boxes(paper, taste="20"))
    assert "等待第二人录入" in page(client, listing)
    assert "第二遍请由另一人" in post(client, listing, 409, number=str(paper.number))
    answer = client.get(one)
    assert answer.status_code == 303, "who keyed it first does not see it again"
    watching = cast.sign_in(client.application.test_client(), cast.account("chief_judge"))
    told = page(watching, f"{base(broth)}/rounds/{broth.id}/works/{paper.work.id}")
    assert "第 1 次录入" in told
    assert "滋味 20" not in told, "the chief judge may key it next"
    keeper(client, cast, "测试乙")
    blind = html.fromstring(page(client, one))
    assert "第二遍录入" in blind.text_content()
    assert all(not field.get("value") for field in blind.xpath(BOXES)), "the first figures are not shown"
    post(client, one, **boxes(paper, taste="10"))
    shown = html.fromstring(page(client, one)).xpath("//div[@class='paper-differs']")
    assert len(shown) == 1
    assert " ".join(shown[0].text_content().split()).startswith("滋味：两人录的不一样，请再看一遍纸面。")
    assert shown[0].xpath(".//input/@value") == ["10"], "the other person's figure is not shown"
    assert "20" not in " ".join(shown[0].itertext())
    post(client, one, **boxes(paper, taste="20"))
    assert "两遍一致，已计入并提交，核对码" in page(client, listing)
    assert len(queries.marks_of_event(broth.event_id)) == len(paper.lines)
    chief = cast.sign_in(client, cast.account("chief_judge"))
    record = page(chief, f"{base(broth)}/rounds/{broth.id}/works/{paper.work.id}")
    assert re.search(r"第 3 次录入.*测试乙", record)


def test_what_stands_on_the_printed_sheets(client: FlaskClient, broth: Round, paper: OnPaper, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer", "union", cast.province.id))
    address = f"{base(broth)}/rounds/{broth.id}/paper/sheets"
    answer = client.get(f"{address}.pdf?seat=1")
    assert answer.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(answer.data)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 2
    assert all(said in text for said in (str(paper.number), paper.work.code, "1 号裁判", "评分规则第 1 版", "裁判员签名"))
    names = [line.criterion.name.zh for line in paper.lines]
    assert sorted(text.index(name) for name in names) == [text.index(name) for name in names], "in the tablet's order"
    document.close()
    shown = html.fromstring(page(client, address))
    assert len(shown.xpath("//section[@class='score-sheet']")) == 6
    assert len(shown.xpath("//div[@class='score-box']")) == 6 * len(boxes(paper))
    assert client.get(f"{address}?batch=99").status_code == 303


def test_begun_keyings_are_dropped_by_the_chief_judge_alone(client: FlaskClient, broth: Round, paper: OnPaper, cast: Cast) -> None:
    service.key_sheet(broth.id, str(paper.number), boxes(paper), actor=cast.actor("scorekeeper", name="测试甲"), at=cast.at)
    one = f"{base(broth)}/rounds/{broth.id}/paper/sheets/{paper.number}/drop"
    keeper(client, cast, "测试乙")
    post(client, one, 403, reason="测试：拿错了表")
    cast.sign_in(client, cast.account("chief_judge"))
    assert "作废这张表的录入" in page(client, one)
    post(client, one, 422, reason="")
    post(client, one, reason="测试：拿错了表")
    post(client, one, 404, reason="测试：拿错了表")
    assert page(client, f"{base(broth)}/rounds/{broth.id}/paper/sheets/NO-1-1-AA", 404)


def test_the_list_asks_as_much_for_many_sheets_as_for_one(client: FlaskClient, broth: Round, cast: Cast) -> None:
    first = cast.actor("scorekeeper", name="测试甲")
    sheets = queries_paper.printed(broth, list_works(broth.id), queries.seats_of_round(broth.id))
    cast.sign_in(client, cast.account("chief_judge"))
    counts = []
    for some in (sheets[:1], sheets[1:]):
        for one in some:
            service.key_sheet(broth.id, str(one.number), boxes(one), actor=first, at=cast.at)
        counts.append(len(statements_of(client, f"{base(broth)}/rounds/{broth.id}/paper")))
    assert counts[0] == counts[1]
