"""Other systems: tokens, refusals in one shape, the same answer to the same request, rosters in parts, figures of the own unions."""

import io
import secrets
import uuid
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy import select
from werkzeug.test import TestResponse

from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.audit import AuditRow
from competition.core.clock import now
from competition.core.counting import STORE
from competition.core.database import db, get
from competition.counting import service
from competition.counting.models import Fact
from competition.counting.rules_periods import month_code, month_number
from competition.organisations.models import Union
from competition.organisations.service import get_or_create_employer
from competition.returns import queries_api, rules_api, service_api
from competition.returns import service as returns
from competition.returns.models import Return
from competition.returns.models_api import ApiReceipt, ApiToken, RosterDelivery
from tests.builders import make_contest
from tests.cast import AT, Cast, id_card
from tests.drawing import examples

MONTH = month_code(month_number(AT.date()))
Ask = Callable[..., TestResponse]


def asking(client: FlaskClient, text: str) -> Ask:
    """Requests of the system that has this token; each with a key of its own unless one is named."""
    def ask(method: str, path: str, json: Any = None, key: str = "", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": key or uuid.uuid4().hex} | more.pop("headers", {})
        if method != "GET" and json is None and "data" not in more:
            json = {}
        return client.open(f"/api/participation{path}", method=method, json=json, headers=headers, **more)

    return ask


def token_for(cast: Cast, union: Union, *, can_report: bool = True, days: int = 30) -> tuple[ApiToken, str]:
    actor = cast.actor("administrator")
    return service_api.make_token("测试人力资源系统", union.id, can_report=can_report, days=days, actor=actor, at=now())


@pytest.fixture
def ask(client: FlaskClient, cast: Cast) -> Ask:
    """The system of the county."""
    return asking(client, token_for(cast, cast.county)[1])


@pytest.fixture
def code(cast: Cast) -> str:
    """An announced contest of the province."""
    return make_contest(cast, phase="finished").code


def people(*serials: int) -> list[dict[str, Any]]:
    return [{"name": f"试职工{n}", "number": id_card(n), "unit": "测试拉面馆", "group": "拉面从业人员"} for n in serials]


def begin(ask: Ask, code: str, kind: str = "roster") -> str:
    answer = ask("POST", "/returns", {"contest": code, "month": MONTH, "kind": kind})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def send(ask: Ask, made: str, sent: list[dict[str, Any]], **more: Any) -> TestResponse:
    key = more.pop("key", "")
    return ask("POST", f"/returns/{made}/roster", {"delivery": str(uuid.uuid4()), "people": sent, **more}, key=key)


def test_a_roster_is_pushed_submitted_and_counted(client: FlaskClient, cast: Cast, ask: Ask, code: str) -> None:
    assert [one["code"] for one in ask("GET", "/contests").get_json()["contests"]] == [code]
    made = begin(ask, code)
    get_or_create_employer(name="测试拉面馆", region_code="630224", ownership="non_public", unit_kind="private", industry="catering",
                           actor=SYSTEM, at=AT)
    assert send(ask, made, people(1, 2, 3)).get_json()["taken"] is True
    sent = ask("POST", f"/returns/{made}/submit").get_json()
    assert (sent["state"], sent["waiting_at"], sent["people"]) == ("submitted", cast.prefecture.name_zh, 3)
    for union in (cast.prefecture, cast.province):
        returns.approve_return(uuid.UUID(made), union.id, actor=SYSTEM, at=AT)
    assert service.roll_up(at=AT).state == "done"
    told = ask("GET", f"/returns/{made}").get_json()
    assert (told["state"], [step["verdict"] for step in told["steps"] if step["by"] == "测试人力资源系统"]) == (
        "counted", ["begin", "roster", "submit"])
    figures = ask("GET", f"/figures?period={AT.year}&months=true").get_json()
    assert [(cell["period"], cell["persons"], cell["person_times"]) for cell in figures["cells"]] == [(str(AT.year), 3, 3), (MONTH, 3, 3)]
    groups = ask("GET", f"/figures?period={AT.year}&dimension=worker_group").get_json()
    assert [(cell["value"], cell["persons"]) for cell in groups["cells"]] == [("lamian", 3)]
    # What the register knows of an employer counts, as it does for a workbook.
    for dimension, value in (("ownership", "non_public"), ("unit_kind", "private"), ("industry", "catering")):
        cells = ask("GET", f"/figures?period={AT.year}&dimension={dimension}").get_json()["cells"]
        assert [(cell["value"], cell["persons"]) for cell in cells] == [(value, 3)], dimension


def test_a_month_to_come_has_no_participants(ask: Ask, code: str) -> None:
    this = month_number(now().date())
    answer = ask("POST", "/returns", {"contest": code, "month": month_code(this + 2), "kind": "bulk"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "month_ahead")
    assert ask("POST", "/returns", {"contest": code, "month": month_code(this), "kind": "bulk"}).status_code == 200


def test_why_it_was_given_back_is_told_and_it_is_corrected_and_taken_back(cast: Cast, ask: Ask, code: str) -> None:
    made = begin(ask, code)
    send(ask, made, people(1))
    ask("POST", f"/returns/{made}/submit")
    returns.give_back_return(uuid.UUID(made), cast.prefecture.id, "名册缺章", actor=SYSTEM, at=AT)
    told = ask("GET", f"/returns/{made}").get_json()
    assert (told["state"], told["reason"]) == ("returned", "名册缺章")
    assert ask("POST", f"/returns/{made}/submit").get_json()["reason"] is None
    assert ask("POST", f"/returns/{made}/take-back").get_json()["state"] == "draft"
    ask("POST", f"/returns/{made}/submit")
    for union in (cast.prefecture, cast.province):
        returns.approve_return(uuid.UUID(made), union.id, actor=SYSTEM, at=AT)
    new = ask("POST", f"/returns/{made}/correction", {"reason": "漏报一人"}).get_json()
    assert (new["version"], new["state"]) == (2, "draft")
    assert ask("POST", f"/returns/{made}/correction", {"reason": "再更正"}).status_code == 409
    assert [one["version"] for one in ask("GET", f"/returns?month={MONTH}").get_json()["returns"]].count(2) == 1


def test_the_same_request_gets_the_same_answer_and_does_nothing_twice(cast: Cast, ask: Ask, code: str) -> None:
    begun = [ask("POST", "/returns", {"contest": code, "month": MONTH, "kind": "roster"}, key="begin-it-once") for _twice in range(2)]
    assert begun[0].get_json() == begun[1].get_json()
    assert [answer.headers.get("Idempotency-Replayed") for answer in begun] == [None, "true"]
    assert len(db.session.scalars(select(Return)).all()) == 1
    other = ask("POST", "/returns", {"contest": code, "month": MONTH, "kind": "bulk"}, key="begin-it-once")
    assert (other.status_code, other.get_json()["code"]) == (409, "key_reused")
    made, body = begun[0].get_json()["id"], {"delivery": str(uuid.uuid4()), "part": 1, "parts": 2, "people": people(1, 2)}
    first, again = (ask("POST", f"/returns/{made}/roster", body, key="part-number-1") for _twice in range(2))
    assert first.get_json() == again.get_json()
    assert first.get_json() | {"delivery": ""} == {
        "delivery": "", "parts": 2, "received": [1], "people": 2, "repeated": 0, "taken": False}
    assert ask("POST", f"/returns/{made}/roster", body).get_json()["code"] == "part_received"
    last = ask("POST", f"/returns/{made}/roster", body | {"part": 2, "people": people(2, 3)}).get_json()
    assert (last["people"], last["repeated"], last["taken"]) == (3, 1, True)
    assert ask("POST", f"/returns/{made}/roster", body | {"part": 2}).get_json()["code"] == "delivered"
    assert len(db.session.scalars(select(Fact)).all()) == 3
    assert service_api.forget_receipts(now() + timedelta(days=8)) == len(db.session.scalars(select(ApiReceipt)).all()) + 3


def test_a_refusal_is_not_kept_as_an_answer(ask: Ask, code: str) -> None:
    made = begin(ask, code)
    assert ask("POST", f"/returns/{made}/submit", key="submit-the-return").get_json()["code"] == "empty"
    send(ask, made, people(1))
    assert ask("POST", f"/returns/{made}/submit", key="submit-the-return").get_json()["state"] == "submitted"


@pytest.mark.parametrize(("change", "field"), [
    ({"number": "990001199001010001"}, "number"), ({"number": ""}, "number"), ({"name": ""}, "name"), ({"group": "宇航员"}, "group"),
    ({"union": "没有这个工会"}, "union"), ({"region": "999999"}, "region"), ({"day": "2025-01-01"}, "day"), ({"sex": "女"}, "sex"),
    ({"group": id_card(8)}, "group"), ({"union": id_card(8)}, "union"),
])
def test_a_part_with_a_fault_is_refused_whole_by_place_and_nothing_sent_comes_back(
    ask: Ask, code: str, change: dict[str, Any], field: str,
) -> None:
    made, sent = begin(ask, code), people(1, 2)
    sent[1] |= change
    if field == "sex":
        sent[1]["number"] = next(number for n in range(1, 20) if int((number := id_card(n))[16]) % 2)
    answer = send(ask, made, sent)
    assert answer.status_code == 422
    assert [fault["at"] for fault in answer.get_json()["details"]["faults"]] == [f"people.1.{field}"]
    for number in (*(person["number"] for person in sent), id_card(8)):
        assert not number or number not in answer.get_data(as_text=True)
    assert db.session.scalars(select(Fact)).all() == []


def test_numbers_stand_in_no_answer_record_or_log(client: FlaskClient, ask: Ask, code: str, capfd: pytest.CaptureFixture[str]) -> None:
    made, sent = begin(ask, code), people(1, 2, 1)
    answers = [send(ask, made, sent), send(ask, made, sent[:2]), ask("GET", f"/returns/{made}"),
               ask("POST", f"/returns/{made}/roster", {id_card(1): id_card(2)})]
    assert [answer.status_code for answer in answers] == [422, 200, 200, 422]
    assert answers[0].get_json()["details"]["faults"] == [{"at": "people.2.number", "why": "与第 1 行的证件号码相同，一个人只算一次。"}]
    kept = "".join(row.line for row in db.session.scalars(select(AuditRow)))
    kept += "".join(str(row.answer) + row.digest for row in db.session.scalars(select(ApiReceipt)))
    for number in (id_card(1), id_card(2)):
        assert number not in "".join(answer.get_data(as_text=True) for answer in answers) + kept + "".join(capfd.readouterr())


def test_a_bulk_figure_with_its_evidence_and_measures(ask: Ask, code: str) -> None:
    made = begin(ask, code, "bulk")
    figure = {"heads": 100, "overlap": 30}
    assert ask("PUT", f"/returns/{made}/bulk", figure).get_json()["code"] == "evidence"
    for data, wanted in (("!!", 422), (b64encode(b"no picture").decode(), 422)):
        assert ask("PUT", f"/returns/{made}/bulk", figure | {"evidence": {"name": "a.png", "data": data}}).status_code == wanted
    picture = b64encode(_picture()).decode()
    assert ask("PUT", f"/returns/{made}/bulk", figure | {"overlap": 101, "evidence": {"name": "a.png", "data": picture}}).status_code == 422
    told = ask("PUT", f"/returns/{made}/bulk", figure | {"evidence": {"name": "a.png", "data": picture}}).get_json()
    assert (told["heads"], told["overlap"]) == (100, 30)
    assert ask("PUT", f"/returns/{made}/measures", {"suggestions": 1, "suggestions_adopted": 2}).status_code == 422
    assert ask("PUT", f"/returns/{made}/measures", {"suggestions": 5}).get_json()["measures"] == {"suggestions": 5}
    assert ask("POST", f"/returns/{made}/submit").get_json()["state"] == "submitted"


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


def test_without_a_good_token_nothing_is_told(client: FlaskClient, cast: Cast, code: str) -> None:
    token, text = token_for(cast, cast.county)
    for wrong in ("", "x", text[:-1] + ("a" if text[-1] != "a" else "b"), rules_api.new_token(secrets.choice)):
        answer = asking(client, wrong)("POST", "/returns", {"nonsense": 1})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "token")
    for kind in ("Basic", "Device", ""):
        assert client.get("/api/participation/contests", headers={"Authorization": f"{kind} {text}"}).status_code == 401
    with time_machine.travel(now() + timedelta(days=31)):
        assert asking(client, text)("GET", "/contests").status_code == 401
    assert asking(client, text)("GET", "/contests").status_code == 200
    service_api.revoke_token(token.id, actor=SYSTEM, at=now())
    assert asking(client, text)("GET", "/contests").status_code == 401


def test_a_sign_in_is_no_token(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.account("administrator"))
    assert client.get("/api/participation/contests").status_code == 401


def test_a_token_that_only_reads_reports_nothing(client: FlaskClient, cast: Cast, code: str) -> None:
    reading = asking(client, token_for(cast, cast.county, can_report=False)[1])
    assert reading("GET", "/contests").status_code == 200
    refused = reading("POST", "/returns", {"contest": code, "month": MONTH, "kind": "roster"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "read_only")


def test_what_belongs_to_other_unions_does_not_exist(client: FlaskClient, cast: Cast, ask: Ask, code: str) -> None:
    made = begin(ask, code)
    other, above = (asking(client, token_for(cast, union)[1]) for union in (cast.other_county, cast.prefecture))
    assert other("GET", f"/returns/{made}").status_code == 404
    assert send(other, made, people(1)).status_code == 404
    assert other("POST", f"/returns/{made}/submit").status_code == 404
    assert above("GET", f"/returns/{made}").status_code == 200
    own = {"contest": code, "month": MONTH, "kind": "roster", "union": str(cast.county.id)}
    assert other("POST", "/returns", own).status_code == 404
    assert other("POST", "/returns", own | {"contest": "NONE"}).status_code == 404
    hidden = make_contest(cast, phase="draft").code
    assert ask("POST", "/returns", own | {"contest": hidden}).status_code == 404
    for scope, status in (("", 200), ("630224", 200), ("630225", 404), ("630200", 404), ("all", 404), (f"u:{cast.county.id}", 200),
                          (f"u:{cast.province.id}", 404)):
        assert ask("GET", f"/figures?period=2026&scope={scope}").status_code == status, scope
    whole = asking(client, token_for(cast, cast.province)[1])
    assert whole("GET", "/figures?period=2026&scope=all").status_code == 200


def test_requests_have_a_shape_a_size_and_a_key(ask: Ask, code: str) -> None:
    made = begin(ask, code)
    assert ask("POST", "/returns", data="x=1", headers={"Content-Type": "text/plain"}).status_code == 415
    assert ask("POST", f"/returns/{made}/submit", headers={"Idempotency-Key": ""}).get_json()["code"] == "idempotency_key"
    large = ask("POST", f"/returns/{made}/roster", {"delivery": str(uuid.uuid4()), "people": [{"name": "x" * 2_200_000, "number": "1"}]})
    assert (large.status_code, large.get_json()["code"]) == (413, "too_large")
    for path in ("/figures", "/figures?period=26", "/figures?period=2026&dimension=name", "/figures?period=2026&scope=x&more=1"):
        assert ask("GET", path).status_code == 422
    assert send(ask, made, people(*range(1, 10)), parts=0).status_code == 422


def test_each_token_may_ask_so_often(client: FlaskClient, cast: Cast) -> None:
    one, other = (asking(client, token_for(cast, cast.county)[1]) for _each in range(2))
    answers = [one("GET", "/contests") for _n in range(121)]
    assert [answer.status_code for answer in answers] == [200] * 120 + [429]
    assert answers[-1].get_json()["details"] == {"retry_after_s": 60}
    assert other("GET", "/contests").status_code == 200


def test_when_it_was_used_last_is_known_to_the_hour_and_who_did_it_stays_on_record(client: FlaskClient, cast: Cast, code: str) -> None:
    token, text = token_for(cast, cast.county)
    assert queries_api.last_use(token.id) is None
    begin(asking(client, text), code)
    used = queries_api.last_use(token.id)
    asking(client, text)("GET", "/contests")
    assert queries_api.last_use(token.id) == used
    cast.sign_in(client, cast.account("auditor"))
    assert "其他系统：测试人力资源系统" in client.get("/system/audit").text


def test_the_description_is_openapi_3_1(client: FlaskClient) -> None:
    told = client.get("/api/participation/openapi.json").get_json()
    assert told["openapi"].startswith("3.1")
    assert {"/api/participation/returns", "/api/participation/figures"} <= set(told["paths"])
    assert not [path for path in told["paths"] if path.startswith("/api/judging")]


def test_a_delivery_that_took_too_long_begins_anew(ask: Ask, code: str) -> None:
    made, name = begin(ask, code), str(uuid.uuid4())
    send(ask, made, people(1), delivery=name, parts=2)
    assert send(ask, made, people(2), delivery=name, part=2, parts=3).get_json()["code"] == "parts_differ"
    with time_machine.travel(now() + timedelta(hours=21)):
        assert send(ask, made, people(2), delivery=name, part=2, parts=2).status_code == 410
    assert get(RosterDelivery, db.session.scalars(select(RosterDelivery.id)).one()).taken_at is None


def test_tokens_have_a_shape_of_their_own() -> None:
    made = {rules_api.new_token(secrets.choice) for _n in range(50)}
    assert len(made) == 50
    assert all(rules_api.is_token(text) and len(text) == 53 for text in made)
    assert not rules_api.is_token(next(iter(made)).replace("comptk_", "comptk-"))
    assert len(audit.GENESIS) == 64


def test_whatever_the_description_allows_is_answered_as_it_says(app: Flask, cast: Cast, code: str) -> None:
    """Requests drawn from the description: no error of the server, no answer of another shape, nothing in words of a library."""
    text = token_for(cast, cast.county)[1]
    made = begin(asking(app.test_client(), text), code)
    schema = schemathesis.openapi.from_wsgi("/api/participation/openapi.json", app)
    headers = {"Authorization": f"Bearer {text}", "Accept-Language": "zh-CN"}
    answered = Counter[int]()
    for operation in (each.ok() for each in schema.get_all_operations()):
        @settings(max_examples=examples(12), suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask_it(case: schemathesis.Case) -> None:
            app.extensions[STORE].reset()
            if "return_id" in case.path_parameters and len(str(case.body)) % 2:
                case.path_parameters["return_id"] = made
            answer = case.call(headers=headers | {"Idempotency-Key": uuid.uuid4().hex})
            answered[answer.status_code] += 1
            case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance])
            assert answer.status_code < 400 or set(answer.json()) == {"code", "message", "details"}

        ask_it()
    assert answered[200] > 20, answered
    assert answered.keys() <= {200, 400, 404, 409, 413, 422}, answered
