"""Who was present becomes the year's figure."""

import re

from playwright.sync_api import expect

from tests.journeys.people import SECONDS, Person


def set_target(organizer: Person, persons: str, previous: str) -> None:
    """The year's target and last year's figure."""
    organizer.work("参赛人数", "设定年度目标")
    organizer.page.get_by_label(re.compile("^目标人数")).fill(persons)
    organizer.page.get_by_label(re.compile("^上一年度人数")).fill(previous)
    organizer.press("保存目标")
    organizer.sees("年度目标已保存。")


def roll_up(organizer: Person) -> None:
    """Count now, and wait until the worker has."""
    organizer.work("参赛人数")
    organizer.picture("roll-up", ring=organizer.button("立即汇总"))
    organizer.press("立即汇总")
    organizer.sees("汇总已开始")
    done = organizer.page.get_by_role("table", name="汇总记录").get_by_role("row").filter(has_text="完成").nth(1)
    for _attempt in range(60):
        if done.count():
            break
        organizer.page.wait_for_timeout(1000)
        organizer.follow("参赛人数")
        organizer.follow("查看每次汇总")
    expect(done).to_be_visible(timeout=SECONDS)


def reads_the_figures(person: Person, persons: int, by_place: dict[str, int]) -> None:
    """The one number, and the table behind it."""
    person.work("参赛人数")
    lead = person.page.get_by_role("region", name="参赛人数", exact=True).inner_text()
    assert re.search(rf"(?m)^\s*{persons}\s*人\s*$", lead), lead
    table = person.page.get_by_role("table", name="各市州")
    for place, count in by_place.items():
        cells = [cell.strip() for cell in table.get_by_role("row").filter(has_text=place).locator("td").all_inner_texts()]
        assert cells[:2] == [str(count), str(count)], (place, cells)


def reads_the_counties(person: Person, by_county: dict[str, int]) -> None:
    """The same one level down."""
    for county, count in by_county.items():
        prefecture, name = county.split()
        person.work("参赛人数", prefecture)
        cells = [cell.strip() for cell in person.row(name).locator("td").all_inner_texts()]
        assert cells[:2] == [str(count), str(count)], (county, cells)
