"""Every page that somebody can reach by links: nothing leads nowhere, nothing is wider than a phone, axe finds nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.live import Live
from tests.screens import world
from tests.screens.look import Looker
from tests.screens.walk import Walk, walk
from tests.services import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]
# What no link of the demonstration leads to, and why.
WITHOUT_LINK = {
    "by a link that is handed over once": {"accounts.invited", "accounts.setup", "judging_tablet.tablet"},
    "after a form is sent": {
        "accounts.forgot_code", "accounts.help_request", "accounts.phone", "accounts.phone_code", "accounts.dispute",
        "accounts.sign_up_code", "accounts.second_factor", "arena.badges", "arena.badges_file", "judging.imported",
        "registration.refused_rows", "registration.roster_preview", "results.book_pdf", "certificates.verified",
        "certificates.verified_picture",
    },
    "in a state that the demonstration is not in": {
        "accounts.confirm_end_grant", "accounts.confirm_reset", "accounts.confirm_take_away", "arena.lineup",
        "certificates.preview", "certificates.preview_file", "judging.late", "notices.attachment", "notices.preview_file",
        "organisations.confirm_end", "registration.correct", "registration.entry_file", "registration.own_file",
        "results.decide", "results.questions", "results.sheet",
    },
    "fetched by a page or a program": {
        "certificates.progress", "core.health", "core.ready", "home.job_progress", "judging.board_state",
        "judging_api.description", "judging_api.pack", "organisations.employers", "participation.run_progress",
    },
}


@pytest.fixture(scope="module")
def app_to_walk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The small demonstration."""
    return world.make(tmp_path_factory.mktemp("screens"))


@pytest.fixture(scope="module")
def walked(app_to_walk: Flask) -> Walk:
    """All that can be reached in it."""
    return walk(app_to_walk)


@pytest.fixture(scope="module")
def looker(app_to_walk: Flask, browser: Browser) -> Iterator[Looker]:
    """A browser in front of it."""
    live = Live(app_to_walk, free_port())
    live.start()
    found = Looker(browser, live.address)
    yield found
    found.close()
    live.stop()


def test_every_link_leads_somewhere(walked: Walk) -> None:
    assert walked.broken == []


def test_every_page_can_be_reached(app_to_walk: Flask, walked: Walk) -> None:
    pages = {rule.endpoint for rule in app_to_walk.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - walked.endpoints == set().union(*WITHOUT_LINK.values())


def test_every_page_fits_a_phone_and_is_accessible(walked: Walk, looker: Looker) -> None:
    first = {page.endpoint: page for page in reversed(walked.pages)}
    faults = [fault for page in first.values() for fault in looker.look(page, ["phone"])]
    assert faults == []


def test_the_tablet_fits_every_size_and_is_accessible(app_to_walk: Flask, looker: Looker) -> None:
    assert looker.look_at_tablet(*world.card(app_to_walk)) == []
