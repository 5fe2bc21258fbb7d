"""The dashboard as people see it."""

import io
import uuid
from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, get
from competition.counting import service
from competition.counting.models import REPORTED
from competition.counting.service_facts import Told, activity_of, add
from competition.participation import service_targets
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.queries import statements_of


def add_facts(cast: Cast, count: int) -> None:
    """``count`` different people of the cast's county in one contest, then the roll-up."""
    add_facts_to(make_contest(cast, phase="finished").id, range(count))


def add_facts_to(contest_id: uuid.UUID, serials: Iterable[int]) -> None:
    """The people with these serials took part in the contest."""
    with atomic():
        add(activity_of(get(Contest, contest_id)).id, REPORTED, [Told(f"key-{n}", AT.date(), region_code="630224") for n in serials], AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "many"), at=AT)
    service.roll_up(at=AT)


def test_leader_sees_figures_against_the_target(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 12)
    service_targets.set_target(AT.year, 500_000, 400_000, actor=cast.actor("organizer"), at=AT)
    page = cast.sign_in(client, cast.account("leader")).get(f"/participation/?year={AT.year}").text
    assert "500,000" in page
    assert "25.00%" in page
    assert "海东市" in page


def test_an_empty_year_says_what_to_do(client: FlaskClient, cast: Cast) -> None:
    page = cast.sign_in(client, cast.account("leader")).get("/participation/").text
    assert "还没有汇总数字" in page


@pytest.mark.parametrize("address", ["/participation/", "/participation/runs", "/participation/export", "/participation/places/630200"])
def test_contestants_see_nothing_of_it(client: FlaskClient, cast: Cast, address: str) -> None:
    assert client.get(address).status_code == 303
    assert cast.sign_in(client, cast.account("contestant")).get(address).status_code == 403


def test_unknown_place_is_404(client: FlaskClient, cast: Cast) -> None:
    assert cast.sign_in(client, cast.account("leader")).get("/participation/places/999999").status_code == 404


def test_leader_may_not_see_the_list_behind(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 2)
    assert cast.sign_in(client, cast.account("leader")).get("/participation/places/630224/people").status_code == 403


def test_list_behind_a_figure_has_as_many_rows(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 3)
    page = cast.sign_in(client, cast.account("organizer")).get(f"/participation/places/630224/people?year={AT.year}").text
    assert page.count("2026年6月1日</td>") == 3


@pytest.mark.parametrize("address", ["/participation/?year=2026", "/participation/places/630224/people?year=2026"])
def test_statements_do_not_grow_with_rows(client: FlaskClient, cast: Cast, address: str) -> None:
    cast.sign_in(client, cast.account("organizer"))
    contest_id = make_contest(cast, phase="finished").id
    add_facts_to(contest_id, range(3))
    few = statements_of(client, address)
    add_facts_to(contest_id, range(3, 30))
    many = statements_of(client, address)
    assert len(few) == len(many), many


def test_workbook_holds_the_same_figures(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 5)
    answer = cast.sign_in(client, cast.account("leader")).post(f"/participation/export?year={AT.year}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    whole = next(row for row in rows if row[0] == "all")
    assert whole[2:4] == [5.0, 5.0]
    assert "导出人" in str(rows[0][0])


def test_target_form_keeps_what_was_typed(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    refused = client.post("/participation/target", data={"year": "2026", "persons": "0"})
    assert refused.status_code == 422
    said = {"year": "2026", "persons": "500000", "previous": "400000", "green": "90", "amber": "70"}
    saved = client.post("/participation/target", data=said)
    assert saved.status_code == 303
    assert "500,000" in client.get("/participation/?year=2026").text


@pytest.mark.parametrize("address", ["/participation/target", "/participation/roll-up"])
def test_the_office_of_one_contest_does_not_decide_for_the_province(client: FlaskClient, cast: Cast, address: str) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.post(address, data={"year": "2026", "persons": "1"}).status_code == 403


def test_a_county_clerk_sees_the_people_of_the_own_county_only(client: FlaskClient, cast: Cast) -> None:
    add_facts(cast, 2)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get("/participation/places/630224/people?year=2026").status_code == 200
    for code in ("630225", "630200", "all"):
        assert client.get(f"/participation/places/{code}/people?year=2026").status_code == 403


def test_an_organizer_of_the_home_union_may_count_and_one_of_a_county_may_not(client: FlaskClient, cast: Cast) -> None:
    home, county = (cast.account("organizer", "union", union.id) for union in (cast.province, cast.county))
    cast.sign_in(client, home)
    assert "立即汇总</button>" in client.get("/participation/").text
    assert client.get("/participation/target").status_code == 200
    assert client.post("/participation/roll-up").status_code == 303
    cast.sign_in(client, county)
    assert "立即汇总</button>" not in client.get("/participation/").text
    assert client.get("/participation/target").status_code == 403
    assert client.post("/participation/roll-up").status_code == 403
