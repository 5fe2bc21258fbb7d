"""One contest with an event of teams and one of persons, from registration to the certificate, as its people do it."""

import io

import pytest
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.arena.models import Outcome
from competition.arena.queries import decoded
from competition.arena.queries_day import get_whole_entrant
from competition.arena.work_queries import list_works
from competition.certificates import service as certificates
from competition.certificates.models import Batch, Certificate
from competition.certificates.rules_numbers import grouped
from competition.contests import service as contests
from competition.contests.queries import rounds_of
from competition.core import approvals, jobs
from competition.core.actors import SYSTEM
from competition.core.approvals import Approval
from competition.core.clock import now
from competition.core.crypto import unseal
from competition.core.database import db, get
from competition.core.jobs import Job
from competition.counting import service as counting
from competition.counting.models import Fact
from competition.judging import queries as judging_queries
from competition.judging import service as judging
from competition.notices.models import Message
from competition.organisations.queries import union_of_region
from competition.registration import service as registration
from competition.registration.models import Entry
from competition.results.models import PublishedRow
from tests.builders import approved_entries, entry_data, falling_marks, late_figures, open_codes, publish_all
from tests.cast import Cast
from tests.forms_shown import hidden_of
from tests.judges import criteria_of, make_panel, sit_down
from tests.results.team_story import Story, begun

ELSEWHERE = "630121"


@pytest.fixture
def story(cast: Cast, client: FlaskClient) -> Story:
    return begun(cast, client)


def test_a_team_event_from_registration_to_the_certificate(story: Story) -> None:
    found_teams(story)
    register_people(story)
    review(story)
    draw(story)
    change_lineup(story)
    check_in(story)
    judge(story)
    publish(story)
    read_results(story)
    print_book(story)
    count_people(story)
    assert issue(story) == {"海东一队", "海东二队", "西宁一队"}


def found_teams(story: Story) -> None:
    """The office sets the conditions, the unions found their teams; a fifth team finds no place."""
    bowl = str(story.event("bowl").id)
    story.be("organizer")
    story.do(story.path("/conditions"), 422, team_least="4", team_most="3")
    story.do(story.path("/conditions"), team_least="3", team_most="3", reserve_most="1")
    story.do(story.path("/delegations"), level="prefecture")
    story.be("clerk", "union", story.cast.prefecture.id)
    leader = story.cast.account("team_leader", "contest", story.contest.id, "领队甲")
    at_home, away = str(story.cast.county.id), union_of_region("630100")
    assert away is not None
    values = {"union_id": at_home, "leader_name": "领队甲", "leader_id": str(leader.id), "events": [bowl]}
    story.do(story.path("/teams/new"), name="海东一队", **values)
    story.do(story.path("/teams/new"), name="海东二队", union_id=at_home, leader_id="", events=[bowl])
    story.do(story.path("/teams/new"), 422, name="西宁一队", union_id=str(away.id), leader_id="", events=[bowl])
    story.be("organizer")
    for name in ("西宁一队", "西宁二队"):
        story.do(story.path("/teams/new"), name=name, union_id=str(away.id), leader_id="", events=[bowl])
    full = story.do(story.path("/teams/new"), 409, name="第五队", union_id=at_home, leader_id="", events=[bowl])
    assert "名额已满" in full.text
    listed = story.see(story.path("/teams"))
    assert "海东市代表团" in listed
    assert story.event("bowl").name in listed


def register_people(story: Story) -> None:
    """The leader enters the team; others come by their unions, one with an account of the own."""
    story.sign_in(story.cast.account("team_leader", "contest", story.contest.id, "领队甲"))
    assert "海东一队" in story.see(story.path("/teams"))
    assert "海东二队" not in story.see(story.path("/teams"))
    assert "海东一队" in story.see(story.path(f"/entries/new?team={story.team('海东一队').id}"))
    story.enter("海东一队", "队员甲")
    story.enter("海东一队", "队员乙", events=())
    story.enter("海东一队", "队员丙")
    story.enter("海东一队", "替补丁", "reserve", events=())
    assert "已满 3 人" in story.enter("海东一队", "队员戊", status=409).text
    assert "已满 1 人" in story.enter("海东一队", "替补戊", "reserve", status=409).text
    assert story.enter("海东二队", "别队的人", status=422).status_code == 422
    people = story.see(story.path(f"/teams/{story.team('海东一队').id}"))
    assert "替补队员" in people
    me = story.cast.account("contestant", name="海东二队选手")
    actor = story.cast.actor("contestant", name="海东二队选手")
    data = entry_data(story.contest, name="本人报名", events=[story.event("basic").id], team_id=story.team("海东二队").id)
    registration.submit_entry(story.contest.id, data, actor=actor, at=now(), consent="web")
    own = story.sign_in(me).see(f"/my/entries/{story.entry('本人报名').id}")
    assert "海东二队（正式队员）" in own
    assert story.event("bowl").name in own
    assert story.event("bowl").name in story.see("/my/entries")


def review(story: Story) -> None:
    """County, then prefecture, each by its own clerk."""
    approved_entries(story.cast, story.contest, 2, team_id=story.team("海东二队").id)
    for name in ("西宁一队", "西宁二队"):
        union = union_of_region(ELSEWHERE)
        approved_entries(story.cast, story.contest, 3, union=union, region_code=ELSEWHERE, team_id=story.team(name).id, events=[])
    for union in (story.cast.county, story.cast.prefecture):
        story.be("clerk", "union", union.id)
        for name in ("队员甲", "队员乙", "队员丙", "替补丁", "本人报名"):
            entry = story.entry(name)
            assert (story.event("bowl").name in story.see(story.path(f"/entries/{entry.id}"))) is (name != "替补丁"), name
            story.do(story.path(f"/entries/{entry.id}/review"), decision="approve", reason="", version=str(entry.version))
    states = {story.entry(name).state for name in ("队员甲", "队员乙", "队员丙", "替补丁", "本人报名")}
    assert states == {"approved"}


def draw(story: Story) -> None:
    """A team that is too small is not drawn, nor is one that has left; the others get a code each."""
    office = story.be("organizer")
    round_, odd = story.round("bowl"), story.entry("队员乙")
    here = story.path(f"/rounds/{round_.id}", "arena")
    office.do(story.path(f"/teams/{story.team('海东一队').id}/members/{odd.id}"), role="out")
    short = office.client.post(f"{here}/draw", data={})
    assert short.status_code == 409
    assert "不足 3 人" in short.text
    assert "海东一队" in short.text
    office.do(story.path(f"/teams/{story.team('海东一队').id}/members"), entry_id=str(odd.id), role="member")
    assert story.entry("队员乙").team_role == "member"
    for key, number in (("bowl", 4), ("basic", 5)):
        page = office.see(story.path(f"/rounds/{story.round(key).id}", "arena"))
        assert "海东市代表团" in page
        assert f"为 {number} 个参赛者抽签" in page
        office.do(story.path(f"/rounds/{story.round(key).id}/draw", "arena"), **hidden_of(page, "/draw"))
    works = list_works(round_.id)
    assert len(works) == 4
    assert {e.team.name for e in decoded(story.event("bowl").id).values() if e.team} == {"海东一队", "海东二队", "西宁一队", "西宁二队"}
    dropped = office.do(story.path(f"/teams/{story.team('海东一队').id}/edit"), 409, name="海东一队",
                        union_id=str(story.cast.county.id), leader_id="")
    assert "已经抽签" in dropped.text
    assert story.team("海东一队").leader_id is not None


def change_lineup(story: Story) -> None:
    """The contest has begun; a member is ill and the reserve goes in."""
    contests.start(story.contest.id, actor=story.cast.actor("organizer"), at=story.cast.at)
    team, office = story.team("海东一队"), story.be("organizer")
    page = office.see(story.path(f"/teams/{team.id}"))
    assert "替补上场由组委会办公室在检录前办理" in page
    assert "移出代表队" not in page
    here = story.path(f"/entrants/{story.entrant('海东一队').id}", "arena")
    assert "调整上场名单" in office.see(here)
    page = office.see(f"{here}/lineup")
    assert "替补丁（替补队员）" in page
    going = [str(story.entry(name).id) for name in ("队员甲", "队员丙", "替补丁")]
    assert "至少 3 人" in office.do(f"{here}/lineup", 422, people=going[:2], reason="生病").text
    assert "不在可选之列" in office.do(f"{here}/lineup", 422, people=[*going, str(story.entry("本人报名").id)], reason="生病").text
    office.do(f"{here}/lineup", 422, people=going, reason="")
    office.do(f"{here}/lineup", people=going, reason="队员乙生病")
    assert (story.entry("队员乙").team_role, story.entry("替补丁").team_role) == ("reserve", "member")
    leader = story.cast.account("team_leader", "contest", story.contest.id, "领队甲")
    told = db.session.scalars(select(Message).where(Message.account_id == leader.id, Message.kind == "registration.lineup")).one()
    assert "换上：替补丁；换下：队员乙。原因：队员乙生病" in told.body
    story.be("judge").client.get(f"{here}/lineup")
    assert story.client.post(f"{here}/lineup", data={"people": going, "reason": "x"}).status_code in (403, 404)


def check_in(story: Story) -> None:
    """Three teams come, by a member's badge or by the button; the fourth does not."""
    door = story.be("check_in_judge")
    round_ = story.round("bowl")
    here = story.path(f"/check-in/{round_.id}", "arena")
    assert "海东一队" in door.see(here)
    door.do(here, number=story.entry("替补丁").number, batch="all")
    assert door.client.post(here, data={"number": story.entry("队员乙").number, "batch": "all"}).status_code == 422
    for name in ("海东二队", "西宁一队"):
        door.do(f"{here}/{story.entrant(name).id}", kind="CHECKED_IN", batch="all")
    door.do(f"{here}/{story.entrant('西宁二队').id}", kind="ABSENT", batch="all")
    kinds = {get_whole_entrant(o.entrant_id).team.name: o.kind for o in db.session.scalars(  # type: ignore[union-attr]
        select(Outcome).where(Outcome.event_id == story.event("bowl").id))}
    assert kinds == {"海东一队": "CHECKED_IN", "海东二队": "CHECKED_IN", "西宁一队": "CHECKED_IN", "西宁二队": "ABSENT"}
    basic = story.path(f"/check-in/{story.round('basic').id}", "arena")
    for entrant in decoded(story.event("basic").id).values():
        door.do(f"{basic}/{entrant.id}", kind="CHECKED_IN", batch="all")
    office = story.be("organizer")
    lineup = story.path(f"/entrants/{story.entrant('海东一队').id}/lineup", "arena")
    assert "上场名单不能再改" in office.see(lineup)
    office.do(lineup, 409, people=[str(story.entry("队员甲").id)], reason="再换")
    sheet = office.see(story.path(f"/print/rounds/{round_.id}/sign-in", "arena"))
    assert "替补丁" in sheet
    assert "队员乙" not in sheet


def judge(story: Story) -> None:
    """Every seat marks what is there to be marked; neither the board nor the sheets know a team."""
    for round_ in rounds_of(story.contest.id):
        make_panel(round_, 3, at=story.cast.at)
        judging.open_round(round_.id, actor=SYSTEM, at=story.cast.at)
        works = [work for work in list_works(round_.id) if not work.away]
        for seat in judging_queries.seats_of_round(round_.id):
            device = sit_down(seat, at=story.cast.at)
            for work in works:
                device.mark(work, {c.key: falling_marks(seat, work, c) for c in criteria_of(round_)})
        figures = {(w.id, k): v for w in works for k, v in late_figures(round_, w).items()}
        judging.record_many(round_.id, figures, source="keyed", actor=SYSTEM, at=story.cast.at)
        board = story.be("chief_judge").see(story.path(f"/rounds/{round_.id}", "judging"))
        for name in ("海东一队", "西宁二队", "队员甲", "替补丁", "本人报名"):
            assert name not in board
        judging.lock_round(round_.id, confirm_name=round_.name, actor=SYSTEM, at=story.cast.at)
    blind = story.be("organizer").see(story.path("/scopes/event:bowl", "results"))
    assert "海东一队" not in blind


def publish(story: Story) -> None:
    """Codes opened and results published by two people."""
    open_codes(story.cast, story.contest)
    office = story.be("organizer")
    ranking = office.see(story.path("/scopes/event:bowl", "results"))
    assert "海东一队" in ranking
    assert "代表队" in ranking
    sums = office.see(story.path("/scopes/team:squads", "results"))
    assert "海东一队" in sums
    assert str(story.team("海东一队").id) not in sums.replace(f"team:squads/{story.team('海东一队').id}", "")
    publish_all(story.cast, story.contest)


def lines(story: Story, scope: str) -> dict[str, PublishedRow]:
    return {row.public_name: row for row in db.session.scalars(select(PublishedRow)) if row.publication.scope == scope}


def read_results(story: Story) -> None:
    """What everybody sees, and what the members, the leader and others see."""
    bowl = lines(story, "event:bowl")
    assert set(bowl) == {"海东一队", "海东二队", "西宁一队", "西宁二队"}
    assert (bowl["西宁二队"].status, bowl["西宁二队"].rank) == ("ABSENT", None)
    assert bowl["海东一队"].members == ["队员甲", "队员丙", "替补丁"]
    assert bowl["海东一队"].entry_id is None
    story.client.delete_cookie("session")
    page = story.see(f"/contests/{story.contest.id}/results/event:bowl")
    assert "队员：队员甲、队员丙、替补丁" in page
    assert "另有 1 支代表队没有名次" in page
    for hidden in ("队员乙", "西宁二队", story.entry("队员甲").number or "?", bowl["海东一队"].value or "?"):
        assert hidden not in page
    assert "本人报名" in story.see(f"/contests/{story.contest.id}/results/event:basic")
    assert "海东一队" in story.see(f"/contests/{story.contest.id}/results/team:squads")
    row = bowl["海东二队"]
    mine = story.sign_in(story.cast.account("contestant", name="海东二队选手")).see("/my/results")
    assert "海东二队" in mine
    assert "海东一队" not in mine
    own = story.see(f"/my/results/{row.id}")
    assert "本人报名" in own
    story.see(f"/my/results/{bowl['海东一队'].id}", 404)
    sums = story.see(f"/my/results/{lines(story, 'team:squads')['海东二队'].id}")
    assert "本人报名，手工拉面基本功：" in sums
    story.sign_in(story.cast.account("team_leader", "contest", story.contest.id, "领队甲"))
    assert "海东一队" in story.see("/my/results")
    assert "替补丁" in story.see(f"/my/results/{bowl['海东一队'].id}")
    told = db.session.scalars(select(Message.account_id).where(Message.kind == "results.published")).all()
    assert story.cast.account("team_leader", "contest", story.contest.id, "领队甲").id in told


def print_book(story: Story) -> None:
    """成绩册: teams with their members, on the screen, as PDF and as workbook."""
    office = story.be("organizer")
    chapter = office.see(story.path("/book/event:bowl", "results"))
    assert "<th>队员</th>" in chapter
    assert "共 4 队" in chapter
    office.do(story.path("/book", "results"))
    job = db.session.scalars(select(Job).where(Job.kind == "results.book")).one()
    jobs.run_job(job.id)
    pdf = office.client.get(story.path(f"/book/{job.id}.pdf", "results"), buffered=True)
    text = text_of(pdf.data)
    assert "队员甲、队员丙、替补丁" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.client.post(story.path("/book.xlsx", "results")).data))
    rows = book.get_sheet_by_name(story.event("bowl").name).to_python()
    assert rows[1][:4] == ["名次", "代表队", "队员", "代表团"]
    assert [row[2] for row in rows[2:] if row[1] == "海东一队"] == ["队员甲、队员丙、替补丁"]


def text_of(data: bytes) -> str:
    """What a PDF says, without blanks."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in PdfDocument(data))


def count_people(story: Story) -> None:
    """Each who went in counts once; who stood by or did not come does not."""
    counted = counting.collect_facts(story.contest.id, actor=SYSTEM, at=story.cast.at)
    present = {f.participant.key for f in db.session.scalars(select(Fact))}
    entries = {e.name: e for e in db.session.scalars(select(Entry).where(Entry.contest_id == story.contest.id))}
    here = {name for name, e in entries.items() if counting.person_key(e) in present}
    absent = {e.name for e in entries.values() if e.team_id == story.team("西宁二队").id} | {"队员乙"}
    assert here == set(entries) - absent
    assert counted["added"] == 9


def issue(story: Story) -> set[str]:
    """The award of a team: its name, its union, who went in. The teams that got one."""
    publication = next(iter(lines(story, "event:bowl").values())).publication
    office = story.be("organizer")
    template = next(t.id for t in certificates.ensure_ready_templates(now()) if t.kind == "award")
    prepared = office.do(story.path("/prepare", "certificates"), source=str(publication.id), template=str(template),
                         title="团体奖", dated_on="2026-06-02")
    assert "申请签发 3 份证书" in office.see(prepared.location)
    office.do(f"{prepared.location}/ask", reason="名单已核对")
    asked = db.session.scalars(select(Approval).where(Approval.state == "asked")).one()
    approvals.decide(asked.id, approve=True, actor=story.cast.actor("supervisor"), at=now())
    batch = db.session.scalars(select(Batch)).one()
    certificates.print_batch(batch.id, report=lambda done, total, message: None, clock=now)
    found = {c.name: c for c in db.session.scalars(select(Certificate))}
    paper = get(Certificate, found["海东一队"].id)
    assert paper.file is not None
    assert (paper.subject_kind, paper.data["队员"], paper.data["代表队"]) == ("team", "队员甲、队员丙、替补丁", "海东一队")
    assert paper.data["单位"] == "化隆回族自治县总工会"
    assert f"{paper.data['单位']}队员：队员甲、队员丙、替补丁" in text_of(paper.file.read())
    assert "海东一队" in office.see(story.path("/register", "certificates"))
    change = office.see(story.path(f"/register/{paper.id}/replace", "certificates"))
    assert "派出工会" in change
    assert "姓名拼音" not in change
    same = {"name": paper.name, "unit": paper.data["单位"], "members": paper.data["队员"], "delegation": paper.data["代表团"]}
    office.do(story.path(f"/register/{paper.id}/replace", "certificates"), 422, **same, reason="没有变化")
    story.client.delete_cookie("session")
    code = grouped(unseal(paper.code_sealed, "certificate", "code", paper.id))
    shown = story.see(f"/v/{code}")
    assert "队员甲、队员丙、替补丁" in shown
    assert "海东一队" in shown
    leader = story.cast.account("team_leader", "contest", story.contest.id, "领队甲")
    assert "海东一队" in story.sign_in(leader).see("/my/certificates")
    story.see(f"/my/certificates/{paper.id}")
    member = story.sign_in(story.cast.account("contestant", name="海东二队选手"))
    member.see(f"/my/certificates/{found['海东二队'].id}")
    member.see(f"/my/certificates/{paper.id}", 404)
    return set(found)
