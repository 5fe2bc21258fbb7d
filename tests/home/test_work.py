"""The desk: what waits for each role, counts that lead to the filtered list, figures for who only looks, what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from competition.accounts import service_help
from competition.accounts.identity import parse_document, parse_phone
from competition.arena import service as arena
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import get_contest
from competition.core import audit
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.counting.models import Cell
from competition.home.work import desk_of
from competition.participation import service_targets
from competition.registration import service as registration
from competition.registration.models import Entry
from competition.registration.rules_data import TeamData
from tests.builders import SIGNED, approved_entries, entry_data, judged_contest, make_contest, make_field, open_codes
from tests.cast import Cast, id_card, phone
from tests.courses import called_off
from tests.queries import statements_of
from tests.registration.rosters import filled


def enter(cast: Cast, contest: Contest, days_ago: float = 0) -> Entry:
    return registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id), actor=cast.actor("organizer"),
                                     at=now() - timedelta(days=days_ago), paper=SIGNED)


def tasks_of(cast: Cast, role: str, kind: str, scope: Any) -> list[str]:
    return [task.words for task in desk_of(cast.actor(role, kind, scope), now()).tasks]


def links_of(page: str) -> list[str]:
    return [str(href) for href in html.fromstring(page).xpath("//ul[@class='work']//a/@href")]


# ---- the clerk -----------------------------------------------------------------------------------


def test_a_clerk_finds_what_waits_and_since_when(any_cast: Cast) -> None:
    cast = any_cast
    contest = make_contest(cast, name="测试甲赛")
    enter(cast, contest, 3)
    enter(cast, contest)
    assert tasks_of(cast, "clerk", "union", cast.county.id) == ["2 份报名待审核，最早的已等 3 天"]
    # Not yet the turn of the union above, and never that of another county.
    assert tasks_of(cast, "clerk", "union", cast.prefecture.id) == []
    assert tasks_of(cast, "clerk", "union", cast.other_county.id) == []


def test_what_was_sent_back_and_came_again_is_told_apart(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    first, second = enter(cast, contest), enter(cast, contest)
    registration.review_entry(first.id, "return", reason="照片不清楚", actor=cast.actor("clerk"), at=now())
    registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id, document=None), actor=cast.actor("organizer"),
                              at=now(), entry_id=first.id, paper=SIGNED)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get("/desk").text
    assert "其中 1 份是退回后重新提交的" in page
    for link, count in zip(links_of(page), (2, 1), strict=True):
        rows = html.fromstring(client.get(link).text).xpath("//tbody/tr")
        assert len(rows) == count, link
    assert second.name not in client.get(links_of(page)[1]).text


def test_late_reviews_come_first_and_say_so(client: FlaskClient, cast: Cast) -> None:
    late, early = make_contest(cast, name="逾期的赛事"), make_contest(cast, name="不急的赛事")
    for contest in (late, early):
        enter(cast, contest, 5)
    with atomic() as session:
        found = session.get_one(Contest, late.id)
        found.registration_closes_at = now() - timedelta(days=6)
        found.version += 1
        audit.record("test", actor=cast.actor("organizer"), subject=("contest", found.id), at=now())
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    items = html.fromstring(client.get("/desk").text).xpath("//ul[@class='work']/li")
    assert ["逾期的赛事" in items[0].text_content(), "逾期 3 天" in items[0].text_content()] == [True, True]
    assert items[0].get("class") == "is-late"
    assert "不急的赛事" in items[1].text_content()
    assert "逾期 " not in items[1].text_content()


def test_help_rosters_and_teams_without_leader(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, name="测试甲赛")
    clerk = cast.actor("clerk", "union", cast.county.id)
    service_help.ask_help("password", name="马尔沙", document=parse_document("id_card", id_card()), phone=parse_phone(phone()),
                          union_id=cast.county.id, note="", at=now() - timedelta(days=5))
    registration.create_team(contest.id, TeamData("测试队", cast.county.id), actor=clerk, at=now())
    registration.create_team(contest.id, TeamData("别县队", cast.other_county.id), actor=cast.actor("organizer"), at=now())
    data = filled(registration.template(contest, clerk), [{"姓名": "韩一"}])
    registration.read_roster(contest, data, "名单.xlsx", SIGNED, actor=clerk, at=now())
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get("/desk").text
    for shown in ("1 份找回账号或证件异议的申请，最早的已等 5 天", "1 支代表队还没有领队", "名单“名单.xlsx”已读入 1 人，还没有导入"):
        assert shown in page
    # Help has waited longer than three days.
    assert "找回账号" in html.fromstring(page).xpath("//ul[@class='work']/li[@class='is-late']")[0].text_content()
    pages = {link: client.get(link) for link in links_of(page)}
    assert {answer.status_code for answer in pages.values()} == {200}
    teams = next(answer.text for link, answer in pages.items() if "leader=none" in link)
    assert "测试队" in teams
    assert "别县队" not in teams
    assert "马尔沙" not in page


def test_an_empty_list_teaches(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get("/desk").text
    assert "会列在这里，最急的在最前" in page
    assert 'href="/manage/registration"' in page


# ---- the others ----------------------------------------------------------------------------------


def test_each_role_finds_what_waits_in_its_contest(cast: Cast) -> None:
    contest = make_contest(cast, phase="running", open=False, events=("basic",), name="测试乙赛")
    db.session.refresh(contest, ["events"])
    make_field(cast, contest, persons=4)
    event = get_contest(contest.id).events[0]
    for role in ("organizer", "coding_judge", "check_in_judge", "chief_judge"):
        cast.account(role, "contest", contest.id)
    assert tasks_of(cast, "coding_judge", "contest", contest.id) == ["抽签：1 个项目未抽签：手工拉面基本功"]
    assert tasks_of(cast, "check_in_judge", "contest", contest.id) == ["检录：4 个参赛者未检录：手工拉面基本功"]
    assert tasks_of(cast, "chief_judge", "contest", contest.id) == ["评分：1 个项目还没有裁判组：手工拉面基本功"]
    assert tasks_of(cast, "chief_judge", "event", event.id) == ["评分：1 个项目还没有裁判组：手工拉面基本功"]
    assert tasks_of(cast, "scorekeeper", "contest", contest.id) == []


def test_after_the_lock_it_is_the_turn_of_scorekeeper_coder_and_office(cast: Cast) -> None:
    contest = judged_contest(cast, 4, events=("basic",))
    for role in ("organizer", "coding_judge", "scorekeeper", "supervisor"):
        cast.account(role, "contest", contest.id)
    assert tasks_of(cast, "scorekeeper", "contest", contest.id) == ["统分抽查：手工拉面基本功：还没有抽取"]
    assert tasks_of(cast, "coding_judge", "contest", contest.id) == ["解密：手工拉面基本功 已锁定，还没有申请解密"]
    open_codes(cast, contest)
    assert any(words.startswith("发布成绩：") for words in tasks_of(cast, "organizer", "contest", contest.id))
    assert tasks_of(cast, "supervisor", "contest", contest.id) == []


def test_requests_are_on_the_list_once_and_say_until_when(client: FlaskClient, cast: Cast) -> None:
    contest = judged_contest(cast, 4, events=("basic",))
    event = get_contest(contest.id).events[0]
    from_ = cast.actor("coding_judge", "contest", contest.id)
    arena.ask_open_codes(event.id, "已锁定", actor=from_, at=now())
    cast.sign_in(client, cast.account("supervisor", "event", event.id))
    page = client.get("/desk").text
    assert len([link for link in links_of(page) if link.startswith("/approvals/")]) == 1
    assert "前有效" in page
    cast.sign_in(client, cast.account("coding_judge", "contest", contest.id))
    assert "/approvals/" not in " ".join(links_of(client.get("/desk").text))


def test_who_only_looks_gets_the_figures(client: FlaskClient, cast: Cast) -> None:
    year = now().year
    service_targets.set_target(year, 1000, None, actor=cast.actor("organizer"), at=now())
    with atomic() as session:
        session.add_all([Cell(scope_code=code, period=str(year), persons=persons, person_times=persons * 2, new_persons=persons)
                         for code, persons in (("all", 250), ("630224", 40))])
    cast.sign_in(client, cast.account("leader"))
    page = client.get("/desk").text
    for shown in ("250", "500", "目标 1,000 人", "25.0%", "/participation/?year="):
        assert shown in page
    assert "等我办理" not in page
    cast.sign_in(client, cast.account("leader", "union", cast.county.id))
    page = client.get("/desk").text
    assert "40" in page
    assert "250" not in page
    assert "/participation/places/630224" in page


@pytest.mark.parametrize("role", ["clerk", "organizer"])
def test_the_desk_costs_the_same_for_many(client: FlaskClient, cast: Cast, role: str) -> None:
    cast.sign_in(client, cast.account(role, "union", cast.prefecture.id))

    def fill(contests: int, entries: int) -> None:
        for _ in range(contests):
            contest = make_contest(cast, host=cast.county, events=("basic",))
            approved_entries(cast, contest, 1)
            for _one in range(entries):
                enter(cast, contest)
                registration.create_team(contest.id, TeamData(f"队{_one}", cast.county.id), actor=cast.actor("organizer"), at=now())

    fill(2, 2)
    few = len(statements_of(client, "/desk"))
    fill(5, 4)
    assert len(statements_of(client, "/desk")) == few


def test_only_staff_has_a_desk(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/desk").status_code == 303
    cast.sign_in(client, cast.account("contestant"))
    assert client.get("/desk").status_code == 403


def test_many_things_of_one_step_are_one_line(client: FlaskClient, cast: Cast) -> None:
    actor = cast.actor("organizer", "union", cast.county.id)
    contest = contests.create_contest(
        code="DRAFT1", name_zh="测试草稿", host_union_id=cast.county.id, starts_on=now().date() + timedelta(days=90),
        ends_on=now().date() + timedelta(days=91), actor=actor, at=now())
    words = tasks_of(cast, "organizer", "union", cast.county.id)
    assert len(words) == 1
    assert words[0].startswith("通知：5 件要办，先是：还没有")
    cast.sign_in(client, cast.account("organizer", "union", cast.county.id))
    assert links_of(client.get("/desk").text) == [f"/manage/contests/{contest.id}/home#step-notice"]


def test_what_rests_is_not_late_and_what_is_cancelled_does_not_wait(cast: Cast) -> None:
    contest = make_contest(cast, open=False)
    # Handed in while registration was still open, months ago.
    registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id), actor=cast.actor("organizer"),
                              at=cast.at - timedelta(days=5), paper=SIGNED)
    clerk = cast.actor("clerk", "union", cast.county.id)
    today = now().date()
    assert [task.late_since(today) is None for task in desk_of(clerk, now()).tasks] == [False]
    contests.postpone(contest.id, reason="场馆检修", actor=cast.actor("organizer"), at=now())
    assert [task.late_since(today) for task in desk_of(clerk, now()).tasks] == [None]
    called_off(contest.id, "不办了", by=cast.actor("organizer"), second=cast.actor("supervisor"), at=now())
    assert desk_of(clerk, now()).tasks == []


def test_the_first_desk_of_an_empty_system_lists_what_comes_first(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    page = client.get("/desk").text
    for said in ("开始使用", "建立工作账号", "申请“组委会办公室”角色", "核对工会组织", "新建赛事"):
        assert said in page
    assert 'href="/manage/accounts/new"' in page
    assert 'href="/manage/contests/new"' not in page
    cast.sign_in(client, cast.account("organizer"))
    page = client.get("/desk").text
    assert 'href="/manage/contests/new"' in page
    assert "申请“组委会办公室”角色" not in page
    make_contest(cast, phase="draft")
    assert "开始使用" not in client.get("/desk").text


def test_an_administrator_is_told_early_that_certificates_need_an_address(any_cast: Cast) -> None:
    said = tasks_of(any_cast, "administrator", "system", None)
    assert any("没有设置 COMP_PUBLIC_URL" in words and "正式签发证书前必须设置" in words for words in said)
    assert not any("COMP_PUBLIC_URL" in words for words in tasks_of(any_cast, "organizer", "system", None))
