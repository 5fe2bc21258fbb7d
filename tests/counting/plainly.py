"""All cells counted from the facts in the plainest way: whoever is said to have been there, set by set, person by person."""

from collections import defaultdict

from sqlalchemy import select

from competition.core.database import db
from competition.counting.models import OWN, Cell, Fact
from competition.counting.queries_counting import PERSONAL
from competition.counting.rules import places
from competition.counting.rules_counting import CellKey, Figures
from competition.counting.rules_periods import month_code, month_number, stat_year_of
from competition.counting.rules_scopes import scopes_of
from competition.returns.models import Return


def chosen_facts() -> list[Fact]:
    """Of each person and activity the fact that counts: the earliest, then the door's own, then by what it says."""
    counting = set(db.session.scalars(select(Return.number).where(Return.state == "counted")))
    chosen: dict[tuple[int, int], Fact] = {}
    for fact in db.session.scalars(select(Fact)):
        if fact.withdrawn_at is None and (fact.origin <= OWN or fact.origin in counting):
            pair = fact.participant_id, fact.activity_id
            chosen[pair] = min(fact, chosen.get(pair, fact), key=_order)
    return list(chosen.values())


def _order(fact: Fact) -> tuple[object, ...]:
    standing = fact.standing
    said = [getattr(standing, name) for name in PERSONAL]
    return fact.present_on, fact.origin != OWN, f"{standing.place.region_code} {standing.place.path}", said


def by_hand() -> dict[CellKey, Figures]:
    """Every cell that ought to be."""
    seen: defaultdict[CellKey, set[int]] = defaultdict(set)
    rows: defaultdict[CellKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    firsts: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for fact in chosen_facts():
        month = month_number(fact.present_on)
        code, year, stat = month_code(month), str(month // 12), f"S{stat_year_of(month)}"
        for scope, values in _reached(fact):
            for period in (code, year, stat):
                for dimension, value in (("", ""), *(values if period != code else ())):
                    seen[scope, period, dimension, value].add(fact.participant_id)
                    rows[scope, period, dimension, value][1] += 1
            for period in (year, stat):
                firsts[scope, period, fact.participant_id].append(month)
    for (scope, period, _who), months in firsts.items():
        for reached in (month_code(min(months)), period):
            rows[scope, reached, "", ""][3 if period.startswith("S") else 2] += 1
    return {key: (len(seen[key]), row[1], row[2], row[3]) for key, row in rows.items()}


def _reached(fact: Fact) -> list[tuple[str, list[tuple[str, str]]]]:
    """The scopes that count it, each with the values it is broken down by there; an activity's own cells are not."""
    standing, activity = fact.standing, fact.activity
    values = [(name, str(getattr(standing, name))) for name in PERSONAL]
    values += [("kind", activity.kind), ("level", activity.level), ("flagship", "yes" if activity.is_flagship else "no"),
               ("held_in", places(activity.region_code).prefecture)]
    scopes = scopes_of(standing.place_id, standing.place.region_code, standing.place.path)
    return [*((scope, values) for scope in scopes), (f"a:{activity.id}", [])]


def standing_cells() -> dict[CellKey, Figures]:
    """Every cell as it stands."""
    return {(c.scope_code, c.period, c.dimension, c.value): (c.persons, c.person_times, c.new_persons, c.new_in_stat_year)
            for c in db.session.scalars(select(Cell))}
