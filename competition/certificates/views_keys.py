"""What others need to check our signatures themselves: the public keys, and which badges hold no more."""

from flask import Response, current_app, jsonify
from flask_babel import gettext as _

from competition.certificates import badges, signing
from competition.certificates.pages import blueprint
from competition.core.access import act
from competition.core.config import Settings
from competition.core.errors import NotFound
from competition.core.limits import VERIFY, limiter


@blueprint.get("/v/keys.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def public_keys() -> Response:
    """A JSON Web Key Set of all keys there ever were; ``status`` says whether one still counts."""
    return _kept(jsonify(keys=[signing.described(key) for key in signing.all_keys()]))


@blueprint.get("/v/keys/<kid>.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def public_key(kid: str) -> Response:
    """One key, as badges name theirs; none that is distrusted."""
    found = next((key for key in signing.all_keys() if key.kid == kid and key.distrusted_at is None), None)
    if found is None:
        raise NotFound(_("没有这把公钥，或它已停止信任。"))
    return _kept(jsonify(signing.described(found)))


@blueprint.get("/v/badges/revoked.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def revoked_badges() -> Response:
    """The badges that hold no more, by their own names."""
    settings: Settings = current_app.extensions["settings"]
    return _kept(jsonify(badges.revoked_badges(settings.public_url or settings.own_url)))


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
