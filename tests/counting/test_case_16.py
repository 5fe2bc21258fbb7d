"""Worked case 16 from the door and from rosters to the figures: entries, check-ins and returns through the services."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from competition.accounts.identity import parse_document
from competition.arena import service as arena
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.core.actors import SYSTEM
from competition.core.crypto import blind_index
from competition.core.database import db
from competition.counting import queries, service
from competition.counting.models import Counted, Place, Standing
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import Told
from competition.organisations.models import Union
from competition.organisations.queries import union_of_region
from competition.registration import service as registration
from competition.registration.models import Entrant, Entry
from competition.returns import service as returns
from tests.builders import approved_entries, draw_contest, make_contest
from tests.cast import AT, Cast, id_card

SERIAL = {f"p{n}": 1600 + n for n in range(1, 7)}


def union_of(code: str) -> Union:
    found = union_of_region(code)
    assert found is not None
    return found


def entered(cast: Cast, contest: Contest, *people: tuple[str, str]) -> dict[str, Entry]:
    """Approved entries of (person, county)."""
    return {person: approved_entries(cast, contest, 1, union=union_of(code), serial=SERIAL[person], region_code=code)[0]
            for person, code in people}


def check_in(cast: Cast, contest: Contest, entry: Entry, kind: str, day: date, events: int = 1) -> None:
    """At the door of one or more of the person's events."""
    door = cast.actor("check_in_judge", "contest", contest.id)
    found = list(db.session.scalars(select(Entrant).where(Entrant.entry_id == entry.id).order_by(Entrant.id)))
    assert len(found) >= events
    for entrant in found[:events]:
        arena.check_in(entrant.id, kind, actor=door, at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC))


def returned(contest: Contest, code: str, day: date, *people: str) -> None:
    """A roster of the county's union, approved by every union above it."""
    union = union_of(code)
    keys = [blind_index("document", parse_document("id_card", id_card(SERIAL[person])).index_text) for person in people]
    made = returns.begin_return(union.id, contest.id, month_number(day), "roster", actor=SYSTEM, at=AT)
    returns.put_roster(made.id, [Told(key, day, union.id, code) for key in keys], actor=SYSTEM, at=AT)
    returns.submit_return(made.id, actor=SYSTEM, at=AT)
    while made.waiting_at is not None:
        returns.approve_return(made.id, made.waiting_at, actor=SYSTEM, at=AT)


def figures(scope: str, period: str) -> tuple[int, int]:
    """Person-times and persons, in the order of the case."""
    found = queries.cell(scope, period)
    return (found.person_times, found.persons) if found else (0, 0)


def over_the_whole_list(column: object) -> dict[str, tuple[int, int]]:
    """Both, over 1 October 2020 to 31 December 2021, by a place's code."""
    query = select(column, func.count(), func.count(Counted.participant_id.distinct())).join(  # type: ignore[call-overload]
        Standing, Standing.id == Counted.standing_id).join(Place, Place.id == Standing.place_id)
    between = Counted.month.between(month_number(date(2020, 10, 1)), month_number(date(2021, 12, 1)))
    return {code: (times, persons) for code, times, persons in db.session.execute(query.where(between).group_by(column))}


def test_case_16_from_the_door_and_from_rosters(any_cast: Cast) -> None:
    c1, c2, c3, c4 = (make_contest(any_cast, events=("theory", "basic"), review_levels=("county",)) for _ in range(4))
    autumn, summer, end, after, winter = date(2020, 11, 5), date(2021, 6, 1), date(2021, 9, 30), date(2021, 10, 1), date(2021, 12, 20)
    first = entered(any_cast, c1, ("p1", "630224"), ("p2", "630224"), ("p3", "630225"))
    second = entered(any_cast, c2, ("p1", "630224"), ("p6", "632801"))
    third = entered(any_cast, c3, ("p5", "630102"))
    registration.withdraw_entry(second.pop("p6").id, "单位不同意", actor=any_cast.actor("organizer"), at=any_cast.at)
    for contest in (c1, c2, c3, c4):
        contests.start(contest.id, actor=SYSTEM, at=AT)
        if contest is not c4:
            draw_contest(any_cast, contest)
    for person in ("p1", "p2"):
        check_in(any_cast, c1, first[person], "CHECKED_IN", autumn)
    check_in(any_cast, c1, first["p3"], "ABSENT", autumn)
    check_in(any_cast, c2, second["p1"], "CHECKED_IN", summer)
    check_in(any_cast, c3, third["p5"], "CHECKED_IN", end, events=2)
    for contest in (c1, c2, c3):
        service.collect_facts(contest.id, actor=SYSTEM, at=AT)
    returned(c3, "630225", end, "p3")
    returned(c3, "630102", after, "p4")
    returned(c4, "630106", winter, "p2")
    # Named at the door and in a roster, too: still once.
    returned(c3, "630102", end, "p5")
    assert service.roll_up(at=AT).state == "done"
    assert figures("all", "2021") == figures("630000", "2021") == (5, 5)
    assert figures("all", "S2021") == figures("630000", "S2021") == (5, 4)
    assert over_the_whole_list(Place.prefecture_code) == {"630100": (3, 3), "630200": (4, 3)}
    assert over_the_whole_list(Place.province_code) == {"630000": (7, 5)}
    assert [figures("630000", year)[0] for year in ("2020", "2021")] == [2, 5]
