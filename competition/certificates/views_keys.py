"""What others need to check our signatures themselves: the public keys."""

from flask import Response, jsonify

from competition.certificates import signing
from competition.certificates.pages import blueprint
from competition.core.access import act
from competition.core.limits import VERIFY, limiter


@blueprint.get("/v/keys.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def public_keys() -> Response:
    """A JSON Web Key Set of all keys there ever were; ``status`` says whether one still counts."""
    answer = jsonify(keys=[signing.described(key) for key in signing.all_keys()])
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
