"""A contest's home: the facts on both databases, the page for each role, refusals, what it costs."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.arena import service as arena
from competition.arena.works import Work
from competition.contests.models import Contest
from competition.contests.queries import get_contest
from competition.contests.rules import Lack
from competition.core.clock import now
from competition.core.database import db
from competition.home import rules_course
from competition.home.queries_course import course_facts
from competition.home.rules_facts import CourseFacts
from competition.registration import service as registration
from competition.registration.rules_data import TeamData
from competition.results import service as results
from competition.results.models import SumSample
from tests.builders import (
    SIGNED,
    approved_entries,
    check_in_all,
    draw_contest,
    entry_data,
    judged_contest,
    make_contest,
    make_field,
    open_codes,
    published_contest,
)
from tests.cast import Cast
from tests.queries import count_statements, statements_of


def facts_of(contest: Contest) -> CourseFacts:
    return course_facts([get_contest(contest.id)], now())[contest.id]


def states(facts: CourseFacts) -> dict[str, str]:
    return {step.key: step.state for step in rules_course.course(facts)}


def home(contest: Contest) -> str:
    return f"/manage/contests/{contest.id}/home"


# ---- facts ---------------------------------------------------------------------------------------


def test_facts_before_the_contest(any_cast: Cast) -> None:
    cast = any_cast
    contest = make_contest(cast, phase="announced", events=("basic", "broth"))
    assert facts_of(contest).missing == (Lack("contests.notices", "还没有发布竞赛通知。"),)
    approved_entries(cast, contest, 2)
    entry = registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id),
                                         actor=cast.actor("organizer"), at=now(), paper=SIGNED)
    registration.create_team(contest.id, TeamData("无领队", cast.county.id), actor=cast.actor("organizer"), at=now())
    registration.create_team(contest.id, TeamData("有领队", cast.county.id, leader_name="马领队"), actor=cast.actor("organizer"), at=now())
    facts = facts_of(contest)
    assert (facts.entries["approved"], facts.entries["submitted"], facts.leaderless, facts.counted) == (2, 1, 1, 0)
    assert [(q.name, q.count, q.is_last) for q in facts.queues] == [(cast.county.name, 1, False)]
    registration.review_entry(entry.id, "approve", actor=cast.actor("clerk"), at=now())
    queue = facts_of(contest).queues[0]
    # The wait for the next union begins with the decision of the one before.
    assert (queue.name, queue.is_last) == (cast.prefecture.name, True)
    assert now() - queue.since < timedelta(minutes=5)
    assert [(e.name, e.entered, e.is_drawn, e.is_judged, e.seats) for e in facts.events] == [
        ("手工拉面基本功", 2, False, True, 0), ("拉面调汤", 2, False, True, 0)]
    assert facts.scopes
    assert states(facts)["draw"] == "later"


def test_facts_of_the_day(any_cast: Cast) -> None:
    cast = any_cast
    contest = make_contest(cast, phase="running", open=False, events=("theory", "basic"))
    db.session.refresh(contest, ["events"])
    make_field(cast, contest, persons=6)
    draw_contest(cast, contest)
    facts = facts_of(contest)
    assert [(e.is_drawn, e.not_checked_in, e.state) for e in facts.events] == [(True, 6, "closed")] * 2
    check_in_all(cast, contest)
    assert [e.not_checked_in for e in facts_of(contest).events] == [0, 0]


def test_facts_of_judging_and_sums(any_cast: Cast) -> None:
    cast = any_cast
    contest = judged_contest(cast, 6, events=("theory", "basic"))
    facts = facts_of(contest)
    assert [(e.state, e.handed_in, e.needed, dict(e.missing)) for e in facts.events] == [
        ("locked", 0, 0, {"marks": 0}), ("locked", 18, 18, {"time": 0})]
    basic = facts.events[1]
    assert (basic.sums.total, basic.is_opened) == (0, False)
    scorekeeper = cast.actor("scorekeeper")
    sample = results.draw_sample(basic.id, actor=scorekeeper, at=now())
    results.check_sums(sample.id, [uuid.UUID(w["work"]) for w in sample.works][:2], is_right=True, actor=scorekeeper, at=now())
    sums = facts_of(contest).events[1].sums
    assert (sums.total, sums.checked, sums.is_signed) == (len(sample.works), 2, False)
    open_codes(cast, contest)
    assert all(e.is_opened for e in facts_of(contest).events)


def test_a_sample_of_other_marks_counts_no_more(any_cast: Cast) -> None:
    contest = judged_contest(any_cast, 6, events=("basic",))
    event = facts_of(contest).events[0]
    results.draw_sample(event.id, actor=any_cast.actor("scorekeeper"), at=any_cast.at - timedelta(days=1))
    # Locked anew since, with the same marks: it still fits.
    assert facts_of(contest).events[0].sums.total > 0
    with db.engine.execution_options(unguarded=True).begin() as connection:
        connection.execute(SumSample.__table__.update().values(marks_digest="other"))
    db.session.rollback()
    assert facts_of(contest).events[0].sums.total == 0


def test_facts_of_what_was_published(any_cast: Cast) -> None:
    contest = published_contest(any_cast, 6, events=("theory", "basic"))
    facts = facts_of(contest)
    assert all(scope.published_at for scope in facts.scopes)
    assert states(facts)["publish"] == "done"
    assert states(facts)["sums"] == "closed"


# ---- the page ------------------------------------------------------------------------------------

ROLES = ("organizer", "coding_judge", "check_in_judge", "chief_judge", "timekeeper", "scorekeeper", "supervisor", "leader", "auditor")


@pytest.fixture
def running(cast: Cast) -> Contest:
    """Two events, one drawn and not checked in, the other not drawn; months late by the wall clock."""
    contest = make_contest(cast, phase="running", open=False, events=("basic", "broth"))
    db.session.refresh(contest, ["events"])
    make_field(cast, contest, persons=4)
    arena.draw_round(facts_of(contest).events[0].round, actor=cast.actor("coding_judge", "contest", contest.id), at=cast.at)
    return contest


def test_the_home_names_who_is_waited_for(client: FlaskClient, cast: Cast, running: Contest) -> None:
    chief = cast.account("chief_judge", "contest", running.id, name="张三")
    cast.sign_in(client, chief)
    page = client.get(home(running)).text
    for shown in ("裁判长 张三", "等您", "已逾期", "2 个项目还没有裁判组：手工拉面基本功、拉面调汤", "检录裁判（还没有人担任）",
                  "比赛当天检录完"):
        assert shown in page


def test_a_draft_says_what_to_fill_in(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, phase="draft")
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    page = client.get(home(contest)).text
    for shown in ("还没有发布竞赛通知。", "去填写", "核对并公布", "还没有公布"):
        assert shown in page


@pytest.mark.parametrize("role", ROLES)
def test_every_button_leads_to_a_page_that_opens(client: FlaskClient, cast: Cast, running: Contest, role: str) -> None:
    cast.sign_in(client, cast.account(role, "contest", running.id))
    page = client.get(home(running)).text
    hrefs = {str(href) for href in html.fromstring(page).xpath("//main//a/@href")}
    assert hrefs
    assert {href: client.get(href).status_code for href in hrefs} == dict.fromkeys(hrefs, 200)


def test_who_only_looks_gets_no_button_to_act(client: FlaskClient, cast: Cast, running: Contest) -> None:
    cast.sign_in(client, cast.account("leader", "contest", running.id))
    page = client.get(home(running)).text
    assert "裁判长" in page
    for forbidden in ("/arena", "/judging", "/registration", "/course/"):
        assert forbidden not in html.tostring(html.fromstring(page).xpath("//ol[@class='course']")[0]).decode()


def test_one_event_shows_its_part_alone(client: FlaskClient, cast: Cast, running: Contest) -> None:
    events = get_contest(running.id).events
    cast.sign_in(client, cast.account("chief_judge", "event", events[1].id))
    page = client.get(home(running)).text
    assert "拉面调汤" in page
    assert "手工拉面基本功" not in html.fromstring(page).xpath("string(//main)")
    assert "只列您负责的项目" in page
    for hidden in ("step-register", "step-certificates", "step-count"):
        assert hidden not in page


def test_strangers_find_nothing(client: FlaskClient, cast: Cast, running: Contest) -> None:
    other = make_contest(cast, host=cast.other_county)
    assert client.get(home(running)).status_code == 303
    for account, status in (
        (cast.account("organizer", "contest", other.id), 404), (cast.account("chief_judge", "event", other.events[0].id), 404),
        (cast.account("organizer", "union", cast.other_county.id), 404), (cast.account("clerk", "union", cast.province.id), 403),
        (cast.account("judge", "contest", running.id), 403), (cast.account("contestant"), 403),
    ):
        cast.sign_in(client, account)
        assert client.get(home(running)).status_code == status
    assert client.get(home(running).replace(str(running.id), str(uuid.uuid4()))).status_code in (403, 404)


def test_a_request_is_opened_by_those_who_decide_it(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 4, events=("basic",))
    event = get_contest(contest.id).events[0]
    asked = arena.ask_open_codes(event.id, "已锁定", actor=cast.actor("coding_judge", "contest", contest.id), at=now())
    link = f"/approvals/{asked.id}"
    cast.sign_in(client, cast.account("supervisor", "event", event.id))
    assert link in client.get(home(contest)).text
    asked_for = client.get(link).text
    assert contest.name in asked_for, "the second person sees of which contest it is"
    assert f'href="/manage/contests/{contest.id}/arena"' in asked_for, "and where to look before deciding"
    cast.sign_in(client, cast.account("coding_judge", "contest", contest.id))
    page = client.get(home(contest)).text
    assert link not in page
    assert "批准“解密”的申请" in page


def test_neither_names_of_contestants_nor_codes(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 4, events=("basic",), lock=False)
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id))
    page = client.get(home(contest)).text
    assert not re.search(r"选手\d{3}", page)
    codes = list(db.session.scalars(select(Work.code)))
    assert codes
    assert not [code for code in codes if code in page]


def test_it_costs_the_same_with_three_and_thirty(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, events=("basic", "broth"))
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))

    def fill(count: int) -> None:
        approved_entries(cast, contest, count)
        for _ in range(count):
            registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id),
                                                 actor=cast.actor("organizer"), at=now(), paper=SIGNED)

    fill(3)
    few = len(statements_of(client, home(contest)))
    fill(27)
    assert len(statements_of(client, home(contest))) == few


def test_many_contests_cost_as_much_as_one(cast: Cast) -> None:
    first = get_contest(make_contest(cast).id)
    course_facts([first], now())
    with count_statements() as one:
        course_facts([first], now())
    more = [first, *(get_contest(make_contest(cast).id) for _ in range(6))]
    course_facts(more, now())
    with count_statements() as many:
        assert len(course_facts(more, now())) == 7
    assert len(many) == len(one)
    with count_statements() as none:
        assert course_facts([], now()) == {}
    assert len(none) <= len(one)


def test_the_menu_and_the_lists_lead_there(client: FlaskClient, cast: Cast, running: Contest) -> None:
    cast.sign_in(client, cast.account("organizer", "contest", running.id))
    for page in ("/manage/contests", "/desk", f"/contests/{running.id}", f"/manage/contests/{running.id}"):
        assert home(running) in client.get(page).text
