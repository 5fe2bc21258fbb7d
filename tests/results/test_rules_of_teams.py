"""Scales, medals, prizes of delegations and team rules of every kind, from the marks to page, book and certificate."""

import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from competition.certificates.plan import make_plan
from competition.certificates.queries import ready_template
from competition.certificates.source_published import Published
from competition.contests.models import Contest
from competition.core.database import db, get
from competition.core.jobs import Job, run_job
from competition.results import queries, service
from competition.results.models import PublishedRow
from tests.builders import judged_contest, open_codes, publish_all
from tests.cast import Cast
from tests.judges import whole_marks
from tests.results.test_ties_and_sums import decide

GOLD, SILVER, BRONZE = ({"key": f"medal_{key}", "name": name} for key, name in (("a", "金牌"), ("b", "银牌"), ("c", "铜牌")))
TOP = {"key": "top", "name": {"zh": "代表团最佳选手", "en": "Best of delegation"}, "kind": "title"}
FIRST = {"key": "team_first", "name": {"zh": "团体一等奖", "en": "First team prize"}, "from": 1, "to": 1}
SCALE = {
    "key": "standard", "name": {"zh": "标准分", "en": "Standard score"}, "method": "scale", "of": "basic",
    "awards": [{"by": "medals", "tiers": [GOLD, SILVER, BRONZE]}, {"by": "best_of", "of": "delegation", "tiers": [TOP]}],
}
TEAMS: list[dict[str, Any]] = [
    {"key": "ranks", "name": "名次团体", "of": "basic", "method": "places", "size": 2,
     "places": [{"from": 1, "to": 1, "points": "10"}, {"from": 2, "to": 2, "points": "7"}, {"from": 3, "points": "1"}],
     "ranking": {"ties": [{"figure": "places", "order": "asc"}]},
     "awards": [{"by": "ranks", "tiers": [FIRST]}]},
    {"key": "modules", "name": "均分团体", "method": "mean", "parts": [{"of": "theory", "weight": "30"}, {"of": "basic", "weight": "70"}]},
    {"key": "medals", "name": "奖牌团体", "of": "standard", "method": "prizes",
     "prizes": [{"tier": f"medal_{key}", "points": points} for key, points in (("a", "4"), ("b", "3"), ("c", "2"))], "otherwise": "1"},
    {"key": "bests", "name": "最好成绩团体", "of": "standard", "method": "sum", "best": 1},
]


def everything(document: dict[str, Any]) -> dict[str, Any]:
    """All of it in one rulebook."""
    return {**document, "totals": [SCALE], "teams": TEAMS}


def contest_of(cast: Cast, twist: Any = everything, **more: Any) -> Contest:
    """Six persons of three delegations, a team of two in each; works in the order of the draw."""
    return judged_contest(cast, 6, events=("theory", "basic"), seats=3, twist=twist, **more)


@pytest.fixture
def published(cast: Cast) -> Contest:
    contest = contest_of(cast)
    open_codes(cast, contest)
    publish_all(cast, contest)
    return contest


def rows_of(contest: Contest, scope: str) -> list[PublishedRow]:
    return list(queries.get_publication(contest.id, scope).rows)


def test_what_stands_on_delegations_is_not_told_before_the_codes_are_opened(cast: Cast) -> None:
    def by_event(document: dict[str, Any]) -> dict[str, Any]:
        basic = next(event for event in document["events"] if event["key"] == "basic")
        basic["awards"] = [{"by": "best_of", "of": "delegation", "tiers": [TOP]}]
        return {**document, "totals": [], "teams": []}

    contest = contest_of(cast, by_event)
    assert [row.awards for row in service.compute(contest.id).rows("event:basic")] == [()] * 6
    open_codes(cast, contest)
    after = service.compute(contest.id)
    best: dict[str, str] = {}
    for row in after.rows("event:basic"):
        best.setdefault(after.people[row.entry].delegation, row.entry)
    assert len(best) == 3
    assert {row.entry for row in after.rows("event:basic") if row.awards == ("top",)} == set(best.values())


def test_every_ranking_follows_from_the_published_figures(published: Contest) -> None:
    """Added up by hand from what stands below, with the names of registration."""
    basic = {row.public_name: row for row in rows_of(published, "event:basic")}
    theory = {row.public_name: row for row in rows_of(published, "event:theory")}
    values = [Fraction(row.value or 0) for row in basic.values()]
    middle = (sorted(values)[2] + sorted(values)[3]) / 2
    mean = sum(values) / 6
    variance = sum((value - mean) ** 2 for value in values) / 6
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    centre = Decimal(middle.numerator) / middle.denominator
    scale = {name: 700 + 50 * (Decimal(row.value or 0) - centre) / root for name, row in basic.items()}
    standard = rows_of(published, "total:standard")
    assert {row.public_name: row.value for row in standard} == {name: str(round(value)) for name, value in scale.items()}
    assert [row.award_name for row in standard][:1] == ["金牌、代表团最佳选手"]
    points = {1: 10, 2: 7}
    for team in rows_of(published, "team:ranks"):
        assert len(team.members) == 2
        assert team.delegation_name
        assert Fraction(team.value or 0) == sum(points.get(basic[name].rank or 9, 1) for name in team.members)
    for team in rows_of(published, "team:modules"):
        exact = sum(Fraction(theory[n].value or 0) * 30 + Fraction(basic[n].value or 0) * 70 for n in team.members) / 2 / 100
        assert abs(Fraction(team.value or 0) - exact) <= Fraction(1, 200)
    by_name = {row.public_name: row for row in standard}
    medal = {"medal_a": 4, "medal_b": 3, "medal_c": 2}
    for team in rows_of(published, "team:medals"):
        assert Fraction(team.value or 0) == sum(medal.get(by_name[name].award or "", 1) for name in team.members)
    for team in rows_of(published, "team:bests"):
        assert Fraction(team.value or 0) == max(Fraction(by_name[name].value or 0) for name in team.members)


def test_pages_the_book_and_certificates_know_these_rankings(cast: Cast, client: FlaskClient, published: Contest) -> None:
    names = {"total:standard": "标准分", **{f"team:{team['key']}": str(team["name"]) for team in TEAMS}}
    for scope, name in names.items():
        public = client.get(f"/contests/{published.id}/results/{scope}").get_data(as_text=True)
        first = rows_of(published, scope)[0]
        assert name in public
        assert first.public_name in public
        assert (first.award_name or "") in public.replace("</span><span>", "")
    root = f"/manage/contests/{published.id}/results"
    cast.sign_in(client, cast.account("scorekeeper", "contest", published.id))
    for scope in names:
        assert client.get(f"{root}/scopes/{scope}").status_code == 200
        for row in rows_of(published, scope):
            said = client.get(f"{root}/scopes/{scope}/{row.who}")
            assert said.status_code == 200, row.who
    said = client.get(f"{root}/scopes/team:ranks/{rows_of(published, 'team:ranks')[0].who}").get_data(as_text=True)
    assert "第 1 名 10 分" in said
    said = client.get(f"{root}/scopes/total:standard/{rows_of(published, 'total:standard')[0].who}").get_data(as_text=True)
    assert "6 个有效成绩，中位数" in said
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.post(f"{root}/book.xlsx").data))
    assert book.sheet_names[-5:] == list(names.values())
    table = book.get_sheet_by_name("均分团体").to_python()
    assert table[1] == ["名次", "代表队", "队员", "代表团", "理论知识", "手工拉面基本功", "成绩", "奖项", "情况"]
    first = rows_of(published, "team:modules")[0]
    assert table[2][:4] == [1, first.public_name, "、".join(first.members), first.delegation_name]
    assert table[2][5] == pytest.approx(float(Fraction(first.figures["basic"])))
    client.post(f"{root}/book")
    job = db.session.scalars(select(Job).where(Job.kind == "results.book")).one()
    job_id = job.id
    run_job(job_id)
    job = get(Job, job_id)
    assert job.state == "done", job.error
    with client.get((job.result or {})["href"]) as answer, pikepdf.open(io.BytesIO(answer.data)) as paper:
        assert len(paper.pages) == 7


def test_certificates_of_medals_titles_and_teams(cast: Cast, published: Contest) -> None:
    plan = make_plan(Published(queries.get_publication(published.id, "total:standard")), ready_template("award"), published.ends_on)
    assert plan.people[0].data["奖项"] == "金牌、代表团最佳选手"
    assert len(plan.people) == len([row for row in rows_of(published, "total:standard") if row.award_name])
    plan = make_plan(Published(queries.get_publication(published.id, "team:ranks")), ready_template("award"), published.ends_on)
    (first,) = plan.people
    team = rows_of(published, "team:ranks")[0]
    assert (first.subject_kind, first.data["姓名"], first.data["队员"]) == ("team", team.public_name, "、".join(team.members))
    assert (first.data["奖项"], first.data["奖项英文"]) == ("团体一等奖", "First team prize")


# ---- who counts, and lots -----------------------------------------------------------------------


def best_of_equals(document: dict[str, Any]) -> dict[str, Any]:
    """The best member counts, and the team's figure is compared by the time."""
    for event in document["events"]:
        if event["key"] == "basic":
            event["ranking"] = {"ties": [], "shared": "competition"}
            event.pop("awards", None)
    ties = {"ties": [{"figure": "time", "order": "asc"}]}
    return {**document, "totals": [], "teams": [{"key": "squad", "name": "团体", "of": "basic", "best": 1, "ranking": ties}]}


def test_equal_members_at_the_border_are_asked_about_and_parted_by_lot(cast: Cast, client: FlaskClient) -> None:
    contest = contest_of(cast, best_of_equals, marking=whole_marks)
    open_codes(cast, contest)
    computed = service.compute(contest.id)
    assert {problem.code for problem in computed.scores.problems} == {"team.tied"}
    (question,) = service.questions(computed)
    assert (question.kind, question.scope, len(question.ids)) == ("order", "event:basic", 6)
    assert "只计最好的 1 名队员" in question.sentence
    cast.sign_in(client, cast.account("chief_judge", "contest", contest.id))
    address = f"/manage/contests/{contest.id}/results/decisions/{question.key}"
    assert "抽签" in client.get(address).get_data(as_text=True)
    order = {f"place_{number}": str(6 - number) for number in range(6)}
    assert client.post(address, data={**order, "how": "coin", "reason": "当场抽签"}).status_code == 422
    assert client.post(address, data={**order, "how": "lot", "reason": "当场抽签"}).status_code == 303
    after = service.compute(contest.id, explained=True)
    assert after.scores.complete
    rows = after.rows("event:basic")
    assert [row.entry for row in rows] == list(question.ids)[::-1]
    assert rows[0].standing is not None
    assert "并列由抽签决定，第 1 名（说明：当场抽签）" in rows[0].standing.say()
    assert "抽签" in client.get(f"/manage/contests/{contest.id}/results/decisions").get_data(as_text=True)


def test_what_is_not_said_to_be_a_lot_is_a_decision(cast: Cast) -> None:
    contest = contest_of(cast, best_of_equals, marking=whole_marks)
    open_codes(cast, contest)
    (question,) = service.questions(service.compute(contest.id))
    made = decide(cast, contest, question, list(question.ids))
    assert made.how == "decision"
