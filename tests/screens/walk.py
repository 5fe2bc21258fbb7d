"""Follows the links of every role, so that each address with a page is found as people find it."""

from collections import deque
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException

from competition.contests.models import Contest
from competition.core.database import db
from competition.demo.staff import CONTESTANTS, ROLES

VISITOR = "visitor"
# The organizer first: he sees the most on a page that others see too.
WHO = (*(role.key for role in ROLES), VISITOR, *(role.key for role in CONTESTANTS))
LEFT_OUT = ("static",)
# Another page for everybody who opens it.
OWN = frozenset({"home.desk", "home.my_entries", "home.my_results", "home.my_certificates"})
BEGIN = {VISITOR: ("/", "/sign-in", "/sign-up", "/v", "/contests", "/demo/")}


@dataclass(frozen=True)
class Page:
    """An address with a page: who was there first, and in which contest."""

    endpoint: str
    contest: str
    who: str
    path: str

    @property
    def name(self) -> str:
        """For the file of its picture."""
        return "-".join(filter(None, (self.endpoint.replace(".", "-"), self.contest.lower(), self.who if self.endpoint in OWN else "")))


@dataclass
class Walk:
    """What was found: pages to look at, kinds of files, addresses that send on, and links that lead nowhere."""

    pages: list[Page]
    files: set[str]
    senders: set[str]
    broken: list[str]

    @property
    def endpoints(self) -> set[str]:
        """Everything that somebody can reach by links."""
        return self.files | self.senders | {page.endpoint for page in self.pages}


def walk(app: Flask) -> Walk:
    """Everything that can be reached by links, one address of each kind for each contest, return, activity and role."""
    found, kept = Walk([], set(), set(), []), set[tuple[str, str, str]]()
    with app.app_context():
        contests = {row.id: row.code if row.code.startswith("YSLM") else "other" for row in db.session.query(Contest)}
    for who in WHO:
        client = app.test_client()
        begin = list(BEGIN.get(who, ("/",)))
        if who != VISITOR:
            begin.insert(0, client.post(f"/demo/sign-in/{who}").location)
        _Walker(app, who, contests, found, kept).follow(client, begin)
    return found


@dataclass
class _Walker:
    """One person with a browser, following links."""

    app: Flask
    who: str
    contests: dict[UUID, str]
    found: Walk
    kept: set[tuple[str, str, str]]

    def follow(self, client: FlaskClient, begin: list[str]) -> None:
        """From these addresses on, one address of each kind for each contest, round, return and activity."""
        adapter, seen = self.app.url_map.bind("localhost"), set[tuple[object, ...]]()
        waiting = deque((address, "") for address in begin)
        while waiting:
            address, origin = waiting.popleft()
            try:
                endpoint, values = adapter.match(urlsplit(address).path, "GET")
            except HTTPException:
                self.found.broken.append(f"{self.who}: {address} on {origin}")
                continue
            contest = self.contests.get(values.get("contest_id", UUID(int=0)), "")
            # Of returns and activities each: what a page leads to depends on how far the thing has come.
            key = (endpoint, contest, *(values.get(name) for name in ("round_id", "event_id", "return_id", "declaration_id")))
            if key in seen or endpoint in self.found.files or endpoint in LEFT_OUT:
                continue
            seen.add(key)
            answer = client.get(address, buffered=True)
            if answer.location:
                self.found.senders.add(endpoint)
                waiting.append((answer.location, address))
            elif answer.status_code != 200:
                self.found.broken.append(f"{self.who}: {address} on {origin}: {answer.status_code}")
            elif answer.mimetype == "text/html" and answer.text.strip():
                self.keep(Page(endpoint, contest, self.who, address), answer.text)
                waiting.extend((link, address) for link in _links(answer.text))
            else:
                self.found.files.add(endpoint)

    def keep(self, page: Page, text: str) -> None:
        """The first one of its kind is to be looked at."""
        key = (page.endpoint, page.contest, page.who if page.endpoint in OWN else "")
        if key not in self.kept and "<main" in text:
            self.kept.add(key)
            self.found.pages.append(page)


def _links(text: str) -> list[str]:
    """What a browser or a person may fetch from the page."""
    hrefs = (urldefrag(str(href)).url for href in html.fromstring(text).xpath("//a/@href | //img/@src | //@hx-get | //@data-src"))
    return [href for href in hrefs if href.startswith("/") and not href.startswith("//")]
