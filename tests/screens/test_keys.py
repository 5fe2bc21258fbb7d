"""By keys alone: where the focus goes, that it can be seen, and that every door opens and closes."""

import pytest
from playwright.sync_api import Page, expect

from tests.screens.look import SIZES, Looker
from tests.screens.walk import VISITOR, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    name: (e.innerText || e.getAttribute('aria-label') || e.name || e.id || e.tagName).trim().slice(0, 40), tag: e.tagName.toLowerCase(),
    seen: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
    here: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    hidden: !!e.closest('[inert], [hidden]'), order: [...document.querySelectorAll('*')].indexOf(e),
  };
}"""


def person(looker: Looker, who: str, size: str = "desktop") -> Page:
    """The tab of somebody, in one size."""
    page = looker.tab(who)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
    return page


def stops(page: Page, most: int = 200) -> list[dict[str, object]]:
    """Every stop of the Tab key from the beginning of the page to its end."""
    found: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None or (found and at["order"] == found[0]["order"]):
            break
        found.append(at)
    return found


@pytest.mark.parametrize(("who", "path"), [
    (VISITOR, "/"), (VISITOR, "/sign-up"), (VISITOR, "/contests"), (VISITOR, "/v"),
    ("organizer", "/desk"), ("organizer", "/manage/contests"), ("organizer", "/manage/notices/new"), ("chief_judge", "/desk"),
])
def test_every_stop_is_seen_and_in_the_order_of_the_page(looker: Looker, who: str, path: str) -> None:
    page = person(looker, who)
    page.goto(looker.address + path)
    found = stops(page)
    assert found[0]["name"] == "跳到正文"
    assert len(found) > 5
    assert [at["name"] for at in found if not at["seen"] or not at["here"] or at["hidden"]] == []
    orders = [int(str(at["order"])) for at in found]
    assert orders == sorted(orders)


def test_the_skip_link_leads_past_the_menu(looker: Looker) -> None:
    page = person(looker, "organizer")
    page.goto(f"{looker.address}/manage/contests")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_form_is_filled_in_and_its_faults_found_by_keys(looker: Looker) -> None:
    page = person(looker, "organizer")
    page.goto(f"{looker.address}/manage/notices/new")
    page.get_by_label("标题").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("第一段")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("标题")).to_be_focused()
    expect(page.get_by_label("标题")).to_have_attribute("aria-invalid", "true")
    assert "请" in page.locator(f"#{page.get_by_label('标题').get_attribute('aria-describedby')}").inner_text()
    expect(page.get_by_label("正文")).to_have_value("第一段")


def test_an_act_that_cannot_be_taken_back_waits_for_its_name(looker: Looker, walked: Walk) -> None:
    overview = next(each for each in walked.pages if each.endpoint == "contests.overview" and each.contest == "YSLM4")
    page = person(looker, overview.who)
    page.goto(f"{looker.address}{overview.path}/course/cancel")
    name = page.locator(".confirm-name").inner_text()
    page.get_by_label("请输入名称以确认").focus()
    button = page.locator("[data-confirm-button]")
    page.keyboard.type(name[:-1])
    expect(button).to_be_disabled()
    page.keyboard.type(name[-1])
    expect(button).to_be_enabled()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()


def test_the_account_menu_opens_and_closes_by_keys(looker: Looker) -> None:
    page = person(looker, "organizer")
    page.goto(f"{looker.address}/desk")
    summary = page.locator("summary").filter(has=page.locator(".menu-name"))
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="我的账号")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.menu-sheet') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="我的账号")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_staff_menu_of_a_phone_opens_holds_the_focus_and_gives_it_back(looker: Looker) -> None:
    page = person(looker, "organizer", "phone")
    page.goto(f"{looker.address}/desk")
    button = page.get_by_role("button", name="菜单")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog")
    expect(menu.get_by_role("link", name="赛事管理")).to_be_visible()
    expect(menu).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#side').contains(document.activeElement)"), page.evaluate(FOCUS)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_a_button_that_tells_first_opens_and_closes_by_keys(looker: Looker, walked: Walk) -> None:
    page = person(looker, "chief_judge")
    for each in (found for found in walked.pages if found.endpoint == "judging.index"):
        page.goto(looker.address + each.path)
        boards = [link.get_attribute("href") for link in page.get_by_role("link", name="看板").all()]
        for board in boards:
            page.goto(looker.address + str(board))
            summary = page.locator("summary").filter(has_text="开放本轮评分")
            if summary.count():
                summary.focus()
                page.keyboard.press("Enter")
                expect(page.get_by_text("裁判员的平板上马上可以评分。")).to_be_visible()
                page.keyboard.press("Tab")
                expect(page.get_by_role("button", name="开放本轮评分")).to_be_focused()
                page.keyboard.press("Escape")
                expect(summary).to_be_focused()
                expect(page.get_by_text("裁判员的平板上马上可以评分。")).to_be_hidden()
                return
    pytest.fail("no round to open")
