"""What a screen opens: a page without data, a number to be paired by, and the file of its picture. No table is read for a picture."""

import hashlib

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _

from competition.core.access import act
from competition.core.clock import now
from competition.core.crypto import token_hash
from competition.core.limits import limiter
from competition.displays import queries, service, service_files

ASK = "30 per minute; 300 per hour"
blueprint = Blueprint("displays_screen", __name__, url_prefix="/display")


@blueprint.get("/", defaults={"token": ""})
@blueprint.get("/<token>")
@act("displays.screen")
def screen(token: str) -> Response:
    """The page of every screen; which one it is stands in its address."""
    return make_response(render_template("displays/screen.html", token=token))


@blueprint.post("/code")
@act("displays.ask_code")
@limiter.limit(ASK)
def ask_code() -> Response:
    """An address for a new screen, which has a number for a quarter of an hour."""
    _code, token = service.ask_code(at=now())
    return unstored(jsonify(token=token))


def unstored(answer: Response) -> Response:
    """Nobody keeps it on the way."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<token>/code.json")
@act("displays.screen")
def code(token: str) -> Response:
    """The number that this screen shows until it is registered, or null: nobody makes a screen show another by its address."""
    return unstored(jsonify(code=queries.waiting_code(token_hash(token), now())))


@blueprint.get("/<token>/picture.json")
@act("displays.screen")
def picture(token: str) -> Response:
    """The file that was written for this screen; 404 while nobody has registered it."""
    try:
        held = service_files.path_of(token_hash(token)).read_bytes()
    except OSError:
        return make_response(jsonify(code="not_paired", message=str(_("这块屏幕还没有登记。")), details={}), 404)
    answer = Response(held, mimetype="application/json", headers={"Cache-Control": "no-cache"})
    answer.set_etag(hashlib.sha256(held).hexdigest()[:32])
    answer.make_conditional(request)
    return answer
