"""The tablet's page: the same for everybody, without any data in it; and the worker that keeps a copy of it on the tablet."""

import hashlib
import json

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import NotFound

from competition.core.access import act
from competition.core.languages import Language, offered, speaking
from competition.judging.built import tablet_build, worker_source

blueprint = Blueprint("judging_tablet", __name__)


@blueprint.get("/judge/")
@blueprint.get("/judge/open")
@act("judging.tablet")
def tablet() -> Response:
    """Where a seat card leads; the card's secret stands behind the # and never reaches the server."""
    return make_response(_page())


@blueprint.get("/judge/shell/<lang>")
@act("judging.tablet")
def shell(lang: str) -> Response:
    """The same page in one language, to be kept on the tablet."""
    found = next((each for each in offered() if each.lang == lang), None)
    if found is None:
        raise NotFound
    with speaking(found.code):
        return make_response(_page())


@blueprint.get("/sw.js")
@act("judging.tablet")
def worker() -> Response:
    """What keeps the page on the tablet. It changes whenever a file, a sentence or itself does: browsers compare its bytes."""
    build, source = tablet_build(), worker_source()
    shells = [f"/judge/shell/{each.lang}" for each in offered()]
    files = [f"/static/{name}" for name in (*build.now, *build.later)]
    said = "\0".join([source, *files, *(_bare(each) for each in offered())])
    version = hashlib.sha256(said.encode()).hexdigest()[:12]
    first = json.dumps({"version": version, "app": build.version, "files": files, "shells": shells})
    answer = Response(f"self.BUILD = {first};\n{source}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/judge/"
    return answer


def _page(**more: object) -> str:
    return render_template("judging/tablet.html", version=tablet_build().version, **more)


def _bare(language: Language) -> str:
    """The page's own sentences, without what depends on the address that was asked for."""
    with speaking(language.code):
        return _page(languages=None)
