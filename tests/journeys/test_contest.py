"""One whole contest in a browser: twelve contestants, three judges, ten steps, from the notice to the annual figure.

Every step is done by the person whose step it is, with what the pages offer, in the order of the real day.
The database is only read, and only when all is over.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from competition.bootstrap.steps import ROOT
from tests.journeys import (
    counting,
    day,
    diplomas,
    entering,
    judging,
    numbers,
    office,
    organizing,
    papers,
    publishing,
    reviewing,
)
from tests.journeys.entering import Contestant
from tests.journeys.journey import Journey
from tests.journeys.numbers import ByHand
from tests.journeys.site import running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(2400)]
THEORY, *PRACTICAL = organizing.EVENTS.values()
FIRST = entering.ON_PHONES[0]


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
    the_staff_gets_its_roles(journey)
    the_contest_is_announced(journey)
    contestants_enter(journey)
    entries_are_reviewed(journey)
    lots_are_drawn(journey)
    the_day_begins(journey)
    judges_mark(journey)
    rounds_are_locked(journey)
    results_are_published(journey)
    certificates_are_issued(journey)
    the_year_is_counted(journey)
    chains = chains_verified(journey)
    assert chains.returncode == 0, chains.stdout + chains.stderr
    assert facts_held(journey) == (len(day.PRESENT), len(day.PRESENT))
    assert numbers_held(journey) == {one.facts["证书编号"] for one in journey.certificates}
    assert "Traceback" not in journey.site.output.read_text()


def the_staff_gets_its_roles(journey: Journey) -> None:
    """Step 1: the one-time link, invitations, roles by two people."""
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
    for key in ("administrator", "officer"):
        journey.leave(key)


def contestants_enter(journey: Journey) -> None:
    """Step 2: two on their phones, three by clerks, seven by a roster."""
    for key in ("haidong", "xining"):
        entering.found_team(journey[key], key)
    for who in entering.ON_PHONES:
        person = journey.person(who.name, "phone")
        person.open("/")
        person.picture("start")
        entering.enter_oneself(person, who)
        person.picture("entry")
        entering.look_over_and_submit(person, who)
        entering.prints_the_form(person, who, journey.folder)
    for who in entering.BY_CLERK:
        entering.register_for(journey[who.home], who)
    entering.import_roster(journey["haidong"], entering.BY_ROSTER, journey.folder)


def entries_are_reviewed(journey: Journey) -> None:
    """Step 3: prefecture by prefecture, then the province."""
    contestant, haidong = journey[FIRST.name], journey["haidong"]
    haidong.work()
    haidong.picture("clerk-desk", whole=True, ring=haidong.link("报名审核"))
    haidong.follow("报名审核", "去审核")
    haidong.picture("review", whole=True)
    reviewing.send_back(haidong, FIRST)
    reviewing.correct(contestant, FIRST)
    reviewing.approve_one(haidong, FIRST)
    for key in ("haidong", "xining"):
        reviewing.approve_together(journey[key], [who for who in entering.EVERYBODY if who.home == key and who != FIRST])
    reviewing.approve_together(journey["province"], entering.EVERYBODY)
    reviewing.reads_of_approval(contestant)
    reviewing.reads_the_own_data(contestant, FIRST)


def lots_are_drawn(journey: Journey) -> None:
    """Step 4: lots and codes, and the papers that are printed from them."""
    organizer, coder = journey["organizer"], journey["coder"]
    organizer.at(organizing.CONTEST)
    organizer.picture("contest-home", whole=True)
    day.begin(organizer)
    journey.lots = {event: day.draw(coder, event) for event in organizing.EVENTS.values()}
    for event, lots in journey.lots.items():
        day.print_labels(coder, event, lots, journey.folder)
    day.print_papers(organizer, journey.lots, journey.folder)
    coder.at(organizing.CONTEST, "抽签编码")
    coder.row(PRACTICAL[0]).get_by_role("link").click()
    coder.picture("draw", whole=True)


def the_day_begins(journey: Journey) -> None:
    """Step 5: the door, and what is measured."""
    door, chief, scorekeeper = journey["door"], journey["chief"], journey["scorekeeper"]
    for event in organizing.EVENTS.values():
        day.check_in(door, event)
    journey.cards = {event: judging.set_up_panel(chief, event, journey.folder) for event in PRACTICAL}
    for event in organizing.EVENTS.values():
        judging.open_round(chief, event)
    order = {who.name: number for number, who in enumerate(day.PRESENT)}
    marks = {code: numbers.theory(order[journey.lots[THEORY][code].name]) for code in journey.codes(THEORY)}
    day.import_theory(scorekeeper, THEORY, marks, journey.folder)
    for event in PRACTICAL:
        codes = journey.codes(event)
        day.enter_times(journey["timekeeper"], event, {code: numbers.time(event, work) for work, code in enumerate(codes)})
        day.deduct(scorekeeper, event, codes[numbers.PUNISHED], numbers.DEDUCTION)


def judges_mark(journey: Journey) -> None:
    """Step 6: three tablets, two events, every work; step 7: the board knows what is missing."""
    for event in PRACTICAL:
        codes = journey.codes(event)
        for seat, card in enumerate(journey.cards[event]):
            judge = journey.person(f"judge-{seat}", "tablet")
            judging.open_seat(judge, card)
            if seat == 0:
                if event == PRACTICAL[0]:
                    judging.looks_around(judge, codes[0])
                judging.loses_the_network(judge, codes[0], numbers.first_sheet(event, 0, seat)[0])
            if seat == 2:
                judging.reads_what_is_missing(journey["chief"], event, 2 * len(codes), len(journey.cards[event]) * len(codes))
            for work, code in enumerate(codes):
                judging.mark(judge, code, numbers.first_sheet(event, work, seat))
                if (event, seat, work) == (PRACTICAL[0], 0, 0):
                    judging.looks_before_moving(journey["chief"], event, code, codes[1])
    judging.board(journey["chief"], PRACTICAL[0])
    journey["chief"].picture("board", whole=True)


def rounds_are_locked(journey: Journey) -> None:
    """Step 7: who did not come is not waited for, the rounds are locked; one is unlocked by two people and locked again."""
    chief = journey["chief"]
    for event in organizing.EVENTS.values():
        judging.lock(chief, event, event)
    event, work, seat = numbers.SENT_BACK
    code, reason, judge = journey.codes(event)[work], "请核对第一项", journey[f"judge-{seat}"]
    judging.unlock(chief, journey["supervisor"], event, "核对一份评分表")
    judging.send_back(chief, event, code, seat + 1, reason)
    judging.open_seat(judge, journey.cards[event][seat])
    judge.page.locator(".jt-tile").filter(has_text=code).click()
    judge.picture("tablet")
    judging.mark_again(judge, reason, numbers.sheet(event, work, seat)[0])
    judging.lock(chief, event, event)


def results_are_published(journey: Journey) -> None:
    """Step 8: sums checked, codes opened, results published; the public page, the book, the own explanation."""
    organizer, supervisor = journey["organizer"], journey["supervisor"]
    for event in PRACTICAL:
        publishing.check_sums(journey["scorekeeper"], supervisor, event)
    for event in organizing.EVENTS.values():
        publishing.open_codes(journey["coder"], supervisor, event)
    publishing.publish(organizer, journey["organizer2"])
    right = {who: recomputed(journey, who) for who in day.PRESENT}
    # As the draw will have it, two of them may be equal: then practice decides, by the rules of this contest.
    winners = sorted(day.PRESENT, key=lambda who: (-right[who].overall, -right[who].practical))
    visitor = journey.person("visitor", "phone")
    entering.looks_for_help(visitor)
    publishing.reads_the_public_page(visitor, "总成绩", winners, day.ABSENT)
    visitor.picture("results")
    for who in entering.ON_PHONES:
        publishing.reads_the_explanation(journey[who.name], who, right[who])
    journey[FIRST.name].picture("explanation")
    publishing.reads_the_book(publishing.prints_the_book(organizer, journey.folder), right, day.ABSENT)
    organizer.at(organizing.CONTEST, "成绩")
    organizer.picture("publishing", whole=True)


def recomputed(journey: Journey, who: Contestant) -> ByHand:
    """The results of one contestant from the marks that were typed here."""
    works = {event: journey.codes(event).index(journey.code_of(event, who.name)) for event in PRACTICAL}
    return numbers.by_hand(day.PRESENT.index(who), works)


def certificates_are_issued(journey: Journey) -> None:
    """Step 9: issued by two people, printed by the worker; paper, register and verification say the same."""
    organizer, visitor = journey["organizer"], journey["visitor"]
    diplomas.issue(organizer, journey["organizer2"], PRACTICAL[0], f"{PRACTICAL[0]}获奖证书", len(day.PRESENT))
    organizer.picture("certificates", whole=True)
    journey.certificates = diplomas.register(organizer, journey.folder)
    assert sorted(one.facts["获证人"] for one in journey.certificates) == sorted(who.name for who in day.PRESENT)
    assert len({one.facts["证书编号"] for one in journey.certificates} | {one.code for one in journey.certificates}) == 2 * len(day.PRESENT)
    for certificate in journey.certificates:
        diplomas.says_the_same(certificate)
        diplomas.verify(visitor, certificate)
    visitor.picture("verification")
    for unknown in ("ABCDE-12345-FGHJK-67890", journey.certificates[0].facts["证书编号"], FIRST.name):
        diplomas.is_unknown(visitor, unknown)
    own = next(one for one in journey.certificates if one.facts["获证人"] == FIRST.name)
    diplomas.finds_the_own(journey[FIRST.name], own)
    journey[FIRST.name].picture("certificate")


def the_year_is_counted(journey: Journey) -> None:
    """Step 10: eleven of twelve were there."""
    organizer = journey["organizer"]
    counting.set_target(organizer, "500000", "400000")
    counting.roll_up(organizer)
    by_place = {place: sum(who.home == home for who in day.PRESENT) for home, place in entering.PREFECTURES.items()}
    assert sum(by_place.values()) == len(entering.EVERYBODY) - 1
    counting.reads_the_figures(organizer, sum(by_place.values()), by_place)
    counting.reads_the_counties(organizer, {
        county: sum(who.home == home for who in day.PRESENT) for home, county in entering.COUNTIES.items()})
    organizer.work("参赛人数")
    organizer.picture("participation", whole=True)


def chains_verified(journey: Journey) -> subprocess.CompletedProcess[str]:
    """What the command says of the audit chains."""
    environment = {**os.environ, "COMP_INSTANCE": str(journey.site.instance)}
    return subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"], cwd=ROOT, env=environment,
                          capture_output=True, encoding="utf-8", check=False)


def facts_held(journey: Journey) -> tuple[int, int]:
    """How many facts the database holds, and of how many people."""
    return read(journey, "SELECT count(*), count(DISTINCT participant_id) FROM fact WHERE withdrawn_at IS NULL")[0]


def numbers_held(journey: Journey) -> set[str]:
    """The numbers of the certificates that the database holds."""
    return {row[0] for row in read(journey, "SELECT number FROM certificate WHERE state = 'issued'")}


def read(journey: Journey, query: str) -> list[Any]:
    with sqlite3.connect(f"file:{journey.site.instance / 'competition.db'}?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()
