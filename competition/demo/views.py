"""The start page of the demonstration: who do you want to be?"""

from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from competition.accounts import service as accounts
from competition.accounts.service_own import choose_locale
from competition.accounts.signin import begin
from competition.bootstrap.environment import is_loopback
from competition.core import languages
from competition.core.access import act
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.demo import queries
from competition.demo.staff import CONTESTANTS, ROLES, demo_accounts
from competition.judging import service as judging

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def register(app: Flask) -> None:
    """The pages exist in the demonstration only."""
    if app.extensions["settings"].demo:
        app.register_blueprint(blueprint)


@blueprint.before_request
def only_here() -> None:
    """Whoever is not on this machine gets nothing."""
    if not current_app.extensions["settings"].demo or not is_loopback(request.remote_addr or ""):
        abort(404)


@blueprint.get("/")
@act("demo.choose")
def index() -> str:
    """Every role with one click, and where to go with it."""
    return render_template("demo/index.html", roles=ROLES, contestants=CONTESTANTS, accounts=demo_accounts(),
                           contests=queries.contests(), seats=queries.seats())


@blueprint.post("/sign-in/<key>")
@act("demo.sign_in")
def sign_in(key: str) -> Response:
    """Become somebody."""
    account = demo_accounts().get(key)
    if account is None:
        abort(404)
    # Who chose English on the first page goes on in English, whoever it is now.
    choose_locale(account.id, languages.of_browser(), actor=SYSTEM, at=now())
    begin(*accounts.open_session(account.id, device="演示", at=now()))
    role = next(r for r in (*ROLES, *CONTESTANTS) if r.key == key)
    return redirect(url_for(role.where), 303)


@blueprint.post("/seats/<uuid:seat_id>")
@act("demo.sign_in")
def seat(seat_id: UUID) -> str:
    """A fresh card for a seat, as it would be printed for a judge."""
    card = judging.make_cards([seat_id], actor=SYSTEM, at=now())[0]
    return render_template("demo/seat.html", card=card)
