"""The page that checks certificates by camera, also without a network: the page, what keeps it on a device, what it needs to know."""

from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, make_response, render_template
from werkzeug.exceptions import NotFound

from competition.certificates import revocations
from competition.certificates.pages import blueprint, signed_fields
from competition.core.access import act
from competition.core.built import page_build, worker_answer
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.languages import Language, offered, speaking
from competition.core.limits import VERIFY, limiter


@blueprint.get("/v/revoked.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def revoked_list() -> Response:
    """What holds no more, signed, and until when the list may be believed."""
    answer = jsonify(revocations.signed_list(now()))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.get("/v/scan")
@act("certificates.verify")
def scan() -> Response:
    """Check certificates one after the other."""
    return make_response(_page())


@blueprint.get("/v/scan/shell/<lang>")
@act("certificates.verify")
def scan_shell(lang: str) -> Response:
    """The same page in one language, to be kept on the device."""
    found = next((each for each in offered() if each.lang == lang), None)
    if found is None:
        raise NotFound
    with speaking(found.code):
        return make_response(_page())


@blueprint.get("/v/sw.js")
@act("certificates.verify")
def scan_worker() -> Response:
    """What keeps the page on the device."""
    return worker_answer("scan", page_build("scan"), pages=("/v/scan",), kept="/v/scan/shell/", language="/v/scan/language", bare=_bare)


def _page(**more: object) -> str:
    settings: Settings = current_app.extensions["settings"]
    return render_template("certificates/scan.html", host=urlsplit(settings.public_url or "").netloc, fields=signed_fields(), **more)


def _bare(language: Language) -> str:
    with speaking(language.code):
        return _page(languages=None)
