"""Signatures of tablets: ECDSA on P-256 with SHA-256, made by the browser's WebCrypto. Pure."""

import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask_babel import lazy_gettext as _

from competition.core import base64url
from competition.core.errors import RuleBroken

# Half a signature, and each coordinate of a key, in bytes.
HALF = 32


def check_key(jwk: str) -> None:
    """Raises RuleBroken when a public key is no point of the curve."""
    try:
        _key(jwk)
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken(_("平板的签名密钥无效，请刷新页面后重新打开座位。"), code="key_unknown", status=422) from error


def thumbprint(jwk: str) -> str:
    """What a key is called on record: its JWK thumbprint (RFC 7638), SHA-256 as base64url."""
    parts = json.loads(jwk)
    text = json.dumps({name: parts[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64url.encoded(hashlib.sha256(text.encode()).digest())


def is_signed_by(jwk: str, message: bytes, signature: str) -> bool:
    """Did the holder of the key sign exactly these bytes? ``signature`` is r and s, 32 bytes each, as base64url."""
    try:
        raw = base64url.decoded(signature)
        if len(raw) != 2 * HALF:
            return False
        pair = (int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))
        _key(jwk).verify(encode_dss_signature(*pair), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(jwk: str) -> ec.EllipticCurvePublicKey:
    parts = json.loads(jwk)
    x, y = (int.from_bytes(base64url.decoded(parts[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
