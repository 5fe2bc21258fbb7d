"""The tablets' API: no cookies, no page token, only ``Authorization: Device <token>`` and JSON."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask_babel import gettext as _
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData

from competition.core.access import act, act_of
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.errors import RuleBroken
from competition.core.limits import limiter
from competition.core.web import csrf
from competition.judging import queries_tablet as tablet
from competition.judging import schemas, service
from competition.judging.models import Device
from competition.judging.queries_seats import device_with_seat, is_barred, sender_of
from competition.judging.rules_endings import BARRED, why_ended

OPEN_SEAT = "60 per minute; 600 per hour"
blueprint = Blueprint("judging_api", __name__, url_prefix="/api")


def _refuse(_request: Any, _response: Any, error: Any, _instance: Any, _adapter: Any) -> None:
    """What does not fit the schema, in the one shape of all refusals; what was sent is not repeated."""
    if error is not None:
        faults = [{"at": ".".join(str(part) for part in e["loc"]), "why": e["type"]} for e in error.errors()[:20]]
        raise RuleBroken(_("请求的内容不符合接口格式。"), code="bad_request", status=422, faults=faults)


spec = SpecTree(
    "flask", before=_refuse, title="Judging API", version="1", mode="strict", openapi_version="3.1.0",
    description="Marks from tablets to the server: each event is taken once, and the answer stands once it is committed.",
    security_schemes=[SecurityScheme(
        name="device", data=SecuritySchemeData(type=SecureType.API_KEY, field_in=InType.HEADER, name="Authorization"))],
)
REFUSALS = {"HTTP_401": schemas.ErrorOut, "HTTP_415": schemas.ErrorOut, "HTTP_422": schemas.ErrorOut}
DEVICE: dict[str, list[str]] = {"device": []}


def init_api(app: Flask) -> None:
    """Hang the API on the application; it is told apart from pages by carrying no cookie at all."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    spec.app = app


@blueprint.before_request
def _device_first() -> None:
    """Who may not send anything hears that, and not what is wrong with it."""
    if act_of(current_app, request.endpoint or "") == "judging.mark":
        g.device_id = this_device_id(now())


@blueprint.before_request
def _only_json() -> None:
    if request.method == "POST" and request.mimetype != "application/json":
        raise RuleBroken(_("只接受 JSON。"), code="not_json", status=415)


def this_device_id(at: datetime) -> uuid.UUID:
    """The tablet whose token came with the request; raises RuleBroken 401."""
    kind, _sep, token = request.headers.get("Authorization", "").partition(" ")
    device_id = sender_of(token, at) if kind == "Device" and token else None
    if device_id is None:
        raise RuleBroken(_("平板的登录已失效，请重新扫描座位卡、输入 PIN。未上传的内容都在本机，没有丢，登录后自动继续。"),
                         code="device_token", status=401)
    return device_id


def this_device() -> Device:
    """The tablet that asks, with its seat and panel."""
    return device_with_seat(g.device_id)


@blueprint.post("/judging/seat")
@spec.validate(json=schemas.OpenSeat, resp=Answers(HTTP_200=schemas.SeatOpened, HTTP_403=schemas.ErrorOut, HTTP_429=schemas.ErrorOut,
                                                   HTTP_415=schemas.ErrorOut, HTTP_422=schemas.ErrorOut), tags=["tablet"])
@act("judging.open_seat")
@limiter.limit(OPEN_SEAT)
def open_seat(json: schemas.OpenSeat) -> schemas.SeatOpened:
    """Open a seat with its card and PIN. Another tablet that had the seat becomes read-only."""
    at = now()
    device, token = service.open_seat(json.card, json.pin, label=json.label, at=at, previous=json.previous,
                                      key=json.key.model_dump_json() if json.key else None)
    return schemas.SeatOpened(device=device.id, token=token, expires_at=device.expires_at, seat=device.seat_id,
                              seat_number=device.seat.number, panel=device.seat.panel.name, at=at)


@blueprint.get("/judging/pack")
@spec.validate(resp=Answers(HTTP_200=schemas.PackOut, HTTP_409=schemas.ErrorOut, **REFUSALS), security=DEVICE, tags=["tablet"])
@act("judging.mark")
def pack() -> schemas.PackOut:
    """The rounds of the seat: criteria, works, and the own marks so far."""
    at = now()
    device = this_device()
    check_live(device, at)
    return tablet.pack(device, at)


def check_live(device: Device, at: datetime) -> None:
    """Who lost the seat is told nothing of it any more: raises RuleBroken with why."""
    ended = device.end_code or (BARRED if is_barred(device.seat, at) else None)
    if ended is not None:
        raise RuleBroken(why_ended(ended, device.end_reason), code="device_ended", why=ended)


@blueprint.post("/judging/events")
@spec.validate(json=schemas.EventsIn, resp=Answers(HTTP_200=schemas.EventsOut, **REFUSALS), security=DEVICE, tags=["tablet"])
@act("judging.mark")
def events(json: schemas.EventsIn) -> schemas.EventsOut:
    """Take events. Sending the same again gives the same receipt; nothing is lost and nothing is doubled."""
    at = now()
    receipt = service.accept_events(g.device_id, [event.to_event() for event in json.events], at=at, says=json.report.says(at))
    answers = [schemas.AnswerOut(uuid=a.id, result=a.result, version=a.version, value=a.value, code=a.code, message=a.message,
                                 details=dict(a.details)) for a in receipt.answers]
    return schemas.EventsOut(answers=answers, last_seq=receipt.last_seq, missing=receipt.missing, is_live=receipt.is_live,
                             why=receipt.why, at=at, server=_this_server())


@blueprint.post("/judging/state")
@spec.validate(json=schemas.StateIn, resp=Answers(HTTP_200=schemas.StateOut, **REFUSALS), security=DEVICE, tags=["tablet"])
@act("judging.mark")
def state(json: schemas.StateIn) -> schemas.StateOut:
    """Tell what the tablet still holds; hear where the rounds stand and what changed in the own sheets."""
    at = now()
    device = this_device()
    service.end_if_barred(device.id, at=at)
    service.report_device(device.id, json.report.says(at), at=at)
    rounds = tablet.rounds_now(device, {seen.id: seen.version for seen in json.rounds})
    return schemas.StateOut(
        at=at, is_live=device.replaced_at is None, why=why_ended(device.end_code, device.end_reason), last_seq=device.last_seq,
        missing=list(device.missing), rounds=rounds, prompts=tablet.prompts_now(device),
        server=_this_server())


def _this_server() -> Any:
    settings: Settings = current_app.extensions["settings"]
    return settings.server


@blueprint.get("/openapi.json")
@act("judging.api_description")
def description() -> Response:
    """The description of the API, OpenAPI 3.1."""
    return jsonify(spec.spec)
