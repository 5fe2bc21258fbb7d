"""The roll-up: what has changed is taken over mark by mark; a count of everything proves the cells.

A slice of people is one transaction: it reads what is said of them where something changed, chooses what counts, and adds to each
cell exactly what that changes beside all else that counts of them. A slice that was done already changes nothing, so a roll-up
can be killed at any line and started again. Whoever changes cells holds the ledger.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from competition.core.database import atomic, db, get
from competition.counting import queries_counting as reads
from competition.counting.models import Cell, Ledger, Mark
from competition.counting.queries_counting import Lookup, Members
from competition.counting.rules_changes import Change, changes
from competition.counting.rules_claims import Claim, elect
from competition.counting.rules_counting import CellKey, Figures, figures, figures_of_activities
from competition.counting.rules_periods import month_number
from competition.counting.service_facts import mark

PEOPLE = 1_000
TRIES = 3
Wrong = dict[CellKey, tuple[Figures, Figures]]
NOTHING: Figures = (0, 0, 0, 0)
FIGURES = ("persons", "person_times", "new_persons", "new_in_stat_year")
KEY = ("scope_code", "period", "dimension", "value")


@dataclass
class _Slice:
    """What one transaction looks at: people, the activities in which something changed, and the marks done with them.

    ``room``: for how many more; ``done``: how many activities of an origin end here.
    """

    people: dict[int, None] = field(default_factory=dict)
    activities: set[int] = field(default_factory=set)
    marks: list[int] = field(default_factory=list)
    room: int = PEOPLE
    done: int = 0

    def take(self, activity_id: int, people: Sequence[int]) -> None:
        """These too."""
        self.people |= dict.fromkeys(people)
        self.activities.add(activity_id)
        self.room -= len(people)

    def end(self, marks: Iterable[int]) -> None:
        """With them these marks are done."""
        self.marks += marks
        self.room -= 1
        self.done += 1


def settle(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Take over everything that is marked; returns of how many people something changed. ``told``: marks done, of how many."""
    marked, changed, done = reads.marks(), 0, 0
    for some in _slices(marked):
        told(done, len(marked))
        changed += _settle(some.people, some.activities, some.marks)
        done += some.done
    return changed


def _slices(marked: Mapping[tuple[int, int], list[int]]) -> Iterator[_Slice]:
    """Marks one after the other, together until there are people enough: thousands of small returns are a few transactions, a
    large one is several."""
    some = _Slice()
    for (activity_id, origin), numbers in marked.items():
        after, is_last = 0, False
        while not is_last:
            people = reads.people_of(activity_id, origin, after, some.room)
            is_last = len(people) < some.room
            some.take(activity_id, people)
            if is_last:
                some.end(numbers)
            else:
                yield some
                some, after = _Slice(), people[-1] if people else after
    if some.done:
        yield some


def settle_everybody(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Choose anew what counts of every person, whatever is marked; the marks stay for who may come meanwhile."""
    changed, after, total = 0, 0, reads.last_person()
    while people := reads.people_after(after, PEOPLE):
        told(after, total)
        changed += settle_people(people)
        after = people[-1]
    return changed


def settle_people(people: Sequence[int]) -> int:
    """Choose anew what counts of these people; one transaction."""
    return _settle(people, None, ())


def _settle(people: Collection[int], activities: Collection[int] | None, marks: Collection[int]) -> int:
    with atomic() as session:
        ledger = _hold()
        if marks:
            session.execute(delete(Mark).where(Mark.id.in_(marks)))
        lookup = Lookup()
        claims, held = reads.claims_of(people, activities, lookup), reads.counted_of(people)
        moves = [move for number in people if (move := _move(number, held[number], claims[number], activities)).is_any]
        if moves:
            _take_over(moves)
            _add(_difference(moves, lookup))
            ledger.version += 1
    return len(moves)


@dataclass(frozen=True)
class _Move:
    """What changes of one person's: by activity what stays, what no longer counts, what counts now."""

    person: int
    kept: Members
    gone: Members
    new: Members

    @property
    def is_any(self) -> bool:
        """Does anything change?"""
        return bool(self.gone or self.new)


def _move(person: int, held: Members, said: Iterable[Claim], activities: Collection[int] | None) -> _Move:
    now = {claim.activity: (claim.fact, claim.standing, month_number(claim.present_on)) for claim in elect(said).values()}
    gone = {activity: member for activity, member in held.items()
            if (activities is None or activity in activities) and now.get(activity) != member}
    new = {activity: member for activity, member in now.items() if held.get(activity) != member}
    return _Move(person, {activity: member for activity, member in held.items() if activity not in gone}, gone, new)


def _hold() -> Ledger:
    row = db.session.get(Ledger, 1, with_for_update=True, populate_existing=True)
    if row is None:
        _upsert(Ledger, [{"id": 1, "version": 0}], None)
        row = get(Ledger, 1, lock=True)
    return row


def _difference(moves: Sequence[_Move], lookup: Lookup) -> dict[CellKey, Figures]:
    parts = [(move.kept, move.gone, move.new) for move in moves]
    lookup.read({member[1] for each in parts for part in each for member in part.values()},
                {activity for each in parts for part in each for activity in part})
    times: Counter[tuple[int, int]] = Counter()
    for move in moves:
        times.update((activity, member[2]) for activity, member in move.new.items())
        times.subtract((activity, member[2]) for activity, member in move.gone.items())
    packed = (Change(*([reads.presence(activity, member, lookup.traits_of) for activity, member in part.items()] for part in each))
              for each in parts)
    return changes(packed, lookup.known) | figures_of_activities(times)


def _take_over(moves: Iterable[_Move]) -> None:
    """``Counted`` becomes what counts now."""
    gone, new, moved = [], [], []
    for move in moves:
        gone += [{"p": move.person, "a": activity} for activity in move.gone.keys() - move.new.keys()]
        for activity, (fact, standing, month) in move.new.items():
            row = {"fact_id": fact, "standing_id": standing, "month": month}
            if activity in move.gone:
                moved.append({"p": move.person, "a": activity, **row})
            else:
                new.append({"participant_id": move.person, "activity_id": activity, **row})
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
    lookup.read_all()
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
