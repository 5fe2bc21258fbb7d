"""The staff's pages of registration: lists, reviews, rosters, teams."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.contests import service as contests
from competition.core.clock import now
from competition.core.database import db
from competition.core.jobs import Job, run_job
from competition.registration import queries, queries_teams, service
from competition.registration.models import Entry, Team
from competition.registration.rules_data import TeamData
from tests.builders import approved_entries, entry_data, make_contest
from tests.cast import Cast, id_card
from tests.pictures import picture
from tests.queries import statements_of
from tests.registration.rosters import filled
from tests.registration.steps import SIGNED, WORK, event_ids, fill, person, submitted


def manage(contest: Any, rest: str = "") -> str:
    return f"/manage/contests/{contest.id}/registration{rest}"


@pytest.mark.parametrize("rest", ["/entries", "/entries.xlsx", "/entries/new", "/roster", "/roster/template.xlsx", "/teams", "/teams/new",
                                  "/delegations", "/conditions"])
def test_staff_pages_open_for_the_office_alone(cast: Cast, client: FlaskClient, rest: str) -> None:
    contest = make_contest(cast)
    assert client.get(manage(contest, rest)).status_code == 303
    cast.sign_in(client, cast.account("contestant"))
    assert client.get(manage(contest, rest)).status_code == 403
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.get(manage(contest, rest)).status_code == 200


def test_a_clerk_sees_and_reviews_the_own_union_only(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = submitted(cast, contest, "甲")
    here = manage(contest, f"/entries/{entry.id}")
    cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id))
    for rest in ("", "/form", "/form.pdf", "/files/photo", "/withdraw"):
        assert client.get(here + rest).status_code == 404, rest
    assert client.post(f"{here}/review", data={"decision": "approve"}).status_code == 404
    assert client.post(f"{here}/reveal", data={"why": "看看"}).status_code == 404
    assert entry.name not in client.get(manage(contest, "/entries")).get_data(as_text=True)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get(here).get_data(as_text=True)
    assert "提交审核意见" in page
    assert entry.person is not None
    assert entry.person.document_masked in page
    assert client.post(f"{here}/review", data={"decision": "reject", "reason": " ", "version": str(entry.version)}).status_code == 422
    moved = client.post(f"{here}/review", data={"decision": "return", "reason": "补工种，慢慢写的", "version": "0"})
    assert moved.status_code == 409
    assert "补工种，慢慢写的" in moved.get_data(as_text=True)
    assert f'name="version" type="hidden" value="{entry.version}"' in moved.get_data(as_text=True)
    assert client.post(f"{here}/review", data={"decision": "approve", "version": str(entry.version)}).status_code == 303
    assert queries.get_entry(entry.id).review_union_id == cast.prefecture.id
    waiting = client.get(here).get_data(as_text=True)
    assert "提交审核意见" not in waiting
    assert f"现在由“{cast.prefecture.name}”审核" in waiting
    assert client.post(f"{here}/review", data={"decision": "approve"}).status_code == 409
    version = str(queries.get_entry(entry.id).version)
    assert client.post(f"{here}/review", data={"decision": "approve", "version": version}).status_code == 403


def test_the_full_number_is_shown_once_for_a_reason(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    data = entry_data(contest)
    assert data.document is not None
    entry = service.submit_entry(contest.id, data, actor=cast.actor("contestant"), at=now())
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    here = manage(contest, f"/entries/{entry.id}")
    assert client.post(f"{here}/reveal", data={}).status_code == 422
    shown = client.post(f"{here}/reveal", data={"what": "document", "why": "与证件原件核对"})
    assert data.document.number in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert 'data-hide-after="60"' in shown.text
    assert 'http-equiv="refresh" content="60' in shown.text
    assert data.phone is not None
    called = client.post(f"{here}/reveal", data={"what": "phone", "why": "电话通知补材料"})
    assert data.phone in called.text
    assert data.document.number not in called.text
    assert client.post(f"{here}/reveal", data={"what": "photo", "why": "看看"}).status_code == 422
    assert data.document.number not in client.get(here).get_data(as_text=True)


def test_the_office_takes_an_entry_back_at_somebodys_wish(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = submitted(cast, contest)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    here = manage(contest, f"/entries/{entry.id}/withdraw")
    assert client.post(here, data={"reason": " "}).status_code == 422
    assert client.post(here, data={"reason": "来电要求撤回"}).status_code == 303
    assert queries.get_entry(entry.id).state == "withdrawn"
    assert client.post(here, data={"reason": "再来一次"}).status_code == 409


def test_a_batch_is_previewed_name_by_name(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entries = [submitted(cast, contest, str(n)) for n in range(3)]
    service.withdraw_entry(entries[2].id, "不来了", actor=cast.actor("contestant", name="2"), at=now())
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    preview = client.post(manage(contest, "/batch"), data={"ids": [str(e.id) for e in entries], "decision": "approve"})
    page = preview.get_data(as_text=True)
    assert "将办理 2 人" in page
    assert "不办理 1 人" in page
    chosen = [f"{e.id}:{queries.get_entry(e.id).version}" for e in entries[:2]]
    assert client.post(manage(contest, "/batch/decide"), data={"decision": "return", "chosen": chosen}).status_code == 422
    done = client.post(manage(contest, "/batch/decide"), data={"decision": "approve", "chosen": chosen})
    assert done.status_code == 303
    assert {queries.get_entry(e.id).state for e in entries[:2]} == {"reviewing"}
    stale = client.post(manage(contest, "/batch/decide"), data={"decision": "approve", "chosen": chosen})
    assert stale.status_code == 409
    assert client.post(manage(contest, "/batch"), data={"decision": "approve"}).status_code == 303


def test_the_list_costs_the_same_with_three_and_thirty(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    organizer = cast.account("organizer", "contest", contest.id)
    approved_entries(cast, contest, 3)
    cast.sign_in(client, organizer)
    costs = {}
    for rest in ("/entries", "/teams", "/delegations"):
        costs[rest] = len(statements_of(client, manage(contest, rest)))
    desk = len(statements_of(client, "/manage/registration"))
    approved_entries(cast, contest, 27)
    actor = cast.actor("organizer", "contest", contest.id)
    for number in range(6):
        service.create_team(contest.id, TeamData(f"第{number}队", cast.county.id), actor=actor, at=now())
        make_contest(cast)
    for rest, cost in costs.items():
        assert len(statements_of(client, manage(contest, rest))) <= cost + (3 if rest == "/teams" else 0), rest
    assert len(statements_of(client, "/manage/registration")) == desk


def test_filters_and_export(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entries = approved_entries(cast, contest, 2)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    address = manage(contest, f"/entries?q={entries[0].name}&state=approved&union={cast.prefecture.id}&event={event_ids(contest.id)[0]}")
    page = client.get(address).get_data(as_text=True)
    assert entries[0].name in page
    assert entries[1].name not in page
    assert "没有符合条件" in client.get(manage(contest, "/entries?state=rejected")).get_data(as_text=True)
    assert client.post(manage(contest, "/entries.xlsx"), data={"purpose": ""}).status_code == 422
    book = client.post(manage(contest, "/entries.xlsx"), data={"purpose": "资格审核"})
    assert book.data[:2] == b"PK"


def test_a_clerk_enters_somebody_without_a_phone(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    address = manage(contest, "/entries/new")
    data = {**person(name="无手机·试", phone=""), **WORK, "events": event_ids(contest.id)[:1], "team_id": "", "team_role": "member"}
    assert client.post(address, data=data).status_code == 422
    done = client.post(address, data={**data, **SIGNED})
    assert done.status_code == 303, done.get_data(as_text=True)
    entry = db.session.query(Entry).filter_by(name="无手机·试").one()
    assert entry.account_id is None
    elsewhere = client.post(address, data={**data, "document_number": id_card(), **SIGNED, "region_code": "630225"})
    assert elsewhere.status_code == 403
    assert 'value="无手机·试"' in elsewhere.get_data(as_text=True)
    clerk = cast.actor("clerk", "union", cast.county.id)
    service.review_entry(entry.id, "return", "补工种", actor=clerk, at=now())
    edit = manage(contest, f"/entries/{entry.id}/edit")
    assert client.get(edit).status_code == 200
    again = client.post(edit, data={**data, "document_number": "", "trade": "拉面师傅", **SIGNED})
    assert again.status_code == 303
    assert queries.get_entry(entry.id).trade == "拉面师傅"
    sent = client.post(manage(contest, f"/entries/{entry.id}/files/scan"), data={"file": (picture(), "x.jpg")},
                       content_type="multipart/form-data")
    assert sent.status_code == 303
    assert queries.get_entry(entry.id).form_scan is not None


def test_a_photo_that_cannot_be_taken_enters_nobody(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    data = {**person(name="有照片·试"), **WORK, "events": event_ids(contest.id)[:1], "team_id": "", "team_role": "member", **SIGNED}
    refused = client.post(manage(contest, "/entries/new"), data={**data, "photo": (io.BytesIO(b"<svg/>"), "x.svg")},
                          content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "只接受" in refused.get_data(as_text=True)
    assert 'value="有照片·试"' in refused.get_data(as_text=True)
    assert db.session.query(Entry).filter_by(name="有照片·试").count() == 0
    sent = client.post(manage(contest, "/entries/new"), data={**data, "photo": (picture(), "x.jpg")}, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert db.session.query(Entry).filter_by(name="有照片·试").one().photo is not None


def test_a_roster_is_shown_then_taken(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    template = client.get(manage(contest, "/roster/template.xlsx")).data
    good = {"姓名": "名单·甲", "证件号码": id_card(), "工作地区": "海东市 化隆回族自治县"}
    bad = {"姓名": "名单·乙", "证件号码": "1", "工作地区": "无"}
    events = {"项目：" + e.name: "是" for e in queries.events_of(contest.id) if not e.is_compulsory}
    book = filled(template, [{**good, **events}, bad])
    refused = client.post(manage(contest, "/roster"), data={"file": (io.BytesIO(book), "名单.xlsx")}, content_type="multipart/form-data")
    assert refused.status_code == 422
    sent = client.post(manage(contest, "/roster"), data={"file": (io.BytesIO(book), "名单.xlsx"), **SIGNED},
                       content_type="multipart/form-data")
    assert sent.status_code == 303
    page = client.get(sent.location).get_data(as_text=True)
    assert "1 行需要修改" in page
    assert client.post(f"{sent.location}/take", data={"take": "all"}).status_code == 409
    assert client.get(f"{sent.location}/progress").location == sent.location
    assert client.post(f"{sent.location}/take", data={"take": "good"}).status_code == 303
    work = db.session.scalars(select(Job)).one()
    assert "正在导入名单" in client.get(sent.location).text
    assert f'data-job="{work.id}"' in client.get(f"{sent.location}/progress").text
    for data in ({"file": (io.BytesIO(book), "又一份.xlsx"), **SIGNED}, None):
        again = client.post(manage(contest, "/roster") if data else f"{sent.location}/take", data=data or {"take": "good"},
                            content_type="multipart/form-data")
        assert (again.status_code, "正在导入" in again.text) == (409, True)
    run_job(work.id)
    assert client.post(f"{sent.location}/refused.xlsx", data={"purpose": "改正名单"}).data[:2] == b"PK"
    assert "已导入 1 人" in client.get(sent.location).get_data(as_text=True)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id, name="另一人"))
    assert client.get(sent.location).status_code == 404


def test_teams_are_built_filled_and_left(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entry = approved_entries(cast, contest, 1)[0]
    leader = cast.account("team_leader", "contest", contest.id)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    values = {"name": "化隆一队", "union_id": str(cast.county.id), "leader_id": str(leader.id), "leader_name": "领队试"}
    done = client.post(manage(contest, "/teams/new"), data=values)
    assert done.status_code == 303, done.get_data(as_text=True)
    team = db.session.query(Team).one()
    twice = client.post(manage(contest, "/teams/new"), data={"name": "化隆一队", "union_id": str(cast.county.id), "leader_id": ""})
    assert twice.status_code == 409
    cast.sign_in(client, leader)
    here = manage(contest, f"/teams/{team.id}")
    assert client.get(here).status_code == 200
    assert client.get(f"{here}/edit").status_code == 403
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.get(f"{here}/edit").status_code == 200
    assert client.post(f"{here}/edit", data=values | {"name": ""}).status_code == 422
    assert client.post(f"{here}/edit", data=values | {"name": "化隆红队"}).status_code == 303
    assert "化隆红队" in client.get(here).text
    assert client.post(f"{here}/members", data={"entry_id": str(entry.id), "role": "reserve"}).status_code == 303
    cast.sign_in(client, leader)
    assert entry.name in client.get(here).get_data(as_text=True)
    assert client.post(f"{here}/members/{entry.id}", data={"role": "member"}).status_code == 303
    assert queries.get_entry(entry.id).team_role == "member"
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.post(f"{here}/withdraw", data={"reason": "不来"}).status_code == 409
    assert client.post(f"{here}/members/{entry.id}", data={"role": "out"}).status_code == 303
    assert client.post(f"{here}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{here}/withdraw", data={"reason": "不来"}).status_code == 303
    cast.sign_in(client, cast.account("team_leader", "contest", contest.id, name="别队"))
    assert client.get(here).status_code == 404


def test_delegations_and_conditions(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert client.post(manage(contest, "/delegations"), data={"level": "prefecture"}).status_code == 303
    page = client.get(manage(contest, "/delegations")).get_data(as_text=True)
    assert "海东市代表团" in page
    again = client.post(manage(contest, "/delegations"), data={"union_id": str(cast.prefecture.id), "name": "x"})
    assert again.status_code == 409
    found = queries_teams.delegations(contest.id)[0]
    here = manage(contest, f"/delegations/{found.id}")
    assert client.post(here, data={"name": "", "position": "3"}).status_code == 422
    assert client.post(here, data={"name": "河湟代表团", "position": "3"}).status_code == 303
    assert "河湟代表团" in client.get(manage(contest, "/delegations")).text
    assert client.post(f"{here}/remove").status_code == 303
    assert "河湟代表团" not in client.get(manage(contest, "/delegations")).text.replace("“河湟代表团”", "")
    assert client.post(manage(contest, "/conditions"), data={"age_least": "60", "age_most": "18"}).status_code == 422
    assert client.post(manage(contest, "/conditions"), data={"age_most": "30", "note": "带工作服"}).status_code == 303
    account = cast.account("contestant")
    cast.sign_in(client, account)
    assert "带工作服" in client.get(f"/contests/{contest.id}/entry/person").get_data(as_text=True)
    base = fill(client, contest.id, event_ids(contest.id)[:1])
    old = client.post(f"{base}/check", data={"sensitive": "y", "truth": "y"})
    assert old.status_code == 422
    assert "不超过 30 周岁" in old.get_data(as_text=True)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get(manage(contest, "/delegations")).status_code == 403


def test_raising_a_quota_moves_the_line_up(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast, quota=1)
    submitted(cast, contest, "甲")
    second = submitted(cast, contest, "乙")
    contests.change_contest(contest.id, version=contest.version, actor=cast.actor("organizer", "contest", contest.id), at=now(), quota=2)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    assert "按顺序递补" in client.get(manage(contest, "/entries?state=waiting")).get_data(as_text=True)
    assert client.post(manage(contest, "/promote")).status_code == 303
    assert queries.get_entry(second.id).state == "submitted"


def test_who_leads_a_team_finds_it_on_the_page_of_the_contest(client: FlaskClient, cast: Cast) -> None:
    contest, other = make_contest(cast), make_contest(cast, name="别的竞赛")
    address = f'href="/manage/contests/{contest.id}/registration/teams"'
    assert address not in client.get(f"/contests/{contest.id}").text
    cast.sign_in(client, cast.account("team_leader", "contest", contest.id))
    assert address in client.get(f"/contests/{contest.id}").text
    assert "办理代表队" not in client.get(f"/contests/{other.id}").text


def test_filters_of_the_desks_links(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    entries = [service.register_for(contest.id, entry_data(contest, union_id=cast.county.id), actor=cast.actor("organizer"), at=now(),
                                    paper=SIGNED["paper"]) for _ in range(2)]
    first, second = (e.name for e in entries)
    service.review_entry(entries[0].id, "approve", actor=cast.actor("clerk"), at=now())
    service.create_team(contest.id, TeamData("有领队的", cast.county.id, leader_name="马领队"), actor=cast.actor("organizer"), at=now())
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    page = client.get(manage(contest, f"/entries?reviewer={cast.prefecture.id}")).text
    assert first in page
    assert second not in page
    assert "待谁审核" in page
    assert second in client.get(manage(contest, f"/entries?reviewer={cast.county.id}")).text
    assert "没有符合条件" in client.get(manage(contest, f"/entries?reviewer={cast.other_county.id}")).text
    assert "没有符合条件" in client.get(manage(contest, "/entries?back=1")).text
    assert client.get(manage(contest, "/entries?reviewer=nonsense")).status_code == 200
    assert "没有符合条件的代表队" in client.get(manage(contest, "/teams?leader=none")).text


def test_the_next_one_of_the_same_workshop_is_filled_in(cast: Cast, client: FlaskClient) -> None:
    contest = make_contest(cast)
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    data = {**person(name="无手机·甲", phone=""), **WORK, **SIGNED, "events": event_ids(contest.id)[:1], "team_id": "",
            "team_role": "member", "again": "1"}
    done = client.post(manage(contest, "/entries/new"), data=data)
    assert done.status_code == 303
    page = client.get(done.location).text
    assert 'value="测试拉面馆"' in page
    assert f'value="{SIGNED["paper"]}"' in page
    assert 'value="无手机·甲"' not in page
    assert client.get(manage(contest, "/entries/new?after=00000000-0000-4000-8000-000000000000")).status_code == 404
