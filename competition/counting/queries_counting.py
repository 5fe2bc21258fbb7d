"""What the roll-up reads: facts and what is counted of some people, histories of everybody, what numbers stand for."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import extract, func, select

from competition.core.database import db
from competition.counting import hooks
from competition.counting.models import OWN, Activity, Cell, Counted, Fact, Mark, Participant, Place, Standing
from competition.counting.rules import places
from competition.counting.rules_claims import Claim
from competition.counting.rules_counting import CellKey, Figures, History, Known, Presence, Values, pack
from competition.counting.rules_scopes import scopes_of

AT_ONCE = 20_000
PERSONAL = ("industry", "ownership", "unit_kind", "worker_group", "sex", "age_band")


@dataclass
class Lookup:
    """What the numbers in facts stand for, read as they are met. ``traits_of``: by activity the number of its traits."""

    known: Known = field(default_factory=Known)
    traits_of: dict[int, int] = field(default_factory=dict)
    _paths: dict[int, str] = field(default_factory=dict)
    _people: dict[Values, int] = field(default_factory=dict)
    _traits: dict[Values, int] = field(default_factory=dict)

    def read_all(self) -> None:
        """Read everything."""
        self.read(None, None)

    def read(self, standings: Collection[int] | None, activities: Collection[int] | None = ()) -> None:
        """Read these; None: all."""
        traits = (Activity.id, Activity.kind, Activity.level, Activity.is_flagship, Activity.region_code)
        for number, kind, level, is_flagship, region in _rows(traits, activities, self.traits_of):
            values = (("kind", kind), ("level", level), ("flagship", "yes" if is_flagship else "no"),
                      ("held_in", places(region).prefecture))
            if values not in self._traits:
                self._traits[values] = len(self.known.traits)
                self.known.traits.append(values)
            self.traits_of[number] = self._traits[values]
        found = self._read_standings(standings)
        for number, region, path in _rows((Place.id, Place.region_code, Place.path), found, self._paths):
            self.known.scopes[number] = scopes_of(number, region, path)
            self._paths[number] = f"{region} {path}"

    def _read_standings(self, wanted: Collection[int] | None) -> Collection[int]:
        columns = (Standing.id, Standing.place_id, *(getattr(Standing, name) for name in PERSONAL))
        found: set[int] = set()
        for number, place, *values in _rows(columns, wanted, self.known.standings):
            said: Values = tuple(zip(PERSONAL, values, strict=True))
            if said not in self._people:
                self._people[said] = len(self.known.people)
                self.known.people.append(said)
            self.known.standings[number] = place, self._people[said]
            found.add(place)
        return found

    def says(self, standing: int) -> tuple[str, Values]:
        """What a standing says, whatever its number."""
        place, person = self.known.standings[standing]
        return self._paths[place], self.known.people[person]


def _rows(columns: Sequence[Any], wanted: Collection[int] | None, have: Collection[int]) -> Iterable[Any]:
    """All, or those that are wanted and not there yet, by the first column; nothing is asked for where there are none."""
    if wanted is None:
        return db.session.execute(select(*columns))
    new = [number for number in wanted if number not in have]
    return db.session.execute(select(*columns).where(columns[0].in_(new))) if new else ()


def marks() -> dict[tuple[int, int], list[int]]:
    """What has changed since it was counted: activity and origin, with the numbers of the marks."""
    found: dict[tuple[int, int], list[int]] = {}
    for mark in db.session.scalars(select(Mark).order_by(Mark.id)):
        found.setdefault((mark.activity_id, mark.origin), []).append(mark.id)
    return found


def people_of(activity_id: int, origin: int, after: int, limit: int) -> list[int]:
    """Whom this origin names for the activity, in the order of their numbers, from the one after ``after``."""
    query = select(Fact.participant_id).where(Fact.activity_id == activity_id, Fact.origin == origin, Fact.participant_id > after)
    return list(db.session.scalars(query.order_by(Fact.participant_id).limit(limit)))


def people_after(after: int, limit: int) -> list[int]:
    """The numbers of people, from the one after ``after``."""
    return list(db.session.scalars(select(Participant.id).where(Participant.id > after).order_by(Participant.id).limit(limit)))


def last_person() -> int:
    """The highest number of a person; 0 without any."""
    return db.session.scalar(select(func.max(Participant.id))) or 0


Member = tuple[int, int, int]  # fact, standing, month
Members = dict[int, Member]  # activity → what counts of somebody


def counted_of(people: Collection[int]) -> dict[int, Members]:
    """What the cells hold of some people."""
    found: dict[int, Members] = {number: {} for number in people}
    query = select(Counted.participant_id, Counted.activity_id, Counted.fact_id, Counted.standing_id, Counted.month)
    for participant, activity, *member in db.session.execute(query.where(Counted.participant_id.in_(people))):
        found[participant][activity] = (member[0], member[1], member[2])
    return found


def claims_of(people: Collection[int], activities: Collection[int] | None, lookup: Lookup) -> dict[int, list[Claim]]:
    """What is said of some people in some activities, or in all."""
    query = select(Fact.participant_id, Fact.id, Fact.activity_id, Fact.present_on, Fact.origin, Fact.standing_id, Fact.withdrawn_at)
    if activities is not None:
        query = query.where(Fact.activity_id.in_(activities))
    rows = list(db.session.execute(query.where(Fact.participant_id.in_(people))))
    counting = hooks.counting({row[4] for row in rows})
    lookup.read({row[5] for row in rows})
    found: dict[int, list[Claim]] = {number: [] for number in people}
    for participant, fact, activity, present_on, origin, standing, withdrawn_at in rows:
        found[participant].append(Claim(fact, activity, present_on, origin == OWN, standing, lookup.says(standing),
                                        withdrawn_at is None and origin in counting))
    return found


def presence(activity: int, member: Member, traits_of: dict[int, int]) -> Presence:
    """What counts of somebody in an activity, packed."""
    _fact, standing, month = member
    return pack(standing, traits_of[activity], month)


def histories_of_all(traits_of: dict[int, int]) -> Counter[History]:
    """Everybody who counts, those with the same history together; read in the order of people."""
    query = select(Counted.participant_id, Counted.activity_id, Counted.standing_id, Counted.month).order_by(Counted.participant_id)
    found: Counter[History] = Counter()
    somebody, own = 0, list[int]()
    with db.session.connection().execution_options(yield_per=AT_ONCE).execute(query) as rows:
        for some in rows.partitions():
            for participant, activity, standing, month in some:
                if participant != somebody:
                    found[tuple(sorted(own))] += 1
                    somebody, own = participant, []
                own.append(standing << 32 | traits_of[activity] << 16 | month)
    found[tuple(sorted(own))] += 1
    del found[()]
    return found


def times_of_activities() -> dict[tuple[int, int], int]:
    """Person-times of each activity and month."""
    query = select(Counted.activity_id, Counted.month, func.count()).group_by(Counted.activity_id, Counted.month)
    return {(activity, month): count for activity, month, count in db.session.execute(query)}


def all_cells() -> dict[CellKey, Figures]:
    """Every cell as it stands."""
    key = (Cell.scope_code, Cell.period, Cell.dimension, Cell.value)
    query = select(*key, Cell.persons, Cell.person_times, Cell.new_persons, Cell.new_in_stat_year)
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5], row[6], row[7]) for row in db.session.execute(query)}


def strays() -> dict[tuple[int, int], int]:
    """Facts that should count and do not, or count otherwise than they say, by activity and origin; none of them marked."""
    unmarked = ~select(Mark.id).where(Mark.activity_id == Fact.activity_id, Mark.origin == Fact.origin).exists()
    counts = select(Counted.fact_id).where(Counted.participant_id == Fact.participant_id, Counted.activity_id == Fact.activity_id).exists()
    live = hooks.is_counting()
    lost = select(Fact.activity_id, Fact.origin).where(Fact.withdrawn_at.is_(None), live, ~counts, unmarked)
    month = extract("year", Fact.present_on) * 12 + extract("month", Fact.present_on) - 1
    differs = Fact.withdrawn_at.is_not(None) | ~live | (Counted.standing_id != Fact.standing_id) | (Counted.month != month)
    other = select(Fact.activity_id, Fact.origin).join(Counted, Counted.fact_id == Fact.id).where(differs, unmarked)
    return dict(Counter((activity, origin) for activity, origin in db.session.execute(lost.union_all(other))))
