"""Pages of the draw, of codes and of what is public: the way through, and every refusal."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from competition.arena import queries, rules_draw, work_queries
from competition.arena.models import Draw
from competition.arena.queries_draw import event_use
from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import approvals, audit
from competition.core.database import atomic, db
from competition.registration.models import Entry
from tests.arena.conftest import Rounds
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast
from tests.forms_shown import hidden_of
from tests.queries import statements_of


@pytest.fixture
def contest(cast: Cast) -> Contest:
    made = make_contest(cast, open=False, events=("theory", "basic"))
    make_field(cast, made, persons=6)
    return made


def base(contest: Contest) -> str:
    return f"/manage/contests/{contest.id}/arena"


def enter(client: FlaskClient, cast: Cast, contest: Contest, role: str, name: str = "") -> FlaskClient:
    return cast.sign_in(client, cast.account(role, "contest", contest.id, name))


def basic(contest: Contest) -> uuid.UUID:
    return rounds_of(contest.id)[1].id


def test_from_the_list_to_the_drawn_round(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    enter(client, cast, contest, "coding_judge")
    page = client.get(base(contest)).get_data(as_text=True)
    assert "手工拉面基本功" in page
    assert "预计 2 批" in page
    preview = client.get(f"{base(contest)}/rounds/{basic(contest)}").get_data(as_text=True)
    assert "为 6 个参赛者抽签" in preview
    assert "第1代表团" in preview
    answer = client.post(f"{base(contest)}/rounds/{basic(contest)}/draw", data=hidden_of(preview, "/draw"))
    assert answer.status_code == 303
    result = client.get(answer.location).get_data(as_text=True)
    draw = db.session.scalars(select(Draw)).one()
    assert draw.result_digest in result
    assert draw.seed not in result
    assert "选手001" in result
    assert not any(work.code in result for work in work_queries.list_works(basic(contest)))


def test_a_stale_page_draws_nothing_and_shows_the_new_list(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    enter(client, cast, contest, "coding_judge")
    answer = client.post(f"{base(contest)}/rounds/{basic(contest)}/draw", data={"expected": "0" * 16})
    assert answer.status_code == 409
    assert "参赛名单有了变化" in answer.get_data(as_text=True)
    assert queries.live_draw(basic(contest)) is None


def test_a_second_press_says_that_it_is_drawn(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    draw_contest(cast, contest)
    enter(client, cast, contest, "coding_judge")
    answer = client.post(f"{base(contest)}/rounds/{basic(contest)}/draw", data={})
    assert answer.status_code == 409
    assert "已经抽签" in answer.get_data(as_text=True)


def test_drawing_again_asks_for_the_reason_and_publishes_it(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    draw_contest(cast, contest)
    enter(client, cast, contest, "organizer")
    address = f"{base(contest)}/rounds/{basic(contest)}/redraw"
    shown = hidden_of(client.get(address).get_data(as_text=True), "/redraw")
    assert shown["expected"]
    refused = client.post(address, data={"reason": ""})
    assert refused.status_code == 422
    assert client.post(address, data={**shown, "expected": "", "reason": "名单漏了一人"}).status_code == 409
    assert client.post(address, data={**shown, "reason": "名单漏了一人"}).status_code == 303
    assert "名单漏了一人" in client.get(f"/contests/{contest.id}/draw").get_data(as_text=True)
    assert "名单漏了一人" in client.get(f"{base(contest)}/rounds/{basic(contest)}").get_data(as_text=True)


def test_no_redraw_after_judging_began(client: FlaskClient, cast: Cast, contest: Contest, rounds: Rounds) -> None:
    draw_contest(cast, contest)
    rounds.begun_ids.add(basic(contest))
    enter(client, cast, contest, "organizer")
    answer = client.post(f"{base(contest)}/rounds/{basic(contest)}/redraw", data={"reason": "想再抽"})
    assert answer.status_code == 409
    assert "想再抽" in answer.get_data(as_text=True)
    assert "重新抽签</a>" not in client.get(f"{base(contest)}/rounds/{basic(contest)}").get_data(as_text=True)


def test_late_approvals_are_pointed_out(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, open=False, events=("theory", "basic"))
    late = make_field(cast, contest, persons=4)[0]
    for state in ("submitted", "approved"):
        with atomic() as session:
            session.execute(update(Entry).where(Entry.id == late.id).values(state=state))
            audit.record("test.state", actor=cast.actor("organizer"), subject=("entry", late.id), at=cast.at)
        if state == "submitted":
            enter(client, cast, contest, "organizer")
            assert "还有 1 份报名没有审完" in client.get(f"{base(contest)}/rounds/{basic(contest)}").get_data(as_text=True)
            draw_contest(cast, contest)
    page = client.get(f"{base(contest)}/rounds/{basic(contest)}").get_data(as_text=True)
    assert "有 1 个参赛者在抽签以后才通过审核" in page
    assert late.name in page


# ---- codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coding_judge", "supervisor"])
def test_the_coding_table_is_for_two_roles_and_every_look_counts(
    client: FlaskClient, cast: Cast, contest: Contest, role: str,
) -> None:
    draw_contest(cast, contest)
    enter(client, cast, contest, role)
    page = client.get(f"{base(contest)}/rounds/{basic(contest)}/codes")
    codes = [work.code for work in work_queries.list_works(basic(contest))]
    assert all(code in page.get_data(as_text=True) for code in codes)
    assert next(r.act for r in audit.history("round", basic(contest))) == "arena.read_codes"
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("role", ["judge", "chief_judge", "scorekeeper", "timekeeper", "organizer", "check_in_judge", "administrator"])
@pytest.mark.parametrize("page", ["rounds/{round}/codes", "print/rounds/{round}/codes", "print/rounds/{round}/codes.pdf"])
def test_nobody_else_reads_codes(client: FlaskClient, cast: Cast, contest: Contest, role: str, page: str) -> None:
    draw_contest(cast, contest)
    account = cast.account(role) if role == "administrator" else cast.account(role, "contest", contest.id)
    cast.sign_in(client, account)
    answer = client.get(f"{base(contest)}/{page.format(round=basic(contest))}")
    assert answer.status_code == 403
    assert not any(work.code in answer.get_data(as_text=True) for work in work_queries.list_works(basic(contest)))
    assert all(r.act != "arena.read_codes" for r in audit.history("round", basic(contest)))


@pytest.mark.parametrize("role", ["judge", "chief_judge", "scorekeeper", "timekeeper"])
@pytest.mark.parametrize("page", ["", "rounds/{round}", "check-in/{round}", "print", "print/rounds/{round}/sign-in"])
def test_whoever_marks_sees_no_places(client: FlaskClient, cast: Cast, contest: Contest, role: str, page: str) -> None:
    draw_contest(cast, contest)
    enter(client, cast, contest, role)
    assert client.get(f"{base(contest)}/{page.format(round=basic(contest))}".rstrip("/")).status_code == 403


def test_other_contests_do_not_exist(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    other = make_contest(cast, open=False, events=("basic",))
    draw_contest(cast, contest)
    enter(client, cast, other, "organizer")
    for page in ("", f"/rounds/{basic(contest)}", "/check-in", "/outcomes", "/print", "/print/badges"):
        assert client.get(base(contest) + page).status_code == 404, page
    # A round of another contest is not found under one's own.
    assert client.get(f"{base(other)}/rounds/{basic(contest)}").status_code == 404
    assert client.post(f"{base(other)}/rounds/{basic(contest)}/draw", data={}).status_code == 404


def test_an_events_own_coding_judge_stays_in_the_event(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    draw_contest(cast, contest)
    theory, own = rounds_of(contest.id)
    cast.sign_in(client, cast.account("coding_judge", "event", own.event_id))
    page = client.get(base(contest)).get_data(as_text=True)
    assert "手工拉面基本功" in page
    assert "理论知识" not in page
    assert client.get(f"{base(contest)}/rounds/{own.id}/codes").status_code == 200
    assert client.get(f"{base(contest)}/rounds/{theory.id}/codes").status_code == 404
    assert client.get(f"{base(contest)}/print/order-book").status_code == 403


def test_opening_codes_is_asked_here_and_decided_by_another(client: FlaskClient, cast: Cast, contest: Contest, rounds: Rounds) -> None:
    draw_contest(cast, contest)
    event = rounds_of(contest.id)[1].event_id
    enter(client, cast, contest, "coding_judge")
    address = f"{base(contest)}/events/{event}/open-codes"
    refused = client.post(address, data={"reason": "统分完毕"})
    assert refused.status_code == 409
    assert "还没有锁定" in refused.get_data(as_text=True)
    rounds.locked_ids.add(basic(contest))
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "统分完毕"}).status_code == 303
    assert approvals.open_request("arena.open_codes", event) is not None
    assert "等待监督仲裁批准" in client.get(address).get_data(as_text=True)


# ---- the public ------------------------------------------------------------------------------


def test_the_public_page_commits_first_and_tells_after_the_lock(
    client: FlaskClient, cast: Cast, contest: Contest, rounds: Rounds,
) -> None:
    theory, own = rounds_of(contest.id)
    assert "还没有抽签" in client.get(f"/contests/{contest.id}/draw").get_data(as_text=True)
    draws = {d.round_id: d for d in draw_contest(cast, contest)}
    page = client.get(f"/contests/{contest.id}/draw").get_data(as_text=True)
    # A theory event has nobody who watches the seats while marking: everything at once.
    assert draws[theory.id].seed in page
    assert draws[own.id].seed not in page
    assert draws[own.id].result_digest in page
    assert rules_draw.digest(draws[own.id].seed) in page
    assert "选手" not in page
    assert client.get(f"/contests/{contest.id}/draw/{own.id}/result.txt").status_code == 404
    rounds.locked_ids.add(own.id)
    assert draws[own.id].seed in client.get(f"/contests/{contest.id}/draw").get_data(as_text=True)
    listed = client.get(f"/contests/{contest.id}/draw/{own.id}/list.txt").get_data(as_text=True)
    result = client.get(f"/contests/{contest.id}/draw/{own.id}/result.txt").get_data(as_text=True)
    assert rules_draw.digest(listed) == draws[own.id].input_digest
    assert rules_draw.digest(f"{draws[own.id].seed}\n{result}") == draws[own.id].result_digest


def test_a_draft_has_no_public_draw(client: FlaskClient, cast: Cast) -> None:
    draft = make_contest(cast, phase="draft", events=("basic",))
    assert client.get(f"/contests/{draft.id}/draw").status_code == 404


def test_the_contests_page_leads_to_the_draw_once_there_is_one(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    assert "抽签公开" not in client.get(f"/contests/{contest.id}").get_data(as_text=True)
    draw_contest(cast, contest)
    assert f'href="/contests/{contest.id}/draw"' in client.get(f"/contests/{contest.id}").get_data(as_text=True)


def test_an_event_with_a_draw_is_not_removed(cast: Cast, contest: Contest) -> None:
    assert event_use(rounds_of(contest.id)[1].event_id) is None
    draw_contest(cast, contest)
    assert "已经抽签" in str(event_use(rounds_of(contest.id)[1].event_id))


def test_contestants_learn_their_batch_and_later_their_station(
    client: FlaskClient, cast: Cast, contest: Contest, rounds: Rounds,
) -> None:
    draw_contest(cast, contest)
    place = queries.placed(basic(contest))[0]
    account = cast.account("contestant")
    with atomic() as session:
        session.execute(update(Entry).where(Entry.id == place.entrant.entry_id).values(account_id=account.id))
        audit.record("test.account", actor=cast.actor("organizer"), subject=("entry", place.entrant.entry_id), at=cast.at)
    cast.sign_in(client, account)
    page = client.get("/my/entries").get_data(as_text=True)
    assert f"第 {place.batch} 批，工位检录时告知" in page
    rounds.locked_ids.add(basic(contest))
    assert f"第 {place.batch} 批 {place.station} 号" in client.get("/my/entries").get_data(as_text=True)


# ---- how much it costs -------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "/rounds/{round}", "/rounds/{round}/codes", "/check-in", "/check-in/{round}", "/outcomes",
                                  "/print", "/print/order-book", "/print/badges", "/print/rounds/{round}/sign-in"])
def test_pages_cost_the_same_with_3_and_with_30(app: Flask, cast: Cast, page: str) -> None:
    made = []
    for persons in (3, 30):
        contest = make_contest(cast, open=False, events=("theory", "basic"))
        make_field(cast, contest, persons=persons)
        draw_contest(cast, contest)
        role = "coding_judge" if "codes" in page else "organizer"
        client = enter(app.test_client(), cast, contest, role)
        made.append((client, base(contest) + page.format(round=basic(contest))))
    few, many = (statements_of(client, address) for client, address in made)
    assert len(few) == len(many), "\n".join(many)
