"""An open round and a tablet in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.judging import queries, rules, service
from competition.judging.models import MarkEvent
from competition.judging.service_seats import Card
from tests.builders import make_contest
from tests.cast import Cast
from tests.judges import opened, round_of
from tests.live import Live


def look_again() -> None:
    """The server has written since: forget what this session has read."""
    db.session.rollback()
    db.session.expire_all()


# What was tapped is kept, and drawn: a slow disk holds back the drawing for a moment.
DRAWN = """async () => {
  const app = document.querySelector("judge-app");
  await app.desk.line;
  await app.updateComplete;
}"""


@dataclass
class Hall:
    """An open round, the card of its first seat, and a tablet."""

    live: Live
    round: Round
    works: list[Work]
    card: Card
    page: Page
    context: BrowserContext

    def open(self) -> None:
        """Scan the card and type the PIN."""
        self.page.goto(f"{self.live.address}/judge/open#{self.card.token}")
        expect(self.page.get_by_role("heading", name="请输入 PIN")).to_be_visible()
        self.type(self.card.pin)
        expect(self.page.get_by_text("已提交 0 件，共 2 件")).to_be_visible()

    def type(self, text: str) -> None:
        for sign in text:
            self.page.get_by_role("button", name=sign, exact=True).click()

    def choose(self, number: int) -> None:
        self.page.locator(".jt-tile").filter(has_text=self.works[number].code).click()

    def mark(self, *values: str) -> None:
        """Mark the criteria one after the other."""
        for value in values:
            self.type(value)
            self.page.evaluate(DRAWN)
            if self.page.get_by_role("button", name="下一项").is_visible():
                self.page.get_by_role("button", name="下一项").click()

    def held(self) -> str:
        """What the server holds of the first work."""
        look_again()
        sheet = queries.find_sheet(self.card.seat.id, self.works[0].id)
        return rules.sheet_text(sheet.marks) if sheet else ""

    def sent(self) -> list[str]:
        """The values that the server took, in its order."""
        look_again()
        return [e.value for e in db.session.query(MarkEvent).order_by(MarkEvent.seq)]


def seated(live: Live, cast: Cast, browser: Browser, round_: Round) -> Iterator[Hall]:
    """The first of three seats at a tablet in an open round of two works; no script fails on the page."""
    opened(round_, at=cast.at)
    card = service.make_cards([queries.seats_of_round(round_.id)[0].id], actor=SYSTEM, at=now())[0]
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Hall(live, round_, list_works(round_.id), card, page, context)
    context.close()
    assert not faults


@pytest.fixture
def hall(live: Live, cast: Cast, browser: Browser) -> Iterator[Hall]:
    yield from seated(live, cast, browser, round_of(make_contest(cast, phase="running", events=("broth",)), "broth"))
