"""A certificate as an Open Badge 3.0, for a holder who wants to carry it in a wallet: a credential signed as VC-JWT.

Signed when it is asked for, by the key that signs then: no row and no paper changes. See ``docs/certificates.md``.
"""

import json
import uuid
from datetime import UTC
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.certificates import rules, signing
from competition.certificates.models import Certificate
from competition.certificates.rules import DEMO
from competition.core import base64url
from competition.core.database import db
from competition.core.errors import RuleBroken

CONTEXT = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
           "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_NAMESPACE = uuid.UUID("9a7a3d0e-0f0e-4a6e-8f6f-6b1f2f1c7d55")
_TYPES = {"award": "Award", "honour": "Award", "participation": "Certificate", "service": "Certificate"}


def name_of(certificate: Certificate) -> str:
    """The address by which the list of revoked badges knows it; it leads nowhere."""
    return f"urn:uuid:{certificate.id}"


def credential(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """What is signed, by the names of Open Badges 3.0. The words are those of the paper, in Chinese."""
    data = certificate.data
    issued = certificate.issued_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "@context": list(CONTEXT),
        "id": name_of(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement(certificate)["name"],
        "issuer": {"id": base_url, "type": ["Profile"], "name": data["颁证单位"].replace("\n", "、"), "url": base_url},
        "validFrom": issued,
        "awardedDate": issued,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": data["姓名"], "identityType": "name"}],
            "licenseNumber": certificate.number,
            "achievement": achievement(certificate),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {"id": f"{base_url}/v/badges/revoked.json", "type": "1EdTechRevocationList"},
    }


def achievement(certificate: Certificate) -> dict[str, Any]:
    """What was achieved: the same for all who have it from this contest."""
    data, kind = certificate.data, certificate.kind
    about = [str(certificate.contest_id), kind, data.get("项目", ""), data.get("奖项", "")]
    # A wallet shows no paper: what is a demonstration says so in its name.
    is_demo = [DEMO] if certificate.batch.settings.get("is_demo") else []
    words = [*is_demo, data["赛事"], data.get("项目", ""), data.get("奖项", "") if kind == "award" else rules.KINDS[kind]]
    return {
        "id": f"urn:uuid:{uuid.uuid5(_NAMESPACE, '|'.join(about))}", "type": ["Achievement"], "name": " · ".join(filter(None, words)),
        "achievementType": _TYPES[kind], "description": " ".join([*is_demo, *rules.sentences(certificate.batch.template.layout, data)]),
        "criteria": {"narrative": f"{data['赛事']}的竞赛规则和公布的成绩"}, "inLanguage": "zh-CN",
    }


def signed_badge(certificate: Certificate) -> str:
    """The badge as a compact JWS. Raises RuleBroken for a certificate that holds no more, and before there is a key."""
    if certificate.state != "issued":
        raise RuleBroken(_("证书 %(number)s 已替换或已撤销，不能再导出徽章。", number=certificate.number), code="not_valid")
    key = signing.newest_key()
    if key is None:
        raise RuleBroken(_("还没有签名密钥，下次签发证书时自动生成，到时再来导出。"), code="no_key")
    base_url = certificate.batch.settings["base_url"]
    said = credential(certificate, base_url)
    # Registered claims beside the credential itself, as the standard wants it; the subject has no address, so there is no sub.
    claims = {**said, "iss": base_url, "jti": said["id"], "nbf": int(certificate.issued_at.timestamp())}
    head = {"alg": "EdDSA", "typ": "JWT", "kid": f"{base_url}/v/keys/{key.kid}.json"}
    text = ".".join(base64url.encoded(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (head, claims))
    return f"{text}.{base64url.encoded(signing.sign(key, text.encode()))}"


def revoked_badges(base_url: str) -> dict[str, Any]:
    """The list that a badge names as its status; it says of nobody who he is."""
    query = select(Certificate.id).where(Certificate.state != "issued").order_by(Certificate.id)
    return {"id": f"{base_url}/v/badges/revoked.json", "issuer": base_url,
            "revokedCredential": [{"id": f"urn:uuid:{id_}", "revoked": True} for id_ in db.session.scalars(query)]}
