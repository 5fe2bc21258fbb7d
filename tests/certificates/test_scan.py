"""Checking without a network: the signed list of revoked ones, what a scanned text means, and the page with a camera and no server."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, expect

from competition.bootstrap.frontend import node_home
from competition.certificates import revocations, rules_numbers, service, signing
from competition.certificates.models import Certificate
from competition.certificates.service_print import sheet_of
from competition.core import approvals, base64url
from competition.core.actors import SYSTEM
from competition.core.config import ROOT
from competition.core.pictures import qr_modules
from tests.browser import another
from tests.cast import Cast
from tests.certificates.given import as_real, certificates, issued, published
from tests.live import Live
from tests.queries import statements_of

HOME = "https://jingsai.example"
FRAME = (640, 480)


def revoke(certificate: Certificate, cast: Cast) -> None:
    asked = service.ask_revoke(certificate.id, "发错了人", cast.actor("organizer"), cast.at)
    approvals.decide(asked.id, approve=True, actor=cast.actor("supervisor"), at=cast.at)


def code_of(certificate: Certificate) -> str:
    return signing.code_of(certificate)


def test_the_list_of_revoked_ones_is_signed_says_until_when_and_names_nobody(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/v/revoked.json").json == {"body": "", "kid": "", "signature": ""}
    first, second = certificates(issued(cast, published(cast, 2)))
    revoke(first, cast)
    said = client.get("/v/revoked.json").json
    assert said is not None
    (key,) = client.get("/v/keys.json").json["keys"]  # type: ignore[index]
    public = Ed25519PublicKey.from_public_bytes(base64url.decoded(key["x"]))
    public.verify(base64url.decoded(said["signature"]), f"1.{said['kid']}.revoked.{said['body']}".encode())
    body = json.loads(said["body"])
    assert (body["revoked"], body["superseded"]) == ([revocations.mark_of(code_of(first))], [])
    assert datetime.fromisoformat(body["next"]) - datetime.fromisoformat(body["issued"]) == revocations.HOLDS
    for each in (first, second):
        assert not {each.number, each.name, code_of(each), str(each.id)} & set(said["body"].replace('"', " ").split())


def test_a_list_that_still_holds_costs_no_more_however_long_it_is(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = certificates(issued(cast, published(cast, 4)))
    for each in found[:2]:
        revoke(each, cast)
    opened: list[str] = []
    real = revocations.unseal
    monkeypatch.setattr(revocations, "unseal", lambda text, *place: opened.append(text) or real(text, *place))
    first = revocations.signed_list(cast.at)
    assert len(opened) == 2
    assert revocations.signed_list(cast.at + timedelta(seconds=59)) is first
    few = statements_of(client, "/v/revoked.json")
    # One more ends: the list says so at once, and opens that one alone.
    revoke(found[2], cast)
    later = revocations.signed_list(cast.at + timedelta(seconds=59))
    assert [len(json.loads(each["body"])["revoked"]) for each in (first, later)] == [2, 3]
    assert len(opened) == 3
    # After a minute, or under another key, it is signed anew; it never goes back.
    assert revocations.signed_list(cast.at + timedelta(seconds=120))["body"] != later["body"]
    signing.rotate_keys(distrust=True, actor=SYSTEM, at=cast.at)
    assert revocations.signed_list(cast.at + timedelta(seconds=121))["kid"] != later["kid"]
    assert len(opened) == 3
    client.get("/v/revoked.json")
    assert len(statements_of(client, "/v/revoked.json")) <= len(few)


def decided(cases: list[dict[str, Any]]) -> list[Any]:
    """What the page's own program says, in Node: each case is {text, keys, said (a list, or null), now (seconds)}."""
    script = f"""const {{ decide, newerList, readList }} = await import({json.dumps((ROOT / "static/src/scan/decide.js").as_uri())});
      const cases = {json.dumps(cases)};
      console.log(JSON.stringify(cases.map(({{ text, keys, said, now }}) => {{
        const list = said.map((each) => readList(each, keys)).reduce(newerList, null);
        return decide(text, {{ hosts: ["127.0.0.1:8000", "jingsai.example"], keys, list, now: now * 1000 }});
      }})));"""
    node = [str(node_home() / "bin" / "node"), "--no-warnings", "--input-type=module", "-e", script]
    found: list[Any] = json.loads(subprocess.run(node, capture_output=True, text=True, check=True, timeout=60).stdout)
    return found


def test_what_a_scanned_text_means(client: FlaskClient, cast: Cast) -> None:
    good, bad = certificates(as_real(issued(cast, published(cast, 2))))
    (demo,) = certificates(issued(cast, published(cast, 1)))
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    before = revocations.signed_list(at - timedelta(hours=1))
    revoke(bad, cast)
    said = revocations.signed_list(at)
    keys = client.get("/v/keys.json").json["keys"]  # type: ignore[index]
    text, other = (sheet_of(each, HOME).address for each in (good, bad))
    now = at.timestamp()
    forged = {**said, "body": said["body"].replace(revocations.mark_of(code_of(bad)), "0" * 32)}
    usual = {"text": text, "keys": keys, "said": [said], "now": now}
    cases = {
        "good": usual,
        "demo": {**usual, "text": sheet_of(demo, HOME).address},
        "revoked": {**usual, "text": other},
        "foreign_host": {**usual, "text": text.replace("jingsai.example", "jingsai.example.cn")},
        "sample": {**usual, "text": text.replace(code_of(good), rules_numbers.SAMPLE)},
        "no_code": {**usual, "text": "https://jingsai.example/v/short"},
        "unsigned": {**usual, "text": text.partition("#")[0]},
        "altered": {**usual, "text": text[:-1] + ("A" if text[-1] != "A" else "Q")},
        "unknown_key": {**usual, "text": text.replace("#1.26A.", "#1.19C.")},
        "no_keys": {**usual, "keys": [], "said": []},
        "no_list": {**usual, "said": []},
        "stale": {**usual, "now": now + revocations.HOLDS.total_seconds() + 1},
        "distrusted": {**usual, "keys": [{**keys[0], "status": "distrusted"}]},
    }
    assert [each["found"] for each in decided(list(cases.values()))] == list(cases)
    # Text that is no address, a clock far behind, a list that was changed, an older list that comes later.
    odd = [{**usual, "text": "你好"}, {**usual, "now": now - 3 * 86400}, {**usual, "said": [forged]},
           {**usual, "text": other, "said": [said, before]}, {**usual, "text": other, "now": now + 30 * 86400}]
    assert [each["found"] for each in decided(odd)] == ["no_code", "stale", "no_list", "revoked", "revoked"]
    values = decided([usual])[0]["values"]
    assert (values["姓名"], values["证书编号"]) == (good.name, good.number)


@pytest.mark.usefixtures("any_app")
def test_the_list_goes_on_after_a_rotation(any_cast: Cast) -> None:
    cast = any_cast
    revoke(certificates(issued(cast, published(cast, 1)))[0], cast)
    signing.rotate_keys(distrust=True, actor=SYSTEM, at=cast.at)
    said = revocations.signed_list(cast.at)
    assert said["kid"] == "26B"
    assert len(json.loads(said["body"])["revoked"]) == 1


def test_the_kept_page_is_of_nobody_and_its_worker_says_what_it_holds(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id, name="试经办"))
    worker = client.get("/v/sw.js")
    said = json.loads(worker.text.partition("self.BUILD = ")[2].partition(";\n")[0])
    assert (said["name"], said["pages"], worker.headers["Service-Worker-Allowed"]) == ("scan", ["/v/scan"], "/v/scan")
    fresh = client.application.test_client()
    pages = [fresh.get(address) for address in said["shells"]]
    assert [page.status_code for page in pages] == [200, 200]
    assert "扫码验真" in pages[0].text
    assert "试经办" not in "".join(page.text for page in pages)
    assert client.get("/v/scan/shell/xx").status_code == 404
    assert client.get("/v/scan").status_code == 200


def film(address: str, path: Path) -> None:
    """What a phone's camera sees that is held over the QR code of a paper (y4m)."""
    size, modules = qr_modules(address)
    grey = Image.new("L", FRAME, 200)
    code = Image.new("L", (size * 5 + 40, size * 5 + 40), 255)
    code.paste(Image.frombytes("L", (size, size), modules).resize((size * 5, size * 5), Image.Resampling.NEAREST), (20, 20))
    grey.paste(code, ((FRAME[0] - code.width) // 2, (FRAME[1] - code.height) // 2))
    frame = b"FRAME\n" + grey.tobytes() + bytes([128]) * (FRAME[0] * FRAME[1] // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 3)


@pytest.mark.browser
def test_a_certificate_is_checked_by_camera_without_a_server(live: Live, browser: Browser, cast: Cast, tmp_path: Path) -> None:
    certificate = certificates(as_real(issued(cast, published(cast, 1))))[0]
    film(sheet_of(certificate, live.address).address, tmp_path / "paper.y4m")
    with another(browser, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={tmp_path / 'paper.y4m'}") as seeing:
        context = seeing.new_context(viewport={"width": 390, "height": 844}, permissions=["camera"])
        page = context.new_page()
        page.goto(f"{live.address}/v/scan")
        expect(page.locator("[data-kept]")).to_have_text("本页已存在本机，断网也能打开。")
        live.stop()
        page.goto(f"{live.address}/v/scan")
        expect(page.locator("[data-known]")).to_contain_text("撤销名单是")
        page.get_by_role("button", name="打开相机").click()
        expect(page.get_by_text("签名真实，没有被撤销")).to_be_visible()
        for name in ("姓名", "奖项", "证书编号"):
            expect(page.locator("[data-values]")).to_contain_text(certificate.data[name])
        context.close()
