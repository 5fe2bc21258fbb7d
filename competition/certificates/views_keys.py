"""What others need to check our signatures themselves: the public keys."""

from flask import Response, jsonify

from competition.certificates import signing
from competition.certificates.models import SigningKey
from competition.certificates.pages import blueprint
from competition.core.access import act
from competition.core.limits import VERIFY, limiter


@blueprint.get("/v/keys.json")
@act("certificates.verify")
@limiter.limit(VERIFY)
def public_keys() -> Response:
    """A JSON Web Key Set of all keys there ever were; ``status`` says whether one still counts."""
    answer = jsonify(keys=[described(key) for key in signing.all_keys()])
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def described(key: SigningKey) -> dict[str, str]:
    """One public key as a JSON Web Key (RFC 8037)."""
    status = "distrusted" if key.distrusted_at else "retired" if key.retired_at else "current"
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.public, "status": status}
