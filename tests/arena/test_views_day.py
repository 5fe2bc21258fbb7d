"""The door and the rulings, as they are tapped."""

import uuid

import pytest
from flask.testing import FlaskClient

from competition.arena import queries
from competition.arena import service as arena
from competition.arena.rules import ABSENT, CHECKED_IN, CLEARED, DISQUALIFIED, RESULT_CANCELLED, WITHDRAWN
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import rounds_of
from competition.core import audit
from competition.core.database import atomic, db
from competition.registration.models import Entrant
from tests.arena.conftest import Rounds
from tests.builders import draw_contest, make_contest, make_field
from tests.cast import Cast


@pytest.fixture
def contest(cast: Cast) -> Contest:
    made = make_contest(cast, open=False, events=("theory", "basic"))
    make_field(cast, made, persons=6)
    draw_contest(cast, made)
    return made


@pytest.fixture
def door(client: FlaskClient, cast: Cast, contest: Contest) -> FlaskClient:
    return cast.sign_in(client, cast.account("check_in_judge", "contest", contest.id, "测试检录员"))


def address(contest: Contest) -> str:
    return f"/manage/contests/{contest.id}/arena/check-in/{rounds_of(contest.id)[1].id}"


def places(contest: Contest) -> list[queries.Placed]:
    return queries.placed(rounds_of(contest.id)[1].id)


def number(entrant: Entrant) -> str:
    assert entrant.entry is not None
    return entrant.entry.number or ""


def state(entrant_id: uuid.UUID) -> str | None:
    db.session.expire_all()
    facts = queries.facts_of(entrant_id)
    return facts[-1].kind if facts else None


def test_number_after_number_without_a_click(door: FlaskClient, contest: Contest) -> None:
    for place in places(contest)[:3]:
        typed = {"number": number(place.entrant), "batch": "all"}
        page = door.post(address(contest), data=typed, follow_redirects=True).get_data(as_text=True)
        assert f"{number(place.entrant)} {place.entrant.entry.name} 现为“已检录”" in page  # type: ignore[union-attr]
        assert 'name="number"' in page
        assert "autofocus" in page
        assert state(place.entrant.id) == CHECKED_IN
    assert "已检录 3 · 缺考 0 · 未检录 3" in page


@pytest.mark.parametrize("typed", ["{n}", "{short}", " {n} "])
def test_numbers_as_people_type_them(door: FlaskClient, contest: Contest, typed: str) -> None:
    entrant = places(contest)[0].entrant
    text = typed.format(n=number(entrant), short=number(entrant).lstrip("0"))
    assert door.post(address(contest), data={"number": text}).status_code == 303
    assert state(entrant.id) == CHECKED_IN


def test_an_unknown_number_is_kept_and_explained(door: FlaskClient, contest: Contest) -> None:
    answer = door.post(address(contest), data={"number": "9999"})
    assert answer.status_code == 422
    assert "没有这个编号" in answer.get_data(as_text=True)
    assert 'value="9999"' in answer.get_data(as_text=True)
    assert door.post(address(contest), data={"number": ""}).status_code == 422
    assert "有 6 个参赛者符合" in door.post(address(contest), data={"number": "选手"}).get_data(as_text=True)
    assert queries.current_outcomes(contest.id) == {}


def test_somebody_of_another_batch_is_not_checked_in_by_accident(door: FlaskClient, contest: Contest) -> None:
    later = next(p for p in places(contest) if p.batch == 2)
    page = door.post(address(contest), data={"number": number(later.entrant), "batch": "1"}, follow_redirects=True)
    assert "在第 2 批，不在第 1 批，没有检录" in page.get_data(as_text=True)
    assert state(later.entrant.id) is None


def test_the_same_number_twice_is_one_fact(door: FlaskClient, contest: Contest) -> None:
    entrant = places(contest)[0].entrant
    door.post(address(contest), data={"number": number(entrant)})
    page = door.post(address(contest), data={"number": number(entrant)}, follow_redirects=True).get_data(as_text=True)
    assert "没有重复记录" in page
    assert len(queries.facts_of(entrant.id)) == 1


def test_one_tap_and_its_undo(door: FlaskClient, contest: Contest) -> None:
    entrant = places(contest)[0].entrant
    for kind in (ABSENT, CLEARED, CHECKED_IN):
        answer = door.post(f"{address(contest)}/{entrant.id}", data={"kind": kind, "batch": "1"})
        assert answer.status_code == 303
        assert answer.location.endswith(f"#e-{entrant.id}")
        assert state(entrant.id) == kind
    assert [f.by_name for f in queries.facts_of(entrant.id)] == ["测试检录员"] * 3


@pytest.mark.parametrize(("kind", "status"), [(DISQUALIFIED, 403), ("NONSENSE", 303), ("", 303)])
def test_the_door_takes_only_its_own_facts(door: FlaskClient, contest: Contest, kind: str, status: int) -> None:
    entrant = places(contest)[0].entrant
    answer = door.post(f"{address(contest)}/{entrant.id}", data={"kind": kind})
    assert answer.status_code in (303, status)
    assert state(entrant.id) is None


def test_strangers_to_the_round_are_not_found(door: FlaskClient, contest: Contest) -> None:
    theory = queries.placed(rounds_of(contest.id)[0].id)[0].entrant
    assert door.post(f"{address(contest)}/{theory.id}", data={"kind": CHECKED_IN}).status_code == 404
    assert door.post(f"{address(contest)}/{uuid.uuid4()}", data={"kind": CHECKED_IN}).status_code == 404


def test_the_list_is_searched_and_split_by_batch(door: FlaskClient, contest: Contest) -> None:
    wanted, other = places(contest)[0], places(contest)[-1]
    found = door.get(f"{address(contest)}?q={wanted.entrant.entry.name}").get_data(as_text=True)  # type: ignore[union-attr]
    assert f"e-{wanted.entrant.id}" in found
    assert f"e-{other.entrant.id}" not in found
    batch = door.get(f"{address(contest)}?batch={wanted.batch}").get_data(as_text=True)
    assert f"e-{wanted.entrant.id}" in batch
    assert f"e-{other.entrant.id}" not in batch
    first = door.get(address(contest)).get_data(as_text=True)
    assert f"e-{other.entrant.id}" not in first
    assert f"e-{other.entrant.id}" in door.get(f"{address(contest)}?batch=all").get_data(as_text=True)
    assert "没有找到" in door.get(f"{address(contest)}?q=无此人").get_data(as_text=True)


def test_the_rest_is_shown_before_it_is_absent(door: FlaskClient, contest: Contest) -> None:
    first = [p for p in places(contest) if p.batch == 1]
    door.post(f"{address(contest)}/{first[0].entrant.id}", data={"kind": CHECKED_IN}, follow_redirects=True)
    page = door.get(f"{address(contest)}/absent?batch=1").get_data(as_text=True)
    assert f"将 {len(first) - 1} 个记为缺考" in page
    assert first[0].entrant.entry.name not in page  # type: ignore[union-attr]
    assert door.post(f"{address(contest)}/absent?batch=1").status_code == 303
    assert [state(p.entrant.id) for p in first] == [CHECKED_IN] + [ABSENT] * (len(first) - 1)
    assert state(next(p for p in places(contest) if p.batch == 2).entrant.id) is None
    assert "没有未检录的参赛者" in door.get(f"{address(contest)}/absent?batch=1").get_data(as_text=True)


def test_a_members_badge_checks_the_team_in(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, open=False, events=("bowl",))
    with atomic():
        contest.events[0].entrant_kind = "team"
        audit.record("test.team", actor=cast.actor("organizer"), subject=("contest", contest.id), at=cast.at)
    entries = make_field(cast, contest, persons=4, delegations=1)
    draw_contest(cast, contest)
    cast.sign_in(client, cast.account("check_in_judge", "contest", contest.id))
    where = f"/manage/contests/{contest.id}/arena/check-in/{rounds_of(contest.id)[0].id}"
    page = client.post(where, data={"number": entries[0].number}, follow_redirects=True).get_data(as_text=True)
    assert "第1代表团1队 现为“已检录”" in page
    assert len(queries.current_outcomes(contest.id)) == 1


def test_before_the_draw_the_door_works_by_list(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, open=False, events=("theory", "basic"))
    make_field(cast, contest, persons=3, numbered=True)
    cast.sign_in(client, cast.account("check_in_judge", "contest", contest.id))
    page = client.post(address(contest), data={"number": "0002", "batch": "all"}, follow_redirects=True).get_data(as_text=True)
    assert "0002 选手" in page
    assert "已检录 1 · 缺考 0 · 未检录 2" in page


def test_a_halted_contest_and_a_locked_round_say_so(door: FlaskClient, cast: Cast, contest: Contest, rounds: Rounds) -> None:
    entrant = places(contest)[0].entrant
    rounds.locked_ids.add(rounds_of(contest.id)[1].id)
    page = door.post(address(contest), data={"number": number(entrant)}, follow_redirects=True).get_data(as_text=True)
    assert "评分已锁定" in page
    contests.stop(contest.id, reason="停电", actor=cast.actor("organizer"), at=cast.at)
    assert "恢复后才能办理" in door.get(address(contest)).get_data(as_text=True)
    assert state(entrant.id) is None


# ---- rulings ---------------------------------------------------------------------------------


def test_the_chief_judge_rules_by_number_without_places(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id, "测试裁判长"))
    place = places(contest)[0]
    base = f"/manage/contests/{contest.id}/arena"
    listed = client.get(f"{base}/outcomes?q={number(place.entrant)}&event=basic").get_data(as_text=True)
    assert str(place.entrant.id) in listed
    page = client.get(f"{base}/entrants/{place.entrant.id}").get_data(as_text=True)
    for text in (listed, page):
        assert "工位</" not in text
        assert f"第 {place.batch} 批" not in text
    refused = client.post(f"{base}/entrants/{place.entrant.id}", data={"kind": DISQUALIFIED, "reason": ""})
    assert refused.status_code == 422
    assert client.post(f"{base}/entrants/{place.entrant.id}", data={"kind": DISQUALIFIED, "reason": "替考"}).status_code == 303
    history = client.get(f"{base}/entrants/{place.entrant.id}").get_data(as_text=True)
    assert "替考" in history
    assert "撤销“取消资格”，恢复为“未检录”" in history
    assert state(place.entrant.id) == DISQUALIFIED
    assert "替考" in client.get(f"{base}/outcomes?state=ruled").get_data(as_text=True)
    assert client.post(f"{base}/entrants/{place.entrant.id}", data={"kind": CLEARED, "reason": "申诉成立"}).status_code == 303
    assert state(place.entrant.id) == CLEARED


@pytest.mark.parametrize(("kind", "status"), [(RESULT_CANCELLED, 422), ("X", 422), (WITHDRAWN, 303)])
def test_only_what_may_follow_is_offered(client: FlaskClient, cast: Cast, contest: Contest, kind: str, status: int) -> None:
    cast.sign_in(client, cast.account("supervisor", "contest", contest.id))
    entrant = places(contest)[0].entrant
    answer = client.post(f"/manage/contests/{contest.id}/arena/entrants/{entrant.id}", data={"kind": kind, "reason": "理由"})
    assert answer.status_code == status


@pytest.mark.parametrize(("role", "look", "rule"), [
    ("check_in_judge", 200, 403), ("coding_judge", 403, 403), ("judge", 403, 403), ("timekeeper", 403, 403), ("chief_judge", 200, 303),
    ("supervisor", 200, 303), ("organizer", 200, 303),
])
def test_who_may_rule(client: FlaskClient, cast: Cast, contest: Contest, role: str, look: int, rule: int) -> None:
    cast.sign_in(client, cast.account(role, "contest", contest.id))
    where = f"/manage/contests/{contest.id}/arena/entrants/{places(contest)[0].entrant.id}"
    assert client.get(where).status_code == look
    assert client.post(where, data={"kind": WITHDRAWN, "reason": "本人要求"}).status_code == rule


def test_filters_of_the_record(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    came, missed = (p.entrant for p in places(contest)[:2])
    actor = cast.actor("check_in_judge", "contest", contest.id)
    arena.check_in(came.id, CHECKED_IN, actor=actor, at=cast.at)
    arena.check_in(missed.id, ABSENT, actor=actor, at=cast.at)
    cast.sign_in(client, cast.account("organizer", "contest", contest.id))
    base = f"/manage/contests/{contest.id}/arena/outcomes"
    for wanted, inside, outside in ((CHECKED_IN, came, missed), (ABSENT, missed, came)):
        page = client.get(f"{base}?state={wanted}").get_data(as_text=True)
        assert str(inside.id) in page
        assert str(outside.id) not in page
    open_page = client.get(f"{base}?state=CLEARED").get_data(as_text=True)
    assert str(came.id) not in open_page
    assert "共 <strong>10</strong> 个" in open_page
    assert "没有符合条件" in client.get(f"{base}?q=无此人").get_data(as_text=True)
