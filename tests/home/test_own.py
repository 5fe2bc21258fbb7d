"""The reader's own results and certificates: own lines, newest versions, nobody else's."""

import re
import uuid
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from competition.accounts.models import Account, Person
from competition.arena import service as arena
from competition.certificates.models import Batch, Certificate, Template
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook, rounds_of
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry, Team
from competition.registration.rules_data import TeamData
from competition.results.models import Publication, PublishedRow
from tests.builders import SIGNED, entry_data, make_contest
from tests.cast import AT, Cast
from tests.queries import statements_of


def add(*things: Any) -> None:
    with atomic() as session:
        for thing in things:
            session.add(thing)
            session.flush()
        audit.record("test", actor=SYSTEM, subject=("test", "x"), at=AT)


def entry(contest: Contest, account_id: uuid.UUID | None, team: Team | None = None) -> Entry:
    found = Entry(contest_id=contest.id, account_id=account_id, team_id=team.id if team else None, state="approved", name="选手",
                  created_at=AT)
    add(found)
    return found


def publish(contest: Contest, scope: str, version: int, rows: list[dict[str, Any]]) -> list[PublishedRow]:
    publication = Publication(
        id=uuid.uuid4(), contest_id=contest.id, scope=scope, scope_name=f"项目{scope}", version=version, rulebook_digest="x",
        rulebook_id=current_rulebook(contest.id).id, inputs_digest="x", payload={}, payload_digest="x", published_at=AT)
    made = [PublishedRow(publication_id=publication.id, position=n, status="ranked", public_name="选手", team_name="", delegation_name="",
                         region_name="", **row) for n, row in enumerate(rows, 1)]
    add(publication, *made)
    return made


def line(of: Entry, rank: int, value: str) -> dict[str, Any]:
    return {"entry_id": of.id, "rank": rank, "value": value}


def test_own_lines_of_the_newest_version(client: FlaskClient, cast: Cast) -> None:
    contest, me = make_contest(cast, phase="finished", open=False), cast.account("contestant", name="本人")
    mine, other = entry(contest, me.id), entry(contest, cast.account("contestant", name="别人").id)
    publish(contest, "event:basic", 1, [line(mine, 1, "91.20"), line(other, 2, "80.11")])
    publish(contest, "event:basic", 2, [line(other, 1, "95.55"), line(mine, 2, "90.90")])
    publish(contest, "total:overall", 1, [line(mine, 3, "88.88")])
    cast.sign_in(client, me)
    page = client.get("/my/results").text
    assert page.index("88.88") < page.index("90.90"), "the total first"
    assert "第2名" in page
    assert "已更正" in page
    for hidden in ("91.20", "95.55", "80.11"):
        assert hidden not in page
    assert "成绩已发布" in client.get("/my/entries").text


def test_lines_of_the_own_team_count_too(client: FlaskClient, cast: Cast) -> None:
    contest, me = make_contest(cast, phase="finished", open=False), cast.account("contestant", name="本人")
    team = Team(contest_id=contest.id, union_id=cast.county.id, name="甲队", created_at=AT)
    add(team)
    entry(contest, me.id, team)
    publish(contest, "total:team", 1, [{"team_id": team.id, "rank": 3, "value": "270.00"}])
    cast.sign_in(client, me)
    assert "270.00" in client.get("/my/results").text
    cast.sign_in(client, cast.account("contestant", name="别人"))
    assert "还没有成绩" in client.get("/my/results").text


def certify(contest: Contest, row: PublishedRow, number: str) -> None:
    template = Template(id=uuid.uuid4(), key=number, version=1, kind="award", layout={"blocks": []}, digest="x", name_zh="奖状",
                        created_at=AT)
    batch = Batch(id=uuid.uuid4(), contest_id=contest.id, template_id=template.id, title="x", settings={}, created_at=AT)
    add(template, batch, Certificate(
        number=number, series=number, serial=1, name="选手", scope="event:basic", kind="award", subject_kind="entry",
        contest_id=contest.id, batch_id=batch.id,
        row_id=row.id, position=1, data={"项目": "手工拉面基本功", "奖项": row.award_name}, data_digest="x",
        code_hash=number, code_sealed="x",
        issued_at=AT))


def test_own_certificates_and_nobody_elses(client: FlaskClient, cast: Cast) -> None:
    contest, me = make_contest(cast, phase="finished", open=False), cast.account("contestant", name="本人")
    rows = publish(contest, "event:basic", 1, [
        {"entry_id": entry(contest, me.id).id, "rank": 1, "award": "gold", "award_name": "金奖"},
        {"entry_id": entry(contest, None).id, "rank": 2, "award": "silver", "award_name": "银奖"}])
    certify(contest, rows[0], "T-0001")
    certify(contest, rows[1], "T-0002")
    cast.sign_in(client, me)
    page = client.get("/my/certificates").text
    assert "T-0001" in page
    assert "金奖" in page
    assert "T-0002" not in page
    assert "证书已签发" in client.get("/my/entries").text


def test_what_is_listed_can_be_opened_by_who_is_known_as_a_person_only(client: FlaskClient, cast: Cast) -> None:
    """The clerk entered them: no account made the entry, but the account that signs in is that person's."""
    contest, me = make_contest(cast, phase="finished", open=False), cast.account("contestant", name="本人")
    person = Person(name="选手", created_at=AT)
    add(person)
    team = Team(contest_id=contest.id, union_id=cast.county.id, name="甲队", created_at=AT)
    add(team)
    mine = entry(contest, None, team)
    with atomic():
        mine.person_id = db.session.get_one(Account, me.id).person_id = person.id
        audit.record("test", actor=SYSTEM, subject=("test", "x"), at=AT)
    row = publish(contest, "total:team", 1, [{"team_id": team.id, "rank": 3, "value": "270.00", "award_name": "铜奖"}])[0]
    certify(contest, row, "T-0003")
    cast.sign_in(client, me)
    for listed in ("/my/results", "/my/certificates"):
        links = re.findall(rf'href="({listed}/[0-9a-f-]+)"', client.get(listed).text)
        assert links
        assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_own_pages_cost_the_same_for_many(client: FlaskClient, cast: Cast) -> None:
    me = cast.account("contestant", name="本人").id
    sign_in = cast.account("contestant", name="本人")

    def fill(count: int) -> None:
        for _ in range(count):
            contest = make_contest(cast, phase="finished", open=False)
            row = publish(contest, "event:basic", 1, [line(entry(contest, me), 1, "90.00")])[0]
            certify(contest, row, uuid.uuid4().hex)

    cast.sign_in(client, sign_in)
    pages = ("/my/entries", "/my/results", "/my/certificates")
    fill(2)
    few = [len(statements_of(client, page)) for page in pages]
    fill(6)
    assert [len(statements_of(client, page)) for page in pages] == few
    assert db.session.query(Certificate).count() == 8


# ---- my entries ----------------------------------------------------------------------------------


def test_an_entry_from_the_form_to_the_certificate(client: FlaskClient, cast: Cast) -> None:
    me = cast.account("contestant", name="本人")
    cast.sign_in(client, me)
    page = client.get("/my/entries").text
    assert "先选一项正在报名的赛事" in page
    assert 'href="/contests?state=open"' in page
    contest = make_contest(cast, events=("basic",), review_levels=("county",))
    mine = registration.register_for(contest.id, entry_data(contest, union_id=cast.county.id),
                                         actor=cast.actor("organizer"), at=now(), paper=SIGNED)
    give(mine, me.id)
    page = client.get("/my/entries").text
    assert f"由{cast.county.name}审核" in page
    registration.review_entry(mine.id, "return", reason="照片不清楚", actor=cast.actor("clerk"), at=now())
    page = client.get("/my/entries").text
    assert "照片不清楚" in page
    assert f'href="/contests/{contest.id}/entry/person"' in page
    move(mine, "submitted")
    registration.review_entry(mine.id, "approve", actor=cast.actor("clerk"), at=now())
    assert "接下来抽签" in client.get("/my/entries").text
    arena.draw_round(rounds_of(contest.id)[0].id, actor=cast.actor("coding_judge", "contest", contest.id), at=now())
    page = client.get("/my/entries").text
    assert "第 1 批，工位检录时告知" in page
    # The entry's own page says the same.
    own = client.get(f"/my/entries/{mine.id}").text
    assert "参赛安排" in own
    assert "第 1 批，工位检录时告知" in own
    arena.check_in(entrants_of(mine)[0], "ABSENT", actor=cast.actor("check_in_judge", "contest", contest.id), at=now())
    page = client.get("/my/entries").text
    assert "检录记录是缺考" in page
    assert "缺考" in page


def test_the_place_on_the_waiting_list(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast, quota=1)
    registration.register_for(contest.id, entry_data(contest), actor=cast.actor("organizer"), at=now(), paper=SIGNED)
    waiting = [registration.register_for(contest.id, entry_data(contest),
                                         actor=cast.actor("organizer"), at=now(), paper=SIGNED) for _ in range(3)]
    me = cast.account("contestant", name="本人")
    give(waiting[2], me.id)
    cast.sign_in(client, me)
    assert "您在候补第 3 位" in client.get("/my/entries").text
    assert "您在候补第 3 位" in client.get(f"/my/entries/{waiting[2].id}").text


def test_every_main_action_opens(client: FlaskClient, cast: Cast) -> None:
    me = cast.account("contestant", name="本人")
    for state in ("draft", "submitted", "reviewing", "returned", "approved", "waiting", "rejected", "withdrawn"):
        contest = make_contest(cast, events=("basic",), name=f"测试{state}赛")
        mine = registration.register_for(contest.id, entry_data(contest), actor=cast.actor("organizer"), at=now(), paper=SIGNED)
        give(mine, me.id)
        move(mine, state)
    cast.sign_in(client, me)
    tree = html.fromstring(client.get("/my/entries").text)
    links = tree.xpath("//*[@class='form-actions']/a/@href")
    assert len(links) == 8
    assert {client.get(link).status_code for link in links} <= {200, 303}


def test_a_leader_finds_the_own_teams(client: FlaskClient, cast: Cast) -> None:
    contest = make_contest(cast)
    leader = cast.account("team_leader", "contest", contest.id)
    actor, led = cast.actor("organizer"), TeamData("测试队", cast.county.id, leader_id=leader.id)
    team = registration.create_team(contest.id, led, actor=actor, at=now())
    registration.create_team(contest.id, TeamData("别的队", cast.county.id), actor=actor, at=now())
    cast.sign_in(client, leader)
    page = client.get("/my/entries").text
    link = f"/manage/contests/{contest.id}/registration/teams/{team.id}"
    assert link in page
    assert "别的队" not in page
    assert client.get(link).status_code == 200


def give(entry: Entry, account_id: uuid.UUID) -> None:
    with atomic() as session:
        session.get_one(Entry, entry.id).account_id = account_id
        audit.record("test", actor=SYSTEM, subject=("entry", entry.id), at=AT)


def move(entry: Entry, state: str) -> None:
    with atomic() as session:
        session.get_one(Entry, entry.id).state = state
        audit.record("test", actor=SYSTEM, subject=("entry", entry.id), at=AT)


def entrants_of(entry: Entry) -> list[uuid.UUID]:
    return list(db.session.scalars(select(Entrant.id).where(Entrant.entry_id == entry.id)))
