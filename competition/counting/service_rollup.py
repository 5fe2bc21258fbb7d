"""The roll-up: what has changed is taken over mark by mark; a count of everything proves the cells.

A slice of people is one transaction: it reads all that is said of them, chooses what counts, and adds to each cell exactly
what that changes. A slice that was done already changes nothing, so a roll-up can be killed at any line and started again.
Whoever changes cells holds the ledger.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from competition.core.database import atomic, db, get
from competition.counting import queries_counting as reads
from competition.counting.models import Cell, Ledger, Mark
from competition.counting.queries_counting import Lookup, People
from competition.counting.rules_claims import elect
from competition.counting.rules_counting import CellKey, Figures, History, figures, figures_of_activities
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import mark

PEOPLE = 1_000
TRIES = 3
Wrong = dict[CellKey, tuple[Figures, Figures]]
NOTHING: Figures = (0, 0, 0, 0)
FIGURES = ("persons", "person_times", "new_persons", "new_in_stat_year")
KEY = ("scope_code", "period", "dimension", "value")


def settle(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Take over everything that is marked; returns of how many people something changed. ``told``: marks done, of how many."""
    marked, changed = reads.marks(), 0
    for done, ((activity_id, origin), numbers) in enumerate(marked.items()):
        told(done, len(marked))
        after, is_last = 0, False
        while not is_last:
            people = reads.people_of(activity_id, origin, after, PEOPLE)
            is_last = len(people) < PEOPLE
            changed += settle_people(people, numbers if is_last else ())
            after = people[-1] if people else after
    return changed


def settle_everybody(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Choose anew what counts of every person, whatever is marked; the marks stay for who may come meanwhile."""
    changed, after, total = 0, 0, reads.last_person()
    while people := reads.people_after(after, PEOPLE):
        told(after, total)
        changed += settle_people(people)
        after = people[-1]
    return changed


def settle_people(people: list[int], marks: Collection[int] = ()) -> int:
    """The same for these people, with whom these marks are done; one transaction."""
    with atomic() as session:
        ledger = _hold()
        session.execute(delete(Mark).where(Mark.id.in_(marks)))
        lookup = Lookup()
        claims = reads.claims_of(people, lookup)
        before = reads.counted_of(people)
        after = {number: {claim.activity: (claim.fact, claim.standing, month_number(claim.present_on)) for claim in elect(said).values()}
                 for number, said in claims.items()}
        changed = [number for number in people if before[number] != after[number]]
        if changed:
            was = [before[number] for number in changed]
            lookup.read({member[1] for each in was for member in each.values()}, {activity for each in was for activity in each})
            _take_over(changed, before, after)
            _add(_difference(changed, before, after, lookup))
            ledger.version += 1
    return len(changed)


def _hold() -> Ledger:
    row = db.session.get(Ledger, 1, with_for_update=True, populate_existing=True)
    if row is None:
        _upsert(Ledger, [{"id": 1, "version": 0}], None)
        row = get(Ledger, 1, lock=True)
    return row


def _difference(people: Iterable[int], before: People, after: People, lookup: Lookup) -> dict[CellKey, Figures]:
    histories: Counter[History] = Counter()
    times: Counter[tuple[int, int]] = Counter()
    for number in people:
        for sign, members in ((1, after[number]), (-1, before[number])):
            histories[reads.history(members.items(), lookup.traits_of)] += sign
            for activity, (_fact, _standing, month) in members.items():
                times[activity, month] += sign
    return figures(histories, lookup.known) | figures_of_activities(times)


def _take_over(people: Iterable[int], before: People, after: People) -> None:
    """``Counted`` becomes what counts now."""
    gone, new, moved = [], [], []
    for number in people:
        old, now = before[number], after[number]
        gone += [{"p": number, "a": activity} for activity in old.keys() - now.keys()]
        for activity, (fact, standing, month) in now.items():
            row = {"fact_id": fact, "standing_id": standing, "month": month}
            if activity not in old:
                new.append({"participant_id": number, "activity_id": activity, **row})
            elif old[activity] != now[activity]:
                moved.append({"p": number, "a": activity, **row})
    table, session = db.metadata.tables["counted"], db.session()
    this = (table.c.participant_id == bindparam("p")) & (table.c.activity_id == bindparam("a"))
    if gone:
        session.connection().execute(delete(table).where(this), gone)
    if moved:
        session.connection().execute(update(table).where(this), moved)
    if new:
        session.connection().execute(insert(table), new)


def _add(difference: Mapping[CellKey, Figures]) -> None:
    """To each cell what changes; a cell in which nobody is left goes."""
    rows = [dict(zip((*KEY, *FIGURES), (*key, *row), strict=True)) for key, row in sorted(difference.items())]
    if rows:
        _upsert(Cell, rows, lambda new: {name: getattr(Cell, name) + getattr(new, name) for name in FIGURES})
    _drop_empty(key for key, row in difference.items() if row[1] < 0)


def _upsert(model: type[Any], rows: list[dict[str, Any]], changes: Callable[[Any], dict[str, Any]] | None) -> None:
    dialect: Any = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(model)
    if changes is None:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(index_elements=KEY, set_=changes(statement.excluded))
    db.session.execute(statement, rows)


def _drop_empty(keys: Iterable[CellKey]) -> None:
    table = db.metadata.tables["cell"]
    this = [table.c[name] == bindparam(f"k_{name}") for name in KEY]
    rows = [{f"k_{name}": part for name, part in zip(KEY, key, strict=True)} for key in keys]
    if rows:
        db.session.connection().execute(delete(table).where(*this, table.c.person_times == 0), rows)


def count_whole() -> dict[CellKey, Figures]:
    """Every cell counted anew from all that counts. Only reads."""
    lookup = Lookup()
    lookup.read()
    return figures(reads.histories_of_all(lookup.traits_of), lookup.known) | figures_of_activities(reads.times_of_activities())


def prove(at: datetime) -> Wrong:
    """Hold the cells against a count of everything and mend them; returns what differed: as it stood, as it is.

    The counting holds nothing. When cells changed meanwhile it is done again, and the last time while holding the ledger.
    """
    for _again in range(TRIES):
        db.session.rollback()
        seen = _version()
        wrong = _differences()
        with atomic():
            ledger = _hold()
            if ledger.version == seen:
                return _mend(wrong, ledger, at)
    with atomic():
        ledger = _hold()
        return _mend(_differences(), ledger, at)


def _version() -> int:
    found = db.session.get(Ledger, 1, populate_existing=True)
    return found.version if found else 0


def _differences() -> Wrong:
    whole, standing = count_whole(), reads.all_cells()
    return {key: (standing.get(key, NOTHING), whole.get(key, NOTHING)) for key in standing.keys() | whole.keys()
            if standing.get(key) != whole.get(key)}


def _mend(wrong: Wrong, ledger: Ledger, at: datetime) -> Wrong:
    _add({key: (now[0] - was[0], now[1] - was[1], now[2] - was[2], now[3] - was[3]) for key, (was, now) in wrong.items()})
    ledger.version += bool(wrong)
    ledger.whole_at = at
    return wrong


def mark_strays() -> int:
    """Mark facts that the cells do not know although no mark says so (there should be none); returns how many."""
    with atomic():
        found = reads.strays()
        for activity_id, origin in found:
            mark(activity_id, origin)
    return sum(found.values())
