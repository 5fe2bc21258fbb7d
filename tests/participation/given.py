"""A small year with everything that figures are broken down by: three contests, three places, people who move and come again."""

from datetime import date
from random import Random

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, get
from competition.counting import service
from competition.counting.models import REPORTED
from competition.counting.service_facts import Told, activity_of, add
from tests.builders import make_contest
from tests.cast import AT, Cast

PLACES = ("630224", "630225", "632221", "110101")


def small_year(cast: Cast, people: int = 90) -> list[int]:
    """``people`` in up to three contests of this and last year, counted; returns the numbers of the contests' activities."""
    chance = Random(7)
    traits = (("skills", "county", False, "630224"), ("labour", "province", True, "630000"), ("ankang", "prefecture", False, "632200"))
    contests = [make_contest(cast, phase="finished", kind=kind, level=level, is_flagship=flag, region_code=code).id
                for kind, level, flag, code in traits]
    days = (date(2026, 2, 3), date(2026, 5, 6), date(2025, 11, 7))
    told: dict[int, list[Told]] = {0: [], 1: [], 2: []}
    for number in range(people):
        values = {"industry": chance.choice(["energy", "express"]), "ownership": chance.choice(["public", "non_public"]),
                  "worker_group": chance.choice(["none", "courier"]),
                  "sex": chance.choice(["male", "female"]), "birth_year": 1970 + number % 30}
        for which in range(3):
            if chance.random() < 0.6:
                place = PLACES[number % 3] if chance.random() < 0.8 else chance.choice(PLACES)
                union = cast.county.id if place == "630224" else None
                told[which].append(Told(f"key-{number}", days[which], union, place, **values))  # type: ignore[arg-type]
    activities = []
    with atomic():
        for which, contest_id in enumerate(contests):
            activity = activity_of(get(Contest, contest_id))
            activities.append(activity.id)
            add(activity.id, REPORTED, told[which], AT)
        audit.record("test", actor=SYSTEM, subject=("fact", "many"), at=AT)
    service.roll_up(at=AT)
    return activities
