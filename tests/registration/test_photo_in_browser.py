"""A photo that is too large is refused at its field, in sight, before anything travels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.accounts import service as accounts
from competition.accounts.hashing import hash_password
from competition.core.actors import SYSTEM
from competition.core.clock import now
from tests.builders import make_contest
from tests.cast import PASSWORD, Cast
from tests.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    yield context.new_page()
    context.close()


def test_a_photo_that_is_too_large_is_named_where_the_finger_is(phone: Page, live: Live, cast: Cast, tmp_path: Path) -> None:
    contest, account = make_contest(cast), cast.account("contestant")
    accounts.set_password(account.id, hash_password(PASSWORD), actor=SYSTEM, at=now())
    phone.goto(f"{live.address}/sign-in")
    phone.get_by_label("手机号或登录名").fill(account.login.removeprefix("phone:"))
    phone.get_by_label("密码", exact=False).first.fill(PASSWORD)
    with phone.expect_navigation():
        phone.get_by_role("main").get_by_role("button", name="登录").click()
    phone.goto(f"{live.address}/contests/{contest.id}/entry/person")
    large, small = tmp_path / "large.jpg", tmp_path / "small.jpg"
    large.write_bytes(b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024))
    small.write_bytes(b"\xff\xd8\xff" + b"\0" * 1024)
    photo, refusal = phone.locator("input[type=file]"), phone.get_by_role("alert").filter(has_text="超过 10 MB，没有上传")
    photo.set_input_files(large)
    expect(refusal).to_be_in_viewport()
    phone.evaluate("scrollTo(0, 0)")
    phone.get_by_role("button", name="下一步").click()
    expect(refusal).to_be_in_viewport()
    expect(refusal).to_have_count(1)
    expect(photo).to_be_focused()
    photo.set_input_files(small)
    expect(refusal).to_have_count(0)
