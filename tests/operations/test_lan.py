"""An https name inside an arena's network: a real caddy in front, a real browser behind it, an authority good for one name only."""

import base64
import hashlib
import http.client
import os
import shutil
import ssl
import stat
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from flask import Flask
from playwright.sync_api import Browser, expect

from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.operations import lan
from competition.operations.lan import Place
from tests.browser import another
from tests.house import build
from tests.live import Live
from tests.services import free_port

NAME, AT = "saichang.lan", datetime.now(UTC)


@pytest.fixture
def place() -> Place:
    return Place(NAME, "127.0.0.1", free_port(), free_port(), free_port())


@pytest.fixture
def proxied(place: Place, tmp_path: Path) -> Iterator[Path]:
    """The system as it stands behind the proxy, and caddy with the settings that were written."""
    folder, instance = tmp_path / "https", tmp_path / "instance"
    instance.mkdir()
    app = build(instance, COMP_PUBLIC_URL=place.url, COMP_TRUSTED_HOSTS=f"{NAME},127.0.0.1", COMP_BEHIND_PROXY="1")
    live = Live(app, place.inner)
    live.start()
    lan.write_place(place, folder, AT)
    program = shutil.which("caddy")
    assert program, "caddy is not installed: run python3 -m tests"
    with (tmp_path / "caddy.log").open("wb") as log:
        caddy = subprocess.Popen([program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], stdout=log, stderr=log,
                                 env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)})
    try:
        wait_for(f"http://127.0.0.1:{place.plain}/ca.crt")
        yield folder
    finally:
        caddy.terminate()
        caddy.wait(20)
        live.stop()
        close(app)


def close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def wait_for(address: str) -> bytes:
    for _try in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
                body: bytes = answer.read()
                return body
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)


@pytest.mark.browser
def test_a_tablet_in_the_arena_gets_a_secure_page(proxied: Path, place: Place, browser: Browser) -> None:
    assert wait_for(f"http://127.0.0.1:{place.plain}/ca.crt") == (proxied / "ca.crt").read_bytes()
    # As a tablet that trusts the authority checks it: chain, name, address and constraints, by OpenSSL.
    trusting = ssl.create_default_context(cafile=str(proxied / "ca.pem"))
    with urllib.request.urlopen(f"https://127.0.0.1:{place.secure}/judge/", context=trusting, timeout=20) as answer:
        assert answer.status == 200
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"https://127.0.0.1:{place.secure}/judge/", timeout=20)
    server = x509.load_pem_x509_certificate((proxied / "server.pem").read_bytes())
    spki = server.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    with another(browser, f"--host-resolver-rules=MAP {NAME} 127.0.0.1", f"--ignore-certificate-errors-spki-list={pin}") as chromium:
        page = chromium.new_page()
        page.goto(f"{place.url}/judge/", wait_until="networkidle")
        assert page.evaluate("isSecureContext") is True
        assert page.evaluate("navigator.serviceWorker.ready.then(() => !!crypto.subtle)")
        expect(page.locator("#tablet, main, body").first).to_contain_text("座位")
    plain = http.client.HTTPConnection("127.0.0.1", place.plain, timeout=10)
    plain.request("GET", "/judge/", headers={"Host": f"{NAME}:{place.plain}"})
    assert plain.getresponse().getheader("Location") == f"{place.url}/judge/", "who types no https is led there"
    plain.close()


def test_keys_are_for_their_owner_alone_and_the_authority_is_kept(place: Place, tmp_path: Path) -> None:
    lan.write_place(place, tmp_path, AT)
    before = (tmp_path / "ca.pem").read_bytes()
    (tmp_path / "ca.key").chmod(0o644)
    lan.write_place(place, tmp_path, AT + timedelta(days=30))
    assert (tmp_path / "ca.pem").read_bytes() == before
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    authority = x509.load_pem_x509_certificate(before)
    assert authority.extensions.get_extension_for_class(x509.NameConstraints).critical
    server = x509.load_pem_x509_certificate((tmp_path / "server.pem").read_bytes())
    server.verify_directly_issued_by(authority)
    assert server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=398)
    with pytest.raises(RuleBroken, match="另一个名称或地址"):
        lan.write_place(Place("other.lan", "127.0.0.1"), tmp_path, AT)
    with pytest.raises(RuleBroken, match="快要到期"):
        lan.write_place(place, tmp_path, AT + timedelta(days=350))


@pytest.mark.parametrize(("name", "address", "words"), [
    ("Saichang", "192.168.8.2", "不能作赛场网络的名称"), ('a.lan" {', "192.168.8.2", "不能作赛场网络的名称"),
    ("saichang.lan", "saichang", "不是 IPv4 地址"), ("saichang.lan", "8.8.8.8", "不是内网地址")])
def test_what_is_no_place_in_an_arena(name: str, address: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match=words):
        lan.write_place(Place(name, address), tmp_path, AT)
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_is_left_to_do(app: Flask, tmp_path: Path) -> None:
    said = app.test_cli_runner().invoke(args=["arena", "https", NAME, "192.168.8.2", "--folder", str(tmp_path)])
    assert said.exit_code == 0, said.output
    assert "COMP_PUBLIC_URL=https://saichang.lan COMP_TRUSTED_HOSTS=saichang.lan,192.168.8.2 COMP_BEHIND_PROXY=1" in said.output
    openssl = subprocess.run(["openssl", "x509", "-in", str(tmp_path / "ca.pem"), "-noout", "-fingerprint", "-sha256"],
                             capture_output=True, text=True, check=True).stdout
    assert openssl.strip().partition("=")[2] in said.output
    assert "proxy_pass http://127.0.0.1:8000" in (tmp_path / "nginx.conf").read_text("utf-8")
    assert "不是内网地址" in app.test_cli_runner().invoke(args=["arena", "https", NAME, "8.8.8.8"]).output
