"""Every kind of criterion on the tablet's page in a real browser: what is tapped is what the server holds."""

import copy
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.contests import service as contests
from competition.core.actors import SYSTEM
from competition.judging import queries, rules
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import round_of
from tests.judging.hall import DRAWN, Hall, look_again, seated
from tests.live import Live
from tests.scoring.ready import leaves, ready

pytestmark = pytest.mark.browser
CHOSEN = (  # from the ready rulebooks, one of each kind that is more than a number of points
    ("welding", "undercut"), ("welding", "excess"), ("welding", "unfilled"), ("masonry", "courses"), ("masonry", "look"),
    ("masonry", "rules"), ("courier", "speed"), ("courier", "length"), ("delivery-rider", "service"), ("forklift", "belt"),
)


def sheet() -> list[dict[str, object]]:
    """The criteria of the sheet, in the order of CHOSEN; the veto in a group with the grades."""
    every = {(key, item["key"]): item for key in {key for key, _ in CHOSEN} for event in ready(key)["events"]
             for item in leaves(event.get("criteria", []))}
    # Welding has two criteria called undercut; the faults are those of the plate.
    every["welding", "undercut"] = next(item for item in leaves(ready("welding")["events"][1]["criteria"]) if item["key"] == "undercut")
    return [every[place] for place in CHOSEN]


@pytest.fixture
def hall(live: Live, cast: Cast, browser: Browser) -> Iterator[Hall]:
    contest = make_contest(cast, phase="running", events=("broth",))
    document = copy.deepcopy(contests.ready_rulebooks()["lamian"])
    event = next(each for each in document["events"] if each["key"] == "broth")
    event["criteria"] = sheet()
    event["full"] = str(sum(int(item.get("max", 0)) for item in event["criteria"]))
    document |= {"events": [event], "totals": [], "teams": []}
    contests.set_rulebook(contest.id, document, reason="测试：各种评分项", actor=SYSTEM, at=cast.at)
    yield from seated(live, cast, browser, round_of(contest, "broth"))


def press(page: Page, *names: str) -> None:
    """Buttons by their names, one after the other, then the next criterion."""
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
    page.evaluate(DRAWN)
    if page.get_by_role("button", name="下一项").is_visible():
        page.get_by_role("button", name="下一项").click()


def test_every_kind_is_entered(hall: Hall) -> None:
    page = hall.page
    hall.open()
    hall.choose(0)
    press(page, "都没有", "累计长度（毫米）：加一处", "累计长度（毫米）：减一处")
    page.get_by_role("button", name="上一项").click()
    page.get_by_role("textbox", name="累计长度（毫米）").fill("12")
    expect(page.locator(".jt-value span")).to_have_text("得 6 分")
    page.get_by_role("button", name="下一项").click()
    page.get_by_role("button", name="二级").click()
    expect(page.locator(".jt-value span")).to_have_text("得 12 分")
    press(page)
    press(page, "没有出现")
    press(page, *("6", "3", "0", "下一处", "6", "2", "1", "下一处", "6", "3", "0", "下一处", "6", "3", "0", "下一处", "6", "3", "0"))
    press(page, "7")
    page.get_by_role("button", name="2", exact=True).click()
    expect(page.locator(".jt-value span")).to_have_text("得 0 分")
    press(page)
    press(page, *"835")
    press(page, *"4.5")
    page.get_by_role("button", name="较好").click()
    press(page)
    press(page, "合格")
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="提交本件评分").click()
    expect(page.get_by_role("heading", name="已提交评分")).to_be_visible()
    look_again()
    held = queries.find_sheet(hall.card.seat.id, hall.works[0].id)
    assert held is not None
    assert {key.removesuffix("/1"): rules.value_of(mark) for key, mark in held.marks.items()} == {
        "undercut": "12,0", "excess": "2", "unfilled": "0", "courses": "630,621,630,630,630", "look": "7", "rules": "2",
        "speed": "835", "length": "4.5", "service": "2", "belt": "1"}


def test_a_list_that_is_not_whole_is_not_kept(hall: Hall) -> None:
    hall.open()
    hall.choose(0)
    hall.page.keyboard.press("1")
    expect(hall.page.get_by_text("应填 2 处，已填 1 处，没有记录。")).to_be_visible()
    hall.page.keyboard.press(",")
    hall.page.keyboard.press("0")
    expect(hall.page.get_by_role("textbox", name="累计长度（毫米）")).to_have_value("1")
    button = hall.page.get_by_role("button", name="深度超过 0.5 毫米：加一处")
    button.click()
    expect(button).to_be_disabled()
    expect(hall.page.locator(".jt-value b")).to_have_text("1,1")
