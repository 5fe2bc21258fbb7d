"""The tablet's page without a server: it starts, it works, and a newer one waits until nothing is half done."""

import gzip
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from competition.core import built
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import round_of
from tests.judging.hall import Hall, seated
from tests.judging.process import ServerProcess
from tests.judging.process import server_process as server_process

MOST_GZIPPED = 40_000
IS_KEPT = "async () => (await document.querySelector('judge-app')?.shell?.lacking()) === 0"


def wait_until_kept(page: Page) -> None:
    """The page with all its files is on the tablet."""
    page.wait_for_function(IS_KEPT, timeout=90_000)


@pytest.fixture
def alone(server_process: ServerProcess, cast: Cast, browser: Browser) -> Iterator[Hall]:
    yield from seated(server_process, cast, browser, round_of(make_contest(cast, phase="running", events=("broth",)), "broth"))


@pytest.mark.browser
def test_the_second_start_needs_no_server(alone: Hall) -> None:
    alone.open()
    wait_until_kept(alone.page)
    alone.live.stop()
    began = time.monotonic()
    alone.page.goto(f"{alone.live.address}/judge/")
    expect(alone.page.locator(".jt-tile")).to_have_count(2)
    print(f"usable without a server after {time.monotonic() - began:.2f} s")
    alone.choose(0)
    alone.mark("20", "19.5")
    expect(alone.page.get_by_text("已保存到本机")).to_be_visible()
    expect(alone.page.get_by_text("待上传 5 项")).to_be_visible()
    alone.page.reload()
    expect(alone.page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    expect(alone.page.locator(".jt-tile")).to_have_count(2)
    alone.live.start()
    expect(alone.page.get_by_text("服务器已收到全部 5 次改动")).to_be_visible()
    assert alone.sent() == ["2", "20", "1", "19", "19.5"]


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A build of its own, the same as the one in use until it is changed."""
    folder = tmp_path / "build"
    shutil.copytree(built.BUILD, folder)
    monkeypatch.setattr(built, "BUILD", folder)
    return folder


@pytest.mark.browser
def test_a_newer_page_waits_until_everything_is_sent(hall: Hall, newer: Path) -> None:
    page, said = hall.page, json.loads((newer / "tablet.json").read_text())
    hall.open()
    wait_until_kept(page)
    hall.choose(0)
    hall.context.set_offline(True)
    hall.mark("20")
    expect(page.get_by_text("待上传 2 项")).to_be_visible()
    (newer / "tablet.json").write_text(json.dumps(said | {"version": "newer"}))
    page.route("**/api/judging/*", lambda route: route.abort())
    hall.context.set_offline(False)
    page.evaluate("document.querySelector('judge-app').shell.works.update()")
    expect(page.get_by_text("评分页面有新版本")).to_be_visible()
    page.get_by_role("button", name="作品列表").click()
    expect(page.get_by_text("评分页面有新版本")).to_be_visible()
    expect(page.get_by_text("待上传 2 项")).to_be_visible()
    hall.choose(0)
    page.unroute("**/api/judging/*")
    expect(page.get_by_text("服务器已收到全部 2 次改动")).to_be_visible()
    assert page.locator("meta[name='app-version']").get_attribute("content") == said["version"], "a sheet is open"
    page.get_by_role("button", name="作品列表").click()
    expect(page.locator("meta[name='app-version'][content='newer']")).to_have_count(1)
    expect(page.get_by_text("评分页面有新版本")).to_have_count(0)
    assert hall.sent() == ["2", "20"]


def test_the_worker_says_what_the_build_holds(app: Flask, newer: Path) -> None:
    client = app.test_client()
    first = client.get("/sw.js")
    assert (first.headers["Cache-Control"], first.headers["Service-Worker-Allowed"]) == ("no-cache", "/judge/")
    assert first.mimetype == "text/javascript"
    said = json.loads(first.text.partition("self.BUILD = ")[2].partition(";\n")[0])
    assert said["shells"] == ["/judge/shell/zh-Hans-CN", "/judge/shell/en"]
    assert all(client.get(address).status_code == 200 for address in said["shells"])
    assert said["files"]
    assert all((built.BUILD / address.removeprefix("/static/")).is_file() for address in said["files"])
    assert client.get("/sw.js").data == first.data, "the same until something changes"
    (newer / "tablet.json").write_text(json.dumps({"version": "x", "now": [], "later": ["a-AAAAAAAA.js"]}))
    assert client.get("/sw.js").data != first.data


def test_what_is_kept_on_the_tablet_is_of_nobody(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, cast.account("clerk", "union", cast.county.id, name="试经办"))
    for lang, word in (("zh-Hans-CN", "跳到正文"), ("en", "Enter the PIN")):
        page = client.get(f"/judge/shell/{lang}").text
        assert f'<html lang="{lang}"' in page
        assert word in page
        assert "试经办" not in page
    assert client.get("/judge/shell/xx").status_code == 404


def test_the_page_is_light() -> None:
    """Its own script and what that needs at once: under 40 kB as it travels."""
    scripts = [name for name in built.page_build("tablet").now if name.endswith(".js")]
    sizes = {name: len(gzip.compress((built.BUILD / name).read_bytes(), 9)) for name in scripts}
    assert scripts
    assert sum(sizes.values()) < MOST_GZIPPED, sizes
