"""Signed QR codes: what they say, that they are checked without us, and how keys come and go."""

import io
import json
import re
import subprocess
from datetime import timedelta

import pytest
import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from competition.bootstrap.frontend import node_home
from competition.certificates import rules_numbers, rules_signing, signing
from competition.certificates.models import Batch, Certificate, SigningKey
from competition.certificates.preview import sample
from competition.certificates.ready import READY
from competition.certificates.service_print import sheet_of, sheets_of
from competition.core import base64url
from competition.core.actors import SYSTEM
from competition.core.config import ROOT, Settings
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.pictures import picture_of, qr_modules
from competition.operations.checks_key import check_signing_keys
from tests.cast import Cast
from tests.certificates.given import as_real, certificates, issued, print_all, published
from tests.live import Live

HOME = "https://jingsai.example"


def parts(address: str) -> tuple[str, str, bytes, bytes]:
    """Code, key id, payload, signature."""
    code, kid, payload, signature = re.fullmatch(rf"{HOME}/v/([0-9A-Z]{{20}})#1\.(\w+)\.([A-Z2-7]+)\.([A-Z2-7]+)", address).groups()  # type: ignore[union-attr]
    return code, kid, rules_signing.from_letters(payload), rules_signing.from_letters(signature)


def check(address: str, keys: dict[str, str]) -> list[str]:
    """As another program would, from the documents alone. Raises InvalidSignature."""
    code, kid, payload, signature = parts(address)
    public = Ed25519PublicKey.from_public_bytes(base64url.decoded(keys[kid]))
    public.verify(signature, f"1.{kid}.{code}.".encode() + payload)
    return payload[1:].decode({1: "gbk", 2: "utf-8"}[payload[0]]).split("\x1f")


def one(cast: Cast, **more: object) -> Certificate:
    return certificates(issued(cast, published(cast, 1, **more)))[0]


def test_anybody_checks_a_code_with_the_published_key(client: FlaskClient, cast: Cast) -> None:
    certificate = one(cast)
    address = sheet_of(certificate, HOME).address
    keys = {key["kid"]: key["x"] for key in client.get("/v/keys.json").json["keys"]}  # type: ignore[index]
    values = check(address, keys)
    said = dict(zip(rules_signing.FIELDS, values, strict=False))
    for name in ("姓名", "单位", "赛事", "项目", "奖项", "颁证单位", "日期", "证书编号"):
        assert said[name] == certificate.data[name]
    assert said["名次"] == ""  # not on this paper
    assert sheet_of(certificate, HOME).address == address
    code, kid, payload, signature = parts(address)
    moved = f"{HOME}/v/{'0' * 20}#{rules_signing.fragment(kid, payload, signature)}"
    altered = f"{HOME}/v/{code}#{rules_signing.fragment(kid, payload[:-1] + bytes([payload[-1] ^ 1]), signature)}"
    for wrong in (moved, altered):
        with pytest.raises(InvalidSignature):
            check(wrong, keys)


def test_the_private_key_is_sealed_and_in_no_answer(client: FlaskClient, cast: Cast) -> None:
    one(cast)
    (key,) = signing.all_keys()
    assert key.private_sealed.startswith("v1|")
    (told,) = client.get("/v/keys.json").json["keys"]  # type: ignore[index]
    assert set(told) == {"kty", "crv", "use", "alg", "kid", "x", "status"}


@pytest.mark.usefixtures("any_app")
def test_a_rotated_key_signs_nothing_more_and_what_it_signed_stays(any_cast: Cast) -> None:
    cast = any_cast
    first = one(cast)
    address = sheet_of(first, HOME).address
    signing.rotate_keys(distrust=False, actor=SYSTEM, at=cast.at)
    second = one(cast)
    assert sheet_of(first, HOME).address == address
    assert [parts(sheet_of(each, HOME).address)[1] for each in (first, second)] == ["26A", "26B"]
    later = signing.rotate_keys(distrust=True, actor=SYSTEM, at=cast.at + timedelta(days=365))
    assert later.kid == "27A"
    assert [(key.kid, key.distrusted_at is None) for key in signing.all_keys()] == [("26A", True), ("26B", False), ("27A", True)]
    # One that is found out long after it was changed; the one that signs goes on.
    assert signing.distrust_key("26A", actor=SYSTEM, at=cast.at + timedelta(days=366)).kid == "27A"
    assert [key.kid for key in signing.all_keys() if key.distrusted_at is None] == ["27A"]
    for wrong in ("26A", "99Z"):
        with pytest.raises(RuleBroken):
            signing.distrust_key(wrong, actor=SYSTEM, at=cast.at + timedelta(days=366))


def test_nothing_is_printed_with_a_key_that_was_distrusted_meanwhile(client: FlaskClient, cast: Cast) -> None:
    """Approved, then the key is lost, then printed; and while it is printed."""
    batch = issued(cast, published(cast, 2))
    first, second = certificates(batch)
    turns = sheets_of([first.id, second.id], HOME)
    old = sheet_of(first, HOME).address
    with db.engine.execution_options(unguarded=True).begin() as connection:  # another process
        connection.execute(update(SigningKey).values(retired_at=cast.at, distrusted_at=cast.at))
    with atomic():
        signing.rotate_keys(distrust=False, actor=SYSTEM, at=cast.at)
    keys = {key["kid"]: key["x"] for key in client.get("/v/keys.json").json["keys"]}  # type: ignore[index]
    addresses = [sheet.address for sheet in turns]
    assert (parts(old)[1], [parts(address)[1] for address in addresses]) == ("26A", ["26B", "26B"])
    assert check(addresses[0], keys)[0] == first.name
    assert get(Batch, batch.id).settings["kid"] == "26A"


def test_the_code_of_a_demonstration_says_that_it_is_one(cast: Cast) -> None:
    batch = issued(cast, published(cast, 1))
    keys = {key.kid: key.public for key in signing.all_keys()}
    (certificate,) = certificates(batch)
    assert check(sheet_of(certificate, HOME).address, keys)[-1] == "不具效力"
    # One from before, and one that is real, say nothing of it: what the paper's code was stays what the register compares.
    as_real(batch)
    assert "不具效力" not in check(sheet_of(get(Certificate, certificate.id), HOME).address, keys)


def test_a_year_has_as_many_keys_as_it_needs() -> None:
    kids: list[str] = []
    for _n in range(28):
        kids.append(rules_signing.next_kid(2026, kids))
    assert (kids[0], *kids[25:]) == ("26A", "26Z", "26AA", "26AB")
    assert rules_signing.next_kid(2027, kids) == "27A"


def test_commands_and_doctor(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    settings: Settings = app.extensions["settings"]
    assert "还没有密钥" in run(args=["signing-key", "list"]).output
    assert next(check_signing_keys(settings)).level == "ok"
    signing.rotate_keys(distrust=False, actor=SYSTEM, at=cast.at)
    assert run(args=["signing-key", "rotate"], input="n\n").exit_code == 1
    assert "签名，公钥" in run(args=["signing-key", "rotate", "--distrust", "--yes"]).output
    assert "失信" in run(args=["signing-key", "list"]).output
    assert "没有密钥" in run(args=["signing-key", "distrust", "25A", "--yes"]).output
    assert next(check_signing_keys(settings)).level == "note"


def test_characters_outside_gbk_and_long_texts(cast: Cast) -> None:
    layout = READY["award"][2]
    data = {**dict.fromkeys(rules_signing.FIELDS, ""), "姓名": "李𬀩", "赛事": "技能赛", "颁证单位": "青海省总工会", "日期": "2026年6月1日",
            "项目": "拉面", "奖项": "金奖", "证书编号": "63-2026-LM2026-J-000001-A"}
    short = rules_signing.encoded(rules_signing.signed_values(layout, data))
    assert short[:1] == rules_signing.UTF8
    assert short[1:].decode().split("\x1f")[0] == "李𬀩"
    long = rules_signing.signed_values(layout, {**data, "姓名": "李伟", "颁证单位": "\n".join(["青海省总工会" * 5] * 4)})
    assert len(rules_signing.encoded(long)) <= rules_signing.MOST
    assert (long[0], long[8]) == ("李伟", "")


def test_a_phone_reads_the_paper(cast: Cast) -> None:
    """A picture of the whole sheet, 1,500 pixels wide and a little out of focus, of a long text."""
    batch = issued(cast, published(cast, 1, names={1: "尼玛次仁·多杰扎西"}))
    print_all(batch)
    (certificate,) = certificates(batch)
    assert certificate.file is not None
    with Image.open(io.BytesIO(picture_of(certificate.file.read(), 0))) as picture:
        seen = picture.convert("L").resize((1500, 1061)).filter(ImageFilter.GaussianBlur(0.7))
    (read,) = zxingcpp.read_barcodes(seen)
    assert read.text == sheet_of(certificate, batch.settings["base_url"]).address
    modules, _ = qr_modules(read.text)
    assert 35 / modules > 0.4


def test_a_preview_has_a_code_as_fine_as_the_real_one_and_says_that_it_is_none(client: FlaskClient, cast: Cast) -> None:
    certificate = one(cast)
    seen = sample(certificate.batch.template.layout, certificate.data, {})
    real = sheet_of(certificate, certificate.batch.settings["base_url"])
    assert abs(qr_modules(seen.address)[0] - qr_modules(real.address)[0]) <= 4
    page = client.get(f"/v/{rules_numbers.SAMPLE}")
    assert (page.status_code, "这是签发之前的预览，不是证书" in page.text) == (404, True)


def test_ready_templates_leave_room_for_a_signed_code() -> None:
    for found in READY.values():
        for block in found.layout["blocks"]:
            if block["kind"] == "qr":
                assert min(block["w"], block["h"]) >= 35


def test_browsers_check_codes_as_python_does(client: FlaskClient, cast: Cast) -> None:
    """The page's own program, in Node: right ones of both encodings, and each with something changed."""
    batch = issued(cast, published(cast, 2, names={1: "李𬀩"}))
    addresses = [sheet_of(each, HOME).address for each in certificates(batch)]
    keys = client.get("/v/keys.json").json["keys"]  # type: ignore[index]
    distrusted = [{**keys[0], "status": "distrusted"}]
    cases = []
    for address in addresses:
        code, kid, payload, signature = parts(address)
        changed = rules_signing.fragment(kid, payload[:-1] + bytes([payload[-1] ^ 1]), signature)
        cases += [[address.partition("#")[2], code, keys], [changed, code, keys], [address.partition("#")[2], "0" * 20, keys],
                  [rules_signing.fragment("99A", payload, signature), code, keys], [address.partition("#")[2], code, distrusted]]
    script = f"""const {{ judged, partsOf, valuesOf }} = await import({json.dumps((ROOT / "static/src/verify/signed.js").as_uri())});
      const cases = {json.dumps(cases)};
      console.log(JSON.stringify([cases.map(([said, code, keys]) => judged(partsOf(said), code, keys)),
        [cases[0], cases[5]].map(([said]) => Object.values(valuesOf(partsOf(said).payload))),
        ["", "#", "#1.26A", "#2.26A.AA.AA", "#x"].map(partsOf)]));"""
    node = [str(node_home() / "bin" / "node"), "--no-warnings", "--input-type=module", "-e", script]
    found, values, none = json.loads(subprocess.run(node, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert found == ["signed", "altered", "altered", "unknown_key", "distrusted"] * 2
    told = [rules_signing.signed_values(batch.template.layout, each.data, is_demo=True) for each in certificates(batch)]
    assert values == told
    assert none == [None] * 5


@pytest.mark.browser
def test_the_page_says_whether_the_paper_says_what_the_register_says(live: Live, browser: Browser, cast: Cast) -> None:
    mine, other = certificates(issued(cast, published(cast, 2)))
    code, kid, payload, signature = parts(sheet_of(mine, HOME).address)
    lie = rules_signing.encoded(["别人", *rules_signing.signed_values(mine.batch.template.layout, mine.data, is_demo=True)[1:]])
    forged = signing.sign(signing.all_keys()[0], rules_signing.message(kid, code, lie))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for fragment, title in (
        (rules_signing.fragment(kid, payload, signature), "二维码可信"),
        (rules_signing.fragment(kid, lie, signature), "二维码被改过"),
        (rules_signing.fragment(kid, *parts(sheet_of(other, HOME).address)[2:]), "二维码被改过"),
        (rules_signing.fragment(kid, lie, forged), "二维码与登记不一致"),
        (rules_signing.fragment("19A", payload, signature), "不认识的签名"),
    ):
        page.goto("about:blank")
        page.goto(f"{live.address}/v/{code}#{fragment}")
        shown = page.locator("[data-signed]")
        expect(shown).to_be_visible()
        expect(shown.locator(".message-title:visible")).to_have_text(title)
        if fragment.endswith(rules_signing.letters(forged)):
            expect(shown.locator("li")).to_have_text(f"获证人：二维码为“别人”，登记为“{mine.name}”")
    assert not [url for url in requests if rules_signing.letters(signature) in url.partition("#")[0]]
    page.goto("about:blank")
    page.goto(f"{live.address}/v/{code}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-signed]")).to_be_hidden()
    page.close()
