"""The tablet's page: the same for everybody, without any data in it."""

from flask import Blueprint, Response, make_response, render_template

from competition.core.access import act
from competition.judging.built import tablet_build

blueprint = Blueprint("judging_tablet", __name__, url_prefix="/judge")


@blueprint.get("/")
@blueprint.get("/open")
@act("judging.tablet")
def tablet() -> Response:
    """Where a seat card leads; the card's secret stands behind the # and never reaches the server."""
    return make_response(render_template("judging/tablet.html", version=tablet_build().version))
