"""Signed files: with a configured key the stored bytes are the signed ones, and a changed byte is noticed."""

import datetime
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate as Asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from competition.certificates.printing_merge import merge
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.errors import RuleBroken
from competition.core.pdf_keys import pdf_signer, read_key
from competition.core.pictures import text_of
from competition.operations.checks_key import check_certificate_key
from tests.cast import Cast
from tests.certificates.archive import faults_in
from tests.certificates.given import certificates, issued, print_all, published

PASSPHRASE = "口令-pass"


def certificate(key: RSAPrivateKey, *, days: int = 400, until: datetime.datetime | None = None) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "青海省总工会")])
    start = now() - datetime.timedelta(days=800)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False)
    return x509.CertificateBuilder(
        name, name, key.public_key(), 7, start, until or now() + datetime.timedelta(days=days),
    ).add_extension(usage, critical=True).sign(key, SHA256())


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture
def files(tmp_path: Path, key: RSAPrivateKey) -> Path:
    """The same key as PKCS#12 and as PEM, and its passphrase in a file."""
    lock, own = BestAvailableEncryption(PASSPHRASE.encode()), certificate(key)
    (tmp_path / "key.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"k", key, own, None, lock))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) + own.public_bytes(Encoding.PEM))
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return tmp_path


def state(data: bytes, root: x509.Certificate) -> PdfSignatureStatus:
    (found,) = PdfFileReader(BytesIO(data)).embedded_signatures
    trust = ValidationContext(trust_roots=[Asn1.load(root.public_bytes(Encoding.DER))])
    # A browser's driver may keep an event loop in this thread; pyHanko runs its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, found, trust).result()


def with_key(settings: Settings, path: Path, **more: object) -> Settings:
    return replace(settings, certificate_key=path, certificate_passphrase=PASSPHRASE, **more)  # type: ignore[arg-type]


def test_the_stored_bytes_are_signed_and_a_changed_byte_is_noticed(
    app: Flask, cast: Cast, files: Path, key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", with_key(app.extensions["settings"], files / "key.p12"))
    batch = issued(cast, published(cast, 1))
    print_all(batch)
    (found,) = certificates(batch)
    assert found.file is not None, found.error
    data, root = found.file.read(), certificate(key)
    status = state(data, root)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert found.number in text_of(data)
    assert faults_in(data) == [], "signed it still is fit for archives"
    changed = bytearray(data)
    changed[len(data) // 3] ^= 1
    assert not state(bytes(changed), root).intact
    whole = BytesIO()
    merge([data], "合订本", whole)
    assert text_of(whole.getvalue()) == text_of(data)


def test_a_pem_file_and_a_passphrase_from_a_file_do_as_well(app: Flask, files: Path) -> None:
    settings = replace(app.extensions["settings"], certificate_key=files / "key.pem", certificate_passphrase_file=files / "passphrase")
    found = read_key(settings)
    assert found is not None
    assert found.owner == "青海省总工会"
    assert read_key(with_key(settings, files / "key.p12", certificate_passphrase_file=None)) is not None


def test_without_a_key_nothing_is_signed_and_a_broken_one_stops_the_work(
    app: Flask, cast: Cast, files: Path, key: RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = app.extensions["settings"]
    assert pdf_signer(settings, cast.at) is None
    (files / "old.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
        + certificate(key, days=-30).public_bytes(Encoding.PEM))
    (files / "half.pem").write_bytes(certificate(key).public_bytes(Encoding.PEM))
    for broken in ("missing.p12", "passphrase", "half.pem", "old.pem"):
        monkeypatch.setitem(app.extensions, "settings", with_key(settings, files / broken))
        with pytest.raises(RuleBroken, match="签名证书"):
            pdf_signer(app.extensions["settings"], now())
        assert [found.level for found in check_certificate_key(app.extensions["settings"])] == ["wrong"]
    batch = issued(cast, published(cast, 1))
    with pytest.raises(RuleBroken, match="过期"):
        print_all(batch)
    assert certificates(batch)[0].file_id is None


@pytest.mark.parametrize(("kind", "sentence"), [
    (["-algorithm", "RSA"], "不是一对"), (["-algorithm", "ED25519"], "算法"),
    (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"], "算法"),
])
def test_keys_that_cannot_sign_are_refused_in_words(
    app: Flask, files: Path, key: RSAPrivateKey, kind: list[str], sentence: str
) -> None:
    made = subprocess.run(["openssl", "genpkey", *kind], capture_output=True, check=True).stdout
    (files / "odd.pem").write_bytes(made + certificate(key).public_bytes(Encoding.PEM))
    (found,) = check_certificate_key(replace(app.extensions["settings"], certificate_key=files / "odd.pem"))
    assert found.level == "wrong"
    assert sentence in found.said


def test_the_doctor_says_whether_there_is_a_key(app: Flask, files: Path, key: RSAPrivateKey) -> None:
    settings: Settings = app.extensions["settings"]
    (none,) = check_certificate_key(settings)
    (good,) = check_certificate_key(with_key(settings, files / "key.p12"))
    assert (none.level, good.level) == ("ok", "ok")
    assert "没有设置" in none.said
    assert "青海省总工会" in good.said
    (files / "soon.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
        + certificate(key, days=10).public_bytes(Encoding.PEM))
    assert [found.level for found in check_certificate_key(with_key(settings, files / "soon.pem"))] == ["note"]


def test_the_last_day_of_a_certificate_is_told_by_our_clock(app: Flask, files: Path, key: RSAPrivateKey) -> None:
    until = datetime.datetime(2033, 3, 31, 16, 30, tzinfo=datetime.UTC)
    (files / "late.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
        + certificate(key, until=until).public_bytes(Encoding.PEM))
    (found,) = check_certificate_key(with_key(app.extensions["settings"], files / "late.pem"))
    assert "有效期至 2033年4月1日" in found.said
