"""Open Badges 3.0 for the holder: signed, checked by what is public, and no longer to be had once a certificate is revoked."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient

from competition.certificates import badges, signing
from competition.certificates.models import Certificate
from competition.core import audit, base64url
from competition.core.actors import SYSTEM
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.registration.models import Entry
from tests.cast import Cast
from tests.certificates.given import as_real, certificates, issued, published
from tests.certificates.test_scan import revoke


def opened(badge: str, client: FlaskClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Head and claims, checked with the key whose address the head names. Raises InvalidSignature."""
    head, claims, signature = badge.split(".")
    said = json.loads(base64url.decoded(head))
    key = client.get(urlsplit(said["kid"]).path).json
    assert key is not None
    Ed25519PublicKey.from_public_bytes(base64url.decoded(key["x"])).verify(base64url.decoded(signature), f"{head}.{claims}".encode())
    return said, json.loads(base64url.decoded(claims))


def mine(cast: Cast) -> Certificate:
    """A certificate of an account's own."""
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    assert certificate.row is not None
    with atomic():
        get(Entry, certificate.row.entry_id).account_id = cast.account("contestant", name="本人").id
        audit.record("test.account", actor=SYSTEM, subject=("entry", certificate.row.entry_id), at=cast.at)
    return certificate


def test_a_badge_says_what_the_standard_asks_for(client: FlaskClient, cast: Cast) -> None:
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    head, claims = opened(badges.signed_badge(certificate), client)
    base = certificate.batch.settings["base_url"]
    assert (head["alg"], head["typ"]) == ("EdDSA", "JWT")
    assert (claims["iss"], claims["jti"]) == (claims["issuer"]["id"], claims["id"]) == (base, f"urn:uuid:{certificate.id}")
    assert claims["nbf"] == int(certificate.issued_at.timestamp())
    assert "sub" not in claims
    # What the published schema of 3.0 requires, place by place.
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert claims["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context")
    assert {"@context", "id", "type", "credentialSubject", "issuer", "validFrom"} <= claims.keys()
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(claims["type"])
    subject = claims["credentialSubject"]
    achievement = subject["achievement"]
    assert {"id", "type", "criteria", "description", "name"} <= achievement.keys()
    assert achievement["achievementType"] == "Award"
    assert subject["identifier"] == [{"type": "IdentityObject", "hashed": False, "identityHash": certificate.name, "identityType": "name"}]
    assert subject["licenseNumber"] == certificate.number
    for name in ("赛事", "项目", "奖项"):
        assert certificate.data[name] in achievement["name"]
    # A wallet shows no paper with the words across it.
    assert "演示证书，不具效力" in claims["name"]
    as_real(certificate.batch)
    assert "演示" not in badges.credential(get(Certificate, certificate.id), base)["name"]


def test_a_revoked_one_is_on_the_list_and_is_exported_no_more(client: FlaskClient, cast: Cast) -> None:
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    _head, claims = opened(badges.signed_badge(certificate), client)
    path = urlsplit(claims["credentialStatus"]["id"]).path
    assert client.get(path).json["revokedCredential"] == []  # type: ignore[index]
    revoke(certificate, cast)
    assert client.get(path).json["revokedCredential"] == [{"id": claims["id"], "revoked": True}]  # type: ignore[index]
    with pytest.raises(RuleBroken, match="不能再导出徽章"):
        badges.signed_badge(get(Certificate, certificate.id))


def test_a_distrusted_key_is_given_to_nobody(client: FlaskClient, cast: Cast) -> None:
    certificate = certificates(issued(cast, published(cast, 1)))[0]
    assert client.get("/v/keys/26A.json").json["x"] == signing.all_keys()[0].public  # type: ignore[index]
    signing.rotate_keys(distrust=True, actor=SYSTEM, at=cast.at)
    assert client.get("/v/keys/26A.json").status_code == 404
    assert opened(badges.signed_badge(certificate), client)[0]["kid"].endswith("/v/keys/26B.json")


def test_the_holder_alone_takes_it(client: FlaskClient, cast: Cast) -> None:
    certificate = mine(cast)
    page = f"/my/certificates/{certificate.id}/badge.jwt"
    assert client.get(page).status_code == 303
    cast.sign_in(client, cast.account("contestant", name="别人"))
    assert client.get(page).status_code == 404
    cast.sign_in(client, cast.account("contestant", name="本人"))
    answer = client.get(page)
    assert answer.mimetype == "application/vc+jwt"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{certificate.number}.jwt"'
    assert opened(answer.text, client)[1]["id"] == f"urn:uuid:{certificate.id}"
