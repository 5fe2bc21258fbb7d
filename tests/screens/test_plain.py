"""Without scripts: what the public reads, and an entry from the account to its hand-in. And on paper."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import id_card
from tests.live import Live
from tests.screens.look import SIZES, Looker
from tests.screens.walk import VISITOR, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]
PUBLIC = ("home.start", "contests.index", "contests.show", "notices.index", "notices.show", "results.public", "arena.public_draw",
          "certificates.verify", "accounts.sign_in", "accounts.sign_up", "accounts.read_terms", "accounts.forgot")
PHONE = dict(zip(("width", "height"), SIZES["phone"], strict=True))


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_the_public_reads_everything_without_scripts(served: Live, plain: Page, walked: Walk) -> None:
    pages = {page.endpoint: page for page in walked.pages if page.endpoint in PUBLIC}
    assert set(pages) == set(PUBLIC)
    for page in pages.values():
        answer = plain.goto(served.address + page.path)
        assert answer is not None
        assert answer.status == 200, page.path
        expect(plain.locator("h1")).to_be_visible()
        main = plain.locator("main").inner_text()
        assert len(main) > 40, page.path
        assert plain.locator("main [hidden], main .js-only").count() == 0, page.path
        expect(plain.get_by_role("navigation", name="主要栏目")).to_be_visible()


def test_a_list_is_narrowed_without_scripts(served: Live, plain: Page) -> None:
    plain.goto(f"{served.address}/contests")
    plain.get_by_text("按地区、类型、状态查找").click()
    plain.get_by_label("名称").fill("拉面技能邀请赛")
    plain.get_by_role("button", name="筛选").click()
    expect(plain.get_by_text(re.compile("共 1 "))).to_be_visible()


def test_an_entry_is_handed_in_without_scripts(served: Live, plain: Page, walked: Walk) -> None:
    plain.goto(f"{served.address}/sign-up")
    plain.get_by_label("姓名").fill("测试·演练")
    plain.get_by_label("手机号").fill("19900007777")
    plain.get_by_label("设置密码").fill("test-only-words-1")
    for box in plain.get_by_role("checkbox").all():
        box.check()
    plain.get_by_role("button", name="注册", exact=True).click()
    # Without codes to phones the sign-up says nothing about the number: its owner signs in.
    plain.get_by_label("手机号或登录名").fill("19900007777")
    plain.get_by_label("密码").fill("test-only-words-1")
    plain.get_by_role("button", name="登录", exact=True).click()
    contest = next(page.path for page in walked.pages if page.endpoint == "contests.show" and page.contest == "YSLM4")
    plain.goto(served.address + contest)
    plain.get_by_role("link", name="我要报名").click()
    plain.get_by_label("姓名", exact=False).first.fill("测试·演练")
    plain.get_by_label("证件号码").fill(id_card(777))
    plain.get_by_label("手机号码").fill("19900007777")
    plain.get_by_role("button", name="下一步").click()
    expect(plain.get_by_label("工作单位")).to_be_visible()
    plain.get_by_role("button", name="下一步").click()
    expect(plain.locator("#error-summary")).to_be_visible()
    # The whole form, not only its head.
    plain.wait_for_load_state()
    plain.get_by_label("工作单位").fill("测试拉面馆")
    for field in plain.locator("select[required]").all():
        field.select_option(index=1)
    for group in plain.locator("fieldset.choices").all():
        if group.get_by_role("radio").count() and not group.locator("input:checked").count():
            group.get_by_role("radio").first.check()
    plain.get_by_role("button", name="下一步").click()
    plain.get_by_role("button", name="下一步").click()
    expect(plain.get_by_role("button", name="提交报名")).to_be_visible()
    plain.wait_for_load_state()
    for box in plain.get_by_role("checkbox").all():
        box.check()
    plain.get_by_role("button", name="提交报名").click()
    expect(plain.get_by_text(re.compile("已提交，等待审核|已进入候补"))).to_be_visible()


def printed(page: Page, path: Path) -> list[str]:
    """What is on each sheet when the page is printed."""
    path.write_bytes(page.pdf(format="A4", print_background=False))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, encoding="utf-8").stdout
    return [re.sub(r"\s+", "", sheet) for sheet in text.split("\f") if sheet.strip()]


def test_a_list_is_printed_with_its_head_on_every_sheet(looker: Looker, walked: Walk, tmp_path: Path) -> None:
    found = next(page for page in walked.pages if page.endpoint == "registration.review_list" and page.contest == "YSLM4")
    tab = looker.tab(found.who)
    tab.goto(looker.address + found.path.split("?")[0])
    sheets = printed(tab, tmp_path / "list.pdf")
    assert len(sheets) > 1
    assert [sheet for sheet in sheets if "单位和工会" not in sheet or "状态" not in sheet] == []
    whole = "".join(sheets)
    for word in ("工作台", "退出登录", "导出Excel", "筛选", "下一页", "跳到正文", "换一个身份", "预览批量"):
        assert word not in whole, word


def test_a_publication_is_printed_without_menus(looker: Looker, walked: Walk, tmp_path: Path) -> None:
    found = next(page for page in walked.pages if page.endpoint == "results.public")
    tab = looker.tab(VISITOR)
    tab.goto(looker.address + found.path)
    sheets = printed(tab, tmp_path / "publication.pdf")
    assert "总成绩" in sheets[0]
    assert "龙演华" in "".join(sheets)
    for word in ("我的报名", "注册", "使用说明", "跳到正文"):
        assert word not in "".join(sheets), word


@pytest.mark.parametrize(("endpoint", "words"), [
    ("registration.entry_form", ("报名表", "本人承诺", "工会意见")), ("results.book_chapter", ("成绩册", "裁判长", "评分规则校验值")),
])
def test_papers_are_printed_as_they_are(looker: Looker, walked: Walk, tmp_path: Path, endpoint: str, words: tuple[str, ...]) -> None:
    found = next(page for page in walked.pages if page.endpoint == endpoint)
    tab = looker.tab(found.who)
    tab.goto(looker.address + found.path)
    whole = "".join(printed(tab, tmp_path / "paper.pdf"))
    assert [word for word in words if word not in whole] == []
    assert "菜单" not in whole
