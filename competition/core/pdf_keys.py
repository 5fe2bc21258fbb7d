"""The key that PDFs are signed with: ``COMP_CERTIFICATE_KEY`` names a PKCS#12 or PEM file with key and certificates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import NoEncryption, load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID
from flask_babel import gettext as _

from competition.core.config import Settings
from competition.core.errors import RuleBroken


class KeyUnusable(RuleBroken):
    """The configured key cannot be used; the message says why."""

    code = "certificate_key"
    status = 500


@dataclass(frozen=True)
class Key:
    """Whose it is, until when its certificate holds, and all of it without a passphrase."""

    owner: str
    until: datetime
    pkcs12: bytes


def read_key(settings: Settings) -> Key | None:
    """The configured key; None when there is none. Raises KeyUnusable."""
    if settings.certificate_key is None:
        return None
    try:
        return _key(_bundle(settings.certificate_key.read_bytes(), _passphrase(settings)))
    except OSError as error:
        raise KeyUnusable(_("签名证书的文件打不开：%(path)s。", path=error.filename)) from error
    except UnsupportedAlgorithm as error:
        raise KeyUnusable(_("签名证书的算法不能用（例如国密 SM2），请换用 RSA 或 ECDSA 证书。")) from error
    except (ValueError, TypeError) as error:
        raise KeyUnusable(_("签名证书读不出来：密码不对，或文件不是 PKCS#12 或 PEM 格式。")) from error


def _key(bundle: pkcs12.PKCS12KeyAndCertificates) -> Key:
    if bundle.key is None or bundle.cert is None:
        raise KeyUnusable(_("签名证书的文件里缺少私钥或证书。"))
    certificate = bundle.cert.certificate
    if not isinstance(bundle.key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise UnsupportedAlgorithm(type(bundle.key).__name__)
    if bundle.key.public_key() != certificate.public_key():
        raise KeyUnusable(_("签名证书的文件里，私钥和第一张证书不是一对。"))
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    owner = str(names[0].value) if names else certificate.subject.rfc4514_string()
    others = [each.certificate for each in bundle.additional_certs]
    return Key(owner, certificate.not_valid_after_utc, pkcs12.serialize_key_and_certificates(
        None, bundle.key, certificate, others, NoEncryption()))


def _passphrase(settings: Settings) -> bytes | None:
    if settings.certificate_passphrase_file is not None:
        return settings.certificate_passphrase_file.read_text("utf-8").rstrip("\r\n").encode()
    return settings.certificate_passphrase.encode() if settings.certificate_passphrase else None


def _bundle(data: bytes, passphrase: bytes | None) -> pkcs12.PKCS12KeyAndCertificates:
    if b"-----BEGIN" not in data:
        return pkcs12.load_pkcs12(data, passphrase)
    first, *others = x509.load_pem_x509_certificates(data)
    more = [pkcs12.PKCS12Certificate(each, None) for each in others]
    return pkcs12.PKCS12KeyAndCertificates(load_pem_private_key(data, passphrase), pkcs12.PKCS12Certificate(first, None), more)


def pdf_signer(settings: Settings, at: datetime) -> Callable[[bytes], bytes] | None:
    """What signs a PDF here; None where no key is configured. Raises KeyUnusable, also when its time is over."""
    key = read_key(settings)
    if key is None:
        return None
    if key.until <= at:
        raise KeyUnusable(_("签名证书已经过期（%(owner)s），请换上有效的证书。", owner=key.owner))
    return _signer(key.pkcs12)


@lru_cache(maxsize=1)
def _signer(whole: bytes) -> Callable[[bytes], bytes]:
    # Half a second and thirty megabytes that no process without a key should pay.
    from competition.core.pdf_signing import Signer  # noqa: PLC0415

    return Signer(whole).sign
