"""Keys of certificates: Ed25519, one a year, kept sealed in the database; what they sign can be checked without us.

A batch keeps the id of the key that it was issued with, and Ed25519 signs the same text the same way every time: a QR
code that is made again is the same code, unless its key is distrusted. Private keys leave this module in no answer, record or log.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.certificates import rules_signing
from competition.certificates.models import Certificate, SigningKey
from competition.core import audit, base64url
from competition.core.actors import SYSTEM, Actor
from competition.core.crypto import keyring, unseal
from competition.core.database import atomic, db, find, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.formats import in_zone


def all_keys() -> list[SigningKey]:
    """All keys there ever were, oldest first, as they are now: a long job must hear of one that is distrusted meanwhile."""
    query = select(SigningKey).order_by(SigningKey.created_at, SigningKey.kid).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def current_key(at: datetime) -> SigningKey | None:
    """The key that signs at this moment; None before the first issue of a year."""
    year = f"{in_zone(at).year % 100:02d}"
    return next((key for key in reversed(all_keys()) if key.retired_at is None and key.kid.startswith(year)), None)


def newest_key() -> SigningKey | None:
    """The key for what is signed on the way: in a new year, until its first issue, that of the year before."""
    return next((key for key in reversed(all_keys()) if key.retired_at is None), None)


def ensure_key(at: datetime) -> SigningKey:
    """The key of this moment, made in the surrounding transaction when the year has none yet."""
    found = current_key(at)
    if found is not None:
        return found
    try:
        with db.session().begin_nested():
            return _new_key(SYSTEM, at)
    except IntegrityError:  # another transaction made the first key of the year in this very moment
        db.session.expire_all()
        return ensure_key(at)


def rotate_keys(*, distrust: bool, actor: Actor, at: datetime) -> SigningKey:
    """The next key signs from now on. ``distrust``: nothing that the key before it signed counts any more."""
    with atomic():
        for key in all_keys():
            if key.retired_at is None:
                key.retired_at = at
                key.distrusted_at = at if distrust else None
                act = "certificates.key_distrust" if distrust else "certificates.key_retire"
                audit.record(act, actor=actor, subject=("signing_key", key.kid), at=at)
        return _new_key(actor, at)


def distrust_key(kid: str, *, actor: Actor, at: datetime) -> SigningKey:
    """Nothing that this one key ever signed counts any more, whenever it was retired; what signs from now on is returned."""
    with atomic():
        key = find(SigningKey, kid=kid)
        if key is None:
            raise NotFound(_("没有密钥 %(kid)s。", kid=kid))
        if key.distrusted_at is not None:
            raise RuleBroken(_("密钥 %(kid)s 已经宣布失信。", kid=kid), code="distrusted")
        key.retired_at, key.distrusted_at = key.retired_at or at, at
        audit.record("certificates.key_distrust", actor=actor, subject=("signing_key", kid), at=at)
        return ensure_key(at)


def _new_key(actor: Actor, at: datetime) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    kid = rules_signing.next_kid(in_zone(at).year, [key.kid for key in all_keys()])
    text = base64url.encoded(private.private_bytes_raw())
    key = SigningKey(kid=kid, public=base64url.encoded(private.public_key().public_bytes_raw()), created_at=at,
                     private_sealed=keyring().seal(text, _place(kid)))
    db.session.add(key)
    db.session.flush()
    audit.record("certificates.key", actor=actor, subject=("signing_key", kid), at=at, details={"public": key.public})
    return key


def _place(kid: str) -> str:
    return f"signing_key|private|{kid}"


def described(key: SigningKey) -> dict[str, str]:
    """One public key as a JSON Web Key (RFC 8037)."""
    status = "distrusted" if key.distrusted_at else "retired" if key.retired_at else "current"
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": key.public, "status": status}


def sign(key: SigningKey, message: bytes) -> bytes:
    """The 64 bytes."""
    seed = base64url.decoded(keyring().open(key.private_sealed, _place(key.kid)))
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def code_of(certificate: Certificate) -> str:
    """The code that its paper shows."""
    return unseal(certificate.code_sealed, "certificate", "code", certificate.id)


def payload_of(certificate: Certificate) -> bytes:
    """What its QR code says besides the address. Demonstrations from before say it in words on the paper only."""
    batch = certificate.batch
    return rules_signing.encoded(rules_signing.signed_values(
        batch.template.layout, certificate.data, is_demo=bool(batch.settings.get("demo_signed"))))


def key_of(kid: str) -> SigningKey:
    """The key that a batch was issued with. Once it is distrusted, the one that signs now: what is printed from then on must
    not carry a signature that counts for nothing."""
    found = get(SigningKey, kid)
    return (newest_key() or found) if found.distrusted_at else found


def signed_address(certificate: Certificate, code: str, base_url: str) -> str:
    """What its QR code holds: the address of its page and, behind ``#``, what is printed, signed; ``code`` as in ``code_of``.
    Batches from before there were keys have the address alone."""
    kid = certificate.batch.settings.get("kid")
    address = f"{base_url}/v/{code}"
    if not kid:
        return address
    key, payload = key_of(kid), payload_of(certificate)
    signature = sign(key, rules_signing.message(key.kid, code, payload))
    return f"{address}#{rules_signing.fragment(key.kid, payload, signature)}"
