"""The tablet's page: the same for everybody, without any data in it; and the worker that keeps a copy of it on the tablet."""

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import NotFound

from competition.core.access import act
from competition.core.built import page_build, worker_answer
from competition.core.languages import Language, offered, speaking

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
    """What keeps the page on the tablet."""
    return worker_answer("judge", page_build("tablet"), pages=("/judge/", "/judge/open"), kept="/judge/shell/", language="/judge/language",
                         bare=_bare)


def _page(**more: object) -> str:
    return render_template("judging/tablet.html", version=page_build("tablet").version, **more)


def _bare(language: Language) -> str:
    """The page's own sentences, without what depends on the address that was asked for."""
    with speaking(language.code):
        return _page(languages=None)
