"""Other systems: no cookies, no page token, only ``Authorization: Bearer <token>`` and JSON."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask_babel import gettext as _
from limits import parse
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from competition.core.access import act, act_of
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.limits import address_key, is_within
from competition.core.web import csrf
from competition.returns import queries_api as reads
from competition.returns import rules_api as rules
from competition.returns import schemas_api as schemas
from competition.returns import service_api as service
from competition.returns.models_api import ApiToken

blueprint = Blueprint("returns_api", __name__, url_prefix="/api/participation")
# Of one token; and of one address, of requests without a good one.
OFTEN, WRONG = parse("120 per minute"), parse("30 per minute")
LARGE = {"returns_api.bulk": rules.MOST_EVIDENCE + 64 * 1024}


def _place(loc: Sequence[int | str]) -> str:
    """Where a fault is; the name of a field that we do not know may be anything, a number too."""
    return ".".join(rules.without_numbers(str(part))[:40] if isinstance(part, str) else str(part) for part in loc)


def _refuse(_request: Any, _response: Any, error: Any, _instance: Any, _adapter: Any) -> None:
    """What does not fit the schema, in the one shape of all refusals; what was sent is not repeated."""
    if error is not None:
        faults = [{"at": _place(e["loc"]), "why": e["type"]} for e in error.errors()[:20]]
        raise RuleBroken(_("请求的内容不符合接口格式。"), code="bad_request", status=422, faults=faults)


spec = SpecTree(
    "flask", before=_refuse, title="Participation API", version="1", mode="strict", openapi_version="3.1.0",
    description="Returns of unions in, figures out. Every changing request carries an Idempotency-Key: asked again, it gets the same "
                "answer.",
    security_schemes=[SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
)
REFUSALS = dict.fromkeys(("HTTP_401", "HTTP_403", "HTTP_422", "HTTP_429"), schemas.ErrorOut)
CHANGES = REFUSALS | dict.fromkeys(("HTTP_400", "HTTP_404", "HTTP_409", "HTTP_413", "HTTP_415"), schemas.ErrorOut)
FINDS = REFUSALS | {"HTTP_404": schemas.ErrorOut}
TOKEN: dict[str, list[str]] = {"token": []}


def init_api(app: Flask) -> None:
    """Hang the API on the application; it is told apart from pages by carrying no cookie at all."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    spec.app = app


@blueprint.before_request
def _token_first() -> None:
    """Who may not ask anything hears that, and not what is wrong with it."""
    wanted = act_of(current_app, request.endpoint or "")
    if wanted == "participation.api_description":
        return
    g.api_token = _this_token(now())
    if not is_within(OFTEN, "api token", str(g.api_token.id)):
        raise RuleBroken(_("请求过于频繁，请一分钟后再试。"), code="too_many", status=429, retry_after_s=60)
    if wanted == "participation.api_report" and not g.api_token.can_report:
        raise RuleBroken(_("这个令牌只能读取，不能上报。"), code="read_only", status=403)
    service.note_use(g.api_token.id, now())


@blueprint.before_request
def _only_json_of_some_size() -> None:
    if request.method in ("POST", "PUT"):
        # What needs no more than its address comes without a body.
        if request.mimetype != "application/json" and (request.mimetype or request.content_length):
            raise RuleBroken(_("只接受 JSON。"), code="not_json", status=415)
        most = LARGE.get(request.endpoint or "", rules.MOST_BODY)
        if (request.content_length or 0) > most:
            raise RuleBroken(_("一次请求不超过 %(n)d KB，请分几次发送。", n=most // 1024), code="too_large", status=413)
        if not rules.KEY.fullmatch(request.headers.get("Idempotency-Key", "")):
            raise RuleBroken(_("请在请求头写 Idempotency-Key：8 至 100 个可见的英文字符，重发时不变。"), code="idempotency_key", status=400)


def _this_token(at: datetime) -> ApiToken:
    kind, _sep, text = request.headers.get("Authorization", "").partition(" ")
    found = reads.token_of(text.strip(), at) if kind.lower() == "bearer" else None
    if found is None:
        if not is_within(WRONG, "api refused", address_key()):
            raise RuleBroken(_("请求过于频繁，请一分钟后再试。"), code="too_many", status=429, retry_after_s=60)
        raise RuleBroken(_("没有令牌，或者令牌不对、已过期、已撤销。"), code="token", status=401)
    return found


def this_token() -> ApiToken:
    """The token that asks."""
    found: ApiToken = g.api_token
    return found


def this_actor() -> Actor:
    """Who acts: the record names the token's title."""
    token = this_token()
    return Actor(kind="token", id=token.id, name=token.title)


def done_once(act: Callable[[Actor, datetime], Mapping[str, Any]]) -> dict[str, Any]:
    """The answer of a changing request: done now, or the one that it had before."""
    at, actor = now(), this_actor()
    said = f"{request.method} {request.full_path}\n" + hashlib.sha256(request.get_data(cache=True)).hexdigest()
    answer, g.api_repeated = service.once(this_token().id, request.headers["Idempotency-Key"], said, lambda: act(actor, at), at=at)
    return answer


@blueprint.after_request
def _say_repeated(answer: Response) -> Response:
    if g.get("api_repeated"):
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


@blueprint.get("/openapi.json")
@act("participation.api_description")
def description() -> Response:
    """The description of the API, OpenAPI 3.1."""
    return jsonify(spec.spec)
