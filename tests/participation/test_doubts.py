"""What looks wrong in returns: what is found, what is not, how it ends, and who sees which side."""

import re
import uuid
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.files import store
from competition.organisations.models import Union
from competition.participation import rules_doubts as rules
from competition.participation import service_doubts as doubts
from competition.participation.models_doubts import Doubt, DoubtStep
from competition.returns import service as returns
from competition.returns.models import Return
from tests.builders import make_contest
from tests.cast import AT, Cast
from tests.returns import tables
from tests.returns.test_returns import people

ON, MONTH = date(2026, 6, 1), 2026 * 12 + 4
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


def side(
    number: int, union: uuid.UUID = ONE, *, people: int = 20, month: int = MONTH, kind: str = "roster", members: int | None = None,
) -> rules.Side:
    return rules.Side(uuid.UUID(int=number), number, union, number, month, kind, people, members)


@pytest.mark.parametrize(("other", "both", "kinds"), [
    (side(2, TWO), 5, ["shared"]), (side(2, TWO), 4, []), (side(2, TWO, month=MONTH + 1), 5, []), (side(2, ONE), 15, []),
    (side(2, ONE), 16, ["copied"]), (side(2, TWO, month=MONTH + 1, people=12), 10, ["copied"]), (side(2, TWO, people=9), 9, ["shared"]),
])
def test_people_of_two_rosters(other: rules.Side, both: int, kinds: list[str]) -> None:
    found = rules.of_pairs([(1, 2, both), (1, 99, 50)], {1: side(1), 2: other}, rules.DEFAULTS)
    assert [one.kind for one in found] == kinds


def test_more_than_members_and_whole_hundreds() -> None:
    found = rules.of_one([side(1, members=19), side(2, members=20), side(3, members=None), side(4, kind="bulk", people=300),
                          side(5, kind="bulk", people=301), side(6, people=300)], rules.DEFAULTS)
    assert [(one.kind, one.side.number) for one in found] == [("above_members", 1), ("round", 4)]


def test_a_month_with_three_times_the_usual() -> None:
    """20, 30, 40 before: the median is 30; 90 is three times that. Two months before are no history."""
    before = [side(n, people=10 + 10 * n, month=MONTH + n) for n in (1, 2, 3)]
    assert [one.figures for one in rules.of_history([*before, side(9, people=90, month=MONTH + 9)], rules.DEFAULTS)] == [
        {"people": 90, "usual": 30}]
    assert rules.of_history([*before, side(9, people=89, month=MONTH + 9)], rules.DEFAULTS) == []
    assert rules.of_history([*before[:2], side(9, people=900, month=MONTH + 9)], rules.DEFAULTS) == []


def test_the_key_stays_when_a_return_is_corrected_and_the_inputs_do_not() -> None:
    old, new = (rules.Found("round", side(4, people=count), None, {"people": count}) for count in (300, 400))
    assert (old.key, old.inputs == new.inputs) == (new.key, False)
    assert rules.after_look(rules.ACCEPTED, old.inputs, old) == rules.ACCEPTED
    assert rules.after_look(rules.ACCEPTED, old.inputs, new) == rules.OPEN
    assert rules.after_look(rules.GONE, old.inputs, old) == rules.OPEN
    assert rules.after_look(rules.GIVEN, old.inputs, None) == rules.GONE


def roster(cast: Cast, union: Union, *numbers: int) -> Return:
    """A submitted roster of its own contest."""
    made = returns.begin_return(union.id, make_contest(cast, phase="finished").id, MONTH, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(made.id, people(*numbers), actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    return made


def only() -> Doubt:
    return db.session.scalars(select(Doubt)).one()


def test_a_doubt_is_found_accepted_found_again_and_mended(any_cast: Cast) -> None:
    first = roster(any_cast, any_cast.county, *range(20))
    roster(any_cast, any_cast.other_county, *range(14, 34))
    assert doubts.look(ON, actor=SYSTEM, at=AT) == {"new": 1, "again": 0, "gone": 0, "changed": 0, "found": 1}
    assert doubts.look(ON, actor=SYSTEM, at=AT)["new"] == 0
    found = only()
    assert (found.kind, found.state, found.figures) == ("shared", "open", {"both": 6, "people": 20, "other_people": 20})
    with pytest.raises(RuleBroken, match="理由"):
        doubts.accept_doubt(found.id, " ", actor=SYSTEM, at=AT)
    doubts.accept_doubt(found.id, "两地联合举办", actor=SYSTEM, at=AT)
    assert doubts.look(ON, actor=SYSTEM, at=AT)["again"] == 0
    with pytest.raises(RuleBroken, match="已经办结"):
        doubts.give_doubt(found.id, "", actor=SYSTEM, at=AT)
    # One more of the same people: the exception was for six.
    returns.take_back_return(first.id, actor=SYSTEM, at=AT)
    returns.put_roster(first.id, people(*range(1, 21)), actor=SYSTEM, at=AT)
    returns.submit_return(first.id, actor=SYSTEM, at=AT)
    assert doubts.look(ON, actor=SYSTEM, at=AT)["again"] == 1
    doubts.give_doubt(found.id, "请核对", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="已经交给"):
        doubts.give_doubt(found.id, "", actor=SYSTEM, at=AT)
    returns.take_back_return(first.id, actor=SYSTEM, at=AT)
    assert doubts.look(ON, actor=SYSTEM, at=AT) == {"new": 0, "again": 0, "gone": 1, "changed": 0, "found": 0}
    assert get(Doubt, found.id).state == "gone"
    steps = db.session.scalars(select(DoubtStep.state).where(DoubtStep.doubt_id == found.id))
    assert sorted(steps) == ["accepted", "given", "gone", "open", "open"]


def test_thresholds_are_settings(any_cast: Cast) -> None:
    roster(any_cast, any_cast.county, *range(20))
    roster(any_cast, any_cast.other_county, *range(14, 34))
    doubts.set_limits(rules.DEFAULTS | {"shared_least": 7}, actor=SYSTEM, at=AT)
    assert doubts.look(ON, actor=SYSTEM, at=AT)["found"] == 0
    with pytest.raises(RuleBroken, match="50 至 100"):
        doubts.set_limits(rules.DEFAULTS | {"copied_percent": 101}, actor=SYSTEM, at=AT)


def test_rows_left_out_for_their_id_numbers_are_doubted_until_a_mended_table_is_taken(any_cast: Cast) -> None:
    found, rows = tables.draft(any_cast), tables.people(4)
    number = rows[0][1]
    broken = [rows[0][0], number[:-1] + ("1" if number[-1] != "1" else "2"), *rows[0][2:]]
    tables.taken(any_cast, tables.sent(any_cast, found, tables.book([broken, *rows[1:]])), only_good=True)
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    doubts.look(ON, actor=SYSTEM, at=AT)
    assert (only().kind, only().figures) == ("numbers", {"unread": 1, "people": 3})
    returns.take_back_return(found.id, actor=SYSTEM, at=AT)
    tables.taken(any_cast, tables.sent(any_cast, found, tables.book(rows)))
    returns.submit_return(found.id, actor=SYSTEM, at=AT)
    doubts.look(ON, actor=SYSTEM, at=AT)
    assert only().state == "gone"


def test_a_bulk_figure_of_whole_hundreds(any_cast: Cast) -> None:
    made = returns.begin_return(any_cast.county.id, make_contest(any_cast, phase="finished").id, MONTH, "bulk", actor=SYSTEM, at=AT)
    with atomic():
        evidence = store(b"%PDF-1.7", name="a.pdf", media_type="application/pdf", sensitivity="internal", actor=SYSTEM, at=AT)
        audit.record("test", actor=SYSTEM, subject=("file", "one"), at=AT)
    returns.put_bulk(made.id, 500, 0, evidence.id, actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    doubts.look(ON, actor=SYSTEM, at=AT)
    assert (only().kind, only().other_union_id) == ("round", None)


def test_a_union_sees_its_own_side_and_of_the_other_a_count(client: FlaskClient, cast: Cast) -> None:
    mine, other = roster(cast, cast.county, *range(20)), roster(cast, cast.other_county, *range(14, 34))
    assert mine.id != other.id
    doubts.look(ON, actor=SYSTEM, at=AT)
    address = f"/participation/doubts/{only().id}"
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    page = client.get(address).text
    assert (cast.county.name_zh in page, cast.other_county.name_zh in page, "另一个工会" in page) == (True, False, True)
    listed = client.get("/participation/doubts").text
    assert (cast.other_county.name_zh in listed, "6 个相同的人" in listed) == (False, True)
    assert client.post(f"{address}/accept", data={"reason": "没有问题"}).status_code == 403
    for county in (cast.county, cast.other_county):
        cast.sign_in(client, cast.account("clerk", "union", county.id))
        listed = client.get("/participation/doubts").text
        assert listed.index(county.name_zh) < listed.index("另一个工会")
        assert "2026年5月" in listed
    assert "没有符合条件的核查记录" in client.get("/participation/doubts?state=gone").text
    cast.sign_in(client, cast.account("clerk", "union", cast.prefecture.id))
    assert cast.other_county.name_zh in client.get(address).text
    cast.sign_in(client, cast.account("organizer"))
    assert cast.other_county.name_zh in client.get(address).text
    refused = client.post(f"{address}/accept", data={"reason": ""})
    assert (refused.status_code, "请写明理由" in refused.text) == (422, True)
    assert client.post(f"{address}/give", data={"reason": "请核对", "seen": shown(refused.text)}).status_code == 303
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id))
    assert "交给您的工会改正" in client.get("/desk").text
    assert "请核对" in client.get(address).text


def test_figures_of_a_doubt_change_while_nothing_else_does(any_cast: Cast) -> None:
    mine = roster(any_cast, any_cast.county, *range(20))
    roster(any_cast, any_cast.other_county, *range(14, 34))
    doubts.look(ON, actor=SYSTEM, at=AT)
    returns.take_back_return(mine.id, actor=SYSTEM, at=AT)
    returns.put_roster(mine.id, people(*range(22)), actor=SYSTEM, at=AT)
    returns.submit_return(mine.id, actor=SYSTEM, at=AT)
    assert doubts.look(ON, actor=SYSTEM, at=AT) == {"new": 0, "again": 0, "gone": 0, "changed": 1, "found": 1}
    assert (only().state, only().figures["both"]) == ("open", 8)
    assert doubts.look(ON, actor=SYSTEM, at=AT)["changed"] == 0


def shown(page: str) -> str:
    """Of what a page says that it shows."""
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_doubt_is_decided_as_it_was_shown(client: FlaskClient, cast: Cast) -> None:
    mine = roster(cast, cast.county, *range(20))
    roster(cast, cast.other_county, *range(14, 34))
    doubts.look(ON, actor=SYSTEM, at=AT)
    address = f"/participation/doubts/{only().id}"
    cast.sign_in(client, cast.account("organizer"))
    before = shown(client.get(address).text)
    returns.take_back_return(mine.id, actor=SYSTEM, at=AT)
    returns.put_roster(mine.id, people(*range(22)), actor=SYSTEM, at=AT)
    returns.submit_return(mine.id, actor=SYSTEM, at=AT)
    doubts.look(ON, actor=SYSTEM, at=AT)
    late = client.post(f"{address}/accept", data={"reason": "联合举办", "seen": before})
    assert (late.status_code, only().state) == (409, "open")
    assert ["请看过现在的内容再办理" in late.text, "8 个相同的人" in late.text, "联合举办" in late.text] == [True] * 3
    assert client.post(f"{address}/accept", data={"reason": "联合举办"}).status_code == 409
    assert client.post(f"{address}/accept", data={"reason": "联合举办", "seen": shown(late.text)}).status_code == 303
    assert only().state == "accepted"


def test_the_province_looks_at_will_and_sets_the_thresholds(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("organizer"))
    assert "没有可疑的数字" in client.get("/participation/doubts").text
    assert client.post("/participation/doubts/look").status_code == 303
    said = {name: str(value) for name, value in rules.DEFAULTS.items()}
    wrong = client.post("/participation/doubts/limits", data=said | {"jump_times": "1"})
    assert (wrong.status_code, "2 至 100" in wrong.text) == (422, True)
    assert client.post("/participation/doubts/limits", data=said | {"jump_times": "4"}).status_code == 303
    assert 'value="4"' in client.get("/participation/doubts/limits").text
