"""The tablets' API: tokens, refusals in one shape, no cookie ever needed."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from competition.accounts import service_staff
from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.judging import queries, queries_seats, service
from competition.judging.models import RoundState
from competition.judging.service_seats import Card
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import opened, round_of
from tests.judging.handing import Key


@pytest.fixture
def broth(cast: Cast) -> Round:
    return opened(round_of(make_contest(cast, phase="running", events=("broth",)), "broth"), at=cast.at)


@pytest.fixture
def card(broth: Round) -> Card:
    seat = queries.seats_of_round(broth.id)[0]
    return service.make_cards([seat.id], actor=SYSTEM, at=now())[0]


def open_seat(client: FlaskClient, card: Card, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/judging/seat", json={"card": card.token, "pin": card.pin, "label": "测试平板", **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def headers(opened: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Device {opened['token']}"}


def event(opened: dict[str, Any], work: str, seq: int, **more: Any) -> dict[str, Any]:
    return {"uuid": str(uuid.uuid4()), "device_seq": seq, "seat": opened["seat"], "work": work, "criterion": "taste",
            "value": "30", **more}


def test_a_pack_and_a_refusal_are_in_the_language_of_the_tablet(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    said: dict[str, str] = {}
    for language in ("zh-Hans-CN", "en"):
        spoken = {**headers(opened), "Accept-Language": language}
        round_ = client.get("/api/judging/pack", headers=spoken).get_json()["rounds"][0]
        sent = {"events": [event(opened, round_["works"][0]["id"], 1, value="99")]}
        answer = client.post("/api/judging/events", json=sent, headers=spoken).get_json()["answers"][0]
        taste = next(c for c in round_["criteria"] if c["key"] == "taste")
        assert answer["message"].startswith(taste["name"])
        said[language] = taste["name"]
    assert said == {"zh-Hans-CN": "滋味", "en": "Taste"}


def test_a_card_opens_a_seat_and_brings_its_pack(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    pack = client.get("/api/judging/pack", headers=headers(opened)).get_json()
    assert pack["seat_number"] == 1
    assert pack["judge"] == "测试裁判1"
    assert [w["station"] for w in pack["rounds"][0]["works"]] == [1, 2]
    assert pack["rounds"][0]["criteria"][0] | {"text": ""} == {
        "key": "clarity", "name": "清澈", "text": "", "kind": "points", "max": "25", "low": "0", "step": "0.5",
        "input_max": "25", "attempts": 1, "needed": 1, "take": "last", "weight": "1", "unit": "", "levels": [], "per": None, "cap": None,
        "zero_from": None, "each": 1, "started": False, "places": None, "options": [], "groups": []}


def test_events_are_answered_one_by_one(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    work = client.get("/api/judging/pack", headers=headers(opened)).get_json()["rounds"][0]["works"][0]["id"]
    sent = [event(opened, work, 1), event(opened, work, 2, criterion="aroma", value="25.3")]
    first = client.post("/api/judging/events", json={"events": sent}, headers=headers(opened))
    again = client.post("/api/judging/events", json={"events": sent}, headers=headers(opened)).get_json()
    assert first.status_code == 200
    assert [a["result"] for a in first.get_json()["answers"]] == ["accepted", "refused"]
    assert [a["result"] for a in again["answers"]] == ["repeated", "refused"]
    assert again["answers"][0]["version"] == first.get_json()["answers"][0]["version"]
    assert "超过" in again["answers"][1]["message"]


@pytest.mark.parametrize("authorization", ["", "Device", "Device wrong", "Bearer x"])
def test_without_a_good_token_nothing_is_told(client: FlaskClient, broth: Round, authorization: str) -> None:
    for answer in (client.get("/api/judging/pack", headers={"Authorization": authorization}),
                   client.post("/api/judging/events", headers={"Authorization": authorization},
                               json={"events": [event({"seat": str(broth.id)}, str(broth.id), 1)]})):
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "device_token"


def test_an_expired_token_asks_for_the_pin_and_the_same_tablet_goes_on(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    with time_machine.travel(now() + timedelta(hours=17)):
        assert client.get("/api/judging/pack", headers=headers(opened)).status_code == 401
        again = open_seat(client, card, previous=opened["token"])
        assert again["device"] == opened["device"]
        assert again["token"] != opened["token"]
        assert client.get("/api/judging/pack", headers=headers(again)).status_code == 200
        assert client.get("/api/judging/pack", headers=headers(opened)).status_code == 401


def test_a_tablet_without_a_seat_may_deliver_until_its_round_was_locked_for_a_week(client: FlaskClient, card: Card, broth: Round) -> None:
    old, _new = open_seat(client, card), open_seat(client, card)
    state = db.session.get_one(RoundState, broth.id)

    def answered() -> int:
        return client.post("/api/judging/state", headers=headers(old), json={"report": {}, "rounds": []}).status_code

    with time_machine.travel(now() + timedelta(days=3)):
        assert answered() == 200, "the round is open"
        assert client.get("/api/judging/pack", headers=headers(old)).get_json()["code"] == "device_ended", "it is told nothing"
        with atomic():
            state.state, state.locked_at = "locked", now()
            audit.record("test.locked", actor=SYSTEM, subject=("round", broth.id), at=now())
    with time_machine.travel(now() + timedelta(days=9)):
        assert answered() == 200
    with time_machine.travel(now() + timedelta(days=11)):
        assert answered() == 401


def test_a_seat_is_opened_once_however_often_the_answer_is_lost(client: FlaskClient, card: Card) -> None:
    """Else the tablet would have lost the seat to itself, and what it holds would be kept aside."""
    first, again = (open_seat(client, card, previous="words-of-chance") for _try in range(2))
    assert (first["device"], first["token"]) == (again["device"], again["token"])
    renewed, lost = (open_seat(client, card, previous=first["token"]) for _try in range(2))
    assert (renewed["device"], renewed["token"]) == (lost["device"], lost["token"])
    assert (renewed["device"], renewed["token"] == first["token"]) == (first["device"], False)
    other = open_seat(client, card)
    assert other["device"] != first["device"]
    back = open_seat(client, card, previous=first["token"])
    assert back["device"] not in (first["device"], other["device"]), "who was taken over comes back as another tablet"


def test_a_second_tablet_takes_over_and_the_first_may_only_deliver(client: FlaskClient, card: Card) -> None:
    old, new = open_seat(client, card), open_seat(client, card)
    assert old["device"] != new["device"]
    told = client.get("/api/judging/pack", headers=headers(old)).get_json()
    assert (told["code"], told["details"]) == ("device_ended", {"why": "taken_over"})
    assert "另一台平板接管" in told["message"]
    work = client.get("/api/judging/pack", headers=headers(new)).get_json()["rounds"][0]["works"][0]["id"]
    late = client.post("/api/judging/events", json={"events": [event(old, work, 1)]}, headers=headers(old)).get_json()
    assert late["answers"][0]["result"] == "quarantined"
    assert late["is_live"] is False


def test_the_token_of_a_judge_whose_account_was_closed_opens_nothing(client: FlaskClient, cast: Cast, card: Card, broth: Round) -> None:
    account = cast.account("judge", "contest", broth.contest_id, name="测试裁判账号")
    service.seat_judge(card.seat.id, name="测试裁判1", account_id=account.id, actor=SYSTEM, at=now())
    opened = open_seat(client, card)
    assert client.get("/api/judging/pack", headers=headers(opened)).status_code == 200
    service_staff.set_active(account.id, False, "离岗", actor=cast.actor("administrator"), at=now())
    told = client.get("/api/judging/pack", headers=headers(opened))
    assert (told.status_code, told.get_json()["details"]) == (409, {"why": "barred"})
    state = client.post("/api/judging/state", headers=headers(opened), json={"report": {}, "rounds": []}).get_json()
    assert (state["is_live"], state["rounds"]) == (False, [])
    assert "已停用" in state["why"]
    again = client.post("/api/judging/seat", json={"card": card.token, "pin": card.pin})
    assert (again.status_code, again.get_json()["code"]) == (403, "card_unknown")


def test_the_state_says_what_changed_in_the_own_sheets(client: FlaskClient, card: Card, broth: Round) -> None:
    opened = open_seat(client, card)
    work = client.get("/api/judging/pack", headers=headers(opened)).get_json()["rounds"][0]["works"][0]["id"]
    before = queries.round_state(broth.id).version
    client.post("/api/judging/events", json={"events": [event(opened, work, 1)]}, headers=headers(opened))
    told = client.post("/api/judging/state", headers=headers(opened), json={
        "report": {"pending": 2, "last_made": 3, "client_at": now().isoformat()},
        "rounds": [{"id": str(broth.id), "version": before}]}).get_json()
    assert told["rounds"][0]["sheets"][0]["marks"]["taste/1"]["value"] == "30"
    assert told["last_seq"] == 1
    _device, report = queries_seats.live_devices([uuid.UUID(opened["seat"])])[uuid.UUID(opened["seat"])]
    assert report is not None
    assert (report.pending, report.last_made) == (2, 3)


@pytest.mark.parametrize("body", [
    {}, {"events": []}, {"events": "x"}, {"events": [{"uuid": "1"}]}, {"events": [], "more": 1},
    {"events": [{"uuid": str(uuid.uuid4()), "device_seq": 0, "seat": str(uuid.uuid4()), "work": str(uuid.uuid4())}]},
    {"events": [{"uuid": str(uuid.uuid4()), "device_seq": 1, "seat": str(uuid.uuid4()), "work": str(uuid.uuid4()), "kind": "void"}]},
    {"events": [{"uuid": str(uuid.uuid4()), "device_seq": 1, "seat": str(uuid.uuid4()), "work": str(uuid.uuid4()), "value": "9" * 5000}]},
])
def test_what_does_not_fit_the_schema_is_refused_whole(client: FlaskClient, card: Card, body: dict[str, Any]) -> None:
    answer = client.post("/api/judging/events", json=body, headers=headers(open_seat(client, card)))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "bad_request"
    assert set(answer.get_json()) == {"code", "message", "details"}


def test_only_json_is_taken(client: FlaskClient, card: Card) -> None:
    answer = client.post("/api/judging/events", data={"events": "1"}, headers=headers(open_seat(client, card)))
    assert answer.status_code == 415


def test_too_many_events_are_refused(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    many = [event(opened, str(uuid.uuid4()), n) for n in range(1, 202)]
    assert client.post("/api/judging/events", json={"events": many}, headers=headers(opened)).status_code == 422


def test_what_was_refused_and_the_rulebook_are_said_in_their_shape_only(client: FlaskClient, card: Card) -> None:
    opened = open_seat(client, card)
    work = client.get("/api/judging/pack", headers=headers(opened)).get_json()["rounds"][0]["works"][0]["id"]

    def status(stuck: dict[str, int], rulebook: str) -> int:
        sent = {"events": [event(opened, work, 1, rulebook=rulebook)], "report": {"stuck": stuck}}
        return client.post("/api/judging/events", json=sent, headers=headers(opened)).status_code

    assert [status({work: -1}, ""), status({"no work": 1}, ""), status({}, "g"), status({}, "a" * 81), status({work: 2}, "0f")] == [
        422, 422, 422, 422, 200]


def test_wrong_pins_lock_the_seat_for_longer_and_longer(client: FlaskClient, card: Card) -> None:
    wrong = {"card": card.token, "pin": "000000" if card.pin != "000000" else "111111"}
    codes = [client.post("/api/judging/seat", json=wrong).get_json()["code"] for _ in range(4)]
    assert codes == ["pin_wrong", "pin_wrong", "pin_wrong", "seat_locked"]
    refused = client.post("/api/judging/seat", json=wrong | {"pin": card.pin})
    assert refused.status_code == 429
    assert refused.get_json()["details"]["retry_after_s"] <= 60
    with time_machine.travel(now() + timedelta(minutes=2)):
        for _ in range(2):
            client.post("/api/judging/seat", json=wrong)
        longer = client.post("/api/judging/seat", json=wrong | {"pin": card.pin}).get_json()
        assert 240 < longer["details"]["retry_after_s"] <= 301
    with time_machine.travel(now() + timedelta(minutes=10)):
        open_seat(client, card)


def test_a_closed_seat_and_an_old_card_open_nothing(client: FlaskClient, card: Card) -> None:
    service.close_seat(card.seat.id, True, actor=SYSTEM, at=now())
    assert client.post("/api/judging/seat", json={"card": card.token, "pin": card.pin}).get_json()["code"] == "seat_closed"
    service.close_seat(card.seat.id, False, actor=SYSTEM, at=now())
    fresh = service.make_cards([card.seat.id], actor=SYSTEM, at=now())[0]
    assert client.post("/api/judging/seat", json={"card": card.token, "pin": card.pin}).get_json()["code"] == "card_unknown"
    typed = fresh.typable.lower().replace("o", "0").replace("i", "1").replace("b", "8")
    assert client.post("/api/judging/seat", json={"card": typed, "pin": fresh.pin}).status_code == 200


def test_the_description_is_openapi_3_1(client: FlaskClient) -> None:
    told = client.get("/api/openapi.json").get_json()
    assert told["openapi"].startswith("3.1")
    assert {"/api/judging/seat", "/api/judging/pack", "/api/judging/events", "/api/judging/state"} <= set(told["paths"])
    assert "limit" not in told["paths"]["/api/judging/events"]["post"]["operationId"]


def test_a_tablet_leaves_its_public_key_and_renewing_the_sign_in_keeps_it(client: FlaskClient, card: Card) -> None:
    key = Key().jwk
    opened = open_seat(client, card, key=key)
    again = open_seat(client, card, previous=opened["token"])
    assert again["device"] == opened["device"]
    device = queries_seats.get_device(card.seat.id, uuid.UUID(opened["device"]))
    assert json.loads(device.public_key or "") == key


@pytest.mark.parametrize("change", [{"x": "A" * 43}, {"x": "short"}, {"crv": "P-384"}, {"d": "A" * 43}, {"y": None}])
def test_what_is_no_public_key_opens_no_seat(client: FlaskClient, card: Card, change: dict[str, Any]) -> None:
    answer = client.post("/api/judging/seat", json={"card": card.token, "pin": card.pin, "key": {**Key().jwk, **change}})
    assert answer.status_code == 422
    assert queries_seats.live_devices([card.seat.id]) == {}
