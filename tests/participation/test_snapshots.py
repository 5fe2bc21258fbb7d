"""Bulletins and frozen figures: what is frozen stays, what follows is told apart from it."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition.contests.models import Contest
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.pictures import text_of
from competition.counting.rules_scopes import WHOLE
from competition.participation import queries_bulletin as reads
from competition.participation import service_targets
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.rules_bulletin import bulletin, digest, title_of
from competition.participation.rules_drawing import line_chart
from competition.participation.rules_questions import Question
from competition.participation.service_snapshots import freeze
from tests.cast import AT, Cast
from tests.participation.given import small_year
from tests.participation.test_views import add_facts_to
from tests.returns.test_api import asking, token_for

MAY = Question(WHOLE, "2026", 2026 * 12 + 4)


def test_frozen_figures_stay_and_another_version_needs_a_reason(any_cast: Cast) -> None:
    actor = any_cast.actor("organizer")
    with pytest.raises(RuleBroken, match="还没有汇总数字"):
        freeze(MAY, "", "2026年5月", actor=actor, at=AT)
    small_year(any_cast)
    with pytest.raises(RuleBroken, match="不一致"):
        freeze(MAY, "", "2026年6月", actor=actor, at=AT)
    made = freeze(MAY, "", "2026年5月", actor=actor, at=AT)
    before = dict(made.payload)
    assert (made.version, made.payload_digest) == (1, digest(before))
    add_facts_to(db.session.scalars(select(Contest.id)).first() or made.id, range(500, 520))
    with pytest.raises(RuleBroken, match="写明原因"):
        freeze(MAY, "  ", "2026年5月", actor=actor, at=AT)
    again = freeze(MAY, "补报", "2026年5月", actor=actor, at=AT)
    assert (again.version, again.reason) == (2, "补报")
    db.session.expire_all()
    first = db.session.get_one(FigureSnapshot, made.id)
    assert first.payload == before
    assert digest(first.payload) == first.payload_digest


def test_a_bulletin_says_what_cells_hold(any_cast: Cast) -> None:
    small_year(any_cast)
    service_targets.set_target(2026, 100, None, actor=any_cast.actor("organizer"), at=AT)
    payload = reads.payload(Question(WHOLE, "2026"))
    whole = next(place for place in payload["places"] if place["code"] == WHOLE)
    assert whole["persons"] > 0
    said = bulletin(payload)
    assert f"累计参赛职工{whole['persons']}人、{whole['person_times']}人次，完成年度目标100人的" in said.overall[0]
    assert [row.name for row in said.rows if row.persons]
    assert {title for title, _rows in said.groups} >= {"行业", "所有制"}
    month = bulletin(reads.payload(Question(WHOLE, "2026", 2026 * 12 + 1)))
    assert not month.groups, "what came after would be in them"
    assert "本期不列分组" in month.notes[-1]
    assert "10月1日起" in " ".join(bulletin(reads.payload(Question(WHOLE, "S2026"))).notes)
    assert bulletin(reads.payload(Question(WHOLE, "2031"))).ranking == "各市州尚无参赛记录。"


def test_the_pages_of_a_frozen_period(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    cast.sign_in(client, cast.account("organizer"))
    address = "/participation/snapshots/new?year=2026"
    assert "固定数字：2026年" in client.get(address).text
    refused = client.post(address, data={"confirm_name": "2026", "reason": "留存"})
    assert refused.status_code == 422
    assert "留存" in refused.text
    made = client.post(address, data={"confirm_name": "2026年", "reason": ""})
    assert made.status_code == 303
    assert "与固定时一致" in client.get(made.location).text
    assert client.get(f"{made.location}/bulletin").text.count("第1版") == 1
    client.post("/language", data={"locale": "en"})
    assert "Frozen figures: 2026, version 1" in client.get(made.location).text
    assert "The whole province" in client.get(made.location).text
    assert ">2026</a>" in client.get("/participation/bulletins").text
    assert "Type exactly: <" in client.get(address).text
    assert "2026年" in client.get(address).text
    client.post("/language", data={"locale": "zh_Hans_CN"})
    paper = text_of(client.post(f"{made.location}/bulletin.pdf", data={}).data)
    assert "2026年职工参赛情况" in re.sub(r"\s", "", paper)
    add_facts_to(db.session.scalars(select(Contest.id)).first() or AT, range(600, 607))  # type: ignore[arg-type]
    assert "+7" in client.get(made.location).text
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        connection.execute(update(FigureSnapshot).values(payload_digest="0" * 64))
    db.session.rollback()
    assert "校验不符" in client.get(made.location).text


def test_only_the_office_of_the_whole_freezes(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    address = "/participation/snapshots/new?year=2026&month=5"
    for account in (cast.account("leader"), cast.account("organizer", "union", cast.county.id), cast.account("clerk")):
        cast.sign_in(client, account)
        assert client.post(address, data={"confirm_name": "2026年5月"}).status_code == 403
    cast.sign_in(client, cast.account("leader"))
    assert "固定这个期间</a>" not in client.get("/participation/bulletins?year=2026&month=5").text
    assert client.get("/participation/snapshots/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/participation/bulletin?year=2026&month=5").status_code == 200


def test_the_big_screen_shows_sums_alone(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    page = cast.sign_in(client, cast.account("leader")).get("/participation/screen?year=2026").text
    assert "海东市" in page
    assert "/people" not in page
    assert cast.sign_in(client, cast.account("contestant")).get("/participation/screen").status_code == 403


def test_titles_and_drawings() -> None:
    assert [title_of(period) for period in ("2026", "S2026", "2026-05")] == ["2026年", "2026统计年度", "2026年5月"]
    drawn = line_chart(["1月", "2月"], [("a", [0, 1234], False), ("b", [None, None], True)], 2000)
    assert drawn.lines[0].points.split()[0] == "64.0,202.0"
    assert drawn.lines[1].end is None
    assert [words for _height, words in drawn.marks] == [0, 500, 1000, 1500, 2000]
    assert line_chart(["1月"], [("a", [0], False)]).marks[-1][1] == 4


def test_a_month_in_which_nobody_came_is_not_told_with_the_figures_of_another(any_cast: Cast) -> None:
    small_year(any_cast)
    figures = {month: bulletin(reads.payload(Question(WHOLE, "2026", 2026 * 12 + month - 1))).overall for month in (2, 3)}
    assert "2026年2月，参赛职工" in figures[2][0]
    assert "参赛职工0人、0人次" not in figures[2][0]
    assert figures[3][0] == "2026年3月，参赛职工0人、0人次。"


def test_other_systems_read_what_was_frozen_and_when(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    actor = cast.actor("organizer")
    first, again = freeze(MAY, "", "2026年5月", actor=actor, at=AT), freeze(MAY, "补报", "2026年5月", actor=actor, at=AT.replace(hour=9))
    add_facts_to(db.session.scalars(select(Contest.id)).first() or first.id, range(500, 520))
    whole, prefecture, county = (asking(client, token_for(cast, union)[1]) for union in (cast.province, cast.prefecture, cast.county))
    listed = whole("GET", "/snapshots?period=2026-05").get_json()
    assert [(one["version"], one["reason"], one["digest"]) for one in listed["snapshots"]] == [
        (2, "补报", again.payload_digest), (1, "", first.payload_digest)]
    assert whole("GET", "/snapshots?period=2026-04").get_json()["total"] == 0
    told = whole("GET", f"/snapshots/{first.id}").get_json()
    assert (told["period"], told["version"], told["made_at"], told["headline"]) == ("2026-05", 1, AT.isoformat().replace("+00:00", "Z"),
                                                                                   "registered")
    frozen = {place["code"]: place["persons"] for place in first.payload["places"]}
    assert {place["scope"]: place["persons"] for place in told["places"]} == frozen
    assert [month["period"] for month in told["whole"]["months"]][-1] == "2026-05"
    now = whole("GET", "/figures?scope=all&period=2026").get_json()["cells"][0]["persons"]
    assert now > frozen[WHOLE], "the figures have changed since; what was frozen has not"
    own = prefecture("GET", f"/snapshots/{first.id}").get_json()
    assert ([place["scope"] for place in own["places"]], own["whole"]) == (["630200"], None)
    assert county("GET", f"/snapshots/{first.id}").get_json()["places"] == []
    assert whole("GET", f"/snapshots/{uuid.uuid4()}").status_code == 404
    assert whole("GET", "/snapshots?period=2026-13").status_code == 422
    assert client.get(f"/api/participation/snapshots/{first.id}").status_code == 401
