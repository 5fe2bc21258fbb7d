"""Questions, their answers and the lists behind them count the same people, whichever way they are counted."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from competition.core.actors import SYSTEM
from competition.core.database import db
from competition.counting.models import Activity, Counted, Place, Standing
from competition.counting.rules_scopes import WHOLE
from competition.counting.service import roll_up
from competition.counting.service_facts import Told
from competition.participation import queries_asked as answers
from competition.participation import queries_behind as behind
from competition.participation.export import by_return
from competition.participation.rules_questions import Question, asked
from competition.participation.rules_words import OF_PEOPLE, VALUES
from competition.returns import service as returns
from tests.cast import AT, Cast
from tests.participation.given import small_year
from tests.queries import statements_of

MAY = 2026 * 12 + 4
QUESTIONS = (
    Question(), Question("630200"), Question("630224", month=MAY), Question("630000"), Question("110000"), Question(year="S2026"),
    Question(values=(("sex", "female"),)), Question("630200", values=(("kind", "labour"),)), Question(values=(("flagship", "yes"),)),
    Question(values=(("held_in", "630200"),)), Question(values=(("held_in", "630000"),)),
    Question(values=(("industry", "energy"), ("sex", "male"))),
    Question("630200", "S2026", values=(("level", "county"), ("ownership", "public"))),
    Question("630200", month=MAY, values=(("age_band", "35to44"),)), Question(values=(("kind", "skills"), ("flagship", "yes"))),
    Question(month=MAY, values=(("kind", "labour"),)),
)


def walked(question: Question, now: answers.Figures) -> list[tuple[int, int]]:
    """Every line of the list behind a figure, seven to a page: participant and activity."""
    found: list[tuple[int, int]] = []
    after: str | None = None
    while True:
        stretch = behind.people(question, now, after, 7)
        found += [(one.fact.participant_id, one.fact.activity_id) for one in stretch.items]
        after = stretch.after
        if after is None:
            return found


def plainly(question: Question) -> set[tuple[int, int]]:
    """The same, looked for row by row."""
    found = set()
    for row in db.session.query(Counted):
        standing, activity = db.session.get_one(Standing, row.standing_id), db.session.get_one(Activity, row.activity_id)
        place = db.session.get_one(Place, standing.place_id)
        held = "630000" if activity.region_code in (None, "630000") else f"{activity.region_code[:4]}00"
        said = {"held_in": held, "flagship": "yes" if activity.is_flagship else "no", "kind": activity.kind, "level": activity.level}
        said |= {name: getattr(standing, name) for name in OF_PEOPLE}
        scopes = {WHOLE, place.region_code, place.prefecture_code, place.province_code, *(f"u:{union}" for union in place.path.split())}
        first, last = question.span
        if question.scope in scopes and first <= row.month <= last and question.activity in (None, row.activity_id) and all(
                said[name] == value for name, value in question.values):
            found.add((row.participant_id, row.activity_id))
    return found


def test_the_list_behind_a_figure_has_the_figures_persons(any_cast: Cast) -> None:
    activities = small_year(any_cast)
    union = f"u:{any_cast.county.id.hex}"
    more = (Question(union), Question(union, values=(("sex", "male"),)), Question(activity=activities[0]),
            Question("630200", activity=activities[1]), Question(union, month=MAY, activity=activities[1], values=(("sex", "male"),)))
    for question in (*QUESTIONS, *more):
        now, expected = answers.figures(question), plainly(question)
        rows = walked(question, now)
        assert len(rows) == len(set(rows)), question
        assert set(rows) == expected, question
        assert (now.persons, now.person_times) == (len({who for who, _what in expected}), len(expected)), question
        months = answers.months(question)
        assert months is not None
        if question.month is None:
            assert months[-1].so_far == now.persons, question
            assert sum(month.person_times for month in months) == now.person_times, question


def test_parts_hold_what_each_place_says_of_itself(any_cast: Cast) -> None:
    small_year(any_cast)
    for question in (Question(), Question("630200"), Question(month=MAY), Question(values=(("industry", "energy"), ("sex", "male")))):
        found = answers.parts(question, ["630100", "630200", "632200", "630224", "630225"], answers.figures(question))
        assert found
        for code, pair in found.items():
            own = answers.figures(Question(code, question.year, question.month, None, question.values))
            assert pair == (own.persons, own.person_times), (question, code)


def test_what_is_too_much_is_not_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    small_year(cast)
    monkeypatch.setattr(answers, "LIMIT", 20)
    question = Question(values=(("industry", "energy"), ("sex", "male")))
    assert not answers.figures(question).is_known
    assert answers.months(question) is None
    assert answers.figures(Question(values=(("sex", "male"),))).is_known


@pytest.mark.parametrize(("arguments", "ignored"), [
    ({"year": "S2021"}, ()), ({"year": "20x1"}, ("year",)), ({"year": "0001"}, ("year",)), ({"month": "13"}, ("month",)),
    ({"sex": "other"}, ("sex",)), ({"contest": "-1"}, ("contest",)), ({"held_in": "999999", "kind": "labour"}, ("held_in",)),
    ({"month": "²"}, ("month",)), ({"year": " 2026 ", "nothing": "x"}, ()),
])
def test_addresses_say_what_they_ask_or_are_told(arguments: dict[str, str], ignored: tuple[str, ...]) -> None:
    found = asked(arguments, WHOLE, 2026, {"630200"}, VALUES)
    assert found.ignored == ignored
    assert asked(found.question.arguments(), WHOLE, 2026, {"630200"}, VALUES).question == found.question


def test_a_statistical_year_begins_in_october() -> None:
    question = asked({"year": "S2026", "month": "11"}, WHOLE, 2026, (), VALUES).question
    assert question.month == 2025 * 12 + 10
    assert question.calendar[0] == 10
    assert question.year_before().period == "2024-11"


ROOT = "/participation"
PAGES = tuple(f"{ROOT}/{rest}" for rest in (
    "?year=2026", "?year=S2026", "?year=2026&sex=male&industry=energy", "?month=5", "places/630200?kind=labour", "places/630224?year=2026",
    "places/630224/people?year=2026", "places/630200/people?sex=male&kind=skills", "places/all/contests", "places/all/hosts",
    "places/630200/reported", "places/all/reported?measure=patents"))


def test_every_page_costs_the_same_whatever_it_shows(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    small_year(cast, 12)
    few = [len(statements_of(client, address)) for address in PAGES]
    small_year(cast, 120)
    many = [len(statements_of(client, address)) for address in PAGES]
    assert few == many
    assert max(many) <= 45, dict(zip(PAGES, many, strict=True))


def test_figures_lead_to_their_list_for_who_may_and_nowhere_for_who_may_not(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    number = answers.figures(Question("630224")).persons
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get("/participation/places/630224?year=2026").text
    assert f'href="/participation/places/630224/people?year=2026">{number}</a>' in page
    assert f"{number} 人，" in client.get("/participation/places/630224/people?year=2026").text
    cast.sign_in(client, cast.account("leader"))
    assert "/people" not in client.get("/participation/places/630224?year=2026").text


def test_a_union_has_a_page_and_its_people_are_its_own(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    address = f"/participation/places/u:{cast.county.id.hex}"
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert client.get(f"{address}/people?year=2026").status_code == 200
    cast.sign_in(client, cast.account("clerk", "union", cast.other_county.id))
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/people?year=2026").status_code == 403
    for wrong in ("u:x", "u:00000000000000000000000000000000", "999999"):
        assert client.get(f"/participation/places/{wrong}").status_code == 404


def test_the_form_leads_to_the_place_and_says_what_it_did_not_know(client: FlaskClient, cast: Cast) -> None:
    small_year(cast)
    cast.sign_in(client, cast.account("leader"))
    answer = client.get("/participation/?year=2026&place=630200&sex=male&kind=")
    assert (answer.status_code, answer.location) == (302, "/participation/places/630200?year=2026&sex=male")
    assert "已略过：月份、性别" in client.get("/participation/?month=17&sex=x").text
    assert client.get("/participation/?contest=999").status_code == 404
    assert "没有符合条件的参赛记录" in client.get("/participation/?kind=knowledge").text
    assert "刚才逐条计数" in client.get("/participation/?sex=male&industry=energy").text
    assert client.get("/participation/places/all/reported?measure=nothing").status_code == 404


def test_the_benefit_is_said_in_ten_thousand_yuan_wherever_it_stands(client: FlaskClient, cast: Cast) -> None:
    contest = db.session.get_one(Activity, small_year(cast)[0]).contest_id
    found = returns.begin_return(cast.county.id, contest, MAY, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(found.id, [Told("k1", AT.date(), cast.county.id, "630224")], actor=SYSTEM, at=AT)
    returns.put_measures(found.id, {"benefit": 92_995}, actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    for union in (cast.prefecture, cast.province):
        returns.approve_return(found.id, union.id, actor=SYSTEM, at=AT)
    roll_up(at=AT)
    cast.sign_in(client, cast.account("organizer"))
    for address in ("?year=2026", "places/all/reported?year=2026&measure=benefit", "bulletin?year=2026&month=5"):
        page = client.get(f"{ROOT}/{address}").text
        assert "929.95" in page, address
        assert "92,995" not in page, address
    assert [row for row in by_return(Question(), {}) if Decimal("929.95") in row]


def test_the_returns_behind_a_figure_lead_to_their_pages_for_who_may_see_them(client: FlaskClient, cast: Cast) -> None:
    contest = db.session.get_one(Activity, small_year(cast)[0]).contest_id
    found = returns.begin_return(cast.county.id, contest, MAY, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(found.id, [Told("k1", AT.date(), cast.county.id, "630224")], actor=SYSTEM, at=AT)
    returns.put_measures(found.id, {"patents": 2}, actor=SYSTEM, at=AT)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    for union in (cast.prefecture, cast.province):
        returns.approve_return(found.id, union.id, actor=SYSTEM, at=AT)
    roll_up(at=AT)
    link = f'href="/participation/returns/{found.id}"'
    for account, status in ((cast.account("organizer"), 200), (cast.account("clerk", "union", cast.county.id), 200),
                            (cast.account("clerk", "union", cast.other_county.id), 404), (cast.account("leader"), 403)):
        page = cast.sign_in(client, account).get(f"{ROOT}/places/all/reported?year=2026&measure=patents").text
        assert "截至" in page
        assert (link in page) is (status == 200), account.login
        assert client.get(f"/participation/returns/{found.id}").status_code == status
