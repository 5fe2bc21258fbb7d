"""The pages of panels, seats and cards."""

import re
import subprocess
import uuid

import pytest
from flask.testing import FlaskClient
from lxml import html

from competition.contests.models import Contest, Round
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries, queries_seats, service
from competition.judging.models import Seat
from tests.cast import Cast
from tests.judges import round_of, works
from tests.judging.pages import base, open_it, page, post, signed_in
from tests.judging.test_ready_rulebooks import running
from tests.judging.test_views import broth as broth
from tests.judging.test_views import contest as contest


def card_of(seat: Seat) -> tuple[str, str]:
    """A fresh card's token and PIN."""
    card = service.make_cards([seat.id], actor=SYSTEM, at=seat.card_made_at or now())[0]
    return card.token, card.pin


def test_an_organizer_makes_a_panel_and_seats_judges(client: FlaskClient, cast: Cast, contest: Contest) -> None:
    signed_in(client, cast, "organizer")
    round_ = round_of(contest, "broth")
    address = f"{base(round_)}/panels"
    assert "还没有裁判组" in page(client, address)
    post(client, address, event=str(round_.event_id), name="甲组", seats="3")
    assert "1 至 15 个座位" in post(client, address, 422, event=str(round_.event_id), name="乙组", seats="99")
    assert "已有名为" in post(client, address, 409, event=str(round_.event_id), name="甲组", seats="3")
    seat = queries.seats_of_round(round_.id)[0]
    post(client, f"{base(round_)}/seats/{seat.id}", name="测试裁判甲", employer="测试单位", account="")
    assert "测试裁判甲" in page(client, address)
    post(client, f"{base(round_)}/seats/{seat.id}", 422, name="", employer="", account="")


def test_what_a_second_panel_marks_is_chosen_and_no_round_opens_without_it(client: FlaskClient, cast: Cast) -> None:
    contest, _document = running(cast, "cooking")
    round_ = round_of(contest, "hot")
    works(round_, 1, at=cast.at)
    signed_in(client, cast, "organizer")
    address, common = f"{base(round_)}/panels", str(round_.event_id)
    assert "操作过程（单独的裁判组）" in page(client, address)
    post(client, address, event=common, name="评分组", seats="3")
    with pytest.raises(RuleBroken, match="“操作过程”由单独的裁判组评分，还没有设置"):
        open_it(round_, cast)
    post(client, address, 422, event=f"{common}:strange", name="现场组", seats="2")
    post(client, address, event=f"{common}:process", name="现场组", seats="2")
    seats = queries.seats_of_round(round_.id)
    assert [(seat.number, list(seat.panel.criteria)) for seat in seats] == [
        *((n, []) for n in (1, 2, 3)), *((n, ["flow", "material", "safety"]) for n in (4, 5))]
    open_it(round_, cast)
    other = round_of(contest, "fish")
    works(other, 1, at=cast.at)
    post(client, address, event=f"{other.event_id}:process", name="现场组", seats="2")
    with pytest.raises(RuleBroken, match="还没有评整张评分表的裁判组"):
        open_it(other, cast)


def test_the_name_comes_with_the_account(client: FlaskClient, cast: Cast, broth: Round) -> None:
    account = cast.account("judge", "contest", broth.contest_id, name="测试裁判账号")
    signed_in(client, cast, "organizer")
    seat = queries.seats_of_round(broth.id)[0]
    post(client, f"{base(broth)}/seats/{seat.id}", name="", employer="", account=str(account.id))
    sitter = queries_seats.sitters_now([seat.id])[seat.id]
    assert (sitter.name, sitter.account_id) == ("测试裁判账号", account.id)
    shown = page(client, f"{base(broth)}/seats/{seat.id}")
    assert 'value="测试裁判账号"' in shown, "to be corrected without typing it anew"
    other = cast.account("judge", "contest", broth.contest_id, name="测试另一账号")
    post(client, f"{base(broth)}/seats/{seat.id}", name="测试裁判账号", employer="", account=str(other.id))
    assert queries_seats.sitters_now([seat.id])[seat.id].name == "测试另一账号", "the old name was only left over"


def test_all_seats_of_a_panel_are_filled_on_one_page(client: FlaskClient, cast: Cast, broth: Round) -> None:
    first, second = (cast.account("judge", "contest", broth.contest_id, name=name) for name in ("测试账号甲", "测试账号乙"))
    signed_in(client, cast, "organizer")
    panel = queries_seats.panels_of_contest(broth.contest_id)[0]
    address, seats = f"{base(broth)}/panels/{panel.id}/judges", [seat.id for seat in panel.seats]
    assert f'href="{address}"' in page(client, f"{base(broth)}/panels")

    def shown() -> dict[str, str]:
        form = html.fromstring(page(client, address)).forms[-1]
        return {name: value for name, value in form.form_values() if name != "csrf_token"}

    def sitting() -> list[tuple[str, uuid.UUID | None]]:
        now_there = queries_seats.sitters_now(seats)
        return [(now_there[seat].name, now_there[seat].account_id) for seat in seats]

    assert "没有改动" in post(client, address, 422, **shown())
    stale, were = shown(), sitting()
    twice = post(client, address, 409, **stale | {"account_1": str(first.id), "account_2": str(first.id)})
    assert "测试账号甲被安排在 1、2 号座位" in twice
    assert "一位裁判员在一个裁判组里只坐一个座位" in twice
    assert sitting() == were, "all of them, or none"
    post(client, address, 422, **stale | {"account_1": str(uuid.uuid4())})
    post(client, address, **stale | {"account_1": str(first.id), "name_1": "", "account_2": str(second.id), "name_3": "测试裁判丙"})
    assert sitting() == [("测试账号甲", first.id), ("测试账号乙", second.id), ("测试裁判丙", None)]
    # An old page: what was not touched on it stays, what was is refused.
    assert "1 号座位刚由别人安排过" in post(client, address, 409, **stale | {"name_1": "测试闯入"})
    post(client, address, **shown() | {"employer_3": "测试单位"})
    assert sitting()[2] == ("测试裁判丙", None)
    # Two change places in one act.
    post(client, address, **shown() | {"account_1": str(second.id), "account_2": str(first.id)})
    assert sitting()[:2] == [("测试账号乙", second.id), ("测试账号甲", first.id)]
    assert "只坐一个座位" in post(client, f"{base(broth)}/seats/{seats[2]}", 409, name="", employer="", account=str(first.id))


def test_cards_are_printed_once_and_open_the_seats(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "chief_judge")
    panel = queries_seats.panels_of_contest(broth.contest_id)[0]
    answer = client.post(f"{base(broth)}/panels/{panel.id}/cards")
    assert answer.mimetype == "application/pdf"
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.data, capture_output=True, check=True).stdout.decode()
    cards = re.findall(r"(?:[A-Z2-7]{4} ){4}[A-Z2-7]{4}", " ".join(text.split()))
    pins = re.findall(r"PIN\s+(\d{3}) (\d{3})", text)
    assert len(cards) == len(pins) == 3
    assert "测试裁判1" in text
    device, _token = service.open_seat(cards[1], "".join(pins[1]), label="", at=cast.at)
    assert queries.seats_of_round(broth.id)[1].id == device.seat_id


def test_a_second_press_on_an_old_page_makes_no_card_void(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "chief_judge")
    panel = queries_seats.panels_of_contest(broth.contest_id)[0]
    address = f"{base(broth)}/panels/{panel.id}/cards"
    assert client.post(address, data={"seen": ""}).mimetype == "application/pdf"
    made = [seat.card_hash for seat in queries.seats_of_round(broth.id)]
    again = client.post(address, data={"seen": ""}, follow_redirects=True)
    assert "没有再次制作" in again.text
    assert "已制作 3 张座位卡" in again.text
    db.session.expire_all()
    assert [seat.card_hash for seat in queries.seats_of_round(broth.id)] == made
    seen = re.findall(r'name="seen" value="([^"]+)"', again.text)[0]
    assert client.post(address, data={"seen": seen}).mimetype == "application/pdf"


def test_a_new_card_for_one_seat_makes_the_old_one_void(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "chief_judge")
    seat = queries.seats_of_round(broth.id)[0]
    old, pin = card_of(seat)
    answer = client.post(f"{base(broth)}/seats/{seat.id}/card")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pytest.raises(RuleBroken):
        service.open_seat(old, pin, label="", at=now())


def test_a_seat_is_closed_and_opened_again(client: FlaskClient, cast: Cast, broth: Round) -> None:
    signed_in(client, cast, "organizer")
    seat = queries.seats_of_round(broth.id)[0]
    for word, expected in (("yes", True), ("no", False)):
        post(client, f"{base(broth)}/seats/{seat.id}/closed", closed=word)
        db.session.refresh(seat)
        assert seat.is_closed is expected
