"""Signatures and photos over the tablets' API: what does not fit is refused, and each seat hears of its own alone."""

import hashlib
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.judging import queries, service
from competition.judging.service_seats import Card
from tests.judging.test_api import broth as broth
from tests.judging.test_api import event, headers, open_seat
from tests.judging.test_evidence import picture

SIGNED = {"w": 600, "h": 200, "strokes": [[10, 20, 30, 40], [50, 60, 70, 80, 90, 100]]}
MARKS = {"amount": "8", "aroma": "20", "clarity": "20", "hygiene": "5", "taste": "30"}


@pytest.fixture
def cards(broth: Round) -> list[Card]:
    return service.make_cards([seat.id for seat in queries.seats_of_round(broth.id)], actor=SYSTEM, at=now())


def send(client: FlaskClient, opened: dict[str, Any], *events: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/api/judging/events", json={"events": list(events)}, headers=headers(opened))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["answers"]
    return found


def whole_sheet(opened: dict[str, Any], work: str, seq: int, **last: Any) -> list[dict[str, Any]]:
    made = [event(opened, work, seq + at, criterion=key, value=value) for at, (key, value) in enumerate(MARKS.items())]
    text = ";".join(f"{key}/1={value}" for key, value in sorted(MARKS.items()))
    return [*made, event(opened, work, seq + len(MARKS), kind="hand_in", criterion="", value=text, **last)]


def works_of(client: FlaskClient, opened: dict[str, Any]) -> list[str]:
    pack = client.get("/api/judging/pack", headers=headers(opened)).get_json()
    return [work["id"] for work in pack["rounds"][0]["works"]]


def test_each_judge_gets_the_own_receipt_and_the_own_evidence_alone(client: FlaskClient, cards: list[Card]) -> None:
    opened = [open_seat(client, card) for card in cards]
    work = works_of(client, opened[0])[0]
    for number, seat in enumerate(opened):
        send(client, seat, event(seat, work, 1, kind="comment", value=f"备注{number}"))
        strokes = {**SIGNED, "strokes": [[number, 1, 20, 20]]}
        answers = send(client, seat, *whole_sheet(seat, work, 2, signature=strokes))
        assert answers[-1]["details"]["check_code"] == queries.sheets_of_work(uuid.UUID(work))[uuid.UUID(seat["seat"])].check_code
    codes = {sheet.check_code for sheet in queries.sheets_of_work(uuid.UUID(work)).values()}
    assert len(codes) == len(cards)
    for number, seat in enumerate(opened):
        own = client.get(f"/api/judging/works/{work}/own", headers=headers(seat)).get_json()
        assert own["signature"]["strokes"] == [[number, 1, 20, 20]]
        assert [note["value"] for note in own["notes"]] == [f"备注{number}"]
        said = client.get("/api/judging/pack", headers=headers(seat)).get_data(as_text=True)
        assert [code for code in codes if code in said] == [queries.sheets_of_work(uuid.UUID(work))[uuid.UUID(seat["seat"])].check_code]


CANNOT_BE_DRAWN = [
    ({**SIGNED, "strokes": []}, "too_short"), ({**SIGNED, "strokes": [[1, 2, 3]]}, "value_error"),
    ({**SIGNED, "strokes": [[1, 2]]}, "value_error"), ({**SIGNED, "strokes": [[601, 2, 3, 4]]}, "value_error"),
    ({**SIGNED, "strokes": [["1", 2, 3, 4]]}, "int_type"), ({**SIGNED, "strokes": [[1.5, 2, 3, 4]]}, "int_type"),
    ({**SIGNED, "strokes": [[1, 2] * 1001] * 2}, "value_error"), ({**SIGNED, "w": 10**9}, "less_than_equal"),
    ({**SIGNED, "colour": "red"}, "extra_forbidden"), ({"w": 600, "h": 200}, "missing")]


def test_a_signature_that_cannot_be_drawn_is_refused(client: FlaskClient, cards: list[Card]) -> None:
    opened = open_seat(client, cards[0])
    for signature, why in CANNOT_BE_DRAWN:
        sent = {"events": [event(opened, str(uuid.uuid4()), 1, kind="hand_in", signature=signature)]}
        answer = client.post("/api/judging/events", json=sent, headers=headers(opened))
        assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_request")
        assert answer.get_json()["details"]["faults"][0]["why"] == why


def test_a_mark_is_not_signed(client: FlaskClient, cards: list[Card]) -> None:
    opened = open_seat(client, cards[0])
    sent = {"events": [event(opened, str(uuid.uuid4()), 1, signature=SIGNED)]}
    assert client.post("/api/judging/events", json=sent, headers=headers(opened)).status_code == 422


def test_a_photo_comes_by_its_own_address_as_often_as_needed(client: FlaskClient, cards: list[Card]) -> None:
    opened, other = open_seat(client, cards[0]), open_seat(client, cards[1])
    work, data = works_of(client, opened)[0], picture()
    hashed = hashlib.sha256(data).hexdigest()
    sent = event(opened, work, 1, kind="photo", value=hashed)

    def put(seat: dict[str, Any], body: bytes = data, kind: str = "image/jpeg") -> tuple[int, str]:
        answer = client.put(f"/api/judging/photos/{sent['uuid']}", data=body, content_type=kind, headers=headers(seat))
        said = answer.get_json()
        return answer.status_code, said.get("code") or said["hash"]

    assert put(opened) == (404, "photo.unknown")
    send(client, opened, sent)
    assert put(other) == (404, "photo.unknown")
    assert put(opened, kind="image/png") == (415, "photo.kind")
    assert put(opened, picture("blue")) == (422, "photo.differs")
    assert put(opened, b"\xff" * (2 * 1024 * 1024 + 1)) == (413, "photo.large")
    assert put(opened) == put(opened) == (200, hashed)
    assert client.put(f"/api/judging/photos/{sent['uuid']}", data=data, content_type="image/jpeg").status_code == 401
    (note,) = client.get(f"/api/judging/works/{work}/own", headers=headers(opened)).get_json()["notes"]
    assert (note["kind"], note["value"], note["is_kept"]) == ("photo", hashed, True)
    assert client.get(f"/api/judging/works/{work}/own", headers=headers(other)).get_json() == {"notes": [], "signature": None}


def test_one_tablet_that_sends_photos_without_end_is_told_to_wait_and_no_other(client: FlaskClient, cards: list[Card]) -> None:
    opened, other = (open_seat(client, card) for card in cards[:2])

    def put(seat: dict[str, Any]) -> int:
        return client.put(f"/api/judging/photos/{uuid.uuid4()}", data=b"x", content_type="image/jpeg", headers=headers(seat)).status_code

    assert {put(opened) for _n in range(60)} == {404}
    assert (put(opened), put(other)) == (429, 404)
