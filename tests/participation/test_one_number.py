"""The same question has the same number wherever it is asked: pages, lists, paper, workbook, other systems, the tile of the target."""

import io
import re
from fractions import Fraction

from flask.testing import FlaskClient
from openpyxl import load_workbook

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic
from competition.core.files import store
from competition.counting.rules_scopes import WHOLE
from competition.counting.service import roll_up
from competition.evaluation.queries_figures import figures_of_unions
from competition.participation import queries_around as around
from competition.participation import queries_asked as answers
from competition.participation import queries_behind as behind
from competition.participation.queries_bulletin import payload
from competition.participation.queries_targets import outlook
from competition.participation.rules_bulletin import bulletin
from competition.participation.rules_questions import Question
from competition.participation.rules_targets import WITH_REPORTED
from competition.participation.service_targets import choose_headline, set_target
from competition.returns import service as returns
from competition.returns.models import Return
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.participation.given import small_year
from tests.returns.test_api import asking, token_for

MAY = 2026 * 12 + 4
YEAR = Question()
BULK, PATENTS = (100, 30), 3


def bulk(cast: Cast, found: Return, heads: int, overlap: int, patents: int) -> Return:
    """Filled in, handed up and approved by all above."""
    with atomic():
        evidence = store(b"%PDF-1.7", name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=AT)
        audit.record("test", actor=SYSTEM, subject=("file", "a"), at=AT)
    returns.put_bulk(found.id, heads, overlap, evidence.id, actor=SYSTEM, at=AT)
    returns.put_measures(found.id, {"patents": patents}, actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    for union in (cast.prefecture, cast.province):
        returns.approve_return(found.id, union.id, actor=SYSTEM, at=AT)
    return found


def begun(cast: Cast) -> Return:
    return returns.begin_return(cast.county.id, make_contest(cast, phase="finished").id, MAY, "bulk", actor=SYSTEM, at=AT)


def told(client: FlaskClient, cast: Cast) -> dict[str, tuple[int, int]]:
    """What bulk figures add to the year and how many patents there were, by who says it."""
    page = client.get("/participation/?year=2026").text
    lead = client.get("/participation/places/all/reported?year=2026").text
    paper = client.get("/participation/bulletin?year=2026").text
    book = load_workbook(io.BytesIO(client.post("/participation/export?year=2026", data={"purpose": "测试"}).data))
    rows = [row for row in book["上报与成效"].iter_rows(values_only=True) if row[0] == "630224"]
    heads = next(row for row in book["上报与成效"].iter_rows(values_only=True) if "按总数上报人数" in row)
    at = {name: heads.index(name) for name in ("按总数上报人数", "其中已实名", "国家专利")}
    api = asking(client, token_for(cast, cast.province)[1])("GET", "/figures?period=2026&scope=all").get_json()
    view = outlook(WHOLE, 2026, AT.date().replace(month=12, day=31))
    line = next(each for each in around.lines(YEAR, answers.figures(YEAR), with_more=False) or () if each.code == "630200")
    listed, named = behind.returns(YEAR, None, 1), behind.returns(YEAR, "patents", 1)
    index = figures_of_unions([cast.province], 2026, AT.date())[cast.province.id].get("patents") or Fraction(0)
    patents = int(index)
    assert view is not None
    return {
        "dashboard": (number(page, r"未实名的 (\d+) 人"), number(page, r'国家专利</dt><dd><a href="[^"]*">(\d+)')),
        "list": (number(lead, r"实际增加 (\d+) 人"), patents),
        "rows of the list": (sum((one.heads or 0) - (one.overlap or 0) for one in listed), sum(one.measures["patents"] for one in named)),
        "bulletin": (number(paper, r"未实名登记的(\d+)人"), number(paper, r"国家专利(\d+)项")),
        "workbook": (sum(row[at["按总数上报人数"]] - row[at["其中已实名"]] for row in rows), sum(row[at["国家专利"]] for row in rows)),
        "other systems": (api["heads"] - api["overlap"], api["measures"].get("patents", 0)),
        "tile": (view.more, patents), "prefecture": (line.more or 0, patents),
    }


def number(text: str, pattern: str) -> int:
    """The number that a page says; 0 where it does not say it."""
    found = re.search(pattern, re.sub(r"\s+", " ", text))
    return int(found[1]) if found else 0


def test_everybody_says_what_the_last_roll_up_counted(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    set_target(2026, 1000, None, actor=cast.actor("organizer"), at=AT)
    cast.sign_in(client, cast.account("organizer"))
    first = bulk(cast, begun(cast), *BULK, PATENTS)
    assert set(told(client, cast).values()) == {(0, 0)}, "nothing was rolled up yet"
    roll_up(at=AT)
    assert told(client, cast) == dict.fromkeys(told(client, cast), (70, 3))
    # Counted and corrected since: in no figure until the next roll-up.
    bulk(cast, begun(cast), 50, 0, 1)
    bulk(cast, returns.correct_return(first.id, "数错了", actor=SYSTEM, at=AT), 60, 30, 2)
    assert told(client, cast) == dict.fromkeys(told(client, cast), (70, 3))
    roll_up(at=AT)
    assert told(client, cast) == dict.fromkeys(told(client, cast), (80, 3))


def test_a_bulletin_says_both_attainments_where_the_number_is_with_reported(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    set_target(2026, 1000, None, actor=cast.actor("organizer"), at=AT)
    bulk(cast, begun(cast), *BULK, PATENTS)
    roll_up(at=AT)
    cast.sign_in(client, cast.account("organizer"))
    persons = answers.figures(YEAR).persons
    known, both = f"{persons / 10:.2f}%", f"{(persons + 70) / 10:.2f}%"
    before = re.sub(r"\s", "", client.get("/participation/bulletin?year=2026").text)
    assert f"累计参赛职工{persons}人" in before
    assert before.index(known) < before.index(both), "registered persons are the one number"
    choose_headline(2026, WITH_REPORTED, "按办法执行", actor=cast.actor("organizer"), at=AT)
    after = re.sub(r"\s", "", client.get("/participation/bulletin?year=2026").text)
    assert f"含上报累计参赛职工{persons + 70}人，完成年度目标1,000人的{both}" in after
    assert f"实名登记{persons}人" in after
    assert f"完成{known}" in after
    view = outlook(WHOLE, 2026, AT.date().replace(month=12, day=31))
    assert view is not None
    assert view.progress.persons == persons + 70
    old = payload(YEAR)
    del old["headline"]
    assert "含上报累计" not in "".join(bulletin(old).overall), "a snapshot of an earlier program stays what it said"
