"""What is told of a target, from the figures of two years."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.counting import service
from competition.counting.models import REPORTED
from competition.counting.service_facts import Told, activity_of, add
from competition.participation import service_targets
from competition.participation.queries_targets import outlook
from competition.participation.service_targets import tell_months
from tests.builders import make_contest
from tests.cast import AT, Cast


def came(cast: Cast, year: int, by_month: dict[int, int], region: str = "630224") -> None:
    """So many new people in each month, nobody twice."""
    contest = make_contest(cast, phase="finished").id
    told = [Told(f"{region}-{year}-{month}-{n}", date(year, month, 5), region_code=region)
            for month, count in by_month.items() for n in range(count)]
    with atomic():
        add(activity_of(get(Contest, contest)).id, REPORTED, told, AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "many"), at=AT)
    service.roll_up(at=AT)


def test_a_place_is_told_by_its_own_last_year(any_cast: Cast) -> None:
    """Last year 4, 4, 4, 4, 4, 20 by month: 10 % by January … 50 % by May, all by June. This year 3 each month to March: 30/0.1, 60/0.2,
    9/0.3: always 30. By 10 April 30 % and a third of 10 % are due: of 60 persons 20."""
    came(any_cast, 2025, {1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 6: 20})
    came(any_cast, 2026, {1: 3, 2: 3, 3: 3, 4: 1})
    service_targets.set_target(2026, 60, None, scope="630224", actor=SYSTEM, at=AT)
    found = outlook("630224", 2026, date(2026, 4, 10))
    assert found
    assert (found.pace_from, found.expected, found.light, found.progress.persons) == ("own", 20, "red", 10)
    assert found.forecast
    assert (found.forecast.low, found.forecast.middle, found.forecast.high) == (30, 30, 30)
    assert found.compared
    assert (found.compared.this_year, found.compared.last_year) == (9, 12)
    # 50 missing, 265 days left.
    assert found.needed == 2


def test_a_place_without_a_year_goes_by_the_whole_and_the_first_year_by_even_parts(any_cast: Cast) -> None:
    service_targets.set_target(2026, 100, None, scope="630225", actor=SYSTEM, at=AT)
    first = outlook("630225", 2026, date(2026, 6, 30))
    assert first
    assert (first.pace_from, first.expected, first.forecast, first.compared) == ("even", 50, None, None)
    came(any_cast, 2025, dict.fromkeys(range(1, 7), 2))
    found = outlook("630225", 2026, date(2026, 6, 30))
    assert found
    assert (found.pace_from, found.expected) == ("whole", 100)


def test_a_year_that_is_over_asks_for_nothing_and_one_to_come_says_nothing(any_cast: Cast) -> None:
    came(any_cast, 2025, {3: 8})
    service_targets.set_target(2025, 10, None, actor=SYSTEM, at=AT)
    found = outlook("all", 2025, date(2026, 4, 10))
    assert found
    assert (found.is_over, found.forecast, found.needed, found.light) == (True, None, None, "amber")
    service_targets.set_target(2027, 10, None, actor=SYSTEM, at=AT)
    assert outlook("all", 2027, date(2026, 4, 10)) is None
    assert outlook("all", 2026, date(2026, 4, 10)) is None


def test_lights_stand_in_order(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="绿灯的百分数"):
        service_targets.set_target(2026, 10, None, lights=(80, 95), actor=SYSTEM, at=AT)


def test_the_page_says_how_it_was_reckoned(client: FlaskClient, cast: Cast) -> None:
    came(cast, 2025, dict.fromkeys(range(1, 13), 2))
    service_targets.set_target(2025, 20, None, scope="630200", lights=(90, 70), actor=SYSTEM, at=AT)
    cast.sign_in(client, cast.account("leader"))
    page = client.get("/participation/places/630200?year=2025").text
    assert "绿灯：进度正常" in page
    assert "不少于应完成的 90% 为绿灯" in page
    assert "没有去年的数字" in page


def test_what_is_typed_of_a_year_is_no_attainment_of_it(any_cast: Cast) -> None:
    """Months are typed to compare with: nobody comes closer to the own target by typing those of the year that is measured."""
    came(any_cast, 2026, {1: 3, 2: 3})
    service_targets.set_target(2026, 60, None, scope="630224", actor=SYSTEM, at=AT)
    tell_months("630224", 2026, [60] * 12, is_so_far=True, actor=SYSTEM, at=AT)
    found = outlook("630224", 2026, date(2026, 3, 31))
    assert found
    assert (found.progress.persons, found.registered, found.light) == (6, 6, "red")
    service_targets.set_target(2027, 60, None, scope="630224", actor=SYSTEM, at=AT)
    later = outlook("630224", 2027, date(2027, 1, 31))
    assert later
    assert (later.pace_from, later.expected) == ("typed", 60)
