"""An https name inside an arena's network: an authority of its own, a certificate, and what caddy or nginx need in front of us.

The authority may vouch for the one name and address and for nothing else (name constraints): a tablet that trusts it can be
deceived about no other site. ``docs/arena.md`` says how the tablets come to trust it.
"""

import ipaddress
import os
import re
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask_babel import gettext as _

from competition.core.errors import RuleBroken

AUTHORITY_DAYS, SERVER_DAYS = 400, 120  # iPads take no server's certificate of more than 398 days
_NAME = re.compile(r"(?=.{4,80}$)([a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,20}")
CADDYFILE = """{{
	admin off
	auto_https off
}}

http://{name}:{plain}, http://{address}:{plain} {{
	handle /ca.crt {{
		root * "{folder}"
		header Content-Type application/x-x509-ca-cert
		file_server
	}}
	handle {{
		redir https://{name}{port}{{uri}} 302
	}}
}}

https://{name}:{secure}, https://{address}:{secure} {{
	tls "{folder}/server.pem" "{folder}/server.key"
	reverse_proxy 127.0.0.1:{inner}
}}
"""
NGINX = """# sites-enabled/arena.conf
server {{
    listen {plain};
    server_name {name} {address};
    location = /ca.crt {{ root "{folder}"; default_type application/x-x509-ca-cert; }}
    location / {{ return 302 https://{name}{port}$request_uri; }}
}}
server {{
    listen {secure} ssl http2;
    server_name {name} {address};
    ssl_certificate "{folder}/server.pem";
    ssl_certificate_key "{folder}/server.key";
    client_max_body_size 64m;
    location / {{
        proxy_pass http://127.0.0.1:{inner};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""


@dataclass(frozen=True)
class Place:
    """Where people reach the arena machine: ``name`` and ``address`` in the arena's network; ports; where the system itself listens."""

    name: str
    address: str
    secure: int = 443
    plain: int = 80
    inner: int = 8000

    @property
    def url(self) -> str:
        """The address that people type."""
        return f"https://{self.name}{self.port}"

    @property
    def port(self) -> str:
        return "" if self.secure == 443 else f":{self.secure}"


def check_place(place: Place) -> None:
    """Raise RuleBroken unless the name is one and the address is of a private network or of this machine."""
    if not _NAME.fullmatch(place.name):
        raise RuleBroken(_("“%(name)s”不能作赛场网络的名称：请用小写字母、数字和点，例如 saichang.lan。", name=place.name),
                         code="lan_name", status=422)
    try:
        address = ipaddress.IPv4Address(place.address)
    except ValueError as error:
        raise RuleBroken(_("“%(address)s”不是 IPv4 地址，例如 192.168.8.2。", address=place.address), code="lan_address",
                         status=422) from error
    if not address.is_private:
        raise RuleBroken(_("%(address)s 不是内网地址：赛场网络的证书只用于内网。", address=place.address), code="lan_address", status=422)


def write_place(place: Place, folder: Path, at: datetime) -> Path:
    """Write certificates and settings to ``folder``: an authority that is there already is used again, so that tablets need not
    trust another one. Returns the authority's certificate for the tablets."""
    check_place(place)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IRGRP | stat.S_IXOTH | stat.S_IROTH)
    key, authority = _authority(place, folder, at)
    server_key = ec.generate_private_key(ec.SECP256R1())
    server = _sign(place, server_key, key, authority, at)
    _write(folder / "server.key", _pem(server_key), secret=True)
    _write(folder / "server.pem", server.public_bytes(serialization.Encoding.PEM) + authority.public_bytes(serialization.Encoding.PEM))
    _write(folder / "ca.crt", authority.public_bytes(serialization.Encoding.DER))
    facts = {**vars(place), "port": place.port, "folder": folder.resolve()}
    _write(folder / "Caddyfile", CADDYFILE.format(**facts).encode())
    _write(folder / "nginx.conf", NGINX.format(**facts).encode())
    return folder / "ca.crt"


def fingerprint(folder: Path) -> str:
    """SHA-256 of the authority's certificate, as tablets show it before they trust it."""
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    return authority.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(place: Place, folder: Path, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    try:
        known = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        # Whoever holds this key can pretend to be this name: a copy that was put back may have lost its rights.
        (folder / "ca.key").chmod(stat.S_IRUSR | stat.S_IWUSR)
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    except FileNotFoundError:
        return _make_authority(place, folder, at)
    allowed = known.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    is_fit = allowed == _constraints(place).permitted_subtrees and known.not_valid_after_utc > at + timedelta(days=SERVER_DAYS)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not is_fit:
        raise RuleBroken(_("%(folder)s 里的赛场证书是给另一个名称或地址的，或快要到期。请换一个文件夹，平板要重新信任新的证书。",
                           folder=folder), code="lan_other")
    return key, known


def _constraints(place: Place) -> x509.NameConstraints:
    return x509.NameConstraints([x509.DNSName(place.name), x509.IPAddress(ipaddress.ip_network(f"{place.address}/32"))], None)


def _make_authority(place: Place, folder: Path, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"赛场证书 {place.name} {at.date().isoformat()}")])
    usage = x509.KeyUsage(digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
                          key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(usage, critical=True)
        .add_extension(_constraints(place), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False).sign(key, hashes.SHA256())
    )
    _write(folder / "ca.key", _pem(key), secret=True)
    _write(folder / "ca.pem", made.public_bytes(serialization.Encoding.PEM))
    return key, made


def _sign(
    place: Place, server: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, at: datetime
) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.DNSName(place.name), x509.IPAddress(ipaddress.IPv4Address(place.address))])
    return (
        x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, place.name)]))
        .issuer_name(authority.subject).public_key(server.public_key()).serial_number(x509.random_serial_number())
        # A tablet whose clock is a day slow takes it as well.
        .not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=SERVER_DAYS))
        .add_extension(names, critical=False).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False).sign(key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, data: bytes, *, secret: bool = False) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "wb") as out:
        # A file that was there keeps its rights when it is opened.
        os.fchmod(descriptor, 0o600 if secret else 0o644)
        out.write(data)
