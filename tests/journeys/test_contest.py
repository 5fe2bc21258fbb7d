"""One whole contest in a browser: twelve contestants, three judges, ten steps, from the notice to the annual figure.

Nothing is read from the database before the very end. Every step is done by the person whose step it is,
with what the pages offer.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import entering, office, organizing, papers, reviewing
from tests.journeys.journey import Journey
from tests.journeys.site import running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def journey(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The system as its own command starts it, and nobody in it yet."""
    folder = tmp_path_factory.mktemp("journey")
    with running(folder) as site:
        found = Journey(browser, site, folder)
        yield found
        for key in list(found.people):
            found.leave(key)


def test_a_contest_from_the_notice_to_the_annual_figure(journey: Journey) -> None:
    staff_gets_its_roles(journey)
    the_contest_is_announced(journey)
    contestants_enter(journey)
    entries_are_reviewed(journey)


def staff_gets_its_roles(journey: Journey) -> None:
    """The one-time link, invitations, roles by two people."""
    administrator, officer = journey.person("administrator"), journey.person("officer")
    office.found(administrator, officer, journey.site.printed(r"http://127\.0\.0\.1:\d+/setup/\S+"))
    for key, post in office.UNION_STAFF.items():
        office.employ(administrator, officer, journey.person(key), post)


def the_contest_is_announced(journey: Journey) -> None:
    """Step 1: series, contest, rulebook, events, notice; then the staff of the contest."""
    organizer = journey["organizer"]
    organizing.create_series(organizer)
    organizing.create_contest(organizer)
    organizing.set_rules(organizer)
    organizing.add_events(organizer)
    organizing.give_notice(organizer, papers.stamped_notice(journey.browser, journey.folder / "竞赛通知.pdf"))
    organizing.found_delegations(organizer)
    for key, post in office.CONTEST_STAFF.items():
        person = journey.person(key, "phone" if key == "door" else "desk")
        office.employ(journey["administrator"], journey["officer"], person, post, organizing.CONTEST)


def contestants_enter(journey: Journey) -> None:
    """Step 2: two on their phones, three by clerks, seven by a roster."""
    for key in ("haidong", "xining"):
        entering.found_team(journey[key], key)
    for who in entering.ON_PHONES:
        person = journey.person(who.name, "phone")
        entering.enter_oneself(person, who)
        entering.look_over_and_submit(person, who)
        entering.prints_the_form(person, who, journey.folder)
    for who in entering.BY_CLERK:
        entering.register_for(journey[who.home], who)
    entering.import_roster(journey["haidong"], entering.BY_ROSTER, journey.folder)


def entries_are_reviewed(journey: Journey) -> None:
    """Step 3: prefecture by prefecture, then the province."""
    first, contestant = entering.ON_PHONES[0], journey[entering.ON_PHONES[0].name]
    reviewing.send_back(journey["haidong"], first)
    reviewing.correct(contestant, first)
    reviewing.approve_one(journey["haidong"], first)
    for key in ("haidong", "xining"):
        reviewing.approve_together(journey[key], [who for who in entering.EVERYBODY if who.home == key and who != first])
    reviewing.approve_together(journey["province"], entering.EVERYBODY)
    reviewing.reads_of_approval(contestant)
