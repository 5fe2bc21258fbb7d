"""What stands around the one number: the places below, the values of each dimension, targets, what is not counted yet."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.sql import ColumnElement

from competition.core.database import db
from competition.counting.models import Cell, Mark, Place, RollUpRun
from competition.counting.queries import last_finished
from competition.counting.rules import HOME_PROVINCE
from competition.counting.rules_scopes import WHOLE
from competition.organisations.models import Region
from competition.participation.models_targets import Target
from competition.participation.queries_asked import Figures, in_scope, parts
from competition.participation.rules_questions import Question
from competition.participation.rules_words import DIMENSIONS
from competition.returns.models import Return
from competition.returns.queries import more_of
from competition.returns.rules import SUBMITTED

HOME = HOME_PROVINCE[:2]


@dataclass(frozen=True)
class Line:
    """A place under the one asked about. ``more``: what bulk figures add (None where the question is not about everybody);
    ``before``: persons of the year before; ``rank``: by attainment, among those that have a target."""

    code: str
    name: str
    persons: int
    person_times: int
    has_parts: bool
    target: int | None = None
    more: int | None = None
    before: int | None = None
    rank: int | None = None
    asks_more: bool = False

    @property
    def is_home(self) -> bool:
        return self.code.startswith(HOME)

    @property
    def one(self) -> int:
        """The one number: registered persons, or with what is reported in bulk."""
        return self.persons + (self.more or 0) if self.asks_more else self.persons

    @property
    def attainment(self) -> Fraction | None:
        return Fraction(self.one, self.target) if self.target else None


def lines(question: Question, now: Figures, *, with_more: bool) -> list[Line] | None:
    """The divisions directly under the scope; None where the question cannot be counted for each of them.

    Prefectures and other provinces of the whole, counties of a prefecture. Those of the home province are listed with 0 too.
    """
    found = {region.code: region for region in db.session.scalars(select(Region).where(_under(question.scope)))}
    held = parts(question, list(found), now) if found else {}
    if held is None:
        return None
    plain = question.is_plain
    targets = targets_of(question, found) if plain else {}
    more = more_of(list(found), *question.span) if plain else {}
    before = parts(question.year_before(), list(found), now) or {} if plain else {}
    made = [Line(code, region.name, *held.get(code, (0, 0)), region.level == "prefecture", targets.get(code),
                 more.get(code, 0) if plain else None, before[code][0] if code in before else None, asks_more=with_more)
            for code, region in found.items() if code in held or code.startswith(HOME)]
    return ranked(sorted(made, key=lambda line: (not line.is_home, line.code)))


def _under(scope: str) -> ColumnElement[bool]:
    if scope == WHOLE:
        return (Region.parent_code == HOME_PROVINCE) | ((Region.level == "province") & (Region.code != HOME_PROVINCE))
    return Region.parent_code == scope if not scope.startswith("u:") else literal(False)


def ranked(made: list[Line]) -> list[Line]:
    """With their ranks by attainment; equals share one."""
    shares = sorted((line.attainment for line in made if line.attainment is not None), reverse=True)
    return [Line(**{**line.__dict__, "rank": None if line.attainment is None else shares.index(line.attainment) + 1}) for line in made]


def targets_of(question: Question, scopes: Collection[str]) -> dict[str, int]:
    """Targets of a calendar year, by place; a month and a statistical year have none."""
    if question.is_statistical or question.month is not None:
        return {}
    query = select(Target.scope_code, Target.persons).where(Target.year == question.number, Target.scope_code.in_(scopes))
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class Value:
    """One value of a dimension with its figures."""

    value: str
    persons: int
    person_times: int


def by_dimension(question: Question) -> dict[str, list[Value]]:
    """Everybody of a place in a year, by each dimension; empty where cells do not hold it (a month, a combination)."""
    if not question.is_plain or question.month is not None:
        return {}
    query = select(Cell.dimension, Cell.value, Cell.persons, Cell.person_times).where(
        Cell.scope_code == question.scope, Cell.period == question.year, Cell.dimension.in_(DIMENSIONS))
    found: dict[str, list[Value]] = {}
    for dimension, value, persons, times in db.session.execute(query.order_by(Cell.persons.desc(), Cell.value)):
        found.setdefault(dimension, []).append(Value(value, persons, times))
    return {name: found[name] for name in DIMENSIONS if name in found}


def units_with_people(question: Question) -> int:
    """How many unions had people in it: places are the smallest part that cells are kept for."""
    where = [] if question.scope == WHOLE else [in_scope(question.scope)]
    query = select(func.count(Place.union_id.distinct())).join(
        Cell, (Cell.scope_code == literal("p:") + cast(Place.id, String)) & (Cell.period == question.period) & (Cell.dimension == "")
        & (Cell.value == ""))
    return db.session.scalar(query.where(*where)) or 0


@dataclass(frozen=True)
class Freshness:
    """When the figures were counted, and what they do not hold yet: contests with changes, returns on their way up."""

    run: RollUpRun | None
    changed_contests: int
    waiting_returns: int


def freshness() -> Freshness:
    """Three small statements."""
    changed = db.session.scalar(select(func.count(Mark.activity_id.distinct()))) or 0
    waiting = db.session.scalar(select(func.count()).select_from(Return).where(Return.state == SUBMITTED)) or 0
    return Freshness(last_finished(), changed, waiting)


def years() -> list[str]:
    """Calendar years and statistical years that have figures, newest first."""
    query = select(Cell.period).where(Cell.scope_code == WHOLE, Cell.dimension == "", ~Cell.period.contains("-"))
    return sorted(db.session.scalars(query), key=lambda code: (code.removeprefix("S"), not code.startswith("S")), reverse=True)
